/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The end of a domain, in stages that each can be left and come back to:
 *
 *   STOP     nobody finds it any more, nothing of it runs again
 *   QUIESCE  every pCPU has come through the hypervisor since: no code is in the
 *            middle of something with it, no timer of it is running
 *   EVENTS   its ports are closed, its peers' become unbound
 *   GRANTS   its maps of others' frames are dropped, its table is gone
 *   MEMORY   frames that nobody else maps go back to the allocator, the others
 *            when their last foreign map is dropped; then the tables
 *   VCPUS    records of vCPUs, and the slot
 */
#include "domain.h"
#include "errno.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/guestmap.h"
#include "x86/percpu.h"

#define BUDGET 1024

enum stage { STOP, QUIESCE, EVENTS, GRANTS, MEMORY, VCPUS };

static void cancel_timers(struct domain *d)
{
	for (unsigned int i = 0; i < NR_WATCHDOGS; i++)
		timer_cancel(&d->watchdog[i]);
	for (unsigned int i = 0; i < d->max_vcpus; i++) {
		if (!d->vcpu[i])
			continue;
		timer_cancel(&d->vcpu[i]->singleshot);
		timer_cancel(&d->vcpu[i]->poll);
	}
}

static bool stop(struct domain *d)
{
	bool stopped = true;

	domain_hide(d);
	for (unsigned int i = 0; i < d->max_vcpus; i++) {
		if (!d->vcpu[i])
			continue;
		vcpu_pause(d->vcpu[i], PAUSE_DOMAIN);
		stopped &= sched_remove_vcpu(d->vcpu[i]);
	}
	if (!stopped)
		return false;
	cancel_timers(d);
	d->destroy_tag = quiesce_begin();
	return true;
}

static void unmap_vcpu_info(struct domain *d)
{
	for (unsigned int i = 0; i < d->max_vcpus; i++) {
		struct vcpu *v = d->vcpu[i];

		if (!v || !v->info_map)
			continue;
		guestmap_close(v->info_map);
		v->info_map = NULL;
	}
}

static void free_vcpus(struct domain *d)
{
	for (unsigned int i = 0; i < d->max_vcpus; i++) {
		if (d->vcpu[i])
			vcpu_destroy(d->vcpu[i]);
		d->vcpu[i] = NULL;
	}
}

/* One piece of the present stage; true when the stage is over. */
static bool step(struct domain *d)
{
	switch ((enum stage)d->destroy_stage) {
	case STOP: return stop(d);
	case QUIESCE: return quiesce_done(d->destroy_tag);
	case EVENTS:
		if (!evtchn_destroy_step(&d->evtchn, BUDGET))
			return false;
		unmap_vcpu_info(d);
		return true;
	case GRANTS: return grant_destroy_step(&d->grants, BUDGET);
	case MEMORY: return p2m_destroy_step(&d->p2m, &d->destroy_next, BUDGET);
	case VCPUS:
		/* Whoever looked the record up before it was hidden may still use it. */
		if (__atomic_load_n(&d->refs, __ATOMIC_ACQUIRE) > 1)
			return false;
		free_vcpus(d);
		return true;
	}
	return false;
}

int domain_destroy_step(struct domain *d)
{
	while (step(d)) {
		if (d->destroy_stage++ != VCPUS)
			continue;
		domain_leave_slot(d);
		domain_put(d);
		return 0;
	}
	return -ERESTART;
}
