/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Verbs about time.
 */
#include "shell/cmd.h"

#include <time.h>

#include <libos/time.h>

#include "hv.h"
#include "shell/verb.h"

static unsigned int domains_there(void)
{
	struct hv_domain d;
	unsigned int n = 0;
	uint32_t first = 0;

	while (first <= UINT16_MAX && hv_domains((uint16_t)first, &d, 1) == 1) {
		first = d.domid + 1u;
		n++;
	}
	return n;
}

int cmd_uptime(struct command *c)
{
	unsigned long long ns = libos_now_ns();
	unsigned long long s = ns / LIBOS_NS_PER_SEC;
	unsigned int domains = domains_there();
	struct json j;

	if (c->json) {
		json_start(&j, c->out);
		json_unsigned(&j, "uptime-ns", ns);
		json_unsigned(&j, "uptime-s", s);
		json_unsigned(&j, "domains", domains);
		json_finish(&j);
		return STATUS_OK;
	}
	out_puts(c->out, "up ");
	if (s >= 86400)
		out_printf(c->out, "%llu day%s, ", s / 86400, s / 86400 == 1 ? "" : "s");
	out_printf(c->out, "%02llu:%02llu:%02llu, %u domain%s\n", s / 3600 % 24, s / 60 % 60,
		   s % 60, domains, domains == 1 ? "" : "s");
	return STATUS_OK;
}

int cmd_date(struct command *c)
{
	uint64_t ns = libos_wallclock_ns();
	time_t now = (time_t)(ns / LIBOS_NS_PER_SEC);
	char utc[32];
	struct json j;
	struct tm tm;

	if (!ns || !gmtime_r(&now, &tm))
		return command_fail(c, "this machine has no clock");
	if (!c->json) {
		out_printf(c->out, "%04d-%02d-%02d %02d:%02d:%02d UTC\n", tm.tm_year + 1900,
			   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		return STATUS_OK;
	}
	format(utc, sizeof(utc), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
	       tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	json_start(&j, c->out);
	json_string(&j, "utc", utc);
	json_signed(&j, "unix", now);
	json_finish(&j);
	return STATUS_OK;
}
