/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * An extent is cleared piece by piece, each piece one execution of the hypercall;
 * meanwhile the vCPU that asked for it holds it.
 */
#include "populate.h"

#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "lib/string.h"
#include "page.h"
#include "physmap.h"
#include "vcpu.h"
#include "x86/window.h"

#include <xen/memory.h>

#define CLEAR_STEP 64 /* frames a call */

static void clear_frame(mfn_t f)
{
	memset(window_open(WINDOW_OTHER, f), 0, PAGE_SIZE);
	window_close(WINDOW_OTHER);
}

void populate_abandon(struct vcpu *v)
{
	if (v->extent.held)
		page_free(v->extent.first, v->extent.order);
	v->extent.held = false;
}

/* v holds an extent of that order, some of it cleared. */
static bool hold_extent(struct vcpu *v, unsigned int order)
{
	if (v->extent.held && v->extent.order == order)
		return true;
	populate_abandon(v);
	v->extent.first = page_alloc(order);
	v->extent.held = !mfn_eq(v->extent.first, INVALID_MFN);
	v->extent.order = order;
	v->extent.cleared = 0;
	return v->extent.held;
}

static void own_frames(const struct domain *d, mfn_t first, unsigned int order, gfn_t g)
{
	for (unsigned long i = 0; i < 1ul << order; i++) {
		struct page *pg = mfn_to_page(mfn(first.m + i));

		pg->state = PAGE_GUEST;
		pg->slot = d->domid;
		pg->refs = 1;
		pg->gfn = (uint32_t)(g.g + i);
		pg->incarnation = d->incarnation;
	}
}

static void disown_frames(mfn_t first, unsigned int order)
{
	for (unsigned long i = 0; i < 1ul << order; i++)
		mfn_to_page(mfn(first.m + i))->refs = 0;
}

static bool charge(struct domain *d, uint64_t frames)
{
	bool fits;

	spin_lock(&d->lock);
	fits = d->nr_frames <= d->max_frames && frames <= d->max_frames - d->nr_frames;
	if (fits)
		d->nr_frames += frames;
	spin_unlock(&d->lock);
	return fits;
}

static void discharge(struct domain *d, uint64_t frames)
{
	spin_lock(&d->lock);
	d->nr_frames -= frames;
	spin_unlock(&d->lock);
}

/* The cleared extent that v holds becomes d's at g. */
static int give_extent(struct vcpu *v, struct domain *d, gfn_t g)
{
	unsigned int order = v->extent.order;
	uint64_t frames = 1ul << order;
	mfn_t first = v->extent.first;
	int rc;

	if (!charge(d, frames))
		return -ENOMEM;
	own_frames(d, first, order, g);
	rc = p2m_map(&d->p2m, g, first, frames, P2M_RAM);
	if (rc) {
		disown_frames(first, order);
		discharge(d, frames);
		return rc;
	}
	v->extent.held = false;
	return 0;
}

/* One extent: 0, -ERESTART when it is not cleared yet, or why it ends here. */
static int populate_one(struct vcpu *v, struct domain *d, uint64_t g, unsigned int order)
{
	if (g >= MAX_GFN || (g & ((1ul << order) - 1)))
		return -EINVAL;
	if (!hold_extent(v, order))
		return -ENOMEM;
	for (unsigned int i = 0; i < CLEAR_STEP && v->extent.cleared < 1ul << order; i++)
		clear_frame(mfn(v->extent.first.m + v->extent.cleared++));
	if (v->extent.cleared < 1ul << order)
		return -ERESTART;
	return give_extent(v, d, gfn(g));
}

static long populate(struct vcpu *v, struct domain *d, const struct xen_memory_reservation *op,
		     uint64_t cmd)
{
	uint64_t done = cmd >> MEMOP_EXTENT_SHIFT;
	uint64_t budget = CLEAR_STEP;
	int rc = 0;

	if (op->extent_order != 0 && op->extent_order != PAGE_ORDER_2M)
		return -EINVAL;
	if (done > op->nr_extents)
		return -EINVAL;
	for (; done < op->nr_extents && budget && !rc;
	     budget -= MIN(budget, 1ul << op->extent_order)) {
		uint64_t g;

		rc = -EFAULT;
		if (!copy_from_guest(&g, (uint64_t)(uintptr_t)op->extent_start.p + done * 8, 8))
			rc = populate_one(v, d, g, op->extent_order);
		done += !rc;
	}
	if (rc && rc != -ERESTART) {
		populate_abandon(v);
		return done ? (long)done : rc;
	}
	if (done == op->nr_extents)
		return (long)done;
	v->regs.rdi = (cmd & MEMOP_CMD_MASK) | done << MEMOP_EXTENT_SHIFT;
	return HYPERCALL_AGAIN;
}

long populate_physmap(struct vcpu *v, uint64_t cmd, uint64_t arg)
{
	struct xen_memory_reservation op;
	struct domain *d;
	long rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	rc = domain_target(v, op.domid, &d);
	if (rc)
		return rc;
	rc = populate(v, d, &op, cmd);
	domain_put(d);
	return rc;
}
