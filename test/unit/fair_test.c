/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Shares by weight, sleepers, queues that exchange entities, caps: simulated pCPUs. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fair.h"

#define NR_CPUS 4u
#define NR	8u
#define MS	1000000ul
#define SECOND	(1000 * MS)

static struct fair_queue queue[NR_CPUS];
static struct fair_entity entity[NR];
static struct fair_entity *running[NR_CPUS];
static uint64_t ran[NR];
static uint64_t now;

static int set_up(void **state)
{
	(void)state;
	now = 0;
	for (unsigned int c = 0; c < NR_CPUS; c++) {
		fair_queue_init(&queue[c]);
		running[c] = NULL;
	}
	for (unsigned int i = 0; i < NR; i++) {
		ran[i] = 0;
		fair_entity_init(&entity[i], FAIR_WEIGHT_DEFAULT);
		for (unsigned int c = 0; c < NR_CPUS; c++)
			cpumask_set(&entity[i].affinity, c);
	}
	return 0;
}

static void put_back(unsigned int c)
{
	if (running[c])
		fair_put_back(&queue[c], running[c], false);
	running[c] = NULL;
}

static void run_slice(unsigned int c)
{
	running[c] = fair_pick(&queue[c]);
	if (!running[c])
		return;
	fair_charge(running[c], FAIR_SLICE_NS);
	ran[running[c] - entity] += FAIR_SLICE_NS;
}

static void move(unsigned int from, unsigned int to, struct fair_entity *e)
{
	fair_remove(&queue[from], e);
	fair_translate(e, &queue[from], &queue[to]);
	fair_wake(&queue[to], e);
}

/* What hv/sched.c does between slices: idle pCPUs steal, busy ones hand over. */
static void balance(unsigned int nr_cpus, unsigned int c)
{
	unsigned int o = (unsigned int)(now / FAIR_BALANCE_NS + c) % nr_cpus;
	struct fair_entity *e;

	for (unsigned int i = 0; !queue[c].load && i < nr_cpus; i++) {
		e = fair_candidate(&queue[i], c);
		if (e)
			move(i, c, e);
	}
	e = fair_candidate(&queue[c], o);
	if (o != c && e && now % FAIR_BALANCE_NS == 0 &&
	    fair_worth_moving(queue[c].load, queue[o].load, e->weight))
		move(c, o, e);
}

static void simulate(unsigned int nr_cpus, uint64_t ns)
{
	for (uint64_t end = now + ns; now < end; now += FAIR_SLICE_NS) {
		for (unsigned int c = 0; c < nr_cpus; c++)
			run_slice(c);
		for (unsigned int c = 0; c < nr_cpus; c++)
			put_back(c);
		for (unsigned int c = 0; c < nr_cpus; c++)
			balance(nr_cpus, c);
	}
}

static void assert_near(uint64_t is, uint64_t should, unsigned int percent)
{
	assert_in_range(is, should - should * percent / 100, should + should * percent / 100);
}

static void shares_follow_weights(void **state)
{
	static const uint32_t weight[] = {64, 128, 256, 512};

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		entity[i].weight = weight[i];
		fair_wake(&queue[0], &entity[i]);
	}
	simulate(1, 60 * SECOND);
	for (unsigned int i = 0; i < 4; i++)
		assert_near(ran[i], 60 * SECOND * weight[i] / 960, 2);
}

static void a_sleeper_saves_up_no_more_than_its_credit(void **state)
{
	(void)state;
	fair_wake(&queue[0], &entity[0]);
	simulate(1, 10 * SECOND);
	fair_wake(&queue[0], &entity[1]);
	/* It goes first ... */
	assert_ptr_equal(fair_pick(&queue[0]), &entity[1]);
	fair_put_back(&queue[0], &entity[1], false);
	ran[0] = 0;
	simulate(1, 10 * SECOND);
	/* ... and has half from then on. */
	assert_near(ran[0], 5 * SECOND, 1);
	assert_near(ran[1], 5 * SECOND, 1);
}

static void whoever_yields_lets_the_next_one_go(void **state)
{
	(void)state;
	fair_wake(&queue[0], &entity[0]);
	fair_wake(&queue[0], &entity[1]);
	for (unsigned int i = 0; i < 100; i++) {
		struct fair_entity *e = fair_pick(&queue[0]);

		fair_put_back(&queue[0], e, true);
		assert_ptr_not_equal(timer_heap_first(&queue[0].heap), &e->key);
	}
}

static void three_equals_share_two_pcpus(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		fair_wake(&queue[0], &entity[i]);
	simulate(2, 60 * SECOND);
	for (unsigned int i = 0; i < 3; i++)
		assert_near(ran[i], 40 * SECOND, 5);
}

