/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The page-table formats, as data.  Tables give every right and leave the
 * decision to the leaf; accessed and dirty bits are set from the start.
 *
 * Source: AMD APM vol. 2, "Long-Mode Page Translation", "Nested Paging"; Intel
 * SDM vol. 3, "4-Level Paging", "EPT Translation Mechanism".
 */
#include "x86/pt.h"

/* Long mode and NPT. */
#define PTE_P	      (1ul << 0)
#define PTE_RW	      (1ul << 1)
#define PTE_US	      (1ul << 2)
#define PTE_PWT	      (1ul << 3)
#define PTE_PCD	      (1ul << 4)
#define PTE_A	      (1ul << 5)
#define PTE_D	      (1ul << 6)
#define PTE_PS	      (1ul << 7)
#define PTE_PAT_4K    (1ul << 7)
#define PTE_G	      (1ul << 8)
#define PTE_PAT_LARGE (1ul << 12)
#define PTE_NX	      (1ul << 63)
#define PTE_TABLE     (PTE_P | PTE_RW | PTE_US | PTE_A)

/* EPT. */
#define EPT_R	    (1ul << 0)
#define EPT_W	    (1ul << 1)
#define EPT_X	    (1ul << 2)
#define EPT_MT(t)   ((uint64_t)(t) << 3)
#define EPT_MT_MASK EPT_MT(7)
#define EPT_LARGE   (1ul << 7)
#define EPT_TABLE   (EPT_R | EPT_W | EPT_X)

#define MA_MASK	 0x000ffffffffff000ul
#define NO_TABLE (~MA_MASK)

/* Index into IA32_PAT as PT_PAT_MSR_VALUE sets it: WB 0, WT 1, UC 3, WC 4, WP 5. */
#define PAT_BITS(pat)                                                                              \
	{                                                                                          \
		[PT_UC >> 8] = PTE_PCD | PTE_PWT, [PT_WC >> 8] = (pat), [PT_WT >> 8] = PTE_PWT,    \
			  [PT_WP >> 8] = (pat) | PTE_PWT, [PT_WB >> 8] = 0,                        \
	}
#define EPT_BITS                                                                                   \
	{                                                                                          \
		[PT_UC >> 8] = EPT_MT(0), [PT_WC >> 8] = EPT_MT(1), [PT_WT >> 8] = EPT_MT(4),      \
			  [PT_WP >> 8] = EPT_MT(5), [PT_WB >> 8] = EPT_MT(6),                      \
	}

const struct pt_format pt_format_hv = {
	.name = "hv",
	.levels = 4,
	.max_leaf_level = 3,
	.addr_bits = 48,
	.flush_on_upgrade = true,
	.addr_bias = 1ul << 47,
	.present = PTE_P,
	.ma_mask = MA_MASK,
	.always = PTE_A | PTE_D,
	.invert = PTE_NX,
	.r = PTE_P,
	.w = PTE_RW,
	.x = PTE_NX,
	.user = PTE_US,
	.global = PTE_G,
	.leaf = {[2] = PTE_PS, [3] = PTE_PS},
	.table = {[1] = NO_TABLE, [2] = PTE_TABLE, [3] = PTE_TABLE, [4] = PTE_TABLE},
	.cache = {PAT_BITS(PTE_PAT_4K), PAT_BITS(PTE_PAT_LARGE)},
	.cache_mask = {PTE_PAT_4K | PTE_PCD | PTE_PWT, PTE_PAT_LARGE | PTE_PCD | PTE_PWT},
};

/* The nested walk reads as a user's access, so each level needs US. */
const struct pt_format pt_format_npt = {
	.name = "npt",
	.levels = 4,
	.max_leaf_level = 3,
	.addr_bits = 48,
	.present = PTE_P,
	.ma_mask = MA_MASK,
	.always = PTE_US | PTE_A | PTE_D,
	.invert = PTE_NX,
	.r = PTE_P,
	.w = PTE_RW,
	.x = PTE_NX,
	.leaf = {[2] = PTE_PS, [3] = PTE_PS},
	.table = {[1] = NO_TABLE, [2] = PTE_TABLE, [3] = PTE_TABLE, [4] = PTE_TABLE},
	.cache = {PAT_BITS(PTE_PAT_4K), PAT_BITS(PTE_PAT_LARGE)},
	.cache_mask = {PTE_PAT_4K | PTE_PCD | PTE_PWT, PTE_PAT_LARGE | PTE_PCD | PTE_PWT},
};

const struct pt_format pt_format_ept = {
	.name = "ept",
	.levels = 4,
	.max_leaf_level = 3,
	.addr_bits = 48,
	.present = EPT_R | EPT_W | EPT_X,
	.ma_mask = MA_MASK,
	.r = EPT_R,
	.w = EPT_W,
	.x = EPT_X,
	.leaf = {[2] = EPT_LARGE, [3] = EPT_LARGE},
	.table = {[1] = NO_TABLE, [2] = EPT_TABLE, [3] = EPT_TABLE, [4] = EPT_TABLE},
	.cache = {EPT_BITS, EPT_BITS},
	.cache_mask = {EPT_MT_MASK, EPT_MT_MASK},
};
