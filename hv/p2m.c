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
#include "printk.h"
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

/* Lock held.  What lies beyond the address space is pt_map()'s to refuse. */
static bool is_hole(const struct p2m *p, uint64_t at, uint64_t len)
{
	uint64_t end = at + len;

	while (at < end) {
		struct pt_entry e;

		if (pt_lookup(&p->pt, at, &e))
			return false;
		if (!e.level)
			return true;
		at = (at & ~(PT_LEVEL_SIZE(e.level) - 1)) + PT_LEVEL_SIZE(e.level);
	}
	return true;
}

int p2m_map(struct p2m *p, gfn_t g, mfn_t f, uint64_t nr, enum p2m_type type)
{
	struct pt_flush flush = {.retire = table_retire, .ctx = p};
	int rc = -EEXIST;

	if (nr > MAX_FRAMES)
		return -EINVAL;
	spin_lock(&p->lock);
	if (is_hole(p, gfn_to_gaddr(g).ga, nr << PAGE_SHIFT))
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

static void drop_left(struct p2m *p)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < p->nr_leaving; i++) {
		if (tlb_done(&machine_tlb, &p->tlb, p->leaving[i].tag))
			page_put(p->leaving[i].frame);
		else
			p->leaving[kept++] = p->leaving[i];
	}
	p->nr_leaving = kept;
}

/* f's translation is gone from the table; alone in our hands it waits in quarantine, else in the
 * list. */
static bool only_ours(mfn_t f, enum p2m_type type)
{
	return type == P2M_RAM && __atomic_load_n(&mfn_to_page(f)->refs, __ATOMIC_ACQUIRE) == 1;
}

int p2m_unmap(struct p2m *p, gfn_t g, uint64_t *frames)
{
	struct pt_flush flush = {.retire = table_retire, .ctx = p};
	enum p2m_type type;
	bool listed;
	mfn_t f;
	int rc;

	*frames = 0;
	spin_lock(&p->lock);
	if (p->nr_leaving == P2M_LEAVING_MAX)
		drop_left(p);
	if (p->nr_leaving == P2M_LEAVING_MAX) {
		spin_unlock(&p->lock);
		return -ERESTART;
	}
	type = lookup_locked(p, g, &f);
	rc = pt_unmap(&p->pt, gfn_to_gaddr(g).ga, PAGE_SIZE, &flush);
	if (rc) {
		spin_unlock(&p->lock);
		return rc;
	}
	*frames = type == P2M_RAM;
	listed = (type == P2M_RAM || type == P2M_FOREIGN) && !only_ours(f, type);
	if (type == P2M_RAM && !listed)
		tlb_quarantine(&p->tlb, page_to_quarantine(f));
	if (flush.needed)
		declare_reduction(p);
	if (listed) {
		p->leaving[p->nr_leaving].frame = f;
		p->leaving[p->nr_leaving++].tag = p->tlb.reduced;
	}
	spin_unlock(&p->lock);
	return 0;
}

int p2m_map_grant(struct p2m *p, gfn_t g, mfn_t f, bool writable)
{
	struct pt_flush flush = {.retire = table_retire, .ctx = p};
	uint32_t attr = PT_R | PT_USER | PT_WB |
			(writable ? PT_W | PT_SOFT(P2M_GRANT_RW) : PT_SOFT(P2M_GRANT_RO));
	mfn_t there;
	int rc = -EEXIST;

	if (g.g >= MAX_FRAMES)
		return -EINVAL;
	spin_lock(&p->lock);
	if (lookup_locked(p, g, &there) == P2M_NONE)
		rc = pt_map(&p->pt, gfn_to_gaddr(g).ga, mfn_to_maddr(f), PAGE_SIZE, attr, &flush);
	spin_unlock(&p->lock);
	return rc;
}

void p2m_unmap_grant(struct p2m *p, gfn_t g, mfn_t f)
{
	struct pt_flush flush = {.retire = table_retire, .ctx = p};
	enum p2m_type type;
	mfn_t there;

	spin_lock(&p->lock);
	type = lookup_locked(p, g, &there);
	if ((type == P2M_GRANT_RW || type == P2M_GRANT_RO) && mfn_eq(there, f)) {
		/* an entry of its own: nothing to split, nothing to fail */
		int rc = pt_unmap(&p->pt, gfn_to_gaddr(g).ga, PAGE_SIZE, &flush);

		ASSERT(!rc);
		declare_reduction(p);
	}
	spin_unlock(&p->lock);
}

void p2m_flush(struct p2m *p)
{
	struct cpu *c = this_cpu();
	uint64_t tag = 0;
	bool done = false;

	while (!done) {
		/* others may wait for this pCPU in the same way */
		if (tlb_enter_hv(&machine_tlb, &c->tlb))
			hv_flush_tlb();
		spin_lock(&p->lock);
		tag = tag ? tag : p->tlb.reduced;
		done = tlb_done(&machine_tlb, &p->tlb, tag);
		spin_unlock(&p->lock);
	}
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
	drop_left(p);
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

int p2m_get(struct p2m *p, gfn_t g, mfn_t *f)
{
	int rc = -EINVAL;

	spin_lock(&p->lock);
	if (lookup_locked(p, g, f) == P2M_RAM) {
		page_get(*f);
		rc = 0;
	}
	spin_unlock(&p->lock);
	return rc;
}

/* Drop the references of the frames that e maps, or of the 2 MiB around its address; how many. */
static unsigned int drop_entry(const struct pt_entry *e)
{
	unsigned long size = MIN(PT_LEVEL_SIZE(e->level), PT_LEVEL_SIZE(2));
	mfn_t first = maddr_to_mfn(maddr(e->ma.ma & ~(size - 1)));
	enum p2m_type type = (enum p2m_type)pt_entry_soft(e);

	if (type != P2M_RAM && type != P2M_FOREIGN)
		return 1;
	for (unsigned long i = 0; i < size >> PAGE_SHIFT; i++)
		page_put(mfn(first.m + i));
	return (unsigned int)(size >> PAGE_SHIFT);
}

bool p2m_destroy_step(struct p2m *p, uint64_t *next, unsigned int budget)
{
	p2m_reap(p, budget);
	while (budget) {
		unsigned int cost = 1;
		uint64_t size;
		struct pt_entry e;
		bool found = pt_lookup(&p->pt, *next, &e);

		if (!e.level)
			return !p->nr_leaving && tlb_space_is_unused(&machine_tlb, &p->tlb) &&
			       pt_destroy_step(&p->pt, PT_ENTRIES);
		size = PT_LEVEL_SIZE(e.level);
		if (found) {
			size = MIN(size, PT_LEVEL_SIZE(2));
			cost = drop_entry(&e);
		}
		*next = (*next & ~(size - 1)) + size;
		budget -= MIN(budget, cost);
	}
	return false;
}
