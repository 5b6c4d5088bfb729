/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* libos/src/pages.c: the buddies, on memory of the host. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "src/pages.h"

#define NR 1024

static unsigned char *memory;
static uint8_t state[NR];
static struct pages pool;

static uintptr_t page(size_t i)
{
	return pool.base + i * PAGES_SIZE;
}

static int fresh(void **unused)
{
	(void)unused;
	if (memory == NULL)
		memory = aligned_alloc(NR * PAGES_SIZE, NR * PAGES_SIZE);
	pages_init(&pool, (uintptr_t)memory, NR, state);
	return 0;
}

/* Blocks on the lists and state bytes must tell the same, and add up. */
static void pool_check(void)
{
	size_t free = 0;

	for (unsigned int o = 0; o <= PAGES_MAX_ORDER; o++) {
		struct pages_link *head = &pool.list[o];

		assert_int_equal(pool.nonempty >> o & 1, head->next != head);
		for (struct pages_link *l = head->next; l != head; l = l->next) {
			size_t i = ((uintptr_t)l - pool.base) / PAGES_SIZE;

			assert_int_equal(state[i], 0x80 | o);
			assert_int_equal(i % ((size_t)1 << o), 0);
			assert_ptr_equal(l->next->prev, l);
			free += (size_t)1 << o;
		}
	}
	assert_int_equal(free, pool.nr_free);
}

static void test_empty(void **unused)
{
	(void)unused;
	assert_null(pages_alloc(&pool, 0));
	pages_add(&pool, page(3) + 1, page(4));
	assert_null(pages_alloc(&pool, 0));
	pages_add(&pool, page(5), page(5));
	assert_int_equal(pool.nr_total, 0);
}

static void test_rounding(void **unused)
{
	(void)unused;
	pages_add(&pool, page(3) + 1, page(5) + PAGES_SIZE - 1);
	assert_int_equal(pool.nr_total, 1);
	assert_ptr_equal(pages_alloc(&pool, 0), (void *)page(4));
	assert_null(pages_alloc(&pool, 0));
}

static void test_cut_to_cover(void **unused)
{
	(void)unused;
	pages_add(&pool, page(0) - 100 * PAGES_SIZE, page(2));
	pages_add(&pool, page(NR - 1), page(NR) + 100 * PAGES_SIZE);
	assert_int_equal(pool.nr_total, 3);
	pool_check();
}

static void test_merge_to_one(void **unused)
{
	void *block[NR];

	(void)unused;
	pages_add(&pool, page(0), page(NR));
	assert_int_equal(pool.nonempty, 1u << 10);
	for (size_t i = 0; i < NR; i++) {
		block[i] = pages_alloc(&pool, 0);
		assert_non_null(block[i]);
	}
	assert_null(pages_alloc(&pool, 0));
	assert_int_equal(pool.nr_free, 0);
	/* In an order that merges late. */
	for (size_t i = 0; i < NR; i += 2)
		assert_true(pages_free(&pool, block[i], 0));
	pool_check();
	for (size_t i = 1; i < NR; i += 2)
		assert_true(pages_free(&pool, block[i], 0));
	assert_int_equal(pool.nonempty, 1u << 10);
	assert_int_equal(pool.nr_free, NR);
	pool_check();
}

static void test_refused(void **unused)
{
	void *p;

	(void)unused;
	pages_add(&pool, page(0), page(NR));
	assert_null(pages_alloc(&pool, PAGES_MAX_ORDER + 1));
	assert_null(pages_alloc(&pool, 11));
	p = pages_alloc(&pool, 2);
	assert_false(pages_free(&pool, p, 1));
	assert_false(pages_free(&pool, p, PAGES_MAX_ORDER + 1));
	assert_false(pages_free(&pool, (char *)p + 8, 2));
	assert_false(pages_free(&pool, (char *)p + PAGES_SIZE, 2));
	assert_false(pages_free(&pool, (void *)(page(0) - PAGES_SIZE), 0));
	assert_false(pages_free(&pool, (void *)page(NR), 0));
	assert_true(pages_free(&pool, p, 2));
	assert_false(pages_free(&pool, p, 2));
	pool_check();
}

/* Random traffic; blocks are filled, so that an overlap shows. */
static void test_random(void **unused)
{
	struct {
		unsigned char *p;
		unsigned int order;
		unsigned char fill;
	} held[64] = {0};

	(void)unused;
	srand(1);
	pages_add(&pool, page(1), page(700));
	pages_add(&pool, page(703), page(NR - 5));
	for (int round = 0; round < 20000; round++) {
		size_t i = (size_t)rand() % 64;

		if (held[i].p == NULL) {
			held[i].order = (unsigned int)rand() % 6;
			held[i].fill = (unsigned char)rand();
			held[i].p = pages_alloc(&pool, held[i].order);
			if (held[i].p != NULL)
				memset(held[i].p, held[i].fill, PAGES_SIZE << held[i].order);
		} else {
			size_t last = (PAGES_SIZE << held[i].order) - 1;

			assert_int_equal(held[i].p[0], held[i].fill);
			assert_int_equal(held[i].p[last], held[i].fill);
			assert_true(pages_free(&pool, held[i].p, held[i].order));
			held[i].p = NULL;
		}
		if (round % 1000 == 0)
			pool_check();
	}
	for (size_t i = 0; i < 64; i++) {
		if (held[i].p != NULL)
			assert_true(pages_free(&pool, held[i].p, held[i].order));
	}
	assert_int_equal(pool.nr_free, pool.nr_total);
	pool_check();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_empty, fresh),
		cmocka_unit_test_setup(test_rounding, fresh),
		cmocka_unit_test_setup(test_cut_to_cover, fresh),
		cmocka_unit_test_setup(test_merge_to_one, fresh),
		cmocka_unit_test_setup(test_refused, fresh),
		cmocka_unit_test_setup(test_random, fresh),
	};
	int failed = cmocka_run_group_tests_name("libos_pages", tests, NULL, NULL);

	free(memory);
	return failed;
}
