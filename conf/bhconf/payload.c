/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Finding, unpacking and checking the files that a manifest names.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../elf.h"
#include "bzimage.h"
#include "elfpack.h"
#include "memory.h"
#include "payload.h"

#define KERNEL_OPTIONS                                                                             \
	"a Linux kernel has one when it is built with CONFIG_XEN=y, CONFIG_XEN_PVHVM=y, "          \
	"CONFIG_XEN_PVH=y and CONFIG_PVH=y (and CONFIG_HVC_XEN=y, CONFIG_XEN_BLKDEV_FRONTEND=m, "  \
	"CONFIG_XEN_NETDEV_FRONTEND=m for console, disks and network)"

struct collector {
	const struct manifest *m;
	const struct payload_options *options;
	struct payloads *payloads;
	struct report *r;
};

/* The absolute path of name, looked for in folder; NULL when there is no such file. */
static char *find_in(const char *folder, size_t n, const char *name)
{
	char *path = *name == '/' ? xstrdup(name) : xprintf("%.*s/%s", (int)n, folder, name);
	char *real = realpath(path, NULL);

	free(path);
	return real;
}

static char *find_file(const struct payload_options *o, const char *name)
{
	const char *slash = strrchr(o->manifest, '/');
	char *found = slash ? find_in(o->manifest, (size_t)(slash - o->manifest), name)
			    : find_in(".", 1, name);

	for (char **dir = o->libraries; !found && *dir; dir++)
		found = find_in(*dir, strlen(*dir), name);
	return found;
}

static void complain(const struct collector *c, const struct payload *p, const char *format,
		     const char *arg)
{
	char path[MANIFEST_PATH_MAX];

	manifest_path(c->m, p->node, path, sizeof(path));
	report_error(c->r, path, p->word, "\"%s\": %s%s", manifest_text(c->m, p->node, p->word),
		     format, arg);
}

/* Put what goes into the image into the build folder, named for its domain. */
static void store_packed(const struct collector *c, struct payload *p, const uint8_t *elf,
			 size_t size)
{
	char *folder = xprintf("%s/payload", c->options->out);

	if (mkdir(folder, 0777) && errno != EEXIST)
		complain(c, p, "cannot make the folder for it: ", strerror(errno));
	free(p->file);
	p->file = xprintf("payload/%s-%s.elf", manifest_name(c->m, p->node), p->word);
	free(folder);
	folder = xprintf("%s/%s", c->options->out, p->file);
	if (!file_write(folder, elf, size))
		complain(c, p, "the kernel cannot be written to ", folder);
	free(folder);
}

/* Replace *data by the ELF file inside, when it is a bzImage; NULL or what is wrong. */
static const char *unpack(uint8_t **data, size_t *size)
{
	uint8_t *elf = NULL;
	size_t elf_size = 0;
	const char *wrong;

	if (!bzimage_is(*data, *size))
		return NULL;
	wrong = bzimage_unpack(*data, *size, &elf, &elf_size);
	if (wrong)
		return wrong;
	free(*data);
	*data = elf;
	*size = elf_size;
	return NULL;
}

static void prepare_kernel(const struct collector *c, struct payload *p, uint8_t **data,
			   size_t *size)
{
	const char *wrong = unpack(data, size);
	struct elf_kernel kernel;
	uint8_t *packed;

	if (!wrong)
		wrong = elf_check(*data, *size, &kernel);
	if (wrong) {
		complain(c, p, wrong, wrong == elf_no_entry ? "; " KERNEL_OPTIONS : "");
		return;
	}
	packed = elfpack(*data, size);
	free(*data);
	*data = packed;
	/* What the target will see is checked as well. */
	wrong = elf_check(*data, *size, &kernel);
	if (wrong)
		complain(c, p, "packed for the target, ", wrong);
	else
		store_packed(c, p, *data, *size);
}

