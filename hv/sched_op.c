/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* sched_op.  Source: <xen/sched.h>. */
#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/time.h"

#include <xen/sched.h>

#define MAX_POLL_PORTS 128

static long shutdown_op(struct domain *d, uint64_t arg)
{
	struct sched_shutdown op;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.reason > SHUTDOWN_MAX)
		return -EINVAL;
	domain_shutdown(d, (uint8_t)op.reason);
	return 0;
}

/* Is one of the ports pending?  1, 0 or -errno. */
static long any_pending(struct domain *d, const struct sched_poll *op)
{
	for (unsigned int i = 0; i < op->nr_ports; i++) {
		uint64_t p = (uint64_t)(uintptr_t)op->ports.p + i * sizeof(evtchn_port_t);
		evtchn_port_t port;
		bool pending;
		int rc;

		if (get_guest(&port, p))
			return -EFAULT;
		rc = evtchn_is_pending(&d->evtchn, port, &pending);
		if (rc)
			return rc;
		if (pending)
			return 1;
	}
	return 0;
}

/*
 * The vCPU counts itself as a poller before it looks, so that an event that
 * comes in between wakes it (evtchn.h, P1 and P2).
 */
static long poll_op(struct vcpu *v, uint64_t arg)
{
	struct domain *d = v->domain;
	struct sched_poll op;
	long rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.nr_ports > MAX_POLL_PORTS)
		return -EINVAL;
	vcpu_poll_begin(v);
	rc = any_pending(d, &op);
	if (!rc && op.timeout && op.timeout <= system_time_ns())
		rc = 1;
	if (rc) {
		vcpu_poll_end(v);
		return rc < 0 ? rc : 0;
	}
	if (op.timeout)
		timer_arm(&v->poll, op.timeout);
	return 0;
}

long do_sched_op(struct vcpu *v, const uint64_t *args)
{
	switch (args[0]) {
	case SCHEDOP_yield: sched_yield(v); return 0;
	case SCHEDOP_block: vcpu_block(v); return 0;
	case SCHEDOP_shutdown: return shutdown_op(v->domain, args[1]);
	case SCHEDOP_poll: return poll_op(v, args[1]);
	case SCHEDOP_watchdog: {
		struct sched_watchdog op;

		if (get_guest(&op, args[1]))
			return -EFAULT;
		return domain_watchdog(v->domain, op.id, op.timeout);
	}
	default: return -ENOSYS;
	}
}
