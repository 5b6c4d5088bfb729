/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * One-shot timers in system time.  Each pCPU has a heap of its own; a timer is
 * armed on the pCPU that asks and fires there, in the scheduler's loop, with no
 * lock held.
 *
 * The heap is a pure core: a pairing heap linked through the timers themselves,
 * so that arming needs no memory.
 */
#ifndef HV_TIMER_H
#define HV_TIMER_H

#include "types.h"

struct timer {
	uint64_t deadline_ns;
	void (*fn)(void *arg);
	void *arg;
	struct timer *child, *next, *prev; /* prev: left sibling, or the parent of a first child */
	struct timer_heap *heap;	   /* NULL while not armed */
};

struct timer_heap {
	struct timer *root;
};

/* --- the pure core; the caller keeps others away --- */

void timer_heap_insert(struct timer_heap *h, struct timer *t);
void timer_heap_remove(struct timer *t);

/* The timer that is due first, or NULL. */
static inline struct timer *timer_heap_first(const struct timer_heap *h)
{
	return h->root;
}

/* --- the machine's timers --- */

static inline void timer_init(struct timer *t, void (*fn)(void *arg), void *arg)
{
	*t = (struct timer){.fn = fn, .arg = arg};
}

/*
 * Fire at deadline_ns on the running pCPU, at once if that is past; an armed timer
 * is moved.  One caller at a time for a timer.
 */
void timer_arm(struct timer *t, uint64_t deadline_ns);

/*
 * From any pCPU; not armed is fine.  The function may be running on another pCPU
 * just then, and is done when that pCPU comes through the hypervisor again.
 */
void timer_cancel(struct timer *t);

static inline bool timer_armed(const struct timer *t)
{
	return t->heap != NULL;
}

/* Run what is due on this pCPU, and set the hardware for the next. */
void timer_run(void);

/* Take over VECTOR_TIMER.  Boot CPU, once. */
void timer_init_irq(void);

#endif /* HV_TIMER_H */
