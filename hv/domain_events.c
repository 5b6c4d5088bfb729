/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* How the event-channel core reaches domains, their memory and their vCPUs. */
#include "domain.h"
#include "errno.h"
#include "heap.h"
#include "page.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/guestmap.h"

static struct domain *domain_of(struct evtchn_domain *e)
{
	return container_of(e, struct domain, evtchn);
}

static struct evtchn_domain *evtchn_domain_get(domid_t domid)
{
	struct domain *d = domain_get(domid);

	return d ? &d->evtchn : NULL;
}

static void evtchn_domain_put(struct evtchn_domain *e)
{
	domain_put(domain_of(e));
}

static bool evtchn_may_bind(const struct evtchn_domain *e, domid_t remote)
{
	return e->domid == DOMID_CONTROL || remote == DOMID_CONTROL || e->domid == remote;
}

static void *evtchn_page_alloc(struct evtchn_domain *e)
{
	(void)e;
	return hv_page_alloc();
}

static void evtchn_page_free(struct evtchn_domain *e, void *page)
{
	(void)e;
	hv_page_free(page);
}

static int evtchn_page_map(struct evtchn_domain *e, gfn_t g, void **va)
{
	struct domain *d = domain_of(e);
	mfn_t f;

	if (p2m_get(&d->p2m, g, &f))
		return -EINVAL;
	*va = guestmap_open(f);
	if (*va)
		return 0;
	page_put(f);
	return -ENOMEM;
}

static void evtchn_page_unmap(struct evtchn_domain *e, void *va)
{
	(void)e;
	guestmap_close(va);
}

static void evtchn_kick(struct evtchn_vcpu *e)
{
	vcpu_kick(container_of(e, struct vcpu, evtchn));
}

static void evtchn_wake_pollers(struct evtchn_domain *e, evtchn_port_t port)
{
	const struct domain *d = domain_of(e);

	(void)port;
	for (unsigned int i = 0; i < d->max_vcpus; i++)
		if (d->vcpu[i])
			vcpu_unpause(d->vcpu[i], PAUSE_POLL);
}

const struct evtchn_ops domain_evtchn_ops = {
	.domain_get = evtchn_domain_get,
	.domain_put = evtchn_domain_put,
	.may_bind = evtchn_may_bind,
	.page_alloc = evtchn_page_alloc,
	.page_free = evtchn_page_free,
	.page_map = evtchn_page_map,
	.page_unmap = evtchn_page_unmap,
	.kick = evtchn_kick,
	.wake_pollers = evtchn_wake_pollers,
};
