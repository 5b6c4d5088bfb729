/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Verbs about the machine: what it is, what it runs, what it said.
 */
#include "shell/cmd.h"

#include <stdlib.h>
#include <string.h>

#include <libos/compiler.h>
#include <libos/errno.h>
#include <libos/mem.h>
#include <libos/time.h>

#include "appliance.h"
#include "boot.h"
#include "hv.h"
#include "shell/verb.h"
#include "version.h"

/* ---- version ---------------------------------------------------------------- */

int cmd_version(struct command *c)
{
	struct hv_version v;
	int err = hv_version(&v);
	char commit[64];
	char version[64];
	struct json j;

	if (err)
		return command_fail(c, "the hypervisor says: %s", libos_strerror(err));
	if (hv_text("/buildinfo/version", version, sizeof(version)))
		format(version, sizeof(version), "unknown");
	if (hv_text("/buildinfo/commit", commit, sizeof(commit)))
		format(commit, sizeof(commit), "unknown");
	if (!c->json) {
		out_printf(c->out, "Bulkhead %s, build %s\n", version, commit);
		out_printf(c->out, "control domain %s, build %s\n", BULKHEAD_VERSION,
			   BULKHEAD_COMMIT);
		out_printf(c->out, "guest interface Xen %u.%u%s\n", v.major, v.minor, v.extra);
		return STATUS_OK;
	}
	json_start(&j, c->out);
	json_string(&j, "version", version);
	json_string(&j, "build", commit);
	json_string(&j, "ctrl-version", BULKHEAD_VERSION);
	json_string(&j, "ctrl-build", BULKHEAD_COMMIT);
	json_unsigned(&j, "xen-major", v.major);
	json_unsigned(&j, "xen-minor", v.minor);
	json_string(&j, "xen-extra", v.extra);
	json_string(&j, "capabilities", v.capabilities);
	json_finish(&j);
	return STATUS_OK;
}

/* ---- dmesg ------------------------------------------------------------------ */

/* The whole log, to be freed; its length in *len.  NULL if there is no memory, or *err. */
static char *dmesg_read(size_t *len, int *err)
{
	size_t size = 16384;
	char *log = malloc(size);
	uint32_t index = 0;
	int n;

	*len = 0;
	*err = 0;
	while (log && (n = hv_log(log + *len, size - *len, &index)) != 0) {
		char *more;

		if (n < 0) {
			*err = n;
			break;
		}
		*len += (size_t)n;
		if (size - *len >= 4096)
			continue;
		more = realloc(log, 2 * size);
		if (!more)
			break;
		log = more;
		size *= 2;
	}
	return log;
}

/* Where the last `lines` lines of the log begin. */
static size_t dmesg_tail(const char *log, size_t len, unsigned long lines)
{
	size_t at = len;

	if (at && log[at - 1] == '\n')
		at--;
	for (; at; at--) {
		if (log[at - 1] == '\n' && --lines == 0)
			break;
	}
	return at;
}

static void dmesg_json(struct command *c, const char *log, size_t len)
{
	struct json j;

	json_start(&j, c->out);
	json_array(&j, "lines");
	for (size_t at = 0; at < len;) {
		const char *end = memchr(log + at, '\n', len - at);
		size_t n = end ? (size_t)(end - (log + at)) : len - at;

		json_string_open(&j, NULL);
		json_string_part(&j, log + at, n);
		json_string_close(&j);
		at += n + 1;
	}
	json_finish(&j);
}

int cmd_dmesg(struct command *c)
{
	const char *tail = command_option(c, "tail");
	unsigned long lines = 0;
	size_t len, from = 0;
	char *log;
	int err;

	if (tail) {
		char *end;

		lines = strtoul(tail, &end, 10);
		if (*tail < '0' || *tail > '9' || *end || !lines)
			return command_misuse(c, "--tail needs a number of lines");
	}
	log = dmesg_read(&len, &err);
	if (log && tail)
		from = dmesg_tail(log, len, lines);
	if (log && c->json && !err)
		dmesg_json(c, log + from, len - from);
	else if (log)
		out_write(c->out, log + from, len - from);
	if (log && !c->json && len > from && log[len - 1] != '\n')
		out_putc(c->out, '\n');
	if (!err && log && command_option(c, "clear"))
		err = hv_log_clear();
	if (err || !log)
		command_fail(c, "%s", log ? libos_strerror(err) : "out of memory");
	free(log);
	return err || !log ? STATUS_FAILED : STATUS_OK;
}

