/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The log ring: order, forgetting, indices across the wrap of 2^32. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "logring.h"

static char buf[16];

static struct log_ring ring_at(uint32_t number)
{
	return (struct log_ring){.buf = buf, .size = sizeof(buf), .start = number, .prod = number};
}

static void put(struct log_ring *r, const char *s)
{
	log_ring_put(r, s, strlen(s));
}

static void reads_in_order(void **state)
{
	struct log_ring r = ring_at(0);
	uint32_t index = 0;
	char out[32] = {0};

	(void)state;
	put(&r, "hello ");
	put(&r, "you");
	assert_int_equal(log_ring_get(&r, &index, out, 4), 4);
	assert_int_equal(log_ring_get(&r, &index, out + 4, 28), 5);
	assert_string_equal(out, "hello you");
	assert_int_equal(index, 9);
	assert_int_equal(log_ring_get(&r, &index, out, 32), 0);
}

static void forgets_the_oldest(void **state)
{
	struct log_ring r = ring_at(0);
	uint32_t index = 0;
	char out[32] = {0};

	(void)state;
	put(&r, "0123456789");
	put(&r, "abcdefghij");
	assert_int_equal(r.start, 4);
	assert_int_equal(log_ring_get(&r, &index, out, 32), 16);
	assert_string_equal(out, "456789abcdefghij");
}

static void takes_more_than_its_size(void **state)
{
	struct log_ring r = ring_at(0xfffffff0u);
	uint32_t index = r.start;
	char out[32] = {0};

	(void)state;
	put(&r, "the quick brown fox jumps over the lazy dog");
	assert_int_equal(log_ring_get(&r, &index, out, 32), 16);
	assert_string_equal(out, "ver the lazy dog");
}

static void numbers_wrap(void **state)
{
	struct log_ring r = ring_at(0xfffffffcu);
	uint32_t index = r.start;
	char out[32] = {0};

	(void)state;
	put(&r, "abcdefgh");
	assert_int_equal(log_ring_get(&r, &index, out, 32), 8);
	assert_string_equal(out, "abcdefgh");
	assert_int_equal(index, 4);
}

static void index_ahead_is_the_end(void **state)
{
	struct log_ring r = ring_at(0);
	uint32_t index = 100;
	char out[4];

	(void)state;
	put(&r, "abc");
	assert_int_equal(log_ring_get(&r, &index, out, 4), 0);
	assert_int_equal(index, 3);
}

static void cleared_is_empty(void **state)
{
	struct log_ring r = ring_at(0);
	uint32_t index = 0;
	char out[4];

	(void)state;
	put(&r, "abc");
	log_ring_clear(&r);
	assert_int_equal(log_ring_get(&r, &index, out, 4), 0);
	put(&r, "de");
	assert_int_equal(log_ring_get(&r, &index, out, 4), 2);
	assert_memory_equal(out, "de", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_in_order),	    cmocka_unit_test(forgets_the_oldest),
		cmocka_unit_test(takes_more_than_its_size), cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(index_ahead_is_the_end),   cmocka_unit_test(cleared_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
