/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Verbs that look at domains.
 */
#include "shell/cmd.h"

#include <string.h>

#include <libos/compiler.h>
#include <libos/errno.h>

#include "domains.h"
#include "hv.h"
#include "shell/table.h"
#include "shell/verb.h"

/* Xen's SHUTDOWN_* as `list` shows them. */
static const char *shutdown_name(unsigned int reason)
{
	static const char *const names[] = {"poweroff", "reboot",   "suspend",
					    "crash",	"watchdog", "soft-reset"};

	return reason < ARRAY_SIZE(names) ? names[reason] : "unknown";
}

static const char *domain_state(const struct hv_domain *d)
{
	switch (d->state) {
	case HV_RUNNING: return "running";
	case HV_BLOCKED: return "blocked";
	case HV_PAUSED: return "paused";
	case HV_SHUTDOWN: return "shutdown";
	case HV_DYING: return "dying";
	}
	return "unknown";
}

/* What is wanted, the manifest's or not, and what the hypervisor knows about it. */
struct listed {
	const char *name;
	uint16_t domid;
	const char *failed;
	bool present;
	struct hv_domain hv;
};

static const char *listed_state(const struct listed *l)
{
	if (l->present)
		return domain_state(&l->hv);
	return l->failed ? "failed" : "absent";
}

static bool listed_wanted(const struct command *c, const struct domain *d)
{
	for (int i = 0; i < c->argc; i++) {
		if (domains_find(c->argv[i]) == d)
			return true;
	}
	return c->argc == 0;
}

/* Fill l with domain d; 0, or -errno if the hypervisor does not answer. */
static int listed_get(struct listed *l, const struct domain *d)
{
	int n = hv_domains(d->domid, &l->hv, 1);

	l->name = d->name;
	l->domid = d->domid;
	l->failed = d->failed;
	l->present = n == 1 && l->hv.domid == d->domid;
	return n < 0 ? n : 0;
}

static int names_check(struct command *c)
{
	for (int i = 0; i < c->argc; i++) {
		if (!domains_find(c->argv[i]))
			return command_fail(c, "no domain '%s' in the manifest", c->argv[i]);
	}
	return STATUS_OK;
}

/* ---- list ------------------------------------------------------------------- */

static void list_json(struct json *j, const struct listed *l)
{
	bool ended = l->present && l->hv.state == HV_SHUTDOWN;

	json_object(j, NULL);
	json_string(j, "name", l->name);
	json_unsigned(j, "domid", l->domid);
	json_string(j, "state", listed_state(l));
	json_string(j, "reason", ended ? shutdown_name(l->hv.reason) : NULL);
	json_unsigned(j, "memory-kib", l->present ? l->hv.memory_kib : 0);
	json_unsigned(j, "vcpus", l->present ? l->hv.vcpus : 0);
	json_unsigned(j, "cpu-time-ns", l->present ? l->hv.cpu_time_ns : 0);
	json_string(j, "failed", l->failed);
	json_end(j);
}

static void list_row(struct table *t, const struct listed *l)
{
	table_cell(t, "%s", l->name);
	table_cell(t, "%u", l->domid);
	if (!l->present) {
		table_cell(t, "-");
		table_cell(t, "-");
		table_cell(t, "%s", listed_state(l));
		table_cell(t, "-");
		return;
	}
	table_cell(t, "%llu", (unsigned long long)l->hv.memory_kib / 1024);
	table_cell(t, "%u", l->hv.vcpus);
	if (l->hv.state == HV_SHUTDOWN)
		table_cell(t, "shutdown (%s)", shutdown_name(l->hv.reason));
	else
		table_cell(t, "%s", domain_state(&l->hv));
	table_cell(t, "%llu.%llu", (unsigned long long)l->hv.cpu_time_ns / 1000000000,
		   (unsigned long long)l->hv.cpu_time_ns / 100000000 % 10);
}

