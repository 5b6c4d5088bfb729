/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Run queues: one list a pCPU, first in, first out.  A vCPU stays on the pCPU it
 * was given; it is preempted by a slice only while another waits.
 *
 * Locks: each queue has one; a vCPU's [rq] fields belong to the queue of v->cpu.
 */
#include "sched.h"

#include "domain.h"
#include "printk.h"
#include "spinlock.h"
#include "timer.h"
#include "tlb.h"
#include "vcpu.h"
#include "x86/apic.h"
#include "x86/asm.h"
#include "x86/fpu.h"
#include "x86/paging.h"
#include "x86/percpu.h"
#include "x86/time.h"
#include "x86/traps.h"
#include "x86/vendor.h"
#include "x86/window.h"

#include <xen/vcpu.h>

#define SLICE_NS 10000000ul

struct run_queue {
	struct spinlock lock;
	struct vcpu *first, *last; /* [rq] runnable, not running */
	uint64_t fpu_owner;	   /* [own] serial of the vCPU whose extended state is loaded */
	struct timer slice;	   /* [own] */
	uint64_t idle_ns;	   /* [own] */
};

static struct run_queue queues[MAX_CPUS];

static struct run_queue *my_queue(void)
{
	return &queues[this_cpu()->id];
}

void softirq_raise(enum softirq s)
{
	/* Other pCPUs set bits in there at any time. */
	__atomic_or_fetch(&this_cpu()->softirq, 1u << s, __ATOMIC_SEQ_CST);
}

void softirq_raise_on(unsigned int cpu, enum softirq s)
{
	struct cpu *c = cpus[cpu];

	__atomic_or_fetch(&c->softirq, 1u << s, __ATOMIC_SEQ_CST);
	if (c != this_cpu())
		apic_send_ipi(c->apic_id, VECTOR_KICK);
}

static void account(struct vcpu *v, uint8_t state)
{
	uint64_t now = system_time_ns();

	v->runstate_time[v->runstate] += now - v->runstate_entry_ns;
	v->runstate_entry_ns = now;
	v->runstate = state;
}

static void enqueue(struct run_queue *q, struct vcpu *v)
{
	v->on_queue = true;
	v->next_run = NULL;
	if (q->last)
		q->last->next_run = v;
	else
		q->first = v;
	q->last = v;
}

static struct vcpu *dequeue(struct run_queue *q)
{
	struct vcpu *v = q->first;

	if (!v)
		return NULL;
	q->first = v->next_run;
	if (!q->first)
		q->last = NULL;
	v->on_queue = false;
	return v;
}

/* Make v leave guest mode, if it is in it elsewhere. */
static void force_exit(const struct vcpu *v)
{
	if (__atomic_load_n(&v->running, __ATOMIC_SEQ_CST) && v->cpu != this_cpu()->id)
		softirq_raise_on(v->cpu, SOFTIRQ_RESCHED);
}

void vcpu_pause(struct vcpu *v, uint32_t why)
{
	__atomic_or_fetch(&v->paused, why, __ATOMIC_SEQ_CST);
	force_exit(v);
}

void vcpu_unpause(struct vcpu *v, uint32_t why)
{
	struct run_queue *q = &queues[v->cpu];
	uint32_t old = __atomic_fetch_and(&v->paused, ~why, __ATOMIC_SEQ_CST);
	bool raise = false;

	if (old & why & PAUSE_POLL)
		__atomic_sub_fetch(&v->domain->evtchn.pollers, 1, __ATOMIC_SEQ_CST);
	if (old & ~why)
		return;
	spin_lock(&q->lock);
	if (!v->on_queue && !v->running && !v->paused) {
		account(v, RUNSTATE_runnable);
		enqueue(q, v);
		raise = true;
	}
	spin_unlock(&q->lock);
	if (raise)
		softirq_raise_on(v->cpu, SOFTIRQ_RESCHED);
}

void vcpu_kick(struct vcpu *v)
{
	if (__atomic_load_n(&v->paused, __ATOMIC_ACQUIRE) & (PAUSE_BLOCKED | PAUSE_POLL))
		vcpu_unpause(v, PAUSE_BLOCKED | PAUSE_POLL);
	force_exit(v);
}

void vcpu_block(struct vcpu *v)
{
	__atomic_or_fetch(&v->paused, PAUSE_BLOCKED, __ATOMIC_SEQ_CST);
	/* An event that came before the flag was set has not seen it. */
	if (vcpu_event_pending(v))
		__atomic_and_fetch(&v->paused, ~(uint32_t)PAUSE_BLOCKED, __ATOMIC_SEQ_CST);
}

void sched_yield(struct vcpu *v)
{
	(void)v;
	if (my_queue()->first)
		softirq_raise(SOFTIRQ_RESCHED);
}

