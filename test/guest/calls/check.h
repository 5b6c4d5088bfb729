/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What a property is made of.  A property is a function that returns normally; the
 * first check that fails is printed and ends it.  Success is one line, PASS name.
 */
#ifndef TEST_GUEST_CALLS_CHECK_H
#define TEST_GUEST_CALLS_CHECK_H

#include "abi/abi.h"
#include <stdbool.h>

struct property {
	const char *name;
	void (*run)(void);
};

/* Ends the current property as failed, if got is not want. */
void check_equal(const char *file, int line, const char *what, long got, long want);

#define check(e)	  check_equal(__FILE__, __LINE__, #e, !!(e), 1)
#define check_eq(e, want) check_equal(__FILE__, __LINE__, #e, (long)(e), (long)(want))

/*
 * A hypercall by VMMCALL, with all 64 bits of the number as given: the library's
 * own calls go through the hypercall page, which has room for 128 numbers.
 */
long vmmcall(unsigned long nr, unsigned long a1, unsigned long a2, unsigned long a3);

/* Addresses that no hypercall may read from or write to, and how many there are. */
extern const unsigned long hostile[];
extern const unsigned int nr_hostile;

/* An address that may be read but not written. */
extern const unsigned long read_only_address;

void cpuid_leaves(void);
void version_answers(void);
void version_refusals(void);
void memory_answers(void);
void memory_refusals(void);
void vcpu_info_given_back(void);
void populate_refuses_what_is_there(void);
void evtchn_pair(void);
void evtchn_virq(void);
void evtchn_refusals(void);
void grant_loopback(void);
void grant_batches(void);
void grant_refusals(void);
void sched_answers(void);
void sched_refusals(void);
void vcpu_answers(void);
void vcpu_refusals(void);
void timer_fires(void);
void clock_runs(void);
void hvm_params(void);
void hvm_refusals(void);
void console_answers(void);
void console_refusals(void);
void hypfs_reads(void);
void sysctl_refusals(void);
void domctl_answers(void);
void domain_life(void);
void domain_reads_ones(void);
void domain_outlived(void);
void domain_refusals(void);
void unknown_calls(void);
void hostile_pointers(void);
void ports_read_ones(void);

#endif /* TEST_GUEST_CALLS_CHECK_H */
