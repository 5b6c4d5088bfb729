/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * hv/tlb.c: the order and the bounds of the quarantine, ASIDs, IOTLBs, and the
 * protocol's memory ordering with two threads.  What all of it protects is
 * tlb_model_test.c's.
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tlb.h"
#include "printk.h"

static struct tlb_machine m;
static struct tlb_cpu cpu[3];
static struct tlb_space a, b;
static struct tlb_item item[8];
static unsigned int out[8], nr_out;

noreturn void assert_failed(const char *expr, const char *file, int line)
{
	print_error("ASSERT(%s) at %s:%d\n", expr, file, line);
	abort();
}

static int setup(void **state)
{
	(void)state;
	tlb_machine_init(&m);
	tlb_space_init(&a);
	tlb_space_init(&b);
	nr_out = 0;
	for (unsigned int i = 0; i < 3; i++)
		tlb_cpu_init(&m, &cpu[i], 4, i == 1);
	for (unsigned int i = 0; i < 3; i++)
		assert_true(tlb_enter_hv(&m, &cpu[i])); /* what the loader left */
	return 0;
}

static void release(void *ctx, struct tlb_item *i)
{
	(void)ctx;
	out[nr_out++] = (unsigned int)(i - item);
}

static uint64_t reduce(struct tlb_space *s, uint64_t expected_kicks)
{
	struct tlb_cpumask kick;
	uint64_t tag = tlb_reduce(&m, s, &kick);

	assert_int_equal(kick.bits[0], expected_kicks);
	for (unsigned int i = 1; i < ARRAY_SIZE(kick.bits); i++)
		assert_int_equal(kick.bits[i], 0);
	return tag;
}

static void pass(unsigned int i)
{
	assert_false(tlb_enter_hv(&m, &cpu[i]));
}

static void batches_leave_in_order_and_within_the_budget(void **state)
{
	(void)state;
	tlb_enter_idle(&m, &cpu[1]);
	tlb_enter_idle(&m, &cpu[2]);
	tlb_quarantine(&a, &item[0]);
	tlb_quarantine(&a, &item[1]);
	uint64_t first = reduce(&a, 0);
	assert_false(tlb_done(&m, &a, first)); /* this pCPU may still hold what it looked up */
	assert_int_equal(tlb_release(&m, &a, 10, release, NULL), 0);
	pass(0);
	tlb_quarantine(&a, &item[2]);
	uint64_t second = reduce(&a, 0);
	assert_true(first < second);
	assert_true(tlb_done(&m, &a, first));
	assert_false(tlb_done(&m, &a, second));
	assert_int_equal(tlb_release(&m, &a, 1, release, NULL), 1);
	assert_int_equal(tlb_release(&m, &a, 10, release, NULL), 1);
	assert_int_equal(tlb_release(&m, &a, 10, release, NULL), 0);
	assert_int_equal(a.nr_items, 1);
	assert_false(tlb_space_is_unused(&m, &a));
	(void)reduce(&a, 0); /* with nothing taken out */
	pass(0);
	assert_int_equal(tlb_release(&m, &a, 10, release, NULL), 1);
	assert_true(tlb_space_is_unused(&m, &a));
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(out[i], i);
	/* an empty list starts over */
	tlb_quarantine(&a, &item[3]);
	(void)reduce(&a, 0);
	assert_int_equal(tlb_release(&m, &a, 10, release, NULL), 0);
	pass(0);
	assert_int_equal(tlb_release(&m, &a, 10, release, NULL), 1);
}

static void only_who_runs_the_space_is_kicked(void **state)
{
	struct tlb_vcpu v = {0}, w = {0};

	(void)state;
	assert_int_not_equal(tlb_enter_guest(&m, &cpu[1], &v, &a), 0);
	assert_int_not_equal(tlb_enter_guest(&m, &cpu[2], &w, &b), 0);
	uint64_t tag = reduce(&a, 1 << 1);
	pass(0);
	assert_false(tlb_done(&m, &a, tag));
	pass(1); /* the kick made it leave */
	assert_true(tlb_done(&m, &a, tag));
	(void)reduce(&a, 0);
	(void)reduce(&b, 1 << 2);
	assert_int_equal(tlb_enter_guest(&m, &cpu[1], &v, &a), TLB_FLUSH_ASID | TLB_FLUSH_SPACE);
	assert_false(tlb_space_is_unused(&m, &a));
	pass(1);
	assert_int_equal(tlb_enter_guest(&m, &cpu[1], &v, &a), 0);
	/* nobody is told of another space's reduction */
	(void)reduce(&b, 1 << 2);
	pass(1);
	assert_int_equal(tlb_enter_guest(&m, &cpu[1], &v, &a), 0);
}