bool sched_remove_vcpu(struct vcpu *v)
{
	struct run_queue *q = &queues[v->cpu];
	struct vcpu *before = NULL;
	bool running;

	spin_lock(&q->lock);
	for (struct vcpu *i = q->first; i && i != v; i = i->next_run)
		before = i;
	if (v->on_queue) {
		if (before)
			before->next_run = v->next_run;
		else
			q->first = v->next_run;
		if (q->last == v)
			q->last = before;
		v->on_queue = false;
	}
	running = v->running;
	spin_unlock(&q->lock);
	return !running;
}

void sched_init_vcpu(struct vcpu *v, unsigned int cpu)
{
	static uint64_t serial;

	v->serial = __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED);
	v->cpu = cpu;
	v->paused = PAUSE_DOWN;
	v->runstate = RUNSTATE_offline;
	v->runstate_entry_ns = system_time_ns();
}

static void slice_over(void *arg)
{
	(void)arg;
	softirq_raise(SOFTIRQ_RESCHED);
}

static void run(struct run_queue *q, struct vcpu *v)
{
	struct cpu *c = this_cpu();

	if (q->fpu_owner != v->serial) {
		fpu_load(v);
		q->fpu_owner = v->serial;
	}
	if (q->first)
		timer_arm(&q->slice, system_time_ns() + SLICE_NS);
	c->current_vcpu = v;
	vendor->vcpu_run(v);
	fpu_save(v);
	c->current_vcpu = NULL;
	timer_cancel(&q->slice);
}

static struct vcpu *pick(struct run_queue *q)
{
	struct vcpu *v;

	spin_lock(&q->lock);
	/* What was paused while it waited is dropped here, and queued again when it is unpaused. */
	do
		v = dequeue(q);
	while (v && v->paused);
	if (v) {
		/*
		 * A full barrier: vcpu_run() looks at v->paused and at pending events
		 * after it.  Who sets one of them and then finds v not running, in
		 * force_exit(), has set it in time to be seen there.
		 */
		__atomic_store_n(&v->running, true, __ATOMIC_SEQ_CST);
		account(v, RUNSTATE_running);
	}
	spin_unlock(&q->lock);
	return v;
}

static void put_back(struct run_queue *q, struct vcpu *v)
{
	spin_lock(&q->lock);
	v->running = false;
	account(v, v->paused ? RUNSTATE_blocked : RUNSTATE_runnable);
	if (!v->paused)
		enqueue(q, v);
	spin_unlock(&q->lock);
}

static void idle(struct run_queue *q)
{
	struct cpu *c = this_cpu();
	uint64_t from = system_time_ns();

	tlb_enter_idle(&machine_tlb, &c->tlb);
	if (!c->softirq)
		sti_hlt_cli();
	if (tlb_enter_hv(&machine_tlb, &c->tlb))
		hv_flush_tlb();
	q->idle_ns += system_time_ns() - from;
}

noreturn void sched_loop(void)
{
	struct run_queue *q = my_queue();
	struct cpu *c = this_cpu();

	timer_init(&q->slice, slice_over, NULL);
	for (;;) {
		uint32_t raised = __atomic_exchange_n(&c->softirq, 0, __ATOMIC_SEQ_CST);
		struct vcpu *v;

		if (raised & (1u << SOFTIRQ_TIMER))
			timer_run();
		v = pick(q);
		if (!v) {
			idle(q);
			continue;
		}
		run(q, v);
		put_back(q, v);
	}
}

noreturn void sched_restart(void)
{
	struct cpu *c = this_cpu();
	struct vcpu *v = c->current_vcpu;

	/* What run() and a copy that was cut short would have ended. */
	timer_cancel(&my_queue()->slice);
	window_close_all();
	c->current_vcpu = NULL;
	if (v)
		put_back(my_queue(), v);
	cpu_run_on_stack(c, sched_loop);
}

void vcpu_runstate(const struct vcpu *v, struct vcpu_runstate_info *info)
{
	struct run_queue *q = &queues[v->cpu];

	spin_lock(&q->lock);
	*info = (struct vcpu_runstate_info){
		.state = v->runstate,
		.state_entry_time = v->runstate_entry_ns,
	};
	for (unsigned int i = 0; i < ARRAY_SIZE(info->time); i++)
		info->time[i] = v->runstate_time[i];
	info->time[v->runstate] += system_time_ns() - v->runstate_entry_ns;
	spin_unlock(&q->lock);
}

/* The interrupt itself is all that a kick is: it ends HLT and the guest's run. */
static void kicked(void)
{
}

void sched_init(void)
{
	irq_set_handler(VECTOR_KICK, kicked);
}

uint64_t sched_idle_ns(unsigned int cpu)
{
	return queues[cpu].idle_ns;
}
