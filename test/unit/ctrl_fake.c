/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "ctrl_fake.h"

#include <stdlib.h>
#include <string.h>

#include <libos/errno.h>
#include <libos/mem.h>
#include <libos/time.h>

#include "shell/terminal.h"

struct fake fake;

void fake_reset(void)
{
	fake = (struct fake){.log = "first\nsecond \"x\"\nthird\n",
			     .missing = "",
			     .power = -1,
			     .wallclock_ns = 1795370049ull * 1000000000,
			     .interrupt_after = -1};
}

/* ---- hypervisor ------------------------------------------------------------- */

static const struct {
	const char *path, *text;
	uint64_t number;
} tree[] = {
	{"/buildinfo/version", "0.1", 0},
	{"/buildinfo/commit", "abc123", 0},
	{"/boot/slot", "A", 0},
	{"/boot/firmware", "uefi", 0},
	{"/hw/cpu", "AMD EPYC-Rome Processor", 0},
	{"/hw/console", "io:0x3f8,115200", 0},
	{"/hw/timer", "hpet", 0},
	{"/memory/hv-kib", NULL, 4321},
	{"/watchdog/device", "tco", 0},
	{"/watchdog/state", "armed", 0},
	{"/watchdog/timeout-s", NULL, 30},
	{"/boot/tsc-entry", NULL, 1000},
	{"/boot/tsc-ctrl", NULL, 2000},
	{"/boot/entry-ns", NULL, 3000000},
};

int hv_text(const char *path, char *buf, size_t size)
{
	if (fake.hv_error)
		return fake.hv_error;
	if (strcmp(path, "/hw/missing") == 0) {
		format(buf, size, "%s", fake.missing);
		return 0;
	}
	for (size_t i = 0; i < sizeof(tree) / sizeof(tree[0]); i++) {
		if (strcmp(tree[i].path, path) == 0 && tree[i].text) {
			format(buf, size, "%s", tree[i].text);
			return 0;
		}
	}
	return -LIBOS_ENOENT;
}

int hv_number(const char *path, uint64_t *value)
{
	for (size_t i = 0; i < sizeof(tree) / sizeof(tree[0]) && !fake.hv_error; i++) {
		if (strcmp(tree[i].path, path) == 0 && !tree[i].text) {
			*value = tree[i].number;
			return 0;
		}
	}
	return fake.hv_error ? fake.hv_error : -LIBOS_ENOENT;
}

int hv_machine(struct hv_machine *m)
{
	*m = (struct hv_machine){
		.cpus = 4, .cpu_khz = 2794748, .total_kib = 1048576, .free_kib = 1000000};
	return fake.hv_error;
}

int hv_log(char *buf, size_t size, uint32_t *index)
{
	size_t left = strlen(fake.log) - *index;
	size_t n = left < size ? left : size;

	n = n > 7 ? 7 : n; /* in small pieces */
	memcpy(buf, fake.log + *index, n);
	*index += (uint32_t)n;
	return fake.hv_error ? fake.hv_error : (int)n;
}

int hv_log_clear(void)
{
	fake.log = "";
	return fake.hv_error;
}

int hv_domains(uint16_t first, struct hv_domain *d, unsigned int max)
{
	if (fake.hv_error)
		return fake.hv_error;
	if (first > 0 || !max)
		return 0;
	*d = (struct hv_domain){
		.state = HV_RUNNING, .memory_kib = 8192, .vcpus = 1, .cpu_time_ns = 1234567890};
	return 1;
}

int hv_vcpu(uint16_t domid, uint32_t vcpu, struct hv_vcpu *v)
{
	*v = (struct hv_vcpu){.online = true, .running = true, .cpu = 2, .cpu_time_ns = 1234567890};
	return domid || vcpu ? -LIBOS_ESRCH : fake.hv_error;
}

int hv_version(struct hv_version *v)
{
	*v = (struct hv_version){.major = 4, .minor = 17, .extra = ".0", .capabilities = "hvm"};
	return fake.hv_error;
}

/* ---- libos ------------------------------------------------------------------ */

uint64_t libos_now_ns(void)
{
	return 93784ull * LIBOS_NS_PER_SEC;
}

uint64_t libos_wallclock_ns(void)
{
	return fake.wallclock_ns;
}

void libos_mem_info(uint64_t *total, uint64_t *free_bytes)
{
	*total = 8192 * 1024;
	*free_bytes = 6000 * 1024;
}

const char *libos_strerror(int err)
{
	return err == -LIBOS_ENOSYS ? "not implemented" : "some error";
}

/* ---- the rest of ctrl ------------------------------------------------------- */

static const struct domain domains[] = {
	{.name = "ctrl", .domid = 0, .autostart = true},
	{.name = "camera-left", .domid = 16, .autostart = true, .failed = "its kernel is missing"},
	{.name = "camera-right", .domid = 17},
};

size_t domains_nr(void)
{
	return 3;
}

const struct domain *domains_get(size_t i)
{
	return &domains[i];
}

const char *domains_name(size_t i)
{
	return i < 3 ? domains[i].name : NULL;
}

const struct domain *domains_find(const char *name)
{
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(domains[i].name, name) == 0)
			return &domains[i];
	}
	return NULL;
}

bool appliance_sound(void)
{
	return true;
}

const char *appliance_problem(size_t i)
{
	return i ? NULL : "camera-left: its kernel is missing";
}

const char *appliance_unsafe(size_t i)
{
	return i ? NULL : "nic";
}

void supervisor_stop(void)
{
	fake.supervisor_stopped = true;
}

void supervisor_status(struct supervisor_status *s)
{
	*s = (struct supervisor_status){
		.kicking = !fake.supervisor_stopped, .why_not = "told to stop", .kicks = 7};
	s->critical[CRITICAL_SHELL].name = "shell";
	s->critical[CRITICAL_SHELL].limit_ns = 10000000000;
}

void power_end(enum power_end how, const char *why)
{
	(void)why;
	fake.power = how;
}

const struct boot_facts *boot_facts(void)
{
	static const struct boot_facts facts = {.ready = 1,
						.failed = 1,
						.tsc_main = 2500,
						.tsc_prompt = 4000,
						.prompt_ns = 5000000};

	return &facts;
}

struct terminal terminal_ask(void)
{
	return (struct terminal){.ansi = true, .columns = 132};
}

/* ---- a shell to run lines in ------------------------------------------------- */

static bool fake_interrupted(void)
{
	return fake.interrupt_after >= 0 && fake.interrupt_after-- == 0;
}

const char *fake_run(enum role role, const char *line, int *status)
{
	static char output[65536];
	static struct line editor;
	struct out_string s;
	struct shell sh = {.out = &s.out,
			   .role = role,
			   .status = *status,
			   .interrupted = fake_interrupted,
			   .line = &editor};

	out_string_init(&s, output, sizeof(output));
	shell_run(&sh, line);
	*status = sh.status;
	return output;
}
