/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * domctl: making, running, asking about and ending domains.  The subset of Xen 4.17's
 * interface that doc/ABI.md lists.  Source: <xen/domctl.h>.
 */
#include "abi/abi.h"
#include "domain.h"
#include "domain_info.h"
#include "errno.h"
#include "guestcopy.h"
#include "hvm_context.h"
#include "hypercall.h"
#include "physmap.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/paging.h"
#include "x86/percpu.h"

#include <xen/domctl.h>
#include <xen/hvm/save.h>
#include <xen/vcpu.h>

#define MIN_TABLES 64

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

/*
 * Give back what creation made so far.  Nothing else is held here, which is said
 * each time round, so that no wait for quiescence waits for this very pCPU.
 */
static void undo_create(struct domain *d)
{
	while (domain_destroy_step(d) == -ERESTART)
		if (tlb_enter_hv(&machine_tlb, &this_cpu()->tlb))
			hv_flush_tlb();
}

static long create(struct xen_domctl *op)
{
	const struct xen_domctl_createdomain *c = &op->u.createdomain;
	const uint32_t flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
	struct domain_limits limits = {
		.max_vcpus = c->max_vcpus,
		.max_tables = MIN_TABLES,
		.max_ports = c->max_evtchn_port,
	};
	struct domain *d;
	long rc;

	if (c->flags != flags || c->arch.emulation_flags != XEN_X86_EMU_LAPIC ||
	    !c->max_evtchn_port)
		return -EINVAL;
	rc = domain_create(op->domain, &limits, &d);
	if (rc)
		return rc;
	for (unsigned int i = 0; i < c->max_vcpus; i++) {
		if (!vcpu_create(d, i, (op->domain + i) % nr_cpus)) {
			undo_create(d);
			return -ENOMEM;
		}
	}
	return 0;
}

/* The limit of RAM, and with it that of table pages: all of it in 4 KiB pages, and some windows. */
static long max_mem(struct domain *d, uint64_t kib)
{
	uint64_t frames = kib >> (PAGE_SHIFT - 10);

	if (frames > MAX_GFN)
		return -EINVAL;
	spin_lock(&d->lock);
	d->max_frames = frames;
	d->p2m.max_tables = MIN_TABLES + frames / PT_ENTRIES + frames / PT_ENTRIES / PT_ENTRIES;
	spin_unlock(&d->lock);
	return 0;
}

static long unpause(struct domain *d)
{
	d->has_run = true;
	return domain_unpause(d);
}

static long destroy(struct domain *d)
{
	long rc = domain_destroy_step(d);

	return rc == -ERESTART ? HYPERCALL_AGAIN : rc;
}

static long pause(struct domain *d)
{
	domain_pause(d);
	return 0;
}

static long info(struct domain *d, struct xen_domctl_getdomaininfo *out)
{
	domain_info(d, out);
	return 0;
}

/* What is asked of a living domain. */
static long domain_op(struct domain *d, struct xen_domctl *op)
{
	struct xen_domctl_hvmcontext_partial *p = &op->u.hvmcontext_partial;

	switch (op->cmd) {
	case XEN_DOMCTL_getdomaininfo: return info(d, &op->u.getdomaininfo);
	case XEN_DOMCTL_getvcpuinfo: return vcpu_info_op(d, &op->u.getvcpuinfo);
	case XEN_DOMCTL_pausedomain: return d->control ? -EINVAL : pause(d);
	case XEN_DOMCTL_unpausedomain: return d->control ? -EINVAL : unpause(d);
	case XEN_DOMCTL_max_mem: return d->control ? -EINVAL : max_mem(d, op->u.max_mem.max_memkb);
	case XEN_DOMCTL_sethvmcontext:
		return d->control
			       ? -EINVAL
			       : hvm_context_load(d, (uint64_t)(uintptr_t)op->u.hvmcontext.buffer.p,
						  op->u.hvmcontext.size);
	case XEN_DOMCTL_gethvmcontext_partial:
		if (p->type != HVM_SAVE_CODE(CPU))
			return -EINVAL;
		return hvm_context_read_cpu(d, p->instance, (uint64_t)(uintptr_t)p->buffer.p,
					    p->bufsz);
	default: return -ENOSYS;
	}
}

/* A domain under destruction is found by this alone. */
static long destroy_op(domid_t domid)
{
	struct domain *d = domid < DOMAIN_MAX_SLOTS ? domains[domid] : NULL;

	if (!d)
		return -ESRCH;
	return d->control ? -EINVAL : destroy(d);
}

static long dispatch(struct xen_domctl *op)
{
	struct domain *d;
	long rc;

	if (op->cmd == XEN_DOMCTL_createdomain)
		return create(op);
	if (op->cmd == XEN_DOMCTL_destroydomain)
		return destroy_op(op->domain);
	d = domain_get(op->domain);
	if (!d)
		return -ESRCH;
	rc = domain_op(d, op);
	domain_put(d);
	return rc;
}

long do_domctl(struct vcpu *v, const uint64_t *args)
{
	struct xen_domctl op;
	long rc;

	if (!v->domain->control)
		return -EPERM;
	if (get_guest(&op, args[0]))
		return -EFAULT;
	if (op.interface_version != XEN_DOMCTL_INTERFACE_VERSION)
		return -EACCES;
	rc = dispatch(&op);
	if (!rc && put_guest(args[0], &op))
		return -EFAULT;
	return rc;
}
