/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Writing plan.json.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../view.h"
#include "memory.h"
#include "plan.h"

#define MIB (UINT64_C(1) << 20)

/* A JSON string, or null. */
static void put_string(FILE *f, const char *s)
{
	if (!s) {
		fputs("null", f);
		return;
	}
	fputc('"', f);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < 0x20)
			fprintf(f, "\\u%04x", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

static void put_member(FILE *f, const char *key, const char *value)
{
	fprintf(f, "\"%s\": ", key);
	put_string(f, value);
}

static const char *text_or_null(const struct manifest *m, int node, const char *word)
{
	return manifest_has(m, node, word) ? manifest_text(m, node, word) : NULL;
}

static bool in_image(const struct manifest *m, int partition)
{
	return manifest_has(m, partition, "image") || manifest_has(m, partition, "size");
}

/* The disk that the image is flashed to has the partitions that are in the image. */
static bool is_flashed(const struct manifest *m, int device)
{
	for (int p = manifest_child(m, device, KIND_PARTITION, MANIFEST_NONE); p != MANIFEST_NONE;
	     p = manifest_child(m, device, KIND_PARTITION, p)) {
		if (in_image(m, p))
			return true;
	}
	return false;
}

static void put_devices(FILE *f, const struct manifest *m)
{
	const char *comma = "";

	fputs("    \"devices\": [", f);
	manifest_for_each(m, KIND_DEVICE, d)
	{
		fprintf(f, "%s\n      { ", comma);
		put_member(f, "name", manifest_name(m, d));
		fputs(", ", f);
		put_member(f, "path", manifest_text(m, d, "path"));
		fputs(", ", f);
		put_member(f, "qemu", text_or_null(m, d, "qemu,device"));
		fprintf(f, ", \"image\": %s }", is_flashed(m, d) ? "true" : "false");
		comma = ",";
	}
	fprintf(f, "%s],\n", *comma ? "\n    " : "");
}

static void put_board(FILE *f, const struct manifest *m)
{
	int node = manifest_next(m, KIND_BOARD, MANIFEST_NONE);
	int hv = manifest_next(m, KIND_HYPERVISOR, MANIFEST_NONE);
	struct view_hypervisor hypervisor;
	struct view_board board;

	view_board(m, &board);
	view_hypervisor(m, &hypervisor);
	fprintf(f, "  \"board\": {\n    \"memory-kib\": %" PRIu64 ",\n    \"cpus\": %u,\n    ",
		board.memory_kib, board.cpus);
	put_member(f, "iommu", board.iommu);
	fputs(",\n    ", f);
	put_member(f, "cpu", manifest_text(m, node, "qemu,cpu"));
	fputs(",\n    \"console\": ", f);
	if (hypervisor.console) {
		fputs("{ ", f);
		put_member(f, "location", hypervisor.console);
		fprintf(f, ", \"speed\": %u }", hypervisor.speed);
	} else {
		fputs("null", f);
	}
	fputs(",\n", f);
	put_devices(f, m);
	fputs("    \"watchdog\": ", f);
	if (hypervisor.watchdog) {
		fputs("{ ", f);
		put_member(f, "compatible", hypervisor.watchdog);
		fputs(", ", f);
		put_member(f, "qemu",
			   text_or_null(m, manifest_ref(m, hv, "watchdog", 0), "qemu,device"));
		fputs(" }", f);
	} else {
		fputs("null", f);
	}
	fputs("\n  },\n", f);
}

/* The options that hv/cmdline.c reads. */
static void put_cmdline(FILE *f, const struct manifest *m)
{
	static const char *const on_crash[] = {[HOST_REBOOT] = "reboot", [HOST_HALT] = "halt"};
	struct view_hypervisor hv;
	struct view_ctrl ctrl;

	view_hypervisor(m, &hv);
	view_ctrl(m, &ctrl);
	fputs("  \"hv-cmdline\": \"console=", f);
	if (hv.console)
		fprintf(f, "%s,%u", hv.console, hv.speed);
	else
		fputs("auto", f);
	fprintf(f, " ctrl-mem=%" PRIu64 " ctrl-on-crash=%s watchdog=", ctrl.memory_kib,
		on_crash[ctrl.on_crash]);
	if (hv.watchdog)
		fprintf(f, "%s watchdog-timeout=%u", strchr(hv.watchdog, ',') + 1,
			hv.watchdog_timeout_s);
	else
		fputs("none", f);
	fputs("\",\n", f);
}

static void put_modules(FILE *f, const struct payloads *payloads)
{
	const char *comma = "";
	uint32_t done = 0;

	fputs("  \"modules\": [", f);
	for (unsigned int i = 0; i < payloads->nr; i++) {
		const struct payload *p = &payloads->list[i];

		if (p->index <= done)
			continue;
		done = p->index;
		fprintf(f, "%s\n    { \"index\": %u, ", comma, p->index);
		put_member(f, "name", p->name);
		fputs(", ", f);
		put_member(f, "file", p->file);
		fprintf(f, ", \"size\": %" PRIu64 ", \"sha256\": \"", p->size);
		for (unsigned int b = 0; b < sizeof(p->sha256); b++)
			fprintf(f, "%02x", p->sha256[b]);
		fputs("\" }", f);
		comma = ",";
	}
	fprintf(f, "%s],\n", *comma ? "\n  " : "");
}

static uint64_t partition_mib(const struct manifest *m, int partition, const struct payload *image)
{
	if (manifest_has(m, partition, "size"))
		return manifest_number(m, partition, "size") / 1024;
	return image ? (image->size + MIB - 1) / MIB : 0;
}

static void put_partitions(FILE *f, const struct manifest *m, const struct payloads *payloads)
{
	const char *comma = "";

	fputs("  \"partitions\": [", f);
	manifest_for_each(m, KIND_PARTITION, p)
	{
		const struct payload *image = payload_find(payloads, p, "image");

		if (!in_image(m, p))
			continue;
		fprintf(f, "%s\n    { ", comma);
		put_member(f, "label", view_label(m, p));
		fputs(", ", f);
		put_member(f, "image", image ? image->file : NULL);
		fprintf(f, ", \"size-mib\": %" PRIu64 ", \"grow\": %s }",
			partition_mib(m, p, image), manifest_has(m, p, "grow") ? "true" : "false");
		comma = ",";
	}
	fprintf(f, "%s]\n", *comma ? "\n  " : "");
}

void plan_check(const struct manifest *m, const struct payloads *payloads, struct report *r)
{
	manifest_for_each(m, KIND_PARTITION, p)
	{
		const struct payload *image = payload_find(payloads, p, "image");
		uint64_t room = manifest_number(m, p, "size") * 1024;
		char path[MANIFEST_PATH_MAX];

		if (image && room && image->size > room)
			report_error(r, manifest_path(m, p, path, sizeof(path)), "size",
				     "the image \"%s\" has %" PRIu64 " bytes and does not fit into "
				     "%" PRIu64 "; right would be: size = <MB(%" PRIu64 ")>;",
				     manifest_text(m, p, "image"), image->size, room,
				     (image->size + MIB - 1) / MIB);
	}
}

char *plan_make(const struct manifest *m, const struct payloads *payloads,
		const struct plan_options *options)
{
	const struct payload *ctrl;
	struct view_board board;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	view_board(m, &board);
	ctrl = payload_find(payloads, manifest_next(m, KIND_CTRL, MANIFEST_NONE), "kernel");
	fputs("{\n  ", f);
	put_member(f, "name", options->name);
	fputs(",\n  ", f);
	put_member(f, "model", board.model);
	fputs(",\n", f);
	put_board(f, m);
	put_cmdline(f, m);
	fputs("  ", f);
	put_member(f, "ctrl-cmdline", "");
	fputs(",\n  ", f);
	put_member(f, "ctrl", ctrl ? ctrl->file : options->ctrl);
	fputs(",\n  ", f);
	put_member(f, "manifest", "manifest.dtb");
	fputs(",\n", f);
	put_modules(f, payloads);
	put_partitions(f, m, payloads);
	fputs("}\n", f);
	fclose(f);
	return text;
}