/* Partition images can be large: only their size is of interest here. */
static bool measure(const struct collector *c, struct payload *p)
{
	struct stat st;

	if (stat(p->origin, &st) || !S_ISREG(st.st_mode) || access(p->origin, R_OK)) {
		complain(c, p, "is not a file that can be read", "");
		return false;
	}
	p->size = (uint64_t)st.st_size;
	if (!p->size)
		complain(c, p, "is empty", "");
	return p->size != 0;
}

static void load(const struct collector *c, struct payload *p)
{
	uint8_t *data;
	size_t size;

	if (!measure(c, p) || p->use == PAYLOAD_PARTITION)
		return;
	data = file_read(p->origin, &size);
	if (!data) {
		complain(c, p, "cannot be read: ", strerror(errno));
		return;
	}
	if (p->use == PAYLOAD_KERNEL || p->use == PAYLOAD_CONTROL)
		prepare_kernel(c, p, &data, &size);
	p->size = size;
	sha256(data, size, p->sha256);
	free(data);
}

/* The same file for the same use is one module. */
static const struct payload *twin_of(const struct payloads *payloads, const struct payload *p)
{
	for (unsigned int i = 0; i < payloads->nr; i++) {
		const struct payload *other = &payloads->list[i];

		if (other->index && other->use == p->use && !strcmp(other->origin, p->origin))
			return other;
	}
	return NULL;
}

static void number(struct payloads *payloads, struct payload *p)
{
	const struct payload *twin = twin_of(payloads, p);

	if (!twin) {
		p->index = ++payloads->nr_modules;
		return;
	}
	free(p->file);
	p->file = xstrdup(twin->file);
	p->index = twin->index;
	p->size = twin->size;
	memcpy(p->sha256, twin->sha256, sizeof(p->sha256));
}

static enum payload_use use_of(const struct manifest *m, int node, const char *word)
{
	enum schema_kind kind = m->nodes[node].kind;

	if (kind == KIND_PARTITION)
		return PAYLOAD_PARTITION;
	if (kind == KIND_CTRL)
		return PAYLOAD_CONTROL;
	return strcmp(word, "kernel") != 0 ? PAYLOAD_RAMDISK : PAYLOAD_KERNEL;
}

static void collect_one(const struct collector *c, int node, const char *word)
{
	struct payloads *payloads = c->payloads;
	struct payload p = {.use = use_of(c->m, node, word), .node = node, .word = word};
	const char *name = manifest_text(c->m, node, word);

	p.origin = *name ? find_file(c->options, name) : NULL;
	if (!p.origin) {
		complain(c, &p, "there is no such file (names are relative to the manifest)", "");
		return;
	}
	p.name = xprintf("%s of %s", word, manifest_name(c->m, node));
	p.file = xstrdup(p.origin);
	if (!twin_of(payloads, &p))
		load(c, &p);
	if (p.use == PAYLOAD_KERNEL || p.use == PAYLOAD_RAMDISK)
		number(payloads, &p);
	payloads->list = xrealloc(payloads->list, (payloads->nr + 1) * sizeof(p));
	payloads->list[payloads->nr++] = p;
}

void payload_collect(const struct manifest *m, const struct payload_options *options,
		     struct payloads *payloads, struct report *r)
{
	struct collector c = {m, options, payloads, r};

	for (unsigned int i = 0; i < m->nr_nodes; i++) {
		for (unsigned int k = 0; k < schema_nr_words; k++) {
			const struct schema_word *w = &schema_words[k];

			if (w->type == TYPE_FILE && w->kind == m->nodes[i].kind &&
			    manifest_has(m, (int)i, w->name))
				collect_one(&c, (int)i, w->name);
		}
	}
}

const struct payload *payload_find(const struct payloads *payloads, int node, const char *word)
{
	for (unsigned int i = 0; i < payloads->nr; i++) {
		if (payloads->list[i].node == node && !strcmp(payloads->list[i].word, word))
			return &payloads->list[i];
	}
	return NULL;
}

void payload_free(struct payloads *payloads)
{
	for (unsigned int i = 0; i < payloads->nr; i++) {
		free(payloads->list[i].name);
		free(payloads->list[i].origin);
		free(payloads->list[i].file);
	}
	free(payloads->list);
}
