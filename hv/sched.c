/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Run queues: one a pCPU, ordered by share (fair.h).  A vCPU is preempted by a
 * slice only while another waits for the same pCPU, or where its domain is
 * capped.  An idle pCPU takes what waits elsewhere before it sleeps; a busy one
 * wakes it for that, and hands over now and then what makes the loads equal.
 *
 * Locks: each queue has one; a vCPU's [rq] fields belong to the queue of v->cpu,
 * which changes under the locks of both queues, or under the old one's while the
 * vCPU is in neither.  Two queues' locks are taken in the order of their pCPUs.
 */
#include "sched.h"

#include "domain.h"
#include "errno.h"
#include "fair.h"
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

struct run_queue {
	struct spinlock lock;
	struct fair_queue fair; /* [rq] */
	unsigned int round;	/* [own] whom to hand over to next */
	uint64_t fpu_owner;	/* [own] serial of the vCPU whose extended state is loaded */
	struct timer slice;	/* [own] */
	uint64_t idle_ns;	/* [own] */
};

static struct run_queue queues[MAX_CPUS];
static struct cpumask idle_cpus;   /* [atomic] */
static struct cpumask online_cpus; /* (o) after sched_start() */

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

	/* Another pCPU's clock may have been ahead. */
	if (now > v->runstate_entry_ns)
		v->runstate_time[v->runstate] += now - v->runstate_entry_ns;
	v->runstate_entry_ns = now;
	v->runstate = state;
}

static struct run_queue *lock_queue_of(const struct vcpu *v)
{
	for (;;) {
		unsigned int cpu = __atomic_load_n(&v->cpu, __ATOMIC_ACQUIRE);

		spin_lock(&queues[cpu].lock);
		if (v->cpu == cpu)
			return &queues[cpu];
		spin_unlock(&queues[cpu].lock);
	}
}

/* Where v, which is in no queue, goes best: where it was if that idles, else to any that does. */
static unsigned int place(const struct vcpu *v)
{
	const struct cpumask *may = &v->fair.affinity;
	unsigned int cpu;

	if (cpumask_test(may, v->cpu) && cpumask_test(&idle_cpus, v->cpu))
		return v->cpu;
	cpu = cpumask_first_both(&idle_cpus, may);
	if (cpu < CPUMASK_CPUS)
		return cpu;
	return cpumask_test(may, v->cpu) ? v->cpu : cpumask_first_both(&online_cpus, may);
}

/* Let v wait for its turn, if it is neither doing so nor running, and has no reason not to. */
static void wake(struct vcpu *v)
{
	struct run_queue *q = lock_queue_of(v);
	unsigned int cpu = place(v);

	if (cpu != v->cpu && !v->on_queue && !v->running && !v->paused) {
		fair_translate(&v->fair, &q->fair, &queues[cpu].fair);
		__atomic_store_n(&v->cpu, cpu, __ATOMIC_RELEASE);
		spin_unlock(&q->lock);
		q = lock_queue_of(v);
	}
	if (v->on_queue || v->running || v->paused) {
		spin_unlock(&q->lock);
		return;
	}
	account(v, RUNSTATE_runnable);
	v->on_queue = true;
	fair_wake(&q->fair, &v->fair);
	cpu = v->cpu;
	spin_unlock(&q->lock);
	softirq_raise_on(cpu, SOFTIRQ_RESCHED);
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
	uint32_t old = __atomic_fetch_and(&v->paused, ~why, __ATOMIC_SEQ_CST);

	if (old & why & PAUSE_POLL)
		__atomic_sub_fetch(&v->domain->evtchn.pollers, 1, __ATOMIC_SEQ_CST);
	if (!(old & ~why))
		wake(v);
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
	if (!my_queue()->fair.nr)
		return;
	v->yields = true;
	softirq_raise(SOFTIRQ_RESCHED);
}

bool sched_remove_vcpu(struct vcpu *v)
{
	struct run_queue *q = lock_queue_of(v);
	bool running;

	if (v->on_queue)
		fair_remove(&q->fair, &v->fair);
	v->on_queue = false;
	running = v->running;
	spin_unlock(&q->lock);
	sched_cap_stop(v->domain);
	return !running;
}