static void asids(void **state)
{
	struct tlb_vcpu v[4] = {0};

	(void)state;
	/* four ASIDs, of which 1 to 3 are given out; the first entry clears what was there */
	assert_int_equal(tlb_enter_guest(&m, &cpu[0], &v[0], &a),
			 TLB_NEW_ASID | TLB_FLUSH_ALL | TLB_FLUSH_SPACE);
	assert_int_equal(v[0].asid, 1);
	pass(0);
	assert_int_equal(tlb_enter_guest(&m, &cpu[0], &v[1], &a), TLB_NEW_ASID | TLB_FLUSH_SPACE);
	assert_int_equal(v[1].asid, 2);
	pass(0);
	assert_int_equal(tlb_enter_guest(&m, &cpu[0], &v[0], &a), 0);
	pass(0);
	(void)reduce(&a, 0);
	assert_int_equal(tlb_enter_guest(&m, &cpu[0], &v[0], &a), TLB_NEW_ASID | TLB_FLUSH_SPACE);
	assert_int_equal(v[0].asid, 3);
	pass(0);
	assert_int_equal(tlb_enter_guest(&m, &cpu[0], &v[2], &b),
			 TLB_NEW_ASID | TLB_FLUSH_ALL | TLB_FLUSH_SPACE);
	assert_int_equal(v[2].asid, 1);
	pass(0);
	/* the full flush took v[1]'s ASID away, and a visit elsewhere takes it too */
	assert_int_equal(tlb_enter_guest(&m, &cpu[0], &v[1], &a), TLB_NEW_ASID | TLB_FLUSH_SPACE);
	pass(0);
	assert_int_not_equal(tlb_enter_guest(&m, &cpu[1], &v[1], &a), 0);
	pass(1);
	assert_int_not_equal(tlb_enter_guest(&m, &cpu[0], &v[1], &a) & TLB_NEW_ASID, 0);
	pass(0);
	tlb_vcpu_reset(&v[1]);
	assert_int_not_equal(tlb_enter_guest(&m, &cpu[0], &v[1], &a) & TLB_NEW_ASID, 0);
	pass(0);
}

static void the_hypervisors_own_space(void **state)
{
	struct tlb_vcpu v = {0};

	(void)state;
	assert_int_not_equal(tlb_enter_guest(&m, &cpu[1], &v, &a), 0);
	tlb_enter_idle(&m, &cpu[2]);
	tlb_quarantine(&m.hv, &item[0]);
	uint64_t tag = reduce(&m.hv, 0);
	assert_false(tlb_done(&m, &m.hv, tag));
	assert_true(tlb_enter_hv(&m, &cpu[0]));
	assert_true(tlb_done(&m, &m.hv, tag));	/* guests and sleepers use none of it ... */
	assert_true(tlb_enter_hv(&m, &cpu[1])); /* ... and flush when they come back */
	assert_true(tlb_enter_hv(&m, &cpu[2]));
	assert_false(tlb_enter_hv(&m, &cpu[2]));
	assert_int_equal(tlb_release(&m, &m.hv, 1, release, NULL), 1);
}

static void an_iotlb_holds_things_back(void **state)
{
	struct tlb_agent one, two;

	(void)state;
	tlb_agent_add(&m, &a, &one);
	(void)reduce(&b, 0);
	uint64_t t1 = reduce(&a, 0);
	tlb_agent_add(&m, &a, &two); /* began after it */
	for (unsigned int i = 0; i < 3; i++)
		pass(i);
	assert_false(tlb_done(&m, &a, t1));
	uint64_t t2 = reduce(&a, 0);
	for (unsigned int i = 0; i < 3; i++)
		pass(i);
	tlb_agent_ack(&one, t1);
	assert_true(tlb_done(&m, &a, t1));
	assert_false(tlb_done(&m, &a, t2));
	tlb_agent_ack(&two, t2);
	assert_false(tlb_done(&m, &a, t2));
	assert_false(tlb_space_is_unused(&m, &a));
	tlb_agent_remove(&a, &one);
	assert_true(tlb_done(&m, &a, t2));
	tlb_agent_remove(&a, &two);
	assert_true(tlb_space_is_unused(&m, &a));
}

/*
 * E1 to E5 against R1 to R4 on real CPUs.  The "page table" is one word, the
 * guest's TLB another; the guest may use a page number until it is told to
 * forget it.
 */
#define ROUNDS 100000
static uint64_t entry = 1;
static uint64_t freed; /* page numbers up to it are released */
static bool stop;

static void *guest_cpu(void *arg)
{
	struct tlb_vcpu v = {0};
	uint64_t cached = 0, *violations = arg;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		if (tlb_enter_guest(&m, &cpu[1], &v, &a))
			cached = 0;
		for (unsigned int i = 0; i < 3; i++) {
			if (!cached)
				cached = __atomic_load_n(&entry, __ATOMIC_RELAXED);
			if (__atomic_load_n(&freed, __ATOMIC_ACQUIRE) >= cached)
				++*violations;
		}
		if (tlb_enter_hv(&m, &cpu[1]))
			++*violations; /* its own space is never reduced here */
		/* a lookup, used before the next change of state */
		uint64_t held = __atomic_load_n(&entry, __ATOMIC_RELAXED);
		if (__atomic_load_n(&freed, __ATOMIC_ACQUIRE) >= held)
			++*violations;
	}
	tlb_enter_idle(&m, &cpu[1]);
	return NULL;
}

static void two_threads(void **state)
{
	struct tlb_cpumask kick;
	uint64_t violations = 0, hv_flushes = 0;
	pthread_t thread;

	(void)state;
	stop = false;
	tlb_enter_idle(&m, &cpu[2]);
	assert_int_equal(pthread_create(&thread, NULL, guest_cpu, &violations), 0);
	for (uint64_t i = 1; i <= ROUNDS; i++) {
		__atomic_store_n(&entry, i + 1, __ATOMIC_RELAXED);
		uint64_t tag = tlb_reduce(&m, &a, &kick);
		do
			hv_flushes += tlb_enter_hv(&m, &cpu[0]);
		while (!tlb_done(&m, &a, tag));
		__atomic_store_n(&freed, i, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	assert_int_equal(violations, 0);
	assert_int_equal(hv_flushes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(batches_leave_in_order_and_within_the_budget, setup),
		cmocka_unit_test_setup(only_who_runs_the_space_is_kicked, setup),
		cmocka_unit_test_setup(asids, setup),
		cmocka_unit_test_setup(the_hypervisors_own_space, setup),
		cmocka_unit_test_setup(an_iotlb_holds_things_back, setup),
		cmocka_unit_test_setup(two_threads, setup),
	};

	return cmocka_run_group_tests_name("tlb", tests, NULL, NULL);
}
