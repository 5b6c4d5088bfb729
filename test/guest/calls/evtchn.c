/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* event_channel_op, on a pair of ports of our own.  Source: public/event_channel.h. */
#include "check.h"
#include <libos/event.h>
#include <libos/hypercall.h>
#include <libos/thread.h>
#include <libos/time.h>
#include <xen/event_channel.h>

#define NO_PORT 0x1fffff

static unsigned int calls;

static void count(libos_port_t port, void *arg)
{
	(void)port;
	(void)arg;
	calls++;
}

static uint32_t status(uint32_t port)
{
	struct evtchn_status s = {.dom = DOMID_SELF, .port = port};

	check_eq(libos_event_channel_op(EVTCHNOP_status, &s), 0);
	return s.status;
}

static long send(uint32_t port)
{
	struct evtchn_send s = {.port = port};

	return libos_event_channel_op(EVTCHNOP_send, &s);
}

static long close_port(uint32_t port)
{
	struct evtchn_close c = {.port = port};

	return libos_event_channel_op(EVTCHNOP_close, &c);
}

/* Yield until n events have been handled, a second at most. */
static void await(unsigned int n)
{
	uint64_t end = libos_now_ns() + LIBOS_NS_PER_SEC;

	while (calls < n && libos_now_ns() < end)
		libos_yield();
	check_eq(calls, n);
}

void evtchn_pair(void)
{
	libos_port_t a, b;

	calls = 0;
	check_eq(libos_event_alloc_unbound(DOMID_SELF, count, NULL, &a), 0);
	check_eq(status(a.p), EVTCHNSTAT_unbound);
	check_eq(send(a.p), 0); /* to nobody: dropped */
	check_eq(libos_event_bind_interdomain(DOMID_SELF, a.p, count, NULL, &b), 0);
	check_eq(status(a.p), EVTCHNSTAT_interdomain);
	check_eq(status(b.p), EVTCHNSTAT_interdomain);
	await(1); /* a port that was just bound is pending */
	check_eq(send(a.p), 0);
	await(2);
	check_eq(send(b.p), 0);
	await(3);
	libos_event_mask(a);
	check_eq(send(b.p), 0);
	libos_yield();
	check_eq(calls, 3);
	libos_event_unmask(a);
	await(4);
	libos_event_close(b);
	check_eq(status(b.p), EVTCHNSTAT_closed);
	check_eq(status(a.p), EVTCHNSTAT_unbound); /* the peer waits for another */
	libos_event_close(a);
	check_eq(status(a.p), EVTCHNSTAT_closed);
	check_eq(send(a.p), -XEN_EINVAL);
	check_eq(close_port(a.p), -XEN_EINVAL);
}

void evtchn_virq(void)
{
	struct evtchn_bind_virq v = {.virq = VIRQ_DEBUG, .vcpu = 0};

	check_eq(libos_event_channel_op(EVTCHNOP_bind_virq, &v), 0);
	check_eq(status(v.port), EVTCHNSTAT_virq);
	check_eq(send(v.port), -XEN_EINVAL); /* only the hypervisor rings this one */
	check_eq(libos_event_channel_op(EVTCHNOP_bind_virq, &v), -XEN_EEXIST);
	check_eq(close_port(v.port), 0);
	check_eq(libos_event_channel_op(EVTCHNOP_bind_virq, &v), 0);
	check_eq(close_port(v.port), 0);
	v.virq = NR_VIRQS;
	check_eq(libos_event_channel_op(EVTCHNOP_bind_virq, &v), -XEN_EINVAL);
	v.virq = ~0u;
	check_eq(libos_event_channel_op(EVTCHNOP_bind_virq, &v), -XEN_EINVAL);
	v = (struct evtchn_bind_virq){.virq = VIRQ_DEBUG, .vcpu = 9999};
	check_eq(libos_event_channel_op(EVTCHNOP_bind_virq, &v), -XEN_ENOENT);
}

void evtchn_refusals(void)
{
	struct evtchn_alloc_unbound u = {.dom = 77, .remote_dom = DOMID_SELF};
	struct evtchn_bind_interdomain i = {.remote_dom = DOMID_SELF, .remote_port = NO_PORT};
	struct evtchn_status s = {.dom = 77, .port = 1};
	struct evtchn_unmask m = {.port = NO_PORT};
	struct evtchn_bind_vcpu v = {.port = NO_PORT};
	struct evtchn_bind_ipi ipi = {.vcpu = 9999};

	check_eq(libos_event_channel_op(99, &s), -XEN_ENOSYS);
	check_eq(send(0), -XEN_EINVAL);
	check_eq(send(NO_PORT), -XEN_EINVAL);
	check_eq(send(~0u), -XEN_EINVAL);
	check_eq(close_port(0), -XEN_EINVAL);
	check_eq(close_port(NO_PORT), -XEN_EINVAL);
	check_eq(libos_event_channel_op(EVTCHNOP_unmask, &m), -XEN_EINVAL);
	check_eq(libos_event_channel_op(EVTCHNOP_bind_vcpu, &v), -XEN_EINVAL);
	check_eq(libos_event_channel_op(EVTCHNOP_bind_ipi, &ipi), -XEN_ENOENT);
	check_eq(libos_event_channel_op(EVTCHNOP_bind_interdomain, &i), -XEN_EINVAL);
	i.remote_dom = 77;
	check_eq(libos_event_channel_op(EVTCHNOP_bind_interdomain, &i), -XEN_ESRCH);
	check_eq(libos_event_channel_op(EVTCHNOP_alloc_unbound, &u), -XEN_ESRCH);
	check_eq(libos_event_channel_op(EVTCHNOP_status, &s), -XEN_ESRCH);
}
