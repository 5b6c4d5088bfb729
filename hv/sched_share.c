/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What a whole domain is allowed: its weight, and its cap.  A domain that has
 * used up its allowance is paused as a whole until the period that pays for it.
 *
 * Locks: d->sched.lock, outside the run queues' and the timers'.
 */
#include "domain.h"
#include "errno.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/time.h"

static void pause_all(struct domain *d)
{
	for (unsigned int i = 0; i < d->max_vcpus; i++)
		if (d->vcpu[i])
			vcpu_pause(d->vcpu[i], PAUSE_CAP);
}

static void unpause_all(struct domain *d)
{
	for (unsigned int i = 0; i < d->max_vcpus; i++)
		if (d->vcpu[i])
			vcpu_unpause(d->vcpu[i], PAUSE_CAP);
}

uint64_t sched_cap_charge(struct domain *d, uint64_t now, uint64_t ran_ns)
{
	uint64_t left, resume;

	if (!d->sched.cap)
		return ~0ul;
	spin_lock(&d->sched.lock);
	left = fair_cap_charge(&d->sched.allowance, now, ran_ns, &resume);
	if (!left) {
		pause_all(d);
		timer_arm(&d->sched.resume, resume);
	}
	spin_unlock(&d->sched.lock);
	return left;
}

static void resume_due(void *arg)
{
	struct domain *d = arg;
	uint64_t resume;

	spin_lock(&d->sched.lock);
	if (fair_cap_charge(&d->sched.allowance, system_time_ns(), 0, &resume))
		unpause_all(d);
	else if (!d->dying)
		timer_arm(&d->sched.resume, resume);
	spin_unlock(&d->sched.lock);
}

void sched_cap_stop(struct domain *d)
{
	/* Under the lock: resume_due(), if it runs just now, arms before this or not at all. */
	spin_lock(&d->sched.lock);
	timer_cancel(&d->sched.resume);
	spin_unlock(&d->sched.lock);
}

int sched_set_share(struct domain *d, uint32_t weight, unsigned int cap)
{
	if (weight < FAIR_WEIGHT_MIN || weight > FAIR_WEIGHT_MAX || cap > SCHED_CAP_MAX)
		return -EINVAL;
	spin_lock(&d->sched.lock);
	timer_cancel(&d->sched.resume);
	timer_init(&d->sched.resume, resume_due, d);
	d->sched.weight = weight;
	d->sched.cap = cap;
	fair_cap_set(&d->sched.allowance, cap, system_time_ns());
	spin_unlock(&d->sched.lock);
	for (unsigned int i = 0; i < d->max_vcpus; i++)
		if (d->vcpu[i])
			sched_set_weight(d->vcpu[i], weight);
	unpause_all(d);
	return 0;
}
