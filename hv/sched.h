/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Which vCPU runs where, and what a pCPU does between guests.
 *
 * Each pCPU runs one endless loop: raised softirqs, then the next runnable vCPU,
 * else sleep.  A vCPU is run until something is raised or it stops being
 * runnable; what it asked for that takes long is continued by its re-executing
 * the instruction.  There is no blocking inside the hypervisor.
 */
#ifndef HV_SCHED_H
#define HV_SCHED_H

#include "compiler.h"
#include "fair.h"
#include "spinlock.h"
#include "types.h"

struct domain;
struct vcpu;

/* Percent of one pCPU: as many pCPUs as there can be. */
#define SCHED_CAP_MAX (100u * CPUMASK_CPUS)

/* What a domain is allowed; part of struct domain.  All zero: the default weight, no cap. */
struct sched_domain {
	struct spinlock lock;
	uint32_t weight;	   /* [lock] 0: the default */
	unsigned int cap;	   /* [lock] percent of one pCPU, 0: none */
	struct fair_cap allowance; /* [lock] */
	struct timer resume;	   /* [lock] while paused by the cap */
};

enum softirq {
	SOFTIRQ_TIMER,	 /* timers are due */
	SOFTIRQ_RESCHED, /* look at the run queue */
};

/* On this pCPU. */
void softirq_raise(enum softirq s);

/* On pCPU cpu, which is interrupted if it is another. */
void softirq_raise_on(unsigned int cpu, enum softirq s);

/* Never returns; starts with an empty stack at the caller's. */
noreturn void sched_loop(void);

/* Give up whatever this pCPU was doing for a guest and go on with the loop. */
noreturn void sched_restart(void);

/* Reasons why a vCPU does not run; it does when none is set. */
enum vcpu_pause {
	PAUSE_DOWN = 1u << 0,	 /* not brought up, or taken down */
	PAUSE_BLOCKED = 1u << 1, /* SCHEDOP_block: an event ends it */
	PAUSE_POLL = 1u << 2,	 /* SCHEDOP_poll: an event or a timeout ends it */
	PAUSE_DOMAIN = 1u << 3,	 /* domain shut down, crashed or paused */
	PAUSE_CTRL = 1u << 5,	 /* by the control domain */
	PAUSE_CAP = 1u << 6,	 /* its domain has used up its cap; the next period ends it */
	PAUSE_CONSOLE = 1u << 4, /* the serial line is full: room on it ends it */
};

/* Set or clear reasons.  Any CPU, no lock needed; a running vCPU stops at its next exit, which is
 * forced. */
void vcpu_pause(struct vcpu *v, uint32_t why);
void vcpu_unpause(struct vcpu *v, uint32_t why);

/* Make v leave guest mode soon and look at its pending events; cheap when it is not running. */
void vcpu_kick(struct vcpu *v);

/* Sleep until an event is signalled to v, the running vCPU; at once if one is. */
void vcpu_block(struct vcpu *v);

/* Let others that wait for this pCPU go first. */
void sched_yield(struct vcpu *v);

void sched_init_vcpu(struct vcpu *v, unsigned int cpu);

/* Take v, which is paused for good, off its queue.  False: it still runs, come again. */
bool must_check sched_remove_vcpu(struct vcpu *v);

/*
 * Where v may run from now on; pCPUs that are not online are ignored.
 * -EINVAL: none is left.
 */
int must_check sched_set_affinity(struct vcpu *v, const struct cpumask *may);

/*
 * Weight against others, FAIR_WEIGHT_MIN to _MAX, for each of d's vCPUs; cap in
 * percent of one pCPU for all of them together, 0: none.  -EINVAL: out of range.
 */
int must_check sched_set_share(struct domain *d, uint32_t weight, unsigned int cap);

/* Between sched.c and sched_share.c: see there. */
void sched_set_weight(struct vcpu *v, uint32_t weight);
uint64_t sched_cap_charge(struct domain *d, uint64_t now, uint64_t ran_ns);
void sched_cap_stop(struct domain *d);

/* All pCPUs that there will be are online.  Boot CPU, once, before the first vCPU is made. */
void sched_start(void);

/* Take over VECTOR_KICK.  Boot CPU, once. */
void sched_init(void);

/* Time that this pCPU has spent without a vCPU, ns. */
uint64_t sched_idle_ns(unsigned int cpu);

#endif /* HV_SCHED_H */
