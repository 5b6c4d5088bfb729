/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the page tables.  Table pages come from the page pool, whose pages are always
 * mapped onto themselves, so a table's address is its entry's address.
 * Source: AMD APM vol. 2, 5.3 "Long-Mode Page Translation".
 */
#include "x86/paging.h"

#include <libos/errno.h>
#include <string.h>

#include "x86/asm.h"

#define PTE_ADDR UINT64_C(0x000ffffffffff000)
#define LARGE	 (UINT64_C(2) << 20)
#define ENTRIES	 512

static uint64_t *pml4;

static uint64_t *table_alloc(void)
{
	uint64_t *t = libos_page_alloc(0);

	if (t != NULL)
		memset(t, 0, LIBOS_PAGE_SIZE);
	return t;
}

static uint64_t *table_of(uint64_t entry)
{
	return (uint64_t *)(uintptr_t)(entry & PTE_ADDR);
}

/* Replace a 2 MiB entry by a table of 4 KiB ones that say the same. */
static uint64_t *large_split(uint64_t *slot)
{
	uint64_t *t = table_alloc();

	if (t == NULL)
		return NULL;
	for (size_t i = 0; i < ENTRIES; i++)
		t[i] = (*slot & ~PTE_PS) + i * LIBOS_PAGE_SIZE;
	*slot = (uintptr_t)t | PTE_P | PTE_W;
	return t;
}

/*
 * The entry for va at a level (1: 4 KiB, 2: 2 MiB).  Tables on the way are made if
 * create is set; NULL if one is missing, or if a larger entry ends the walk.
 */
static uint64_t *entry_of(uintptr_t va, unsigned int level, bool create)
{
	uint64_t *t = pml4;

	for (unsigned int l = 4;; l--) {
		uint64_t *slot = &t[va >> (3 + 9 * l) & (ENTRIES - 1)];

		if (l == level)
			return slot;
		if (*slot & PTE_PS) {
			t = create ? large_split(slot) : NULL;
		} else if (*slot & PTE_P) {
			t = table_of(*slot);
		} else {
			t = create ? table_alloc() : NULL;
			if (t != NULL)
				*slot = (uintptr_t)t | PTE_P | PTE_W;
		}
		if (t == NULL)
			return NULL;
	}
}

/* Try one 2 MiB entry; false if va needs small ones. */
static bool map_large(uintptr_t va, uint64_t ga, size_t size, uint64_t flags)
{
	uint64_t *slot;

	if (size < LARGE || (va | ga) % LARGE != 0)
		return false;
	slot = entry_of(va, 2, true);
	if (slot == NULL || ((*slot & PTE_P) && !(*slot & PTE_PS)))
		return false;
	*slot = ga | flags | PTE_P | PTE_G | PTE_PS;
	return true;
}

int paging_map(uintptr_t va, libos_gaddr_t ga, size_t size, uint64_t flags)
{
	uintptr_t end = va + size;
	uint64_t *slot = NULL;

	for (uint64_t a = ga.a; va < end;) {
		size_t step = LIBOS_PAGE_SIZE;

		if (map_large(va, a, end - va, flags)) {
			step = LARGE;
			slot = NULL;
		} else {
			/* Stay in one table as long as it lasts. */
			if (slot == NULL || va % LARGE == 0)
				slot = entry_of(va, 1, true);
			if (slot == NULL)
				return -LIBOS_ENOMEM;
			*slot++ = a | flags | PTE_P | PTE_G;
		}
		invlpg(va);
		va += step;
		a += step;
	}
	return 0;
}

void paging_unmap(uintptr_t va, size_t size)
{
	for (uintptr_t end = va + size; va < end; va += LIBOS_PAGE_SIZE) {
		uint64_t *slot = entry_of(va, 1, false);

		if (slot == NULL)
			continue;
		*slot = 0;
		invlpg(va);
	}
}

bool paging_lookup(uintptr_t va, libos_gaddr_t *ga)
{
	uint64_t *slot = entry_of(va, 1, false);
	uint64_t size = LIBOS_PAGE_SIZE;

	if (slot == NULL) {
		size = LARGE;
		slot = entry_of(va, 2, false);
		if (slot == NULL || !(*slot & PTE_PS))
			return false;
	}
	if (!(*slot & PTE_P))
		return false;
	ga->a = (*slot & PTE_ADDR & ~(size - 1)) | (va & (size - 1));
	return true;
}

int paging_init(void)
{
	pml4 = table_alloc();
	return pml4 != NULL ? 0 : -LIBOS_ENOMEM;
}

void paging_activate(void)
{
	write_cr3((uintptr_t)pml4);
}
