/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the domain's RAM: the page pool over all of it, the heap's end, stacks, and
 * the gap of addresses above RAM.  How blocks are found is pages.c's and vspace.c's
 * work, how they are mapped x86/paging.c's.
 */
#include "src/memory.h"

#include <libos/backtrace.h>

#include "src/image.h"
#include "src/pages.h"
#include "src/startinfo.h"
#include "src/vspace.h"
#include "x86/paging.h"
#include "x86/traps.h"

#define GAP_SIZE (UINT64_C(2) << 20)

_Static_assert(PAGES_SIZE == LIBOS_PAGE_SIZE && PAGES_MAX_ORDER == LIBOS_MAX_ORDER,
	       "the core and the interface agree");

static struct pages pool;
static uint64_t ram_bytes;
static uint64_t gap_next, gap_end;
static uintptr_t heap_end = HEAP_BASE, heap_mapped = HEAP_BASE;

static uint64_t vspace_bits[VSPACE_SIZE / LIBOS_PAGE_SIZE / 64];
static struct vspace vspace = {
	.base = VSPACE_BASE,
	.nr = VSPACE_SIZE / LIBOS_PAGE_SIZE,
	.used = vspace_bits,
};

void *libos_page_alloc(unsigned int order)
{
	return pages_alloc(&pool, order);
}

void libos_page_free(void *page, unsigned int order)
{
	if (!pages_free(&pool, page, order))
		libos_panic("libos_page_free: no block of order %u at %p", order, page);
}

void libos_mem_info(uint64_t *total, uint64_t *free)
{
	if (total != NULL)
		*total = ram_bytes;
	if (free != NULL)
		*free = pool.nr_free * LIBOS_PAGE_SIZE;
}

libos_gaddr_t libos_virt_to_gaddr(const void *p)
{
	libos_gaddr_t ga;

	if (!paging_lookup((uintptr_t)p, &ga))
		libos_panic("libos_virt_to_gaddr: nothing at %p", p);
	return ga;
}

/* The lowest free piece of RAM below the boot tables' end that holds size bytes. */
static void *early_alloc(uint64_t size, struct ram_range *used)
{
	struct ram_range r, piece;

	for (unsigned int i = 0; startinfo_ram(i, &r); i++) {
		if (r.end > BOOT_MAP_SIZE)
			r.end = BOOT_MAP_SIZE;
		for (; startinfo_next_free(&r, &piece); r.start = piece.end) {
			if (piece.end - piece.start < size)
				continue;
			used->start = piece.start;
			used->end = piece.start + size;
			return (void *)(uintptr_t)piece.start;
		}
	}
	libos_panic("no room for %lu bytes of page states", size);
}

/* Put the free RAM between two addresses into the pool, save for the page states. */
static void pool_fill(uint64_t from, uint64_t to, const struct ram_range *states)
{
	struct ram_range r, piece;

	for (unsigned int i = 0; startinfo_ram(i, &r); i++) {
		if (r.start < from)
			r.start = from;
		if (r.end > to)
			r.end = to;
		for (; r.start < r.end && startinfo_next_free(&r, &piece); r.start = piece.end) {
			if (piece.start == states->start)
				piece.start = states->end;
			pages_add(&pool, piece.start, piece.end);
		}
	}
}

static void map_or_panic(uintptr_t va, uintptr_t end, uint64_t flags)
{
	if (end > va && paging_map(va, (libos_gaddr_t){va}, end - va, flags) != 0)
		libos_panic("no memory for page tables");
}

static void tables_build(void)
{
	struct ram_range r;

	if (paging_init() != 0)
		libos_panic("no memory for page tables");
	for (unsigned int i = 0; startinfo_ram(i, &r); i++)
		map_or_panic(r.start != 0 ? r.start : LIBOS_PAGE_SIZE, r.end, PTE_RW);
	map_or_panic((uintptr_t)image_start, (uintptr_t)image_text_end, PTE_RX);
	map_or_panic((uintptr_t)image_text_end, (uintptr_t)image_rodata_end, PTE_RO);
	paging_unmap(traps_guard_page(), LIBOS_PAGE_SIZE);
	paging_unmap((uintptr_t)boot_guard, LIBOS_PAGE_SIZE);
}

