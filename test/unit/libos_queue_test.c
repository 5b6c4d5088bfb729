/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* libos/src/queue.h: first come, first served, and leaving from anywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "src/queue.h"

#define NR 50

static void queue_check(const struct libos_waitq *q, size_t expected)
{
	const struct libos_thread *before = NULL;
	size_t n = 0;

	for (const struct libos_thread *t = q->first; t != NULL; t = t->next, n++) {
		assert_ptr_equal(t->prev, before);
		assert_ptr_equal(t->queue, q);
		before = t;
	}
	assert_ptr_equal(q->last, before);
	assert_int_equal(n, expected);
	assert_int_equal(libos_waitq_empty(q), expected == 0);
}

static void test_order(void **unused)
{
	struct libos_thread t[3] = {0};
	struct libos_waitq q = LIBOS_WAITQ_INIT;

	(void)unused;
	assert_null(queue_pop(&q));
	for (int i = 0; i < 3; i++)
		queue_append(&q, &t[i]);
	queue_check(&q, 3);
	for (int i = 0; i < 3; i++) {
		assert_ptr_equal(queue_pop(&q), &t[i]);
		assert_null(t[i].queue);
	}
	queue_check(&q, 0);
}

static void test_leaving(void **unused)
{
	(void)unused;
	for (int leaves = 0; leaves < 3; leaves++) {
		struct libos_thread t[3] = {0};
		struct libos_waitq q = LIBOS_WAITQ_INIT;

		for (int i = 0; i < 3; i++)
			queue_append(&q, &t[i]);
		queue_remove(&t[leaves]);
		queue_check(&q, 2);
		for (int i = 0; i < 3; i++) {
			if (i != leaves)
				assert_ptr_equal(queue_pop(&q), &t[i]);
		}
	}
}

static void test_random(void **unused)
{
	struct libos_thread t[NR] = {0};
	struct libos_waitq q[3] = {0};
	size_t n[3] = {0};

	(void)unused;
	srand(6);
	for (int round = 0; round < 20000; round++) {
		struct libos_thread *one = &t[rand() % NR];
		size_t to = (size_t)rand() % 3;

		if (one->queue != NULL) {
			n[one->queue - q]--;
			queue_remove(one);
		} else {
			queue_append(&q[to], one);
			n[to]++;
		}
		queue_check(&q[to], n[to]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_leaving),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("libos_queue", tests, NULL, NULL);
}