void sched_init_vcpu(struct vcpu *v, unsigned int cpu)
{
	const struct domain *d = v->domain;
	static uint64_t serial;

	v->serial = __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED);
	v->cpu = cpu;
	v->paused = PAUSE_DOWN;
	v->runstate = RUNSTATE_offline;
	v->runstate_entry_ns = system_time_ns();
	fair_entity_init(&v->fair, d->sched.weight ? d->sched.weight : FAIR_WEIGHT_DEFAULT);
	v->fair.affinity = online_cpus;
	/* The control domain stays where the machine's own interrupts arrive. */
	if (d->control)
		v->fair.affinity = (struct cpumask){.bits = {1ul << cpu}};
}

void sched_set_weight(struct vcpu *v, uint32_t weight)
{
	struct run_queue *q = lock_queue_of(v);

	if (v->on_queue || v->running)
		q->fair.load += weight - (uint64_t)v->fair.weight;
	v->fair.weight = weight;
	spin_unlock(&q->lock);
}

int sched_set_affinity(struct vcpu *v, const struct cpumask *may)
{
	struct run_queue *q;
	bool moves;

	if (cpumask_first_both(may, &online_cpus) == CPUMASK_CPUS)
		return -EINVAL;
	q = lock_queue_of(v);
	for (unsigned int i = 0; i < ARRAY_SIZE(may->bits); i++)
		v->fair.affinity.bits[i] = may->bits[i] & online_cpus.bits[i];
	moves = !cpumask_test(&v->fair.affinity, v->cpu);
	if (moves && v->on_queue) {
		fair_remove(&q->fair, &v->fair);
		v->on_queue = false;
	}
	spin_unlock(&q->lock);
	if (!moves)
		return 0;
	force_exit(v);
	wake(v);
	return 0;
}

static void slice_over(void *arg)
{
	(void)arg;
	softirq_raise(SOFTIRQ_RESCHED);
}

/* Lock two queues, the lower first. */
static void lock_both(unsigned int a, unsigned int b)
{
	spin_lock(&queues[MIN(a, b)].lock);
	spin_lock(&queues[MAX(a, b)].lock);
}

static void unlock_both(unsigned int a, unsigned int b)
{
	spin_unlock(&queues[MAX(a, b)].lock);
	spin_unlock(&queues[MIN(a, b)].lock);
}

/* Move one that waits; always: to an idle pCPU.  True: done. */
static bool move_one(unsigned int from, unsigned int to, bool always)
{
	struct fair_queue *f = &queues[from].fair, *t = &queues[to].fair;
	struct fair_entity *e;

	lock_both(from, to);
	e = fair_candidate(f, to);
	if (e && !always && !fair_worth_moving(f->load, t->load, e->weight))
		e = NULL;
	if (e) {
		fair_remove(f, e);
		fair_translate(e, f, t);
		__atomic_store_n(&container_of(e, struct vcpu, fair)->cpu, to, __ATOMIC_RELEASE);
		fair_wake(t, e);
	}
	unlock_both(from, to);
	return e != NULL;
}

/* For an idle pCPU: something that waits elsewhere. */
static bool steal(unsigned int me)
{
	for (unsigned int i = 1; i < nr_cpus; i++) {
		unsigned int from = (me + i) % nr_cpus;

		if (__atomic_load_n(&queues[from].fair.nr, __ATOMIC_RELAXED) &&
		    move_one(from, me, true))
			return true;
	}
	return false;
}

/* While others wait here: wake an idle pCPU that may take one, else hand one over now and then. */
static void balance(struct run_queue *q, uint64_t now)
{
	unsigned int me = this_cpu()->id, idle, to;
	bool helps;

	if (nr_cpus == 1)
		return;
	spin_lock(&q->lock);
	idle = cpumask_first_both(&idle_cpus, &online_cpus);
	helps = idle < CPUMASK_CPUS && fair_candidate(&q->fair, idle);
	spin_unlock(&q->lock);
	if (helps) {
		softirq_raise_on(idle, SOFTIRQ_RESCHED);
	} else if (now >= q->fair.next_balance) {
		q->fair.next_balance = now + FAIR_BALANCE_NS;
		to = (me + 1 + q->round++ % (nr_cpus - 1)) % nr_cpus;
		if (move_one(me, to, false))
			softirq_raise_on(to, SOFTIRQ_RESCHED);
	}
}

