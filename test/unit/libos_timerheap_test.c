/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* libos/src/timerheap.c: the earliest is at the root, whatever is done to the rest. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "src/timerheap.h"

#define NR 500

static struct libos_timer timers[NR];
static struct timerheap heap;

static int fresh(void **unused)
{
	(void)unused;
	memset(timers, 0, sizeof(timers));
	heap.root = NULL;
	return 0;
}

static void insert(size_t i, uint64_t deadline)
{
	timers[i].deadline_ns = deadline;
	timerheap_insert(&heap, &timers[i]);
}

static uint64_t earliest(void)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < NR; i++) {
		if (timers[i].armed && timers[i].deadline_ns < least)
			least = timers[i].deadline_ns;
	}
	return least;
}

/* Every link is answered by its neighbour, and no child is earlier than its parent. */
static size_t tree_check(const struct libos_timer *t)
{
	size_t n = 1;

	for (const struct libos_timer *c = t->child, *before = t; c != NULL; c = c->next) {
		assert_ptr_equal(c->prev, before);
		assert_true(c->deadline_ns >= t->deadline_ns);
		n += tree_check(c);
		before = c;
	}
	return n;
}

static void test_sorted_out(void **unused)
{
	uint64_t last = 0;
	size_t n = 0;

	(void)unused;
	srand(3);
	for (size_t i = 0; i < NR; i++)
		insert(i, (uint64_t)rand() % 1000);
	assert_int_equal(tree_check(heap.root), NR);
	for (; heap.root != NULL; n++) {
		struct libos_timer *t = heap.root;

		assert_true(t->deadline_ns >= last);
		last = t->deadline_ns;
		timerheap_remove(&heap, t);
		assert_false(t->armed);
	}
	assert_int_equal(n, NR);
}

/* Ascending and descending insertion give the most lopsided trees. */
static void test_lopsided(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < NR; i++)
		insert(i, i);
	for (size_t i = 0; i < NR; i++)
		timerheap_remove(&heap, &timers[(i * 7) % NR]);
	assert_null(heap.root);
	for (size_t i = 0; i < NR; i++)
		insert(i, NR - i);
	for (size_t i = 0; i < NR; i++)
		timerheap_remove(&heap, heap.root);
	assert_null(heap.root);
}

static void test_random(void **unused)
{
	size_t armed = 0;

	(void)unused;
	srand(4);
	for (int round = 0; round < 50000; round++) {
		size_t i = (size_t)rand() % NR;

		if (timers[i].armed) {
			timerheap_remove(&heap, &timers[i]);
			armed--;
		} else {
			insert(i, (uint64_t)rand() % 10000);
			armed++;
		}
		if (heap.root == NULL)
			continue;
		assert_null(heap.root->prev);
		assert_null(heap.root->next);
		if (round % 100 == 0) {
			assert_int_equal(heap.root->deadline_ns, earliest());
			assert_int_equal(tree_check(heap.root), armed);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sorted_out, fresh),
		cmocka_unit_test_setup(test_lopsided, fresh),
		cmocka_unit_test_setup(test_random, fresh),
	};

	return cmocka_run_group_tests_name("libos_timerheap", tests, NULL, NULL);
}
