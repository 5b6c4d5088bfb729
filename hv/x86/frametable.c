/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The frame table of the machine and its pool: struct page for each RAM frame, at
 * FRAMETABLE_BASE, mapped only where there is RAM.
 *
 * The table's own memory is cut off the end of a RAM range before the rest is
 * handed to the pool.
 */
#include "page.h"

#include "lib/string.h"
#include "printk.h"
#include "spinlock.h"
#include "tlb.h"
#include "x86/paging.h"

#define MAX_RANGES 128

static struct page_pool pool;
static struct spinlock pool_lock;
static struct ram_range known[MAX_RANGES] ro_after_init_bss; /* frames with a struct page */
static unsigned int nr_known ro_after_init;
static uint64_t table_bytes ro_after_init;

bool mfn_valid(mfn_t f)
{
	uint64_t ma = (uint64_t)f.m << PAGE_SHIFT;

	if (f.m >= 1ul << 40)
		return false;
	for (unsigned int i = 0; i < nr_known; i++)
		if (ma >= known[i].start && ma < known[i].end)
			return true;
	return false;
}

static bool present(const struct page_pool *p, uint64_t n)
{
	(void)p;
	return mfn_valid(mfn(n));
}

mfn_t page_alloc(unsigned int order)
{
	uint64_t n;

	spin_lock(&pool_lock);
	n = page_pool_alloc(&pool, order);
	spin_unlock(&pool_lock);
	return mfn(n);
}

void page_free(mfn_t f, unsigned int order)
{
	ASSERT(mfn_valid(f) && (f.m & ((1ul << order) - 1)) == 0);
	spin_lock(&pool_lock);
	for (unsigned long i = 0; i < 1ul << order; i++) {
		const struct page *pg = mfn_to_page(mfn(f.m + i));

		ASSERT((pg->state == PAGE_HV || pg->state == PAGE_GUEST) && pg->refs == 0);
	}
	page_pool_free(&pool, f.m, order);
	spin_unlock(&pool_lock);
}

void page_get(mfn_t f)
{
	__atomic_add_fetch(&mfn_to_page(f)->refs, 1, __ATOMIC_RELAXED);
}

void page_put(mfn_t f)
{
	if (!__atomic_sub_fetch(&mfn_to_page(f)->refs, 1, __ATOMIC_ACQ_REL))
		page_free(f, 0);
}

struct tlb_item *page_to_quarantine(mfn_t f)
{
	struct page *pg = mfn_to_page(f);

	ASSERT(pg->refs <= 1);
	_Static_assert(sizeof(struct tlb_item) == sizeof(*pg), "one lies over the other");
	return (struct tlb_item *)(void *)pg;
}

mfn_t page_from_quarantine(struct tlb_item *item)
{
	struct page *pg = (struct page *)(void *)item;

	*pg = (struct page){.state = PAGE_HV, .slot = PAGE_SLOT_NONE};
	return mfn((unsigned long)(pg - frame_table));
}

void page_give(mfn_t f, uint64_t nr)
{
	spin_lock(&pool_lock);
	page_pool_add(&pool, f.m, nr);
	spin_unlock(&pool_lock);
}

uint64_t page_table_kib(void)
{
	return table_bytes >> 10;
}

uint64_t page_max_mfn(void)
{
	return pool.nr_frames - 1;
}

uint64_t page_nr_free(void)
{
	return pool.nr_free;
}

uint64_t page_nr_total(void)
{
	return pool.nr_total;
}

static uintptr_t table_va(uint64_t ma)
{
	return FRAMETABLE_BASE + (ma >> PAGE_SHIFT) * sizeof(struct page);
}

/* The free range that ends highest and has len bytes and a 2 MiB boundary to spare. */
static struct ram_range *pick(struct ram_range *free, unsigned int nr, uint64_t len)
{
	struct ram_range *best = NULL;

	for (unsigned int i = 0; i < nr; i++)
		if (free[i].end - free[i].start >= len && (!best || free[i].end > best->end))
			best = &free[i];
	return best;
}

/* Cut len bytes off a free range, congruent with va modulo 2 MiB when that costs little. */
static uint64_t carve(struct ram_range *free, unsigned int nr, uintptr_t va, uint64_t len)
{
	uint64_t slack = len >= 1ul << 22 ? 1ul << 21 : 0;
	struct ram_range *r = pick(free, nr, len + slack);
	uint64_t ma;

	if (!r)
		panic("frame table: no room for %lu KiB\n", len >> 10);
	ma = r->end - len;
	if (slack)
		ma -= (ma - va) & (slack - 1);
	/* What lies above ma + len in this range is lost: less than 2 MiB of a large machine. */
	r->end = ma;
	return ma;
}

/* Back the table entries of [start, end) that no earlier range has backed. */
static uintptr_t cover(const struct ram_range *ram, uintptr_t done, struct ram_range *free,
		       unsigned int nr)
{
	uintptr_t from = table_va(ram->start) & PAGE_MASK;
	uintptr_t to = ALIGN_UP(table_va(ram->end), PAGE_SIZE);
	uint64_t ma;

	from = MAX(from, done);
	if (from >= to)
		return done;
	ma = carve(free, nr, from, to - from);
	if (hv_map_frametable(from, maddr(ma), to - from))
		panic("frame table: no table page\n");
	memset((void *)from, 0, to - from);
	table_bytes += to - from;
	return to;
}

void page_init(const struct ram_range *ram, unsigned int nr, struct ram_range *free,
	       unsigned int nr_free)
{
	uintptr_t done = FRAMETABLE_BASE;

	ASSERT(nr <= MAX_RANGES);
	memcpy(known, ram, nr * sizeof(*ram));
	for (unsigned int i = 0; i < nr; i++)
		done = cover(&ram[i], done, free, nr_free);
	nr_known = nr;
	pool.frames = frame_table;
	pool.present = present;
	pool.nr_frames = nr ? ram[nr - 1].end >> PAGE_SHIFT : 0;
	for (unsigned int i = 0; i < nr_free; i++)
		if (free[i].end > free[i].start)
			page_give(mfn(free[i].start >> PAGE_SHIFT),
				  (free[i].end - free[i].start) >> PAGE_SHIFT);
}