/* ---- info ------------------------------------------------------------------- */

/* What the hypervisor's tree says, one by one. */
static const struct fact {
	const char *label; /* NULL: in --json only, or told in another line */
	const char *key;
	const char *path;
	bool number;
} facts[] = {
	{"Version", "version", "/buildinfo/version", false},
	{"Build", "build", "/buildinfo/commit", false},
	{"Slot", "slot", "/boot/slot", false},
	{"Firmware", "firmware", "/boot/firmware", false},
	{"Console", "console", "/hw/console", false},
	{"Timer", "timer", "/hw/timer", false},
	{"CPU", "cpu", "/hw/cpu", false},
	{NULL, "memory-hv-kib", "/memory/hv-kib", true},
	{NULL, "watchdog", "/watchdog/device", false},
	{NULL, "watchdog-timeout-s", "/watchdog/timeout-s", true},
	{NULL, "watchdog-state", "/watchdog/state", false},
	{NULL, "boot-tsc-entry", "/boot/tsc-entry", true},
	{NULL, "boot-tsc-ctrl", "/boot/tsc-ctrl", true},
	{NULL, "boot-entry-ns", "/boot/entry-ns", true},
};

static uint64_t number_or_0(const char *path)
{
	uint64_t value;

	return hv_number(path, &value) ? 0 : value;
}

static void info_facts_json(struct json *j)
{
	char text[128];

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		uint64_t value;

		if (facts[i].number && !hv_number(facts[i].path, &value))
			json_unsigned(j, facts[i].key, value);
		else if (!facts[i].number && !hv_text(facts[i].path, text, sizeof(text)))
			json_string(j, facts[i].key, text);
		else
			json_null(j, facts[i].key);
	}
}

static void json_list(struct json *j, const char *key, const char *(*get)(size_t))
{
	json_array(j, key);
	for (size_t i = 0; get(i); i++)
		json_string(j, NULL, get(i));
	json_end(j);
}

/* Each line of /hw/missing is "feature: what to change". */
static void info_missing_json(struct json *j)
{
	char *text = malloc(4096);
	char *line = text;

	json_array(j, "missing");
	if (text && hv_text("/hw/missing", text, 4096))
		*text = '\0';
	while (line && *line) {
		char *end = line + strcspn(line, "\n");
		char *next = *end ? end + 1 : end;
		char *colon;

		*end = '\0';
		colon = strstr(line, ": ");
		json_object(j, NULL);
		if (colon)
			*colon = '\0';
		json_string(j, "feature", line);
		json_string(j, "change", colon ? colon + 2 : NULL);
		json_end(j);
		line = next;
	}
	json_end(j);
	free(text);
}

static void info_json(struct command *c, const struct hv_machine *m, int err)
{
	const struct boot_facts *boot = boot_facts();
	uint64_t total, free_bytes;
	struct json j;

	libos_mem_info(&total, &free_bytes);
	json_start(&j, c->out);
	info_facts_json(&j);
	json_unsigned(&j, "cpus", err ? 0 : m->cpus);
	json_unsigned(&j, "cpu-khz", err ? 0 : m->cpu_khz);
	json_unsigned(&j, "memory-total-kib", err ? 0 : m->total_kib);
	json_unsigned(&j, "memory-free-kib", err ? 0 : m->free_kib);
	json_unsigned(&j, "memory-ctrl-kib", total / 1024);
	json_unsigned(&j, "memory-ctrl-used-kib", (total - free_bytes) / 1024);
	json_unsigned(&j, "memory-ctrl-free-kib", free_bytes / 1024);
	json_unsigned(&j, "boot-tsc-main", boot->tsc_main);
	json_unsigned(&j, "boot-tsc-prompt", boot->tsc_prompt);
	json_unsigned(&j, "boot-prompt-ns", boot->prompt_ns);
	json_unsigned(&j, "uptime-ns", libos_now_ns());
	json_unsigned(&j, "domains-ready", boot->ready);
	json_unsigned(&j, "domains-failed", boot->failed);
	json_bool(&j, "manifest-sound", appliance_sound());
	json_list(&j, "problems", appliance_problem);
	json_list(&j, "unsafe", appliance_unsafe);
	info_missing_json(&j);
	json_finish(&j);
}