void memory_init(void)
{
	struct ram_range r, states;
	uint64_t top = 0, nr;

	for (unsigned int i = 0; startinfo_ram(i, &r); i++) {
		ram_bytes += r.end - r.start;
		if (r.end > top)
			top = r.end;
	}
	nr = top / LIBOS_PAGE_SIZE;
	pages_init(&pool, 0, nr, early_alloc(ALIGN_UP(nr, LIBOS_PAGE_SIZE), &states));
	pool_fill(0, BOOT_MAP_SIZE, &states);
	tables_build();
	paging_activate();
	pool_fill(BOOT_MAP_SIZE, UINT64_MAX, &states);
	gap_next = startinfo_gap(GAP_SIZE, GAP_SIZE);
	gap_end = gap_next + GAP_SIZE;
}

void memory_release_boot(void)
{
	map_or_panic((uintptr_t)boot_guard, (uintptr_t)boot_guard + LIBOS_PAGE_SIZE, PTE_RW);
	pages_add(&pool, (uintptr_t)image_boot_start, (uintptr_t)image_end);
}

libos_gaddr_t memory_gap(size_t nr_pages)
{
	libos_gaddr_t ga = {gap_next};

	if (gap_end - gap_next < nr_pages * LIBOS_PAGE_SIZE)
		libos_panic("no addresses left above RAM for %lu pages", nr_pages);
	gap_next += nr_pages * LIBOS_PAGE_SIZE;
	return ga;
}

void *memory_map(libos_gaddr_t ga, size_t size)
{
	uintptr_t va = vspace_alloc(&vspace, size / LIBOS_PAGE_SIZE);

	if (va == 0)
		return NULL;
	if (paging_map(va, ga, size, PTE_RW) != 0) {
		paging_unmap(va, size);
		vspace_free(&vspace, va, size / LIBOS_PAGE_SIZE);
		return NULL;
	}
	return (void *)va;
}

/* Take the pages behind [va, va + size) back. */
static void pages_unmap(uintptr_t va, size_t size)
{
	libos_gaddr_t ga;

	for (uintptr_t end = va + size; va < end; va += LIBOS_PAGE_SIZE) {
		if (!paging_lookup(va, &ga))
			continue;
		paging_unmap(va, LIBOS_PAGE_SIZE);
		libos_page_free((void *)(uintptr_t)ga.a, 0);
	}
}

/* Back [va, va + size) with pages from the pool; all or nothing. */
static bool pages_map(uintptr_t va, size_t size)
{
	for (uintptr_t a = va; a < va + size; a += LIBOS_PAGE_SIZE) {
		void *page = libos_page_alloc(0);

		if (page == NULL)
			goto unmap;
		if (paging_map(a, (libos_gaddr_t){(uintptr_t)page}, LIBOS_PAGE_SIZE, PTE_RW)) {
			libos_page_free(page, 0);
			goto unmap;
		}
	}
	return true;
unmap:
	pages_unmap(va, size);
	return false;
}

void *memory_stack_alloc(size_t size)
{
	size_t nr = size / LIBOS_PAGE_SIZE + 1;
	uintptr_t va = vspace_alloc(&vspace, nr);

	if (va == 0)
		return NULL;
	if (!pages_map(va + LIBOS_PAGE_SIZE, size)) {
		vspace_free(&vspace, va, nr);
		return NULL;
	}
	return (void *)(va + LIBOS_PAGE_SIZE);
}

void memory_stack_free(void *stack, size_t size)
{
	uintptr_t va = (uintptr_t)stack;

	pages_unmap(va, size);
	vspace_free(&vspace, va - LIBOS_PAGE_SIZE, size / LIBOS_PAGE_SIZE + 1);
}

void *memory_heap_grow(ptrdiff_t increment)
{
	uintptr_t old = heap_end, end = old + (uintptr_t)increment;
	uintptr_t mapped = ALIGN_UP(end, LIBOS_PAGE_SIZE);

	if (end < HEAP_BASE || end > HEAP_BASE + HEAP_SIZE || (increment > 0 && end < old))
		return NULL;
	if (mapped > heap_mapped && !pages_map(heap_mapped, mapped - heap_mapped))
		return NULL;
	if (mapped < heap_mapped)
		pages_unmap(mapped, heap_mapped - mapped);
	heap_mapped = mapped;
	heap_end = end;
	return (void *)old;
}
