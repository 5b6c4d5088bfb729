/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The buddy allocator against a model: one byte a frame says who has it.  Table
 * entries of absent frames are poisoned, so that a look at one ends the test.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"

#define NONE	  (~0ul)
#define NR_FRAMES 3000u
#define MAX_HELD  400u

enum owner { ABSENT, FREE, HELD };

struct world {
	struct page_pool pool;
	uint8_t owner[NR_FRAMES];
	uint64_t nr_free;
	struct held {
		uint64_t n;
		unsigned int order;
	} held[MAX_HELD];
	unsigned int nr_held;
};

static struct world *world;

static bool present(const struct page_pool *pool, uint64_t n)
{
	assert_ptr_equal(pool, &world->pool);
	assert_true(n < NR_FRAMES);
	return world->owner[n] != ABSENT;
}

static void add(uint64_t n, uint64_t nr)
{
	ASAN_UNPOISON_MEMORY_REGION(&world->pool.frames[n], nr * sizeof(struct page));
	for (uint64_t i = n; i < n + nr; i++) {
		assert_int_equal(world->owner[i], ABSENT);
		world->owner[i] = FREE;
	}
	page_pool_add(&world->pool, n, nr);
	world->nr_free += nr;
}

static void make(void)
{
	world = calloc(1, sizeof(*world));
	world->pool.frames = calloc(NR_FRAMES, sizeof(struct page));
	world->pool.nr_frames = NR_FRAMES;
	world->pool.present = present;
	ASAN_POISON_MEMORY_REGION(world->pool.frames, NR_FRAMES * sizeof(struct page));
}

/* RAM as boards have it: odd starts, holes, an end that is no power of two. */
static int set_up_holes(void **state)
{
	(void)state;
	make();
	add(1, 158);
	add(256, 744);
	add(1003, 1);
	add(1005, 1300);
	add(2560, NR_FRAMES - 2560);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ASAN_UNPOISON_MEMORY_REGION(world->pool.frames, NR_FRAMES * sizeof(struct page));
	free(world->pool.frames);
	free(world);
	return 0;
}

/* What a free list says of block n. */
static void check_block(uint64_t n, unsigned int order, uint8_t *seen)
{
	const struct page_pool *p = &world->pool;
	uint64_t buddy = n ^ (1ul << order);

	assert_int_equal(n & ((1ul << order) - 1), 0);
	assert_true(n + (1ul << order) <= NR_FRAMES);
	assert_int_equal(p->frames[n].state, PAGE_FREE);
	assert_int_equal(p->frames[n].order, order);
	for (uint64_t i = n; i < n + (1ul << order); i++) {
		assert_int_equal(world->owner[i], FREE);
		assert_int_equal(seen[i], 0);
		seen[i] = 1;
		if (i != n)
			assert_int_equal(p->frames[i].state, PAGE_FREE_TAIL);
	}
	/* Two free buddies of one size would have been joined. */
	if (order < PAGE_MAX_ORDER && buddy < NR_FRAMES && world->owner[buddy] == FREE)
		assert_false(p->frames[buddy].state == PAGE_FREE &&
			     p->frames[buddy].order == order);
}

static void check_pool(void)
{
	const struct page_pool *p = &world->pool;
	uint8_t seen[NR_FRAMES] = {0};
	uint64_t total = 0;

	for (unsigned int order = 0; order < PAGE_NR_ORDERS; order++) {
		uint32_t prev = 0;

		for (uint32_t at = p->head[order]; at; at = p->frames[at - 1].next) {
			assert_int_equal(p->frames[at - 1].prev, prev);
			check_block(at - 1, order, seen);
			total += 1ul << order;
			prev = at;
		}
	}
	assert_int_equal(total, world->nr_free);
	assert_int_equal(p->nr_free, world->nr_free);
	for (unsigned int i = 0; i < NR_FRAMES; i++)
		assert_int_equal(seen[i], world->owner[i] == FREE);
}

static bool take(unsigned int order)
{
	uint64_t n = page_pool_alloc(&world->pool, order);

	if (n == NONE)
		return false;
	assert_int_equal(n & ((1ul << order) - 1), 0);
	for (uint64_t i = n; i < n + (1ul << order); i++) {
		assert_true(i < NR_FRAMES);
		assert_int_equal(world->owner[i], FREE);
		assert_int_equal(world->pool.frames[i].state, PAGE_HV);
		assert_int_equal(world->pool.frames[i].slot, PAGE_SLOT_NONE);
		assert_int_equal(world->pool.frames[i].refs, 0);
		world->owner[i] = HELD;
		world->pool.frames[i].incarnation = 0xdeadbeef; /* the owner's own use */
		world->pool.frames[i].gfn = (uint32_t)i;
	}
	world->nr_free -= 1ul << order;
	world->held[world->nr_held++] = (struct held){n, order};
	return true;
}

