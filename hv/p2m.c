/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The page-table core does the tables, tlb.h says when what came out of them may
 * be used again; here the two meet a domain's budget.
 */
#include "p2m.h"

#include "errno.h"
#include "heap.h"
#include "page.h"
#include "sched.h"
#include "x86/paging.h"
#include "x86/percpu.h"
#include "x86/vendor.h"

#define P2M_ATTR   (PT_R | PT_W | PT_X | PT_USER | PT_WB)
#define MAX_FRAMES (1ul << 40)

static int table_alloc(void *ctx, maddr_t *table)
{
	struct p2m *p = ctx;
	void *page;

	if (p->nr_tables >= p->max_tables)
		return -ENOMEM;
	page = hv_page_alloc();
	if (!page)
		return -ENOMEM;
	p->nr_tables++;
	*table = hv_va_to_maddr(page);
	return 0;
}

static void table_free(void *ctx, maddr_t table)
{
	struct p2m *p = ctx;

	p->nr_tables--;
	hv_page_free(hv_maddr_to_va(table));
}

/* A table page was unlinked: a walker may still be in it. */
static void table_retire(void *ctx, maddr_t table)
{
	struct p2m *p = ctx;

	p->nr_tables--;
	tlb_quarantine(&p->tlb, page_to_quarantine(maddr_to_mfn(table)));
}

int p2m_init(struct p2m *p, uint64_t max_tables)
{
	const struct pt_alloc alloc = {.alloc = table_alloc, .free = table_free, .ctx = p};

	*p = (struct p2m){.max_tables = max_tables};
	tlb_space_init(&p->tlb);
	return pt_init(&p->pt, vendor->nested_format, DIRECTMAP_BASE, &alloc);
}

/* Stores are done: make whoever runs the domain look. */
static void declare_reduction(struct p2m *p)
{
	struct tlb_cpumask kick;

	uint64_t tag = tlb_reduce(&machine_tlb, &p->tlb, &kick);

	(void)tag; /* what came out waits in quarantine, which keeps the tag itself */
	for (unsigned int i = 0; i < nr_cpus; i++)
		if (tlb_cpumask_test(&kick, i))
			softirq_raise_on(i, SOFTIRQ_RESCHED);
}

int p2m_map(struct p2m *p, gfn_t g, mfn_t f, uint64_t nr, enum p2m_type type)
{
	struct pt_flush flush = {.retire = table_retire, .ctx = p};
	int rc;

	if (nr > MAX_FRAMES)
		return -EINVAL;
	spin_lock(&p->lock);
	rc = pt_map(&p->pt, gfn_to_gaddr(g).ga, mfn_to_maddr(f), nr << PAGE_SHIFT,
		    P2M_ATTR | PT_SOFT(type), &flush);
	if (flush.needed)
		declare_reduction(p);
	spin_unlock(&p->lock);
	return rc;
}

static enum p2m_type lookup_locked(struct p2m *p, gfn_t g, mfn_t *f)
{
	struct pt_entry e;

	if (!pt_lookup(&p->pt, gfn_to_gaddr(g).ga, &e)) {
		*f = INVALID_MFN;
		return P2M_NONE;
	}
	*f = maddr_to_mfn(e.ma);
	return (enum p2m_type)pt_entry_soft(&e);
}

int p2m_unmap(struct p2m *p, gfn_t g, uint64_t *mapped)
{
	struct pt_flush flush = {.retire = table_retire, .ctx = p};
	enum p2m_type type;
	mfn_t f;
	int rc;

	*mapped = 0;
	spin_lock(&p->lock);
	type = lookup_locked(p, g, &f);
	rc = pt_unmap(&p->pt, gfn_to_gaddr(g).ga, PAGE_SIZE, &flush);
	if (!rc && type == P2M_RAM) {
		tlb_quarantine(&p->tlb, page_to_quarantine(f));
		*mapped = 1;
	}
	if (flush.needed)
		declare_reduction(p);
	spin_unlock(&p->lock);
	return rc;
}

static void release(void *ctx, struct tlb_item *item)
{
	mfn_t f = page_from_quarantine(item);

	(void)ctx;
	if (heap_owns(mfn_to_maddr(f)))
		hv_page_free(hv_maddr_to_va(mfn_to_maddr(f)));
	else
		page_free(f, 0);
}

void p2m_reap(struct p2m *p, unsigned int budget)
{
	spin_lock(&p->lock);
	tlb_release(&machine_tlb, &p->tlb, budget, release, NULL);
	spin_unlock(&p->lock);
}

enum p2m_type p2m_lookup(struct p2m *p, gfn_t g, mfn_t *f)
{
	enum p2m_type type;

	spin_lock(&p->lock);
	type = lookup_locked(p, g, f);
	spin_unlock(&p->lock);
	return type;
}
