/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The one address space: RAM mapped onto itself, writable and never executable, the
 * program's sections with what each needs, and two regions for what is mapped piece
 * by piece.  Address 0 and all guard pages are not mapped.
 * Source: AMD APM vol. 2, 5.3 "Long-Mode Page Translation".
 */
#ifndef LIBOS_X86_PAGING_H
#define LIBOS_X86_PAGING_H

#include <libos/compiler.h>
#include <libos/mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stacks, and pages that lie outside of RAM (vspace.h hands out the addresses). */
#define VSPACE_BASE (UINT64_C(1) << 39)
#define VSPACE_SIZE (UINT64_C(1) << 28)

/* What sbrk() grows. */
#define HEAP_BASE (UINT64_C(2) << 39)
#define HEAP_SIZE (UINT64_C(1) << 39)

#define PTE_P  (1ul << 0)
#define PTE_W  (1ul << 1)
#define PTE_PS (1ul << 7)
#define PTE_G  (1ul << 8)
#define PTE_NX (1ul << 63)

#define PTE_RW (PTE_W | PTE_NX)
#define PTE_RO PTE_NX
#define PTE_RX 0ul

/* What the boot tables of x86/start.S map. */
#define BOOT_MAP_SIZE (UINT64_C(1) << 30)

/*
 * Start the final tables.  The RAM that page tables are taken from must be mapped by
 * the boot tables.  0, or -LIBOS_ENOMEM as from paging_map().
 */
int must_check paging_init(void);

/*
 * Map size bytes at va to ga; all are multiples of the page size, flags is one of
 * PTE_RW, PTE_RO and PTE_RX.  2 MiB entries are used where addresses allow and
 * nothing smaller is there yet.  What is mapped already is replaced.
 * Returns 0, or -LIBOS_ENOMEM with a part mapped.
 */
int must_check paging_map(uintptr_t va, libos_gaddr_t ga, size_t size, uint64_t flags);

/* Remove 4 KiB mappings; what is not mapped is skipped. */
void paging_unmap(uintptr_t va, size_t size);

/* Where va lies; false if it is not mapped. */
bool must_check paging_lookup(uintptr_t va, libos_gaddr_t *ga);

/* Leave the boot tables. */
void paging_activate(void);

#endif /* LIBOS_X86_PAGING_H */