static void run(struct run_queue *q, struct vcpu *v)
{
	struct cpu *c = this_cpu();
	uint64_t now = system_time_ns(), slice = sched_cap_charge(v->domain, now, 0);

	if (q->fpu_owner != v->serial || v->fpu_cpu != c->id) {
		fpu_load(v);
		q->fpu_owner = v->serial;
		v->fpu_cpu = c->id;
	}
	if (__atomic_load_n(&q->fair.nr, __ATOMIC_RELAXED)) {
		balance(q, now);
		slice = MIN(slice, FAIR_SLICE_NS);
	}
	if (slice != ~0ul)
		timer_arm(&q->slice, now + slice);
	c->current_vcpu = v;
	vendor->vcpu_run(v);
	fpu_save(v);
	c->current_vcpu = NULL;
	timer_cancel(&q->slice);
}

static struct vcpu *pick(struct run_queue *q)
{
	struct fair_entity *e;
	struct vcpu *v = NULL;

	spin_lock(&q->lock);
	/* What was paused while it waited is dropped here, and queued again when it is unpaused. */
	while ((e = fair_pick(&q->fair))) {
		v = container_of(e, struct vcpu, fair);
		v->on_queue = false;
		if (!v->paused)
			break;
		fair_leave(&q->fair, e);
		v = NULL;
	}
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
	uint64_t now = system_time_ns(), ran = now - v->runstate_entry_ns;
	bool stays;

	(void)sched_cap_charge(v->domain, now, ran);
	spin_lock(&q->lock);
	v->running = false;
	fair_charge(&v->fair, ran);
	/* Who is kept back by its cap would run if it could. */
	account(v, v->paused & ~(uint32_t)PAUSE_CAP ? RUNSTATE_blocked : RUNSTATE_runnable);
	stays = !v->paused && cpumask_test(&v->fair.affinity, v->cpu);
	if (stays)
		fair_put_back(&q->fair, &v->fair, v->yields);
	else
		fair_leave(&q->fair, &v->fair);
	v->on_queue = stays;
	v->yields = false;
	spin_unlock(&q->lock);
	/* Paused: does nothing.  Else it may no longer run here. */
	if (!stays)
		wake(v);
}

static void idle(struct run_queue *q)
{
	struct cpu *c = this_cpu();
	uint64_t from = system_time_ns();

	/* A full barrier: who wakes a vCPU from here on finds us idle, or we find the vCPU. */
	cpumask_set(&idle_cpus, c->id);
	if (!q->fair.nr && !steal(c->id)) {
		tlb_enter_idle(&machine_tlb, &c->tlb);
		if (!c->softirq)
			sti_hlt_cli();
		if (tlb_enter_hv(&machine_tlb, &c->tlb))
			hv_flush_tlb();
	}
	cpumask_clear(&idle_cpus, c->id);
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
	struct run_queue *q = lock_queue_of(v);
	uint64_t now;

	*info = (struct vcpu_runstate_info){
		.state = v->runstate,
		.state_entry_time = v->runstate_entry_ns,
	};
	for (unsigned int i = 0; i < ARRAY_SIZE(info->time); i++)
		info->time[i] = v->runstate_time[i];
	now = system_time_ns();
	if (now > v->runstate_entry_ns)
		info->time[v->runstate] += now - v->runstate_entry_ns;
	spin_unlock(&q->lock);
}

/* The interrupt itself is all that a kick is: it ends HLT and the guest's run. */
static void kicked(void)
{
}

void sched_init(void)
{
	irq_set_handler(VECTOR_KICK, kicked);
	for (unsigned int i = 0; i < MAX_CPUS; i++)
		fair_queue_init(&queues[i].fair);
	cpumask_set(&online_cpus, 0);
}

void sched_start(void)
{
	for (unsigned int i = 0; i < nr_cpus; i++)
		if (cpus[i] && cpus[i]->online)
			cpumask_set(&online_cpus, i);
}

uint64_t sched_idle_ns(unsigned int cpu)
{
	return queues[cpu].idle_ns;
}
