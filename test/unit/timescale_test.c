/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Scaled clocks against exact arithmetic, and the CMOS clock's fields. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "x86/timescale.h"

static uint64_t exact_ns(uint64_t ticks, uint32_t khz)
{
	return (uint64_t)((unsigned __int128)ticks * 1000000 / khz);
}

static const uint32_t rates[] = {1,	  32,	   1000,    50000,   999999,  1000000, 1000001,
				 1999999, 2000000, 2400000, 3579545, 5000000, 8388607};

static void factors_are_normal(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct time_scale s = {0};

		time_scale_set_khz(&s, rates[i]);
		assert_true(s.tsc_to_system_mul >= 0x80000000u);
	}
}

static void nanoseconds_are_right(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct time_scale s = {0};

		time_scale_set_khz(&s, rates[i]);
		for (uint64_t ms = 1; ms < 100000000; ms *= 7) {
			uint64_t ticks = ms * rates[i], want = exact_ns(ticks, rates[i]);
			uint64_t got = time_scale_delta(&s, ticks);
			uint64_t diff = got > want ? got - want : want - got;

			/* 2^-31 of it, and one tick's worth of rounding */
			assert_true(diff <= (want >> 31) + 1000000 / rates[i] + 2);
		}
	}
}

static void one_ghz_is_identity(void **state)
{
	struct time_scale s = {.tsc_base = 1000, .ns_base = 7};

	(void)state;
	time_scale_set_khz(&s, 1000000);
	assert_int_equal(time_scale_ns(&s, 1000), 7);
	assert_int_equal(time_scale_ns(&s, 123456789), 123456789 - 1000 + 7);
}

static void never_runs_backwards(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct time_scale s = {0};
		uint64_t last = 0;

		time_scale_set_khz(&s, rates[i]);
		for (uint64_t t = (1ull << 40) - 5000; t < (1ull << 40) + 5000; t++) {
			uint64_t now = time_scale_delta(&s, t);

			assert_true(now >= last);
			last = now;
		}
	}
}

static void unset_scale_stands_still(void **state)
{
	struct time_scale s = {0};

	(void)state;
	assert_int_equal(time_scale_ns(&s, 987654321), 0);
}

static void inverse_is_close_and_early(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		uint64_t inverse = time_scale_inverse(rates[i]);

		for (uint64_t ns = 1; ns < 1ull << 40; ns *= 5) {
			uint64_t want = (uint64_t)((unsigned __int128)ns * rates[i] / 1000000);
			uint64_t got = time_scale_ticks(inverse, ns);

			assert_true(got <= want && want - got <= (ns >> 40) + 1);
		}
	}
}

static struct cmos_time noon(void)
{
	/* 2024-02-29 12:34:56, BCD, 24 hours */
	return (struct cmos_time){.second = 0x56,
				  .minute = 0x34,
				  .hour = 0x12,
				  .day = 0x29,
				  .month = 0x02,
				  .year = 0x24,
				  .century = 0x20,
				  .status_b = 0x02};
}

static void cmos_bcd(void **state)
{
	struct cmos_time t = noon();

	(void)state;
	assert_int_equal(cmos_to_unix(&t), 1709210096);
	t.century = 0;
	assert_int_equal(cmos_to_unix(&t), 1709210096);
	t.century = 0xff; /* not a century at all */
	assert_int_equal(cmos_to_unix(&t), 1709210096);
}

static void cmos_binary_and_12_hours(void **state)
{
	struct cmos_time t = {.second = 56,
			      .minute = 34,
			      .hour = 12 | 0x80, /* 12 PM is noon */
			      .day = 29,
			      .month = 2,
			      .year = 24,
			      .century = 20,
			      .status_b = 0x04};

	(void)state;
	assert_int_equal(cmos_to_unix(&t), 1709210096);
	t.hour = 12; /* 12 AM is midnight */
	assert_int_equal(cmos_to_unix(&t), 1709210096 - 12 * 3600);
	t.hour = 1 | 0x80;
	assert_int_equal(cmos_to_unix(&t), 1709210096 + 3600);
	t.hour = 13;
	assert_int_equal(cmos_to_unix(&t), 0);
}

static void cmos_epoch_and_centuries(void **state)
{
	struct cmos_time t = {.day = 1, .month = 1, .year = 0x70, .century = 0x19, .status_b = 2};

	(void)state;
	assert_int_equal(cmos_to_unix(&t), 0);
	t.second = 1;
	assert_int_equal(cmos_to_unix(&t), 1);
	t = (struct cmos_time){.day = 1, .month = 3, .year = 0x00, .century = 0x21, .status_b = 2};
	assert_int_equal(cmos_to_unix(&t), 4107542400); /* 2100 is no leap year */
	t.month = 2;
	t.day = 0x29;
	assert_int_equal(cmos_to_unix(&t), 0);
}

static void cmos_nonsense_is_refused(void **state)
{
	(void)state;
	for (unsigned int field = 0; field < 6; field++) {
		struct cmos_time t = noon();
		uint8_t *f = &t.second + field;

		*f = 0xff;
		assert_int_equal(cmos_to_unix(&t), 0);
		*f = 0x5b; /* no BCD digit */
		assert_int_equal(cmos_to_unix(&t), 0);
	}
	struct cmos_time t = noon();
	t.month = 0;
	assert_int_equal(cmos_to_unix(&t), 0);
	t = noon();
	t.day = 0;
	assert_int_equal(cmos_to_unix(&t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(factors_are_normal),
		cmocka_unit_test(nanoseconds_are_right),
		cmocka_unit_test(one_ghz_is_identity),
		cmocka_unit_test(never_runs_backwards),
		cmocka_unit_test(unset_scale_stands_still),
		cmocka_unit_test(inverse_is_close_and_early),
		cmocka_unit_test(cmos_bcd),
		cmocka_unit_test(cmos_binary_and_12_hours),
		cmocka_unit_test(cmos_epoch_and_centuries),
		cmocka_unit_test(cmos_nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
