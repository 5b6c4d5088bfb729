/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Virtual-time queues and caps: see fair.h. */
#include "fair.h"

#include "compiler.h"

/* Virtual time starts here, so that credit and translation never wrap below 0. */
#define VTIME_START (1ul << 60)
/* How deep fair_candidate() looks into a queue: stealing is bounded. */
#define LOOK 16u

static struct fair_entity *of(struct timer *key)
{
	return key ? container_of(key, struct fair_entity, key) : NULL;
}

static uint64_t scaled(uint64_t ns, uint32_t weight)
{
	return ns * FAIR_WEIGHT_DEFAULT / weight;
}

void fair_queue_init(struct fair_queue *q)
{
	*q = (struct fair_queue){.vtime = VTIME_START};
}

void fair_entity_init(struct fair_entity *e, uint32_t weight)
{
	timer_init(&e->key, NULL, NULL);
	e->key.deadline_ns = VTIME_START;
	e->weight = weight;
}

static void insert(struct fair_queue *q, struct fair_entity *e)
{
	timer_heap_insert(&q->heap, &e->key);
	q->nr++;
}

void fair_wake(struct fair_queue *q, struct fair_entity *e)
{
	e->key.deadline_ns = MAX(e->key.deadline_ns, q->vtime - scaled(FAIR_CREDIT_NS, e->weight));
	q->load += e->weight;
	insert(q, e);
}

struct fair_entity *fair_pick(struct fair_queue *q)
{
	struct fair_entity *e = of(timer_heap_first(&q->heap));

	if (!e)
		return NULL;
	timer_heap_remove(&e->key);
	q->nr--;
	q->vtime = MAX(q->vtime, e->key.deadline_ns);
	return e;
}

void fair_charge(struct fair_entity *e, uint64_t ran_ns)
{
	e->key.deadline_ns += scaled(ran_ns, e->weight);
}

void fair_put_back(struct fair_queue *q, struct fair_entity *e, bool yield)
{
	const struct timer *next = timer_heap_first(&q->heap);

	if (yield && next && e->key.deadline_ns <= next->deadline_ns)
		e->key.deadline_ns = next->deadline_ns + 1;
	insert(q, e);
}

void fair_leave(struct fair_queue *q, struct fair_entity *e)
{
	q->load -= e->weight;
}

void fair_remove(struct fair_queue *q, struct fair_entity *e)
{
	timer_heap_remove(&e->key);
	q->nr--;
	q->load -= e->weight;
}

void fair_translate(struct fair_entity *e, const struct fair_queue *from,
		    const struct fair_queue *to)
{
	e->key.deadline_ns += __atomic_load_n(&to->vtime, __ATOMIC_RELAXED) - from->vtime;
}

struct fair_entity *fair_candidate(const struct fair_queue *q, unsigned int cpu)
{
	struct timer *t = timer_heap_first(&q->heap);

	/* Down the first children, then along the last one's siblings. */
	for (unsigned int i = 0; t && i < LOOK; i++) {
		if (cpumask_test(&of(t)->affinity, cpu))
			return of(t);
		t = t->child ? t->child : t->next;
	}
	return NULL;
}

void fair_cap_set(struct fair_cap *c, unsigned int percent, uint64_t now)
{
	c->budget_ns = FAIR_CAP_PERIOD_NS / 100 * percent;
	c->left_ns = (int64_t)c->budget_ns;
	c->end_ns = now + FAIR_CAP_PERIOD_NS;
}

static void new_periods(struct fair_cap *c, uint64_t now)
{
	uint64_t n;

	if (now < c->end_ns)
		return;
	n = (now - c->end_ns) / FAIR_CAP_PERIOD_NS + 1;
	c->end_ns += n * FAIR_CAP_PERIOD_NS;
	c->left_ns += (int64_t)(MIN(n, 1000ul) * c->budget_ns);
	c->left_ns = MIN(c->left_ns, (int64_t)c->budget_ns);
}

uint64_t fair_cap_charge(struct fair_cap *c, uint64_t now, uint64_t ran_ns, uint64_t *resume)
{
	uint64_t owed;

	if (!c->budget_ns)
		return ~0ul;
	new_periods(c, now);
	c->left_ns -= (int64_t)ran_ns;
	if (c->left_ns > 0)
		return (uint64_t)c->left_ns;
	owed = (uint64_t)-c->left_ns;
	*resume = c->end_ns + owed / c->budget_ns * FAIR_CAP_PERIOD_NS;
	return 0;
}