int cmd_list(struct command *c)
{
	static const struct table_column columns[] = {
		{.head = "Name", .shrink = true},
		{.head = "ID", .right = true},
		{.head = "Mem(MiB)", .right = true},
		{.head = "VCPUs", .right = true},
		{.head = "State"},
		{.head = "Time(s)", .right = true},
	};
	struct table t;
	struct json j;
	int err = names_check(c);

	if (err)
		return err;
	if (c->json) {
		json_start(&j, c->out);
		json_array(&j, "domains");
	} else {
		table_begin(&t, columns, ARRAY_SIZE(columns));
	}
	for (size_t i = 0; i < domains_nr(); i++) {
		struct listed l;

		if (!listed_wanted(c, domains_get(i)))
			continue;
		err = listed_get(&l, domains_get(i));
		if (c->json)
			list_json(&j, &l);
		else
			list_row(&t, &l);
	}
	if (c->json)
		json_finish(&j);
	else
		table_print(&t, c->out);
	return err ? STATUS_FAILED : STATUS_OK;
}

/* ---- vcpu-list --------------------------------------------------------------- */

static const char *vcpu_state(const struct hv_vcpu *v)
{
	if (!v->online)
		return "offline";
	if (v->running)
		return "running";
	return v->blocked ? "blocked" : "runnable";
}

static void vcpu_json(struct json *j, const struct listed *l, uint32_t id, const struct hv_vcpu *v)
{
	json_object(j, NULL);
	json_string(j, "name", l->name);
	json_unsigned(j, "domid", l->domid);
	json_unsigned(j, "vcpu", id);
	if (v->online)
		json_unsigned(j, "cpu", v->cpu);
	else
		json_null(j, "cpu");
	json_string(j, "state", vcpu_state(v));
	json_unsigned(j, "cpu-time-ns", v->cpu_time_ns);
	json_end(j);
}

static void vcpu_row(struct table *t, const struct listed *l, uint32_t id, const struct hv_vcpu *v)
{
	table_cell(t, "%s", l->name);
	table_cell(t, "%u", l->domid);
	table_cell(t, "%u", id);
	if (v->online)
		table_cell(t, "%u", v->cpu);
	else
		table_cell(t, "-");
	table_cell(t, "%s", vcpu_state(v));
	table_cell(t, "%llu.%llu", (unsigned long long)v->cpu_time_ns / 1000000000,
		   (unsigned long long)v->cpu_time_ns / 100000000 % 10);
}

/* All vCPUs of one domain, to j or to t; 0 or -errno. */
static int vcpus_of(const struct listed *l, struct json *j, struct table *t)
{
	struct hv_vcpu v;
	int err = 0;

	for (uint32_t id = 0; l->present && id <= l->hv.max_vcpu_id && !err; id++) {
		err = hv_vcpu(l->domid, id, &v);
		if (err)
			break;
		if (j)
			vcpu_json(j, l, id, &v);
		else
			vcpu_row(t, l, id, &v);
	}
	return err;
}

int cmd_vcpu_list(struct command *c)
{
	static const struct table_column columns[] = {
		{.head = "Name", .shrink = true},
		{.head = "ID", .right = true},
		{.head = "VCPU", .right = true},
		{.head = "CPU", .right = true},
		{.head = "State"},
		{.head = "Time(s)", .right = true},
	};
	struct table t;
	struct json j;
	int err = names_check(c);

	if (err)
		return err;
	if (c->json) {
		json_start(&j, c->out);
		json_array(&j, "vcpus");
	} else {
		table_begin(&t, columns, ARRAY_SIZE(columns));
	}
	for (size_t i = 0; i < domains_nr() && !err; i++) {
		struct listed l;

		if (!listed_wanted(c, domains_get(i)))
			continue;
		err = listed_get(&l, domains_get(i));
		if (!err)
			err = vcpus_of(&l, c->json ? &j : NULL, &t);
	}
	if (c->json) {
		json_end(&j);
		if (err)
			json_string(&j, "error", libos_strerror(err));
		json_finish(&j);
	} else {
		table_print(&t, c->out);
		if (err)
			command_fail(c, "the hypervisor says: %s", libos_strerror(err));
	}
	return err ? STATUS_FAILED : STATUS_OK;
}
