/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* vcpu_op.  Source: <xen/vcpu.h>. */
#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "page.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/guestmap.h"

#include <xen/vcpu.h>

static long set_singleshot(struct vcpu *v, uint64_t arg)
{
	struct vcpu_set_singleshot_timer op;

	if (get_guest(&op, arg))
		return -EFAULT;
	timer_arm(&v->singleshot, op.timeout_abs_ns);
	return 0;
}

/* The domain's lock is held. */
static long map_info(struct vcpu *v, gfn_t g, uint32_t offset)
{
	char *page;
	mfn_t f;

	if (v->info_map || p2m_get(&v->domain->p2m, g, &f))
		return -EINVAL;
	page = guestmap_open(f);
	if (!page) {
		page_put(f);
		return -ENOMEM;
	}
	v->info_map = page;
	evtchn_vcpu_set_info(&v->evtchn, page + offset);
	vcpu_update_time(v);
	return 0;
}

/* Once a vCPU, ever: the page stays mapped here for as long as the domain lives. */
static long register_info(struct vcpu *v, uint64_t arg)
{
	struct vcpu_register_vcpu_info op;
	long rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.offset > PAGE_SIZE - sizeof(struct vcpu_info) || (op.offset & 7) ||
	    op.mfn >= 1ul << 40)
		return -EINVAL;
	/* Two vCPUs may do it at once, for a third. */
	spin_lock(&v->domain->lock);
	rc = map_info(v, gfn(op.mfn), op.offset);
	spin_unlock(&v->domain->lock);
	return rc;
}

static long get_runstate(const struct vcpu *v, uint64_t arg)
{
	struct vcpu_runstate_info info;

	vcpu_runstate(v, &info);
	return put_guest(arg, &info) ? -EFAULT : 0;
}

/* Is the vCPU that the guest names the one that asks? */
static bool is_self(const struct vcpu *v, uint64_t id)
{
	return id == v->id;
}

long do_vcpu_op(struct vcpu *v, const uint64_t *args)
{
	struct domain *d = v->domain;
	uint64_t id = args[1], arg = args[2];

	if (id >= d->max_vcpus || !d->vcpu[id])
		return -ENOENT;
	switch (args[0]) {
	case VCPUOP_is_up: return !(d->vcpu[id]->paused & PAUSE_DOWN);
	case VCPUOP_get_runstate_info: return get_runstate(d->vcpu[id], arg);
	case VCPUOP_stop_periodic_timer: return 0; /* there is none that could run */
	case VCPUOP_set_singleshot_timer: return is_self(v, id) ? set_singleshot(v, arg) : -EINVAL;
	case VCPUOP_stop_singleshot_timer:
		if (!is_self(v, id))
			return -EINVAL;
		timer_cancel(&v->singleshot);
		return 0;
	case VCPUOP_register_vcpu_info: return register_info(d->vcpu[id], arg);
	default: return -ENOSYS;
	}
}
