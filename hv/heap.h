/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Pages for the hypervisor's own use: table pages, per-CPU and per-domain
 * records, stacks.  They are reached through the direct map, which covers these
 * and no others.  The heap takes 2 MiB blocks from the frame allocator, so that
 * one table entry maps 512 pages.
 */
#ifndef HV_HEAP_H
#define HV_HEAP_H

#include "compiler.h"
#include "types.h"

/* One zeroed page, or NULL when memory is short.  Any CPU; takes the heap lock. */
void *must_check hv_page_alloc(void);

/* One zeroed page of the reserve, for paging.c's own tables; does not grow the heap. */
void *must_check heap_table_alloc(void);

/* Give it back; NULL is ignored. */
void hv_page_free(void *page);

/* Between an address in the direct map and the machine. */
maddr_t hv_va_to_maddr(const void *va);
void *hv_maddr_to_va(maddr_t ma);

/* Is that frame one of the heap's, and so in the direct map? */
bool heap_owns(maddr_t ma);

/* Pages that the heap holds, and those of them that are free. */
struct heap_stats {
	uint64_t total, free;
};
struct heap_stats heap_stats(void);

/*
 * Seed the heap with pages of the image, before there is a frame allocator.
 * nr pages from va, mapped in the direct map by the caller.  Boot only.
 */
void heap_seed(void *va, unsigned int nr);

#endif /* HV_HEAP_H */
