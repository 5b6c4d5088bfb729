/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Free pages are linked through their first word; a page is cleared when it is
 * handed out.  A few pages are kept back for the table pages that mapping a new
 * block takes; those are handed out by heap_table_alloc() alone.
 *
 * Lock order: whatever the caller holds, then the page-table lock of paging.c,
 * then heap_lock.  Growing holds none of ours while it maps.
 */
#include "heap.h"

#include "lib/string.h"
#include "page.h"
#include "printk.h"
#include "spinlock.h"
#include "x86/paging.h"

#define HEAP_RESERVE 8

struct free_page {
	struct free_page *next;
};

static struct spinlock heap_lock;
static struct free_page *free_list; /* [heap_lock] */
static struct heap_stats stats;	    /* [heap_lock] */

maddr_t hv_va_to_maddr(const void *va)
{
	return maddr((uint64_t)(uintptr_t)va - DIRECTMAP_BASE);
}

void *hv_maddr_to_va(maddr_t ma)
{
	return (void *)(DIRECTMAP_BASE + ma.ma);
}

static void put(void *page)
{
	struct free_page *f = page;

	f->next = free_list;
	free_list = f;
	stats.free++;
}

/* A cleared page, while more than keep are free. */
static void *take(uint64_t keep)
{
	struct free_page *f = NULL;

	spin_lock(&heap_lock);
	if (stats.free > keep) {
		f = free_list;
		free_list = f->next;
		stats.free--;
	}
	spin_unlock(&heap_lock);
	return f ? memset(f, 0, PAGE_SIZE) : NULL;
}

void heap_seed(void *va, unsigned int nr)
{
	for (unsigned int i = nr; i-- > 0;)
		put((char *)va + i * PAGE_SIZE);
	stats.total += nr;
}

/* Map one block and put its pages on the list; the highest first, so that the lowest go out first.
 */
static bool add_block(unsigned int order)
{
	mfn_t f = page_alloc(order);
	char *va;

	if (mfn_eq(f, INVALID_MFN))
		return false;
	va = hv_maddr_to_va(mfn_to_maddr(f));
	if (hv_map_direct(mfn_to_maddr(f), PAGE_SIZE << order)) {
		page_free(f, order);
		return false;
	}
	spin_lock(&heap_lock);
	for (unsigned long i = 1ul << order; i-- > 0;)
		put(va + i * PAGE_SIZE);
	stats.total += 1ul << order;
	spin_unlock(&heap_lock);
	return true;
}

void *hv_page_alloc(void)
{
	void *page = take(HEAP_RESERVE);

	if (page)
		return page;
	if (!add_block(PAGE_ORDER_2M) && !add_block(0))
		return NULL;
	return take(HEAP_RESERVE);
}

void *heap_table_alloc(void)
{
	return take(0);
}

void hv_page_free(void *page)
{
	if (!page)
		return;
	ASSERT(((uintptr_t)page & (PAGE_SIZE - 1)) == 0);
	spin_lock(&heap_lock);
	put(page);
	spin_unlock(&heap_lock);
}

bool heap_owns(maddr_t ma)
{
	return hv_is_mapped(DIRECTMAP_BASE + ma.ma);
}

struct heap_stats heap_stats(void)
{
	return stats;
}
