/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Formatting: the C library's own is the model wherever it means the same. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "printk.h"

/* Both write the same text, and say the same length, into every size of buffer. */
#define SAME(...)                                                                                  \
	do {                                                                                       \
		char want_[512], got_[512];                                                        \
		int n_ = snprintf(want_, sizeof(want_), __VA_ARGS__);                              \
		assert_int_equal(hv_snprintf(got_, sizeof(got_), __VA_ARGS__), n_);                \
		assert_string_equal(got_, want_);                                                  \
		for (size_t size_ = 0; size_ <= (size_t)n_ + 1; size_++) {                         \
			/* On the heap: a byte too far is seen. */                                 \
			char *w_ = malloc(size_ + !size_), *g_ = malloc(size_ + !size_);           \
			assert_int_equal(snprintf(w_, size_, __VA_ARGS__), n_);                    \
			assert_int_equal(hv_snprintf(g_, size_, __VA_ARGS__), n_);                 \
			assert_memory_equal(g_, w_, size_);                                        \
			free(w_);                                                                  \
			free(g_);                                                                  \
		}                                                                                  \
	} while (0)

/* The formats here are wrong for a compiler's taste on purpose. */
#pragma GCC diagnostic ignored "-Wformat-truncation"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-overflow"

static const long numbers[] = {0,	 1,	   -1,	       9,	10,
			       99,	 -100,	   INT_MAX,    INT_MIN, LONG_MAX,
			       LONG_MIN, UINT_MAX, 0x80000000, 0x1234,	-0x1234};
#define NR (sizeof(numbers) / sizeof(numbers[0]))

static void integers(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR; i++) {
		long n = numbers[i];

		SAME("%d %i %u", (int)n, (int)n, (unsigned int)n);
		SAME("%x %X", (unsigned int)n, (unsigned int)n);
		SAME("%ld %lu %lx", n, (unsigned long)n, (unsigned long)n);
		SAME("%lld %llu %llX", (long long)n, (unsigned long long)n, (unsigned long long)n);
		SAME("%zd %zu %zx", (ssize_t)n, (size_t)n, (size_t)n);
	}
}

static void widths(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR; i++) {
		long n = numbers[i];

		SAME("[%8d] [%-8d] [%08d]", (int)n, (int)n, (int)n);
		SAME("[%25ld] [%-25ld] [%025ld]", n, n, n);
		SAME("[%016lx] [%4lx] [%-20lX]", (unsigned long)n, (unsigned long)n,
		     (unsigned long)n);
		SAME("[%*d] [%-*d]", 12, (int)n, 12, (int)n);
		SAME("[%1d] [%01d]", (int)n, (int)n);
	}
	SAME("[%10s] [%-10s] [%2s]", "text", "text", "text");
	SAME("[%10s] [%-3s]", "", "");
}

static void other_conversions(void **state)
{
	char buf[64];

	(void)state;
	SAME("%c%c", 'a', 'z');
	SAME("100%%");
	SAME("%s", "");
	SAME("%s and %s", "one", "two");
	SAME("no conversion at all");
	assert_int_equal(hv_snprintf(buf, sizeof(buf), "%s", (char *)NULL), 6);
	assert_string_equal(buf, "(null)");
	assert_int_equal(hv_snprintf(buf, sizeof(buf), "%p", (void *)0x1234), 16);
	assert_string_equal(buf, "0000000000001234");
	assert_int_equal(hv_snprintf(buf, sizeof(buf), "%p", (void *)~0ul), 16);
	assert_string_equal(buf, "ffffffffffffffff");
}

/* As its header says: an unknown conversion is printed as it stands; an unfinished one is not. */
static void unknown_conversions(void **state)
{
	char buf[64];

	(void)state;
	assert_int_equal(hv_snprintf(buf, sizeof(buf), "a%qb"), 4);
	assert_string_equal(buf, "a%qb");
	assert_int_equal(hv_snprintf(buf, sizeof(buf), "end%"), 3);
	assert_string_equal(buf, "end");
	assert_int_equal(hv_snprintf(buf, sizeof(buf), "end%-08l"), 3);
	assert_string_equal(buf, "end");
}

static void no_buffer(void **state)
{
	(void)state;
	assert_int_equal(hv_snprintf(NULL, 0, "%d bytes", 12345), 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers),	     cmocka_unit_test(widths),
		cmocka_unit_test(other_conversions), cmocka_unit_test(unknown_conversions),
		cmocka_unit_test(no_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
