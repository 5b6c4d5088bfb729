/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * domctl: what the control domain asks about a domain.  The subset of Xen 4.17's
 * interface that doc/ABI.md lists.  Source: <xen/domctl.h>.
 */
#include "abi/abi.h"
#include "domain.h"
#include "domain_info.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "sched.h"
#include "vcpu.h"

#include <xen/domctl.h>
#include <xen/vcpu.h>

static uint64_t cpu_time(const struct vcpu *v)
{
	struct vcpu_runstate_info info;

	vcpu_runstate(v, &info);
	return info.time[RUNSTATE_running];
}

static uint32_t domain_flags(const struct domain *d, bool running, bool blocked)
{
	uint32_t flags = XEN_DOMINF_hvm_guest | XEN_DOMINF_hap;

	if (d->is_shut_down)
		flags |= XEN_DOMINF_shutdown | (uint32_t)d->shutdown_code
						       << XEN_DOMINF_shutdownshift;
	else if (running)
		flags |= XEN_DOMINF_running;
	else if (blocked)
		flags |= XEN_DOMINF_blocked;
	return flags;
}

void domain_info(struct domain *d, struct xen_domctl_getdomaininfo *info)
{
	bool running = false, blocked = true;

	*info = (struct xen_domctl_getdomaininfo){
		.domain = d->domid,
		.tot_pages = d->nr_frames,
		.max_pages = d->max_frames,
		.shared_info_frame = ~0ul,
		.max_vcpu_id = d->max_vcpus - 1,
	};
	for (unsigned int i = 0; i < d->max_vcpus; i++) {
		const struct vcpu *v = d->vcpu[i];

		if (!v)
			continue;
		info->cpu_time += cpu_time(v);
		info->nr_online_vcpus += !(v->paused & PAUSE_DOWN);
		running |= v->running;
		blocked &= (v->paused & (PAUSE_BLOCKED | PAUSE_POLL | PAUSE_DOWN)) != 0;
	}
	info->flags = domain_flags(d, running, blocked);
}

static long vcpu_info_op(const struct domain *d, struct xen_domctl_getvcpuinfo *op)
{
	const struct vcpu *v;

	if (op->vcpu >= d->max_vcpus || !d->vcpu[op->vcpu])
		return -ESRCH;
	v = d->vcpu[op->vcpu];
	op->online = !(v->paused & PAUSE_DOWN);
	op->blocked = (v->paused & (PAUSE_BLOCKED | PAUSE_POLL)) != 0;
	op->running = v->running;
	op->cpu_time = cpu_time(v);
	op->cpu = v->cpu;
	return 0;
}

long do_domctl(struct vcpu *v, const uint64_t *args)
{
	struct xen_domctl op;
	struct domain *d;
	long rc;

	if (!v->domain->control)
		return -EPERM;
	if (get_guest(&op, args[0]))
		return -EFAULT;
	if (op.interface_version != XEN_DOMCTL_INTERFACE_VERSION)
		return -EACCES;
	d = op.domain < DOMAIN_MAX_SLOTS ? domains[op.domain] : NULL;
	if (!d)
		return -ESRCH;
	switch (op.cmd) {
	case XEN_DOMCTL_getdomaininfo:
		domain_info(d, &op.u.getdomaininfo);
		rc = 0;
		break;
	case XEN_DOMCTL_getvcpuinfo: rc = vcpu_info_op(d, &op.u.getvcpuinfo); break;
	default: return -ENOSYS;
	}
	if (!rc && put_guest(args[0], &op))
		return -EFAULT;
	return rc;
}