static void no_pcpu_idles_while_one_waits(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR; i++)
		fair_wake(&queue[0], &entity[i]);
	simulate(NR_CPUS, 60 * SECOND);
	for (unsigned int i = 0; i < NR; i++)
		assert_near(ran[i], 30 * SECOND, 5);
	for (unsigned int c = 0; c < NR_CPUS; c++)
		assert_int_equal(queue[c].load, 2 * FAIR_WEIGHT_DEFAULT);
}

static void affinity_is_kept(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		fair_wake(&queue[0], &entity[i]);
		for (unsigned int c = 1; c < NR_CPUS; c++)
			cpumask_clear(&entity[i].affinity, c);
	}
	assert_null(fair_candidate(&queue[0], 1));
	assert_non_null(fair_candidate(&queue[0], 0));
	simulate(2, 6 * SECOND);
	assert_int_equal(queue[1].nr, 0);
	assert_int_equal(queue[0].nr, 3);
	assert_near(ran[0], 2 * SECOND, 1);
}

static void leaving_and_removing_balance_the_load(void **state)
{
	struct fair_entity *e;

	(void)state;
	fair_wake(&queue[0], &entity[0]);
	fair_wake(&queue[0], &entity[1]);
	e = fair_pick(&queue[0]);
	fair_leave(&queue[0], e);
	assert_int_equal(queue[0].nr, 1);
	fair_remove(&queue[0],
		    timer_heap_first(&queue[0].heap) == &entity[0].key ? &entity[0] : &entity[1]);
	assert_int_equal(queue[0].nr, 0);
	assert_int_equal(queue[0].load, 0);
	assert_null(fair_pick(&queue[0]));
}

/* A domain of nr vCPUs that always wants to run, under a cap, in steps of 1 ms. */
static uint64_t run_capped(struct fair_cap *cap, unsigned int nr, uint64_t ns)
{
	uint64_t total = 0, resume = 0;

	for (uint64_t end = now + ns; now < end; now += MS) {
		if (now < resume || !fair_cap_charge(cap, now, 0, &resume))
			continue;
		total += nr * MS;
		(void)fair_cap_charge(cap, now, nr * MS, &resume);
	}
	return total;
}

static void caps_hold(void **state)
{
	static const unsigned int percent[] = {1, 10, 50, 150, 400};
	struct fair_cap cap;

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		fair_cap_set(&cap, percent[i], now);
		assert_near(run_capped(&cap, 4, 60 * SECOND), 60 * SECOND * percent[i] / 100, 3);
	}
}

static void rest_saves_no_more_than_one_period(void **state)
{
	struct fair_cap cap;
	uint64_t resume = 0;

	(void)state;
	fair_cap_set(&cap, 10, now);
	now += 3600 * SECOND;
	assert_int_equal(fair_cap_charge(&cap, now, 0, &resume), FAIR_CAP_PERIOD_NS / 10);
	/* Nine budgets too much are nine periods to wait. */
	assert_int_equal(fair_cap_charge(&cap, now, FAIR_CAP_PERIOD_NS, &resume), 0);
	assert_in_range(resume, now + 9 * FAIR_CAP_PERIOD_NS, now + 10 * FAIR_CAP_PERIOD_NS);
	assert_int_not_equal(fair_cap_charge(&cap, resume, 0, &resume), 0);
}

static void no_cap_is_no_limit(void **state)
{
	struct fair_cap cap;
	uint64_t resume = 0;

	(void)state;
	fair_cap_set(&cap, 0, now);
	assert_int_equal(fair_cap_charge(&cap, now, SECOND, &resume), ~0ul);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(shares_follow_weights, set_up),
		cmocka_unit_test_setup(a_sleeper_saves_up_no_more_than_its_credit, set_up),
		cmocka_unit_test_setup(whoever_yields_lets_the_next_one_go, set_up),
		cmocka_unit_test_setup(three_equals_share_two_pcpus, set_up),
		cmocka_unit_test_setup(no_pcpu_idles_while_one_waits, set_up),
		cmocka_unit_test_setup(affinity_is_kept, set_up),
		cmocka_unit_test_setup(leaving_and_removing_balance_the_load, set_up),
		cmocka_unit_test_setup(caps_hold, set_up),
		cmocka_unit_test_setup(rest_saves_no_more_than_one_period, set_up),
		cmocka_unit_test_setup(no_cap_is_no_limit, set_up),
	};

	return cmocka_run_group_tests_name("fair", tests, NULL, NULL);
}
