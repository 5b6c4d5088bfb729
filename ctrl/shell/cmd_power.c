/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Verbs that end the machine, and the one about who ends it unasked.
 */
#include "shell/cmd.h"

#include <libos/time.h>

#include "hv.h"
#include "power.h"
#include "shell/verb.h"
#include "supervisor.h"

static int power_verb(struct command *c, enum power_end how)
{
	struct json j;

	if (c->json) {
		json_start(&j, c->out);
		json_string(&j, "action", c->verb->name);
		json_finish(&j);
	}
	power_end(how, how == POWER_OFF ? "poweroff from the shell" : "reboot from the shell");
	return STATUS_OK;
}

int cmd_reboot(struct command *c)
{
	return power_verb(c, POWER_RESTART);
}

int cmd_poweroff(struct command *c)
{
	return power_verb(c, POWER_OFF);
}

/* ---- watchdog --------------------------------------------------------------- */

static void watchdog_json(struct command *c, const char *device, const char *state,
			  uint64_t timeout_s, const struct supervisor_status *s)
{
	struct json j;

	json_start(&j, c->out);
	json_string(&j, "device", device);
	json_string(&j, "state", state);
	json_unsigned(&j, "timeout-s", timeout_s);
	json_bool(&j, "fed", s->kicking);
	json_string(&j, "why-not", s->kicking ? NULL : s->why_not);
	json_unsigned(&j, "kicks", s->kicks);
	json_array(&j, "critical");
	for (int i = 0; i < NR_CRITICAL; i++) {
		if (!s->critical[i].name)
			continue;
		json_object(&j, NULL);
		json_string(&j, "name", s->critical[i].name);
		json_unsigned(&j, "age-ns", s->critical[i].age_ns);
		json_unsigned(&j, "limit-ns", s->critical[i].limit_ns);
		json_end(&j);
	}
	json_finish(&j);
}

static void watchdog_text(struct command *c, const char *device, const char *state,
			  uint64_t timeout_s, const struct supervisor_status *s)
{
	out_printf(c->out, "%s, %s, restarts the machine after %llu s without a sign of life\n",
		   device, state, (unsigned long long)timeout_s);
	if (s->kicking)
		out_printf(c->out, "fed %llu times\n", (unsigned long long)s->kicks);
	else
		out_printf(c->out, "not fed: %s\n", s->why_not);
	for (int i = 0; i < NR_CRITICAL; i++) {
		if (!s->critical[i].name)
			continue;
		out_printf(c->out, "  %-8s alive %llu ms ago, limit %llu ms\n", s->critical[i].name,
			   (unsigned long long)(s->critical[i].age_ns / LIBOS_NS_PER_MS),
			   (unsigned long long)(s->critical[i].limit_ns / LIBOS_NS_PER_MS));
	}
}

int cmd_watchdog(struct command *c)
{
	struct supervisor_status s;
	char device[32], state[32];
	uint64_t timeout_s;

	if (command_option(c, "test"))
		supervisor_stop();
	supervisor_status(&s);
	if (hv_text("/watchdog/device", device, sizeof(device)))
		format(device, sizeof(device), "unknown");
	if (hv_text("/watchdog/state", state, sizeof(state)))
		format(state, sizeof(state), "unknown");
	if (hv_number("/watchdog/timeout-s", &timeout_s))
		timeout_s = 0;
	if (c->json)
		watchdog_json(c, device, state, timeout_s, &s);
	else
		watchdog_text(c, device, state, timeout_s, &s);
	return STATUS_OK;
}
