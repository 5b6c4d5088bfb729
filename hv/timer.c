/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "timer.h"

#include "sched.h"
#include "spinlock.h"
#include "x86/apic.h"
#include "x86/percpu.h"
#include "x86/time.h"
#include "x86/traps.h"

struct cpu_timers {
	struct timer_heap heap; /* [lock] */
	struct spinlock lock;	/* innermost; never held while a timer's function runs */
};

static struct cpu_timers cpu_timers[MAX_CPUS];

static struct cpu_timers *my_timers(void)
{
	return &cpu_timers[this_cpu()->id];
}

void timer_arm(struct timer *t, uint64_t deadline_ns)
{
	struct cpu_timers *mine = my_timers();
	bool first;

	timer_cancel(t);
	spin_lock(&mine->lock);
	t->deadline_ns = deadline_ns;
	timer_heap_insert(&mine->heap, t);
	first = timer_heap_first(&mine->heap) == t;
	spin_unlock(&mine->lock);
	if (first)
		apic_timer_arm_ns(deadline_ns);
}

void timer_cancel(struct timer *t)
{
	struct timer_heap *h;

	/* It may fire, and so leave its heap, while we come for it. */
	while ((h = __atomic_load_n(&t->heap, __ATOMIC_ACQUIRE))) {
		struct cpu_timers *c = container_of(h, struct cpu_timers, heap);

		spin_lock(&c->lock);
		if (t->heap == h)
			timer_heap_remove(t);
		spin_unlock(&c->lock);
	}
}

/* Take the first timer that is due off the heap; else say in *next when to come again, 0 never. */
static struct timer *take_due(struct cpu_timers *c, uint64_t *next)
{
	struct timer *t;

	spin_lock(&c->lock);
	t = timer_heap_first(&c->heap);
	*next = t ? t->deadline_ns : 0;
	if (t && t->deadline_ns <= system_time_ns())
		timer_heap_remove(t);
	else
		t = NULL;
	spin_unlock(&c->lock);
	return t;
}

void timer_run(void)
{
	struct timer *t;
	uint64_t next;

	while ((t = take_due(my_timers(), &next)))
		t->fn(t->arg);
	if (next)
		apic_timer_arm_ns(next);
}

static void timer_interrupt(void)
{
	softirq_raise(SOFTIRQ_TIMER);
}

void timer_init_irq(void)
{
	irq_set_handler(VECTOR_TIMER, timer_interrupt);
}
