/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's C library functions under names of their own (objs.mk), so
 * that the host's stay what they are.  Models are loops over bytes; what lies
 * around each buffer is looked at, since string instructions are not watched.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "lib/string.h"

#define ROOM 96u
#define EDGE 16u

static unsigned char a[ROOM], b[ROOM];

static void fill(unsigned int seed)
{
	for (unsigned int i = 0; i < ROOM; i++) {
		a[i] = (unsigned char)(i * 7 + seed);
		b[i] = (unsigned char)(i * 13 + seed + 1);
	}
}

static void same_bytes(const unsigned char *got, const unsigned char *want)
{
	for (unsigned int i = 0; i < ROOM; i++)
		assert_int_equal(got[i], want[i]);
}

static void copies(void **state)
{
	(void)state;
	for (unsigned int n = 0; n <= 40; n++)
		for (unsigned int to = EDGE; to < EDGE + 9; to++)
			for (unsigned int from = EDGE; from < EDGE + 9; from++) {
				unsigned char want[ROOM];

				fill(n);
				for (unsigned int i = 0; i < ROOM; i++)
					want[i] = a[i];
				for (unsigned int i = 0; i < n; i++)
					want[to + i] = b[from + i];
				assert_ptr_equal(memcpy(a + to, b + from, n), a + to);
				same_bytes(a, want);
			}
}

static void moves(void **state)
{
	(void)state;
	for (unsigned int n = 0; n <= 40; n++)
		for (unsigned int to = EDGE; to < EDGE + 20; to++)
			for (unsigned int from = EDGE; from < EDGE + 20; from++) {
				unsigned char want[ROOM], old[ROOM];

				fill(n);
				for (unsigned int i = 0; i < ROOM; i++)
					want[i] = old[i] = a[i];
				for (unsigned int i = 0; i < n; i++)
					want[to + i] = old[from + i];
				assert_ptr_equal(memmove(a + to, a + from, n), a + to);
				same_bytes(a, want);
			}
}

static void sets(void **state)
{
	static const int values[] = {0, 1, 0x5a, 0xff, -1, 0x1234};

	(void)state;
	for (unsigned int v = 0; v < sizeof(values) / sizeof(values[0]); v++)
		for (unsigned int n = 0; n <= 40; n++)
			for (unsigned int at = EDGE; at < EDGE + 9; at++) {
				unsigned char want[ROOM];

				fill(v);
				for (unsigned int i = 0; i < ROOM; i++)
					want[i] = i >= at && i < at + n ? (unsigned char)values[v]
									: a[i];
				assert_ptr_equal(memset(a + at, values[v], n), a + at);
				same_bytes(a, want);
			}
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void compares(void **state)
{
	(void)state;
	assert_int_equal(memcmp("abc", "abd", 2), 0);
	assert_int_equal(sign(memcmp("abc", "abd", 3)), -1);
	assert_int_equal(sign(memcmp("\xff", "\x01", 1)), 1);
	assert_int_equal(memcmp("x", "y", 0), 0);
	assert_int_equal(strcmp("", ""), 0);
	assert_int_equal(sign(strcmp("a", "")), 1);
	assert_int_equal(sign(strcmp("", "a")), -1);
	assert_int_equal(sign(strcmp("ab", "abc")), -1);
	assert_int_equal(sign(strcmp("\xff", "a")), 1);
	assert_int_equal(strncmp("abc", "abd", 2), 0);
	assert_int_equal(sign(strncmp("abc", "abd", 3)), -1);
	assert_int_equal(strncmp("ab\0x", "ab\0y", 4), 0);
	assert_int_equal(sign(strncmp("ab", "abc", 3)), -1);
	assert_int_equal(strncmp("a", "b", 0), 0);
	assert_int_equal(sign(strncmp("\xff", "a", 1)), 1);
}

static void strings(void **state)
{
	const char *text = "path/to";

	(void)state;
	assert_int_equal(strlen(""), 0);
	assert_int_equal(strlen(text), 7);
	assert_ptr_equal(strchr(text, '/'), text + 4);
	assert_ptr_equal(strchr(text, 'p'), text);
	assert_ptr_equal(strchr(text, 0), text + 7);
	assert_null(strchr(text, 'x'));
	assert_null(strchr("", 'x'));
}

static void bounded_copies(void **state)
{
	char buf[8];

	(void)state;
	for (unsigned int size = 0; size <= sizeof(buf); size++) {
		for (unsigned int i = 0; i < sizeof(buf); i++)
			buf[i] = '#';
		assert_int_equal(strlcpy(buf, "abcd", size), 4);
		for (unsigned int i = 0; i < sizeof(buf); i++) {
			unsigned int kept = size > 4 ? 4 : size ? size - 1 : 0;
			char want = i < kept ? "abcd"[i] : size && i == kept ? '\0' : '#';

			assert_int_equal(buf[i], want);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies),  cmocka_unit_test(moves),
		cmocka_unit_test(sets),	   cmocka_unit_test(compares),
		cmocka_unit_test(strings), cmocka_unit_test(bounded_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
