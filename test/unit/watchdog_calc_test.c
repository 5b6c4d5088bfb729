/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Counts of two-stage watchdogs: never early, never beyond the register. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "x86/watchdog_calc.h"

static void tco_is_never_early(void **state)
{
	(void)state;
	for (unsigned int s = 1; s <= 1227; s++) {
		unsigned int ticks = tco_ticks(s);

		assert_in_range(ticks, TCO_MIN_TICKS, TCO_MAX_TICKS);
		assert_true(ticks * 12 >= s * 10);
		assert_true(tco_seconds(ticks) >= s);
		assert_true(ticks == TCO_MIN_TICKS || tco_seconds(ticks) <= s + 1);
	}
}

static void tco_is_clamped(void **state)
{
	(void)state;
	assert_int_equal(tco_ticks(0), TCO_MIN_TICKS);
	assert_int_equal(tco_ticks(100000), TCO_MAX_TICKS);
	assert_int_equal(tco_ticks(0xffffffff), TCO_MAX_TICKS);
	assert_int_equal(tco_seconds(TCO_MIN_TICKS), 4);
}

static void esb_is_never_early(void **state)
{
	(void)state;
	for (unsigned int s = 1; s <= 2000; s++) {
		assert_true((uint64_t)esb_ticks(s) * 2 * 32768 >= (uint64_t)s * 33000000);
		assert_int_equal(esb_seconds(esb_ticks(s)), s);
	}
}

static void esb_is_clamped(void **state)
{
	(void)state;
	assert_true(esb_ticks(0) == esb_ticks(1));
	assert_int_equal(esb_ticks(0xffffffff), ESB_MAX_TICKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tco_is_never_early),
		cmocka_unit_test(tco_is_clamped),
		cmocka_unit_test(esb_is_never_early),
		cmocka_unit_test(esb_is_clamped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
