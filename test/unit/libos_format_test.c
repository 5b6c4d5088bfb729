/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* libos/src/format.c says what the host's printf says, within its few words. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "src/format.h"

static char ours[64], theirs[64];

static void compare(const char *fmt, ...) printf_like(1, 2);
static void compare(const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = format_string(ours, sizeof(ours), fmt, ap);
	va_end(ap);
	va_start(ap, fmt);
	vsnprintf(theirs, sizeof(theirs), fmt, ap);
	va_end(ap);
	assert_string_equal(ours, theirs);
	assert_int_equal(n, strlen(theirs));
}

static void test_same(void **unused)
{
	(void)unused;
	compare("plain 100%%");
	compare("%d %i %d %d", 0, -1, INT_MAX, INT_MIN);
	compare("%ld %ld", LONG_MAX, LONG_MIN);
	compare("%u %lu %zu", UINT_MAX, ULONG_MAX, (size_t)7);
	compare("%x|%8x|%08x|%016lx", 0xbeef, 0xbeef, 0xbeef, 0xdeadbeefcafef00d);
	compare("%s|%5s|%c|%3d|%03u", "text", "ab", 'z', 7, 7);
	compare("%p", (void *)0x1234);
	compare("%s", "");
}

static void test_cut(void **unused)
{
	(void)unused;
	compare("%s%s", "0123456789012345678901234567890123456789", "0123456789012345678901234567");
	assert_int_equal(strlen(ours), 63);
}

static size_t format(const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = format_string(ours, 64, fmt, ap);
	va_end(ap);
	return n;
}

static void test_odd(void **unused)
{
	(void)unused;
	assert_int_equal(format("%s", NULL), 6);
	assert_string_equal(ours, "(null)");
	assert_int_equal(format("50%"), 2);
	assert_int_equal(format("%"), 0);
	assert_int_equal(format("%q"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_odd),
	};

	return cmocka_run_group_tests_name("libos_format", tests, NULL, NULL);
}
