/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The pairing heap of timers against a sorted list. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "timer.h"

#define NR 200u

static struct timer_heap heap;
static struct timer timers[NR];

static int set_up(void **state)
{
	(void)state;
	heap = (struct timer_heap){0};
	for (unsigned int i = 0; i < NR; i++)
		timer_init(&timers[i], NULL, &timers[i]);
	return 0;
}

static void insert(unsigned int i, uint64_t deadline)
{
	timers[i].deadline_ns = deadline;
	timer_heap_insert(&heap, &timers[i]);
	assert_true(timer_armed(&timers[i]));
}

static unsigned int count(const struct timer *t)
{
	unsigned int n = 0;

	for (; t; t = t->next) {
		for (const struct timer *c = t->child; c; c = c->next)
			assert_true(c->deadline_ns >= t->deadline_ns);
		if (t->child)
			assert_ptr_equal(t->child->prev, t);
		if (t->next)
			assert_ptr_equal(t->next->prev, t);
		assert_ptr_equal(t->heap, &heap);
		n += 1 + count(t->child);
	}
	return n;
}

/* Every link both ways, every child later than its parent, none lost, the first the earliest. */
static void check(void)
{
	const struct timer *first = timer_heap_first(&heap);
	uint64_t earliest = ~0ul;
	unsigned int armed = 0;

	for (unsigned int i = 0; i < NR; i++) {
		if (!timer_armed(&timers[i]))
			continue;
		armed++;
		if (timers[i].deadline_ns < earliest)
			earliest = timers[i].deadline_ns;
	}
	assert_int_equal(count(first), armed);
	if (first) {
		assert_true(first->deadline_ns == earliest);
		assert_null(first->next);
		assert_null(first->prev);
	}
}

static void empty_has_no_first(void **state)
{
	(void)state;
	assert_null(timer_heap_first(&heap));
	insert(0, 5);
	assert_ptr_equal(timer_heap_first(&heap), &timers[0]);
	timer_heap_remove(&timers[0]);
	assert_null(timer_heap_first(&heap));
	assert_false(timer_armed(&timers[0]));
}

static void comes_out_in_order(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed < 50; seed++) {
		uint64_t last = 0;

		srandom(seed);
		for (unsigned int i = 0; i < NR; i++)
			insert(i, (uint64_t)random() % (seed * 10));
		check();
		for (unsigned int i = 0; i < NR; i++) {
			struct timer *t = timer_heap_first(&heap);

			assert_non_null(t);
			assert_true(t->deadline_ns >= last);
			last = t->deadline_ns;
			timer_heap_remove(t);
			if (i % 16 == 0)
				check();
		}
		assert_null(timer_heap_first(&heap));
	}
}

static void any_can_be_removed(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed < 30; seed++) {
		srandom(seed);
		for (unsigned int step = 0; step < 3000; step++) {
			unsigned int i = (unsigned int)random() % NR;

			if (timer_armed(&timers[i]))
				timer_heap_remove(&timers[i]);
			else
				insert(i, (uint64_t)random());
			if (step % 8 == 0)
				check();
		}
		for (unsigned int i = 0; i < NR; i++)
			if (timer_armed(&timers[i]))
				timer_heap_remove(&timers[i]);
		assert_null(timer_heap_first(&heap));
	}
}

/* The ends of the range are times like any other. */
static void extreme_deadlines(void **state)
{
	(void)state;
	insert(0, ~0ul);
	insert(1, 0);
	insert(2, 1ul << 63);
	insert(3, 0);
	check();
	assert_int_equal(timer_heap_first(&heap)->deadline_ns, 0);
	timer_heap_remove(&timers[1]);
	timer_heap_remove(&timers[3]);
	assert_ptr_equal(timer_heap_first(&heap), &timers[2]);
	timer_heap_remove(&timers[2]);
	assert_ptr_equal(timer_heap_first(&heap), &timers[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(empty_has_no_first, set_up),
		cmocka_unit_test_setup(comes_out_in_order, set_up),
		cmocka_unit_test_setup(any_can_be_removed, set_up),
		cmocka_unit_test_setup(extreme_deadlines, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