static void info_label(struct out *o, const char *label)
{
	out_printf(o, "%-11s", label);
}

static void info_list(struct out *o, const char *label, const char *(*get)(size_t))
{
	info_label(o, label);
	if (!get(0))
		out_puts(o, "none\n");
	for (size_t i = 0; get(i); i++) {
		out_repeat(o, ' ', i ? 11 : 0);
		out_wrap(o, get(i), 11, 13);
		out_putc(o, '\n');
	}
}

static void info_memory(struct out *o, const struct hv_machine *m)
{
	uint64_t total, free_bytes;

	libos_mem_info(&total, &free_bytes);
	info_label(o, "CPUs");
	out_printf(o, "%u at %u MHz\n", m->cpus, m->cpu_khz / 1000);
	info_label(o, "Memory");
	out_printf(o, "%llu MiB, %llu MiB free, hypervisor %llu KiB\n",
		   (unsigned long long)m->total_kib / 1024, (unsigned long long)m->free_kib / 1024,
		   (unsigned long long)number_or_0("/memory/hv-kib"));
	info_label(o, "Control");
	out_printf(o, "%llu KiB, %llu KiB free\n", (unsigned long long)total / 1024,
		   (unsigned long long)free_bytes / 1024);
}

static void info_boot(struct out *o)
{
	const struct boot_facts *boot = boot_facts();

	info_label(o, "Boot");
	out_printf(o, "control domain after %llu us, prompt after %llu us\n",
		   (unsigned long long)number_or_0("/boot/entry-ns") / 1000,
		   (unsigned long long)boot->prompt_ns / 1000);
	info_label(o, "TSC");
	out_printf(o, "entry %llu, control domain %llu, prompt %llu\n",
		   (unsigned long long)number_or_0("/boot/tsc-entry"),
		   (unsigned long long)number_or_0("/boot/tsc-ctrl"),
		   (unsigned long long)boot->tsc_prompt);
}

static void info_watchdog(struct out *o)
{
	char device[32], state[32];

	info_label(o, "Watchdog");
	if (hv_text("/watchdog/device", device, sizeof(device)))
		format(device, sizeof(device), "unknown");
	if (hv_text("/watchdog/state", state, sizeof(state)))
		format(state, sizeof(state), "unknown");
	out_printf(o, "%s, %s, %llu s\n", device, state,
		   (unsigned long long)number_or_0("/watchdog/timeout-s"));
}

static void info_missing(struct out *o)
{
	char *text = malloc(4096);
	size_t len;

	info_label(o, "Missing");
	if (!text || hv_text("/hw/missing", text, 4096)) {
		out_puts(o, "unknown\n");
		free(text);
		return;
	}
	/* The last line's end is ours. */
	len = strlen(text);
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	out_wrap(o, *text ? text : "nothing", 11, 11);
	out_putc(o, '\n');
	free(text);
}

int cmd_info(struct command *c)
{
	struct hv_machine m;
	int err = hv_machine(&m);

	if (c->json) {
		info_json(c, &m, err);
		return err ? STATUS_FAILED : STATUS_OK;
	}
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		char text[128];

		if (!facts[i].label)
			continue;
		info_label(c->out, facts[i].label);
		if (hv_text(facts[i].path, text, sizeof(text)))
			format(text, sizeof(text), "unknown");
		out_wrap(c->out, text, 11, 11);
		out_putc(c->out, '\n');
	}
	if (!err)
		info_memory(c->out, &m);
	info_watchdog(c->out);
	info_boot(c->out);
	info_missing(c->out);
	info_list(c->out, "Unsafe", appliance_unsafe);
	info_list(c->out, "Problems", appliance_problem);
	if (err)
		return command_fail(c, "the hypervisor says: %s", libos_strerror(err));
	return STATUS_OK;
}
