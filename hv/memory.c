/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* memory_op: what a domain may ask about and do with its memory.  Source: <xen/memory.h>. */
#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "physmap.h"
#include "populate.h"
#include "vcpu.h"

#include <xen/memory.h>

#define MAX_EXTENTS_STEP 64

static long decrease_reservation(struct vcpu *v, uint64_t cmd, uint64_t arg)
{
	struct domain *d = v->domain;
	struct xen_memory_reservation op;
	uint64_t done = cmd >> MEMOP_EXTENT_SHIFT;
	uint64_t stop;
	int rc = 0;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.domid != DOMID_SELF && op.domid != d->domid)
		return -EPERM;
	if (op.extent_order != 0 || done > op.nr_extents)
		return -EINVAL;
	stop = MIN(op.nr_extents, done + MAX_EXTENTS_STEP);
	for (; done < stop; done++) {
		uint64_t frames = 0, g;

		if (copy_from_guest(&g, (uint64_t)(uintptr_t)op.extent_start.p + done * sizeof(g),
				    sizeof(g)))
			break;
		rc = g < MAX_GFN ? p2m_unmap(&d->p2m, gfn(g), &frames) : -EINVAL;
		if (rc || !frames)
			break;
		spin_lock(&d->lock);
		d->nr_frames -= frames;
		spin_unlock(&d->lock);
	}
	p2m_reap(&d->p2m, 2 * MAX_EXTENTS_STEP);
	if ((done < stop && rc != -ERESTART) || done == op.nr_extents)
		return (long)done;
	/* Go on where this step ended: the command word carries it. */
	v->regs.rdi = (cmd & MEMOP_CMD_MASK) | done << MEMOP_EXTENT_SHIFT;
	return HYPERCALL_AGAIN;
}

static long reservation(const struct vcpu *v, uint64_t cmd, uint64_t arg)
{
	struct domain *d;
	domid_t domid;
	long rc;

	if (get_guest(&domid, arg))
		return -EFAULT;
	rc = domain_target(v, domid, &d);
	if (rc)
		return rc;
	rc = (long)(cmd == XENMEM_current_reservation ? d->nr_frames : d->max_frames);
	domain_put(d);
	return rc;
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
	case XENMEM_add_to_physmap: return physmap_add(v, args[1]);
	case XENMEM_add_to_physmap_batch: return physmap_add_batch(v, args[1]);
	case XENMEM_remove_from_physmap: return physmap_remove(v, args[1]);
	case XENMEM_populate_physmap: return populate_physmap(v, args[0], args[1]);
	case XENMEM_decrease_reservation: return decrease_reservation(v, args[0], args[1]);
	case XENMEM_current_reservation:
	case XENMEM_maximum_reservation: return reservation(v, cmd, args[1]);
	case XENMEM_memory_map: return memory_map(d, args[1]);
	default: return -ENOSYS;
	}
}
