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
#define WINDOW_BASE	0xffffe00000000000ul
#define IMAGE_BASE	0xffffffff80000000ul

/*
 * Map device registers, uncached, read-write, for good.  ma and len need no
 * alignment.  NULL when no table page or no address space is left.
 */
void __iomem *hv_map_mmio(maddr_t ma, size_t len);

/* Map firmware's memory (ACPI tables, boot information), write-back, read-only, for good; NULL as above. */
const void *hv_map_ro(maddr_t ma, size_t len);

#endif /* HV_X86_PAGING_H */
