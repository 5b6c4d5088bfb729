/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Pages.  malloc() and its family (newlib's) sit on top of the same pool.
 *
 * Memory from here is mapped readable and writable, never executable, and is
 * contiguous in guest-physical space.
 */
#ifndef LIBOS_MEM_H
#define LIBOS_MEM_H

#include <libos/compiler.h>
#include <stddef.h>
#include <stdint.h>

#define LIBOS_PAGE_SHIFT 12
#define LIBOS_PAGE_SIZE	 4096ul

/* Blocks of up to 2^LIBOS_MAX_ORDER pages (1 GiB). */
#define LIBOS_MAX_ORDER 18

/* Guest-physical byte address. */
typedef struct {
	uint64_t a;
} libos_gaddr_t;

/*
 * 2^order pages, aligned to their size, contents undefined.
 * NULL if there is no such block, or order is above LIBOS_MAX_ORDER.
 */
void *must_check libos_page_alloc(unsigned int order);

/* Give back a block with the order that it was allocated with; panics if it was not. */
void libos_page_free(void *page, unsigned int order);

/*
 * Bytes of RAM that the domain has, and of those in no use (pages that malloc keeps for
 * itself count as used).  Either pointer may be NULL.
 */
void libos_mem_info(uint64_t *total, uint64_t *free);

/* Where a mapped address lies in guest-physical space; panics if it is not mapped. */
libos_gaddr_t libos_virt_to_gaddr(const void *p);

#endif /* LIBOS_MEM_H */
