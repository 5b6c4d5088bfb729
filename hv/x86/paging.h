/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's own address space.  It maps itself, the frames that it owns,
 * the frame table, device registers that it drives, and per-pCPU windows for the
 * length of one copy.  There is no map of guest memory.
 *
 *   0xffff800000000000  DIRECTMAP  va = base + maddr, for frames owned by hv only
 *   0xffffc00000000000  FRAMETABLE struct page of every RAM frame
 *   0xffffd00000000000  VMAP       MMIO, firmware tables, stacks between guard pages
 *   0xffffd80000000000  GUESTMAP   standing maps of guests' pages, see guestmap.h
 *   0xffffe00000000000  WINDOW     4 KiB slots of each pCPU
 *   0xffffffff80000000  IMAGE      text RX, rodata R, data RW+NX
 *
 * Source: AMD APM vol. 2, "Long-Mode Page Translation".
 */
#ifndef HV_X86_PAGING_H
#define HV_X86_PAGING_H

#include "compiler.h"
#include "types.h"

#define DIRECTMAP_BASE	0xffff800000000000ul
#define FRAMETABLE_BASE 0xffffc00000000000ul
#define VMAP_BASE	0xffffd00000000000ul
#define GUESTMAP_BASE	0xffffd80000000000ul
#define WINDOW_BASE	0xffffe00000000000ul
#define IMAGE_BASE	0xffffffff80000000ul

/*
 * Map device registers, uncached, read-write, for good.  ma and len need no
 * alignment.  NULL when no table page or no address space is left.
 */
void __iomem *hv_map_mmio(maddr_t ma, size_t len);

/* Map firmware's memory (ACPI tables, boot information), write-back, read-only, for good; NULL as
 * above. */
const void *hv_map_ro(maddr_t ma, size_t len);

/*
 * Give RAM taken from the frame allocator a place in the direct map, read-write.
 * Returns 0 or -ENOMEM.
 */
int must_check hv_map_direct(maddr_t ma, size_t len);

/* Map RAM that only boot uses, read-write, for good; NULL as above. */
void *hv_map_ram(maddr_t ma, size_t len);

/* One page at an address of the caller's region, read-write: 0 or -ENOMEM; and no more. */
int must_check hv_map_page(uintptr_t va, mfn_t f);
void hv_unmap_page(uintptr_t va);

/*
 * pages of stack between guard pages.  Returns the top, or NULL.
 */
void *hv_stack_alloc(unsigned int pages);

/*
 * Leave boot.S's tables for the real ones: W^X, NX, the image in 4 KiB pages.
 * image is the machine address of the image.  Panics when it cannot.
 */
void paging_init(maddr_t image);

/* Map [va, va + len) of the frame table onto ma.  Boot only; 0 or -errno. */
int must_check hv_map_frametable(uintptr_t va, maddr_t ma, size_t len);

/* Turn on NX, WP, SMEP, SMAP and the PAT on this CPU; each CPU once. */
void paging_init_cpu(void);

/* Is there anything at va? */
bool hv_is_mapped(uintptr_t va);

/* Flush everything that this CPU's TLB holds of the hypervisor's space. */
void hv_flush_tlb(void);

/*
 * The level-1 entry of va, empty, for a window: its owner writes it from now on.
 * Boot only; NULL when there is no table page.
 */
uint64_t *hv_pte_alloc(uintptr_t va);

/* From here on what is ro_after_init is read-only.  Boot CPU, at the end of boot. */
void paging_seal(void);

/* Machine address of an object in the image. */
maddr_t hv_image_maddr(const void *va);

/* The root table, to be read; and what CR3 holds on every CPU. */
const uint64_t *hv_root_table(void);
maddr_t hv_root_maddr(void);

#endif /* HV_X86_PAGING_H */
