/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* RAM and addresses: what the rest of libos asks for beyond <libos/mem.h>. */
#ifndef LIBOS_SRC_MEMORY_H
#define LIBOS_SRC_MEMORY_H

#include <libos/compiler.h>
#include <libos/mem.h>
#include <stddef.h>
#include <stdint.h>

/* Find RAM, make the page pool and the final page tables, and switch to them.  Once. */
void memory_init(void);

/* Give the start's pages to the pool, when nothing runs on the boot stack any more. */
void memory_release_boot(void);

/*
 * Map size bytes from ga, readable and writable, at an address of its own: for pages
 * outside of RAM.  NULL if there is no room or no page for tables.
 */
void *must_check memory_map(libos_gaddr_t ga, size_t size);

/*
 * Addresses that the hypervisor may put pages at, outside of RAM, handed out once
 * and for ever: nr_pages from the gap above RAM.  Panics when 2 MiB are used up.
 */
libos_gaddr_t memory_gap(size_t nr_pages);

/*
 * A stack of size bytes (whole pages) with an unmapped page below it: its lowest
 * address, or NULL.
 */
void *must_check memory_stack_alloc(size_t size);
void memory_stack_free(void *stack, size_t size);

/*
 * Move the end of the heap by increment bytes; returns the old end, or NULL if
 * memory is used up or increment reaches below the heap's start.
 */
void *must_check memory_heap_grow(ptrdiff_t increment);

#endif /* LIBOS_SRC_MEMORY_H */
