/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* libos/src/pvclock.c: scaling, and reading while the hypervisor writes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "src/pvclock.h"

static struct pvclock record;
static uint64_t tsc_now;
static unsigned int tsc_reads;

/* What the hypervisor does between two of our reads, by the number of the read. */
static void (*meanwhile)(unsigned int read);

static uint64_t tsc(void)
{
	tsc_reads++;
	if (meanwhile != NULL)
		meanwhile(tsc_reads);
	return tsc_now;
}

static int fresh(void **unused)
{
	(void)unused;
	record = (struct pvclock){.version = 2, .tsc_to_system_mul = 1u << 31, .tsc_shift = 1};
	tsc_now = 0;
	tsc_reads = 0;
	meanwhile = NULL;
	return 0;
}

static void test_scale(void **unused)
{
	(void)unused;
	/* 1 GHz: one to one, in both forms. */
	assert_int_equal(pvclock_scale(12345, 1u << 31, 1), 12345);
	assert_int_equal(pvclock_scale(12346, 1u << 31, 0), 6173);
	/* 4 GHz: a quarter, by a right shift. */
	assert_int_equal(pvclock_scale(4000000000u, 1u << 31, -1), 1000000000);
	/* 2.6 GHz, a year: the product needs more than 64 bits. */
	assert_in_range(pvclock_scale(UINT64_C(2600000000) * 31536000, 3303821000u, -1),
			UINT64_C(31535990000000000), UINT64_C(31536010000000000));
	assert_int_equal(pvclock_scale(0, UINT32_MAX, 5), 0);
	assert_int_equal(pvclock_scale(UINT64_MAX, UINT32_MAX, 0),
			 UINT64_MAX - (UINT64_C(1) << 32));
}

static void test_read(void **unused)
{
	(void)unused;
	record.tsc_timestamp = 1000;
	record.system_time = 500;
	tsc_now = 1250;
	assert_int_equal(pvclock_read(&record, tsc), 750);
	assert_int_equal(tsc_reads, 1);
	/* Behind the record: never a huge number. */
	tsc_now = 999;
	assert_int_equal(pvclock_read(&record, tsc), 500);
}

static void changes_once(unsigned int read)
{
	if (read != 1)
		return;
	record.version += 2;
	record.system_time = 10000;
	record.tsc_timestamp = tsc_now;
}

static void test_changed_meanwhile(void **unused)
{
	(void)unused;
	tsc_now = 77;
	meanwhile = changes_once;
	assert_int_equal(pvclock_read(&record, tsc), 10000);
	assert_int_equal(tsc_reads, 2);
}

static void ends_update(unsigned int read)
{
	if (read != 3)
		return;
	record.version++;
	record.system_time = 42;
}

static void test_under_update(void **unused)
{
	(void)unused;
	record.version = 3;
	meanwhile = ends_update;
	assert_int_equal(pvclock_read(&record, tsc), 42);
	assert_int_equal(tsc_reads, 4);
}

static void test_wall(void **unused)
{
	uint32_t version = 2, sec = 1700000000, nsec = 5, sec_hi = 0;
	const struct pvclock_wall w = {&version, &sec, &nsec, &sec_hi};

	(void)unused;
	assert_int_equal(pvclock_read_wall(&w), UINT64_C(1700000000000000005));
	sec_hi = 1; /* the year 2106 and later */
	sec = 0;
	assert_int_equal(pvclock_read_wall(&w), (UINT64_C(1) << 32) * 1000000000 + 5);
	sec = sec_hi = nsec = 0;
	assert_int_equal(pvclock_read_wall(&w), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_scale, fresh),
		cmocka_unit_test_setup(test_read, fresh),
		cmocka_unit_test_setup(test_changed_meanwhile, fresh),
		cmocka_unit_test_setup(test_under_update, fresh),
		cmocka_unit_test(test_wall),
	};

	return cmocka_run_group_tests_name("libos_pvclock", tests, NULL, NULL);
}
