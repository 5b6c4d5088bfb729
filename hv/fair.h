/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Who goes next, by share.  A pure core: the caller brings the time and keeps
 * others away (hv/sched.c: the lock of the run queue, of the cap).
 *
 * Each pCPU has a queue, ordered by virtual time: what an entity has run,
 * divided by its weight.  The one that is furthest behind goes next, so that
 * over time each gets its weight's share.  Whoever slept comes back no further
 * behind than FAIR_CREDIT, or sleeping would be saving up.  Between queues an
 * entity keeps its distance to the queue's own virtual time, not its clock.
 *
 * A cap is an allowance of run time per period for a whole domain.  What was
 * overrun is owed by the next period.
 */
#ifndef HV_FAIR_H
#define HV_FAIR_H

#include "cpumask.h"
#include "timer.h"
#include "types.h"

#define FAIR_WEIGHT_MIN	    1u
#define FAIR_WEIGHT_DEFAULT 256u
#define FAIR_WEIGHT_MAX	    65535u
#define FAIR_SLICE_NS	    10000000ul /* while others wait */
#define FAIR_CREDIT_NS	    5000000ul  /* of real time at the default weight */
#define FAIR_BALANCE_NS	    50000000ul
#define FAIR_CAP_PERIOD_NS  30000000ul

struct fair_entity {
	struct timer key;	 /* [rq] in the queue's heap, by virtual time (deadline_ns) */
	uint32_t weight;	 /* [rq] */
	struct cpumask affinity; /* [rq] where it may run */
};

struct fair_queue {
	struct timer_heap heap; /* waiting */
	uint64_t vtime;		/* of the queue: never back */
	unsigned int nr;	/* waiting */
	uint64_t load;		/* weights of those that wait and of the one that runs */
	uint64_t next_balance;	/* real time */
};

void fair_queue_init(struct fair_queue *q);

/* e joins q, of which it is no member, having slept or never run. */
void fair_entity_init(struct fair_entity *e, uint32_t weight);
void fair_wake(struct fair_queue *q, struct fair_entity *e);

/* The next to run; it stays a member.  NULL when none waits. */
struct fair_entity *fair_pick(struct fair_queue *q);

/* The one that was picked has run so long. */
void fair_charge(struct fair_entity *e, uint64_t ran_ns);

/* The one that was picked waits again; yield: behind whoever is next now. */
void fair_put_back(struct fair_queue *q, struct fair_entity *e, bool yield);

/* The one that was picked leaves q: it sleeps, or goes elsewhere. */
void fair_leave(struct fair_queue *q, struct fair_entity *e);

/* One that waits leaves q. */
void fair_remove(struct fair_queue *q, struct fair_entity *e);

/* Translate e, a member of neither queue, from one's virtual time to the other's. */
void fair_translate(struct fair_entity *e, const struct fair_queue *from,
		    const struct fair_queue *to);

/*
 * One that waits in q and may run on cpu, of the first few; NULL when there is
 * none.  It is not removed.
 */
struct fair_entity *fair_candidate(const struct fair_queue *q, unsigned int cpu);

/*
 * Is moving a weight from a queue with load `from` to one with load `to` fair?
 * It is if the two loads change places at most: three equals on two pCPUs then
 * take turns at sharing one.
 */
static inline bool fair_worth_moving(uint64_t from, uint64_t to, uint32_t weight)
{
	return to + weight <= from;
}

struct fair_cap {
	uint64_t budget_ns; /* per period; 0: no cap */
	int64_t left_ns;    /* of the period that ends at end_ns; less than 0: owed */
	uint64_t end_ns;
};

/* percent of one pCPU, 0: no cap. */
void fair_cap_set(struct fair_cap *c, unsigned int percent, uint64_t now);

/*
 * Count ran_ns, 0 to only look.  Returns how long the domain may run on from
 * now, ~0 without a cap; or 0, and *resume is when it may run again.
 */
uint64_t fair_cap_charge(struct fair_cap *c, uint64_t now, uint64_t ran_ns, uint64_t *resume);

#endif /* HV_FAIR_H */
