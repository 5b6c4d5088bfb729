/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "timer.h"

#include "sched.h"
#include "x86/apic.h"
#include "x86/percpu.h"
#include "x86/time.h"
#include "x86/traps.h"

static struct timer_heap heaps[MAX_CPUS]; /* [own] each by its pCPU */

void timer_arm(struct timer *t, uint64_t deadline_ns)
{
	struct timer_heap *h = &heaps[this_cpu()->id];

	timer_cancel(t);
	t->deadline_ns = deadline_ns;
	timer_heap_insert(h, t);
	if (timer_heap_first(h) == t)
		apic_timer_arm_ns(deadline_ns);
}

void timer_cancel(struct timer *t)
{
	if (t->heap)
		timer_heap_remove(t);
}

void timer_run(void)
{
	struct timer_heap *h = &heaps[this_cpu()->id];
	struct timer *t;

	while ((t = timer_heap_first(h)) && t->deadline_ns <= system_time_ns()) {
		timer_heap_remove(t);
		t->fn(t->arg);
	}
	if (t)
		apic_timer_arm_ns(t->deadline_ns);
}

static void timer_interrupt(void)
{
	softirq_raise(SOFTIRQ_TIMER);
}

void timer_init_irq(void)
{
	irq_set_handler(VECTOR_TIMER, timer_interrupt);
}