static void give(uint64_t n, unsigned int order)
{
	page_pool_free(&world->pool, n, order);
	memset(&world->owner[n], FREE, 1ul << order);
	world->nr_free += 1ul << order;
}

static void drop(unsigned int i)
{
	struct held h = world->held[i];

	world->held[i] = world->held[--world->nr_held];
	give(h.n, h.order);
}

/* A block comes back in two halves, or the second half only later. */
static void drop_by_halves(unsigned int i)
{
	struct held *h = &world->held[i];

	if (!h->order) {
		drop(i);
		return;
	}
	h->order--;
	give(h->n, h->order);
	h->n += 1ul << h->order;
}

/* All free blocks by size, in the order of their numbers. */
static void snapshot(int8_t *order_of)
{
	memset(order_of, -1, NR_FRAMES);
	for (unsigned int order = 0; order < PAGE_NR_ORDERS; order++)
		for (uint32_t at = world->pool.head[order]; at;
		     at = world->pool.frames[at - 1].next)
			order_of[at - 1] = (int8_t)order;
}

static void random_use_matches_the_model(void **state)
{
	int8_t before[NR_FRAMES], after[NR_FRAMES];

	(void)state;
	for (unsigned int seed = 1; seed <= 20; seed++) {
		srandom(seed);
		check_pool();
		snapshot(before);
		for (unsigned int step = 0; step < 3000; step++) {
			unsigned int what = (unsigned int)random() % 16;

			if (what < 9 && world->nr_held < MAX_HELD)
				(void)take((unsigned int)random() % 8);
			else if (what < 13 && world->nr_held)
				drop((unsigned int)random() % world->nr_held);
			else if (world->nr_held)
				drop_by_halves((unsigned int)random() % world->nr_held);
			if (step % 64 == 0)
				check_pool();
		}
		while (world->nr_held)
			drop((unsigned int)random() % world->nr_held);
		check_pool();
		/* All is joined again as it was at the start. */
		snapshot(after);
		assert_memory_equal(before, after, sizeof(before));
	}
}

static void exhaustion_is_an_answer(void **state)
{
	uint64_t nr = world->nr_free;
	uint64_t *got = calloc(nr, sizeof(*got));

	(void)state;
	for (uint64_t i = 0; i < nr; i++) {
		got[i] = page_pool_alloc(&world->pool, 0);
		assert_true(got[i] < NR_FRAMES);
		assert_int_equal(world->owner[got[i]], FREE);
		world->owner[got[i]] = HELD;
	}
	assert_int_equal(world->pool.nr_free, 0);
	assert_int_equal(world->pool.nr_total, nr);
	for (unsigned int order = 0; order < PAGE_NR_ORDERS; order++)
		assert_true(page_pool_alloc(&world->pool, order) == NONE);
	world->nr_free = 0;
	for (uint64_t i = 0; i < nr; i++)
		give(got[i], 0);
	check_pool();
	free(got);
}

/* A block larger than any that is free is refused, and nothing changes. */
static void too_large_is_refused(void **state)
{
	(void)state;
	assert_true(page_pool_alloc(&world->pool, 11) == NONE);
	assert_true(page_pool_alloc(&world->pool, PAGE_MAX_ORDER) == NONE);
	check_pool();
}

/* Two neighbours that are no buddies are not joined: 2-3 and 4-5 are not a block of 4. */
static void only_buddies_join(void **state)
{
	(void)state;
	make();
	add(2, 4);
	check_pool();
	assert_true(page_pool_alloc(&world->pool, 2) == NONE);
	assert_true(take(1));
	assert_true(take(1));
	assert_false(take(0));
	drop(0);
	drop(0);
	check_pool();
	assert_true(page_pool_alloc(&world->pool, 2) == NONE);
}

/* Ranges that are handed in one behind the other join across the seam. */
static void seams_join(void **state)
{
	(void)state;
	make();
	add(1024, 100);
	add(1124, 412);
	add(1536, 512);
	check_pool();
	assert_true(take(10));
	assert_int_equal(world->held[0].n, 1024);
	drop(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(random_use_matches_the_model, set_up_holes,
						tear_down),
		cmocka_unit_test_setup_teardown(exhaustion_is_an_answer, set_up_holes, tear_down),
		cmocka_unit_test_setup_teardown(too_large_is_refused, set_up_holes, tear_down),
		cmocka_unit_test_teardown(only_buddies_join, tear_down),
		cmocka_unit_test_teardown(seams_join, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
