/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "physmap.h"

#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "heap.h"
#include "hypercall.h"
#include "page.h"
#include "vcpu.h"

#include <xen/memory.h>

#define BATCH_STEP 32

/* Empty g of d's p2m; RAM that was there is given back. */
static int take_out(struct domain *d, gfn_t g)
{
	uint64_t frames;
	int rc = p2m_unmap(&d->p2m, g, &frames);

	if (rc)
		return rc;
	spin_lock(&d->lock);
	d->nr_frames -= frames;
	spin_unlock(&d->lock);
	return 0;
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

/* Into the place that take_out() has made, unless another vCPU was quicker: then once more. */
static int put_in(struct domain *d, gfn_t g, mfn_t f, enum p2m_type type)
{
	int rc = p2m_map(&d->p2m, g, f, 1, type);

	return rc == -EEXIST ? -ERESTART : rc;
}

static int add_lent(struct domain *d, unsigned int space, uint64_t idx, gfn_t g)
{
	void *page;
	int rc = lent_page(d, space, idx, &page);

	if (!rc)
		rc = take_out(d, g);
	if (rc)
		return rc;
	return put_in(d, g, maddr_to_mfn(hv_va_to_maddr(page)), P2M_HV);
}

/* The foreign frame's reference becomes the map's, or is dropped. */
static int add_foreign(struct domain *d, struct domain *foreign, uint64_t idx, gfn_t g)
{
	mfn_t f;
	int rc;

	if (idx >= MAX_GFN)
		return -EINVAL;
	rc = p2m_get(&foreign->p2m, gfn(idx), &f);
	if (rc)
		return rc;
	rc = take_out(d, g);
	if (!rc)
		rc = put_in(d, g, f, P2M_FOREIGN);
	if (rc)
		page_put(f);
	return rc;
}

long physmap_add(struct vcpu *v, uint64_t arg)
{
	struct xen_add_to_physmap op;
	struct domain *d;
	long rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.gpfn >= MAX_GFN)
		return -EINVAL;
	rc = domain_target(v, op.domid, &d);
	if (rc)
		return rc;
	rc = add_lent(d, op.space, op.idx, gfn(op.gpfn));
	domain_put(d);
	return rc == -ERESTART ? HYPERCALL_AGAIN : rc;
}

/* One element of the batch at position i: its result goes to errs, -EFAULT ends the batch. */
static int batch_one(struct domain *d, struct domain *foreign,
		     const struct xen_add_to_physmap_batch *op, uint64_t i)
{
	uint64_t idx, g;
	int rc;

	if (copy_from_guest(&idx, (uint64_t)(uintptr_t)op->idxs.p + i * 8, 8) ||
	    copy_from_guest(&g, (uint64_t)(uintptr_t)op->gpfns.p + i * 8, 8))
		return -EFAULT;
	rc = g < MAX_GFN ? add_foreign(d, foreign, idx, gfn(g)) : -EINVAL;
	if (rc == -ERESTART)
		return rc;
	if (copy_to_guest((uint64_t)(uintptr_t)op->errs.p + i * sizeof(rc), &rc, sizeof(rc)))
		return -EFAULT;
	return 0;
}

/* A step of the batch; what is left of it is written back for the next. */
static long batch_step(struct domain *d, struct domain *foreign,
		       struct xen_add_to_physmap_batch *op, uint64_t arg)
{
	uint16_t n = MIN(op->size, BATCH_STEP);
	uint16_t i;
	int rc = 0;

	for (i = 0; i < n; i++) {
		rc = batch_one(d, foreign, op, i);
		if (rc)
			break;
	}
	if (rc && rc != -ERESTART)
		return rc;
	if (i == op->size)
		return 0;
	op->size = (uint16_t)(op->size - i);
	op->idxs.p += i;
	op->gpfns.p += i;
	op->errs.p += i;
	return put_guest(arg, op) ? -EFAULT : HYPERCALL_AGAIN;
}

long physmap_add_batch(struct vcpu *v, uint64_t arg)
{
	struct xen_add_to_physmap_batch op;
	struct domain *d, *foreign;
	long rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.space != XENMAPSPACE_gmfn_foreign)
		return -ENOSYS;
	if (!v->domain->control)
		return -EPERM;
	rc = domain_target(v, op.domid, &d);
	if (rc)
		return rc;
	foreign = domain_get(op.u.foreign_domid);
	rc = -ESRCH;
	if (foreign) {
		rc = foreign == d ? -EINVAL : batch_step(d, foreign, &op, arg);
		domain_put(foreign);
	}
	p2m_reap(&d->p2m, BATCH_STEP);
	domain_put(d);
	return rc;
}

long physmap_remove(struct vcpu *v, uint64_t arg)
{
	struct xen_remove_from_physmap op;
	struct domain *d;
	long rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.gpfn >= MAX_GFN)
		return -EINVAL;
	rc = domain_target(v, op.domid, &d);
	if (rc)
		return rc;
	rc = take_out(d, gfn(op.gpfn));
	p2m_reap(&d->p2m, BATCH_STEP);
	domain_put(d);
	return rc == -ERESTART ? HYPERCALL_AGAIN : rc;
}
