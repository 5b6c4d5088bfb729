/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* memory_op: what a domain may ask about and do with its own memory.  Source: <xen/memory.h>. */
#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "heap.h"
#include "hypercall.h"
#include "vcpu.h"

#include <xen/memory.h>

#define MAX_EXTENTS_STEP 64

/* A continued command carries how far it came.  Source: xen/memory.h, MEMOP_EXTENT_SHIFT in its
 * text. */
#define MEMOP_EXTENT_SHIFT 6
#define MEMOP_CMD_MASK	   ((1ul << MEMOP_EXTENT_SHIFT) - 1)

/* Only the domain itself may be named. */
static int check_self(const struct domain *d, domid_t domid)
{
	if (domid == DOMID_SELF || domid == d->domid)
		return 0;
	return -EPERM;
}

/* The hypervisor's page that space and idx name. */
static int lent_page(struct domain *d, unsigned int space, uint64_t idx, void **page)
{
	if (space == XENMAPSPACE_grant_table)
		return grant_table_page(&d->grants, idx, page);
	if (space != XENMAPSPACE_shared_info)
		return -ENOSYS;
	*page = d->shared_info;
	return idx ? -EINVAL : 0;
}

static long add_to_physmap(struct domain *d, uint64_t arg)
{
	struct xen_add_to_physmap op;
	uint64_t replaced;
	void *page;
	int rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	rc = check_self(d, op.domid);
	if (rc)
		return rc;
	if (op.gpfn >= 1ul << 40)
		return -EINVAL;
	rc = lent_page(d, op.space, op.idx, &page);
	if (rc)
		return rc;
	rc = p2m_unmap(&d->p2m, gfn(op.gpfn), &replaced);
	if (rc)
		return rc;
	rc = p2m_map(&d->p2m, gfn(op.gpfn), maddr_to_mfn(hv_va_to_maddr(page)), 1, P2M_HV);
	spin_lock(&d->lock);
	d->nr_frames -= replaced;
	spin_unlock(&d->lock);
	return rc;
}

static long decrease_reservation(struct vcpu *v, uint64_t cmd, uint64_t arg)
{
	struct domain *d = v->domain;
	struct xen_memory_reservation op;
	uint64_t done = cmd >> MEMOP_EXTENT_SHIFT;
	uint64_t stop;
	int rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	rc = check_self(d, op.domid);
	if (rc)
		return rc;
	if (op.extent_order != 0 || done > op.nr_extents)
		return -EINVAL;
	stop = MIN(op.nr_extents, done + MAX_EXTENTS_STEP);
	for (; done < stop; done++) {
		uint64_t frames, g;

		if (copy_from_guest(&g, (uint64_t)(uintptr_t)op.extent_start.p + done * sizeof(g),
				    sizeof(g)))
			break;
		if (g >= 1ul << 40 || p2m_unmap(&d->p2m, gfn(g), &frames) || !frames)
			break;
		spin_lock(&d->lock);
		d->nr_frames -= frames;
		spin_unlock(&d->lock);
	}
	p2m_reap(&d->p2m, 2 * MAX_EXTENTS_STEP);
	if (done < stop || done == op.nr_extents)
		return (long)done;
	/* Go on where this step ended: the command word carries it. */
	v->regs.rdi = (cmd & MEMOP_CMD_MASK) | done << MEMOP_EXTENT_SHIFT;
	return HYPERCALL_AGAIN;
}

static long reservation(struct domain *d, uint64_t cmd, uint64_t arg)
{
	domid_t domid;
	int rc;

	if (get_guest(&domid, arg))
		return -EFAULT;
	rc = check_self(d, domid);
	if (rc)
		return rc;
	return (long)(cmd == XENMEM_current_reservation ? d->nr_frames : d->max_frames);
}

static long memory_map(const struct domain *d, uint64_t arg)
{
	struct xen_memory_map op;
	uint32_t nr = d->nr_ranges;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.nr_entries < nr)
		return -EINVAL;
	if (copy_to_guest((uint64_t)(uintptr_t)op.buffer.p, d->range, nr * sizeof(d->range[0])))
		return -EFAULT;
	op.nr_entries = nr;
	return put_guest(arg, &op) ? -EFAULT : 0;
}

long do_memory_op(struct vcpu *v, const uint64_t *args)
{
	struct domain *d = v->domain;
	uint64_t cmd = args[0] & MEMOP_CMD_MASK;

	switch (cmd) {
	case XENMEM_add_to_physmap: return add_to_physmap(d, args[1]);
	case XENMEM_decrease_reservation: return decrease_reservation(v, args[0], args[1]);
	case XENMEM_current_reservation:
	case XENMEM_maximum_reservation: return reservation(d, cmd, args[1]);
	case XENMEM_memory_map: return memory_map(d, args[1]);
	default: return -ENOSYS;
	}
}
