/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The first lines, and the figures behind them.
 */
#include "boot.h"

#include <string.h>

#include <libos/time.h>

#include "appliance.h"
#include "domains.h"
#include "hv.h"
#include "version.h"

static struct boot_facts boot;

const struct boot_facts *boot_facts(void)
{
	return &boot;
}

void boot_mark_main(void)
{
	boot.tsc_main = __builtin_ia32_rdtsc();
}

void boot_mark_prompt(void)
{
	if (boot.tsc_prompt)
		return;
	boot.tsc_prompt = __builtin_ia32_rdtsc();
	boot.prompt_ns = libos_now_ns();
}

static void boot_count(void)
{
	for (size_t i = 0; i < domains_nr(); i++) {
		const struct domain *d = domains_get(i);
		struct hv_domain info;

		if (d->failed)
			boot.failed++;
		else if (hv_domains(d->domid, &info, 1) == 1 && info.domid == d->domid)
			boot.ready++;
		else if (d->autostart)
			boot.failed++;
	}
}

/* The text at path, or "unknown". */
static const char *text_or_unknown(const char *path, char *buf, size_t size)
{
	if (hv_text(path, buf, size))
		format(buf, size, "unknown");
	return buf;
}

static void boot_watchdog(struct out *o)
{
	char device[32], state[32];
	uint64_t timeout_s;

	text_or_unknown("/watchdog/device", device, sizeof(device));
	text_or_unknown("/watchdog/state", state, sizeof(state));
	out_printf(o, "watchdog %s", device);
	if (strcmp(device, "none") == 0)
		return;
	out_printf(o, " %s", state);
	if (!hv_number("/watchdog/timeout-s", &timeout_s))
		out_printf(o, " (%llu s)", (unsigned long long)timeout_s);
}

static void boot_banner(struct out *o)
{
	struct out_string s;
	char line[256];
	char slot[16];

	out_string_init(&s, line, sizeof(line));
	out_printf(&s.out, "Bulkhead %s, build %s, slot %s, ", BULKHEAD_VERSION, BULKHEAD_COMMIT,
		   text_or_unknown("/boot/slot", slot, sizeof(slot)));
	boot_watchdog(&s.out);
	out_wrap(o, line, 0, 2);
	out_putc(o, '\n');
}

static void boot_list(struct out *o, const char *title, const char *(*get)(size_t))
{
	for (size_t i = 0; get(i); i++) {
		out_printf(o, "%s: ", title);
		out_wrap(o, get(i), (unsigned int)strlen(title) + 2, 2);
		out_putc(o, '\n');
	}
}

/* What the hardware lacks, a line each: "feature: what to change". */
static void boot_missing(struct out *o)
{
	static char text[2048];
	char *line = text;

	if (hv_text("/hw/missing", text, sizeof(text)))
		return;
	while (*line) {
		size_t len = strcspn(line, "\n");
		bool more = line[len];

		line[len] = '\0';
		out_puts(o, "missing: ");
		out_wrap(o, line, 9, 2);
		out_putc(o, '\n');
		line += len + more;
	}
}

void boot_report(struct out *o)
{
	uint64_t ms;

	boot_count();
	boot_banner(o);
	ms = libos_now_ns() / LIBOS_NS_PER_MS;
	out_printf(o, "domains: %u ready, %u failed, %s unsafe, in %llu ms\n", boot.ready,
		   boot.failed, appliance_unsafe(0) ? "some" : "none", (unsigned long long)ms);
	boot_list(o, "unsafe", appliance_unsafe);
	boot_list(o, "problem", appliance_problem);
	boot_missing(o);
}
