/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The hypercall interface as the control domain meets it, one property a function.
 * Runs in place of the control domain, prints PASS or FAIL for each, then one line
 * with the counts, and powers the machine off.  Words on the command line choose some
 * properties: those that are Xen's too run on Xen (test/xen).  What is refused is asserted as
 * firmly as what is accepted.
 */
#include "check.h"
#include <libos/compiler.h>
#include <libos/power.h>
#include <libos/thread.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

static const struct property properties[] = {
	{"cpuid-leaves", cpuid_leaves},
	{"version-answers", version_answers},
	{"version-refusals", version_refusals},
	{"memory-answers", memory_answers},
	{"memory-refusals", memory_refusals},
	{"populate-refuses-what-is-there", populate_refuses_what_is_there},
	{"evtchn-pair", evtchn_pair},
	{"evtchn-virq", evtchn_virq},
	{"evtchn-refusals", evtchn_refusals},
	{"grant-loopback", grant_loopback},
	{"grant-batches", grant_batches},
	{"grant-refusals", grant_refusals},
	{"sched-answers", sched_answers},
	{"sched-refusals", sched_refusals},
	{"vcpu-answers", vcpu_answers},
	{"vcpu-refusals", vcpu_refusals},
	{"timer-fires", timer_fires},
	{"clock-runs", clock_runs},
	{"hvm-params", hvm_params},
	{"hvm-refusals", hvm_refusals},
	{"console-answers", console_answers},
	{"console-refusals", console_refusals},
	{"hypfs-reads", hypfs_reads},
	{"sysctl-refusals", sysctl_refusals},
	{"domctl-answers", domctl_answers},
	{"domain-life", domain_life},
	{"domain-reads-ones", domain_reads_ones},
	{"domain-outlived", domain_outlived},
	{"domain-refusals", domain_refusals},
	{"unknown-calls", unknown_calls},
	{"hostile-pointers", hostile_pointers},
	{"ports-read-ones", ports_read_ones},
	{"vcpu-info-given-back", vcpu_info_given_back},
};

static const char *running;
static jmp_buf failed;

void check_equal(const char *file, int line, const char *what, long got, long want)
{
	if (got == want)
		return;
	printf("FAIL %s: %s:%d: %s is %ld, want %ld\n", running, file, line, what, got, want);
	longjmp(failed, 1);
}

/* Returns whether the property held. */
static bool run(const struct property *p)
{
	running = p->name;
	if (setjmp(failed))
		return false;
	p->run();
	printf("PASS %s\n", p->name);
	return true;
}

/* All properties are wanted, or those that the command line names. */
static bool wanted(const struct property *p, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], p->name) == 0)
			return true;
	return argc < 2 || strncmp(argv[1], "slot=", 5) == 0;
}

int main(int argc, char **argv)
{
	unsigned int good = 0, bad = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(properties); i++) {
		if (!wanted(&properties[i], argc, argv))
			continue;
		if (run(&properties[i]))
			good++;
		else
			bad++;
		fflush(stdout);
		libos_yield();
	}
	printf("calls: %u passed, %u failed\n", good, bad);
	fflush(stdout);
	libos_shutdown(LIBOS_SHUTDOWN_POWEROFF);
}
