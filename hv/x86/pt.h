/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Page tables of 512 entries of 8 bytes, whatever hardware walks them: the
 * hypervisor's own, nested tables of both CPU vendors, and those of IOMMUs.
 * A format is a const struct of masks; one walker serves them all.
 *
 * This file owns the tables' contents and the order of the stores into them.
 * It leaves to others: the lock (one per struct pt, the caller's), which frames
 * may be mapped, flushing, and the reuse of retired tables (tlb.h).
 *
 * What a concurrent hardware walker may rely on: each entry changes by one
 * 64-bit store, a table is complete before an entry points to it, and at each
 * moment every address translates as before or as after the running call.
 * Accessed and dirty bits are set from the start, so hardware never writes.
 *
 * Source: AMD APM vol. 2, "Long-Mode Page Translation", "Nested Paging";
 * Intel SDM vol. 3, "The Extended Page Table Mechanism (EPT)".
 */
#ifndef HV_X86_PT_H
#define HV_X86_PT_H

#include "compiler.h"
#include "types.h"

/*
 * Attributes of a mapping, in one word.  PT_R is needed in each.  A format
 * drops what it has no bit for (nested formats: PT_USER, PT_GLOBAL) and gives
 * more than asked where it cannot say less (no PT_X bit in an IOMMU's).
 */
#define PT_R	  0x01u
#define PT_W	  0x02u
#define PT_X	  0x04u
#define PT_USER	  0x08u
#define PT_GLOBAL 0x10u

/* Cache types, numbered as the PAT and the EPT number them. */
#define PT_CACHE_MASK 0x700u
#define PT_UC	      (0u << 8)
#define PT_WC	      (1u << 8)
#define PT_WT	      (4u << 8)
#define PT_WP	      (5u << 8)
#define PT_WB	      (6u << 8)

/* Six bits that the hardware ignores, for the caller (p2m type).  A change of them alone asks for
 * no flush. */
#define PT_SOFT_MASK	  0x3f0000u
#define PT_SOFT_SHIFT	  16
#define PT_SOFT(n)	  (((uint32_t)(n) << PT_SOFT_SHIFT) & PT_SOFT_MASK)
#define PT_SOFT_GET(attr) (((attr)&PT_SOFT_MASK) >> PT_SOFT_SHIFT)

/* IA32_PAT on every pCPU, which the hv and NPT formats count on; entries 0-3 are the reset value's.
 */
#define PT_PAT_MSR_VALUE 0x0000050100070406ul

#define PT_ENTRIES    512
#define PT_LEVELS_MAX 5

/* Level 1 maps 4 KiB, 2 maps 2 MiB, 3 maps 1 GiB. */
#define PT_LEVEL_SHIFT(level) (3 + 9 * (level))
#define PT_LEVEL_SIZE(level)  (1ul << PT_LEVEL_SHIFT(level))

/*
 * Where a format keeps what, all indexed by level (1: 4 KiB ... ) or by whether
 * the entry is a large one.  An entry that points to a table holds exactly
 * table[level] and the address, so that one compare tells it from a leaf.
 */
struct pt_format {
	const char *name;
	uint8_t levels;		/* of tables, the root's included; 3 ... PT_LEVELS_MAX */
	uint8_t max_leaf_level; /* 1 ... 3 */
	uint8_t addr_bits;	/* 12 + 9 * levels */
	bool flush_on_upgrade;	/* hardware faults on a stale entry that a re-walk would allow */
	uint64_t addr_bias;	/* added before addr_bits are checked: 2^47 for canonical ones */
	uint64_t present;	/* an entry is present when it has any of these */
	uint64_t ma_mask;	/* bits of the address in an entry */
	uint64_t always;	/* set in every leaf */
	uint64_t invert;	/* bits that mean the opposite of the attribute (NX) */
	uint64_t r, w, x, user, global;
	uint64_t leaf[4]; /* extra bits of a leaf */
	uint64_t table[PT_LEVELS_MAX +
		       1];	/* entry to a table, less its address; [1]: matches none */
	uint64_t cache[2][8];	/* by 4 KiB/large, by cache type */
	uint64_t cache_mask[2]; /* 0: the format has no cache type */
};

extern const struct pt_format pt_format_hv;  /* long mode, 4 levels, canonical addresses */
extern const struct pt_format pt_format_npt; /* AMD nested paging, 4 levels */
extern const struct pt_format pt_format_ept; /* Intel EPT, 4 levels, accessed/dirty off */

/* Where tables come from.  alloc gives one zeroed page: 0, or -errno (-ENOMEM when the budget is
 * spent). */
struct pt_alloc {
	int (*alloc)(void *ctx, maddr_t *table);
	void (*free)(void *ctx, maddr_t table);
	void *ctx;
	bool no_snoop; /* the walker reads behind the caches: each line stored is written back */
};

struct pt {
	const struct pt_format *fmt; /* (o) */
	uintptr_t base;		     /* a table is read and written at base + maddr */
	maddr_t root;		     /* (o) what CR3, nCR3 or EPTP gets */
	uint8_t max_leaf_level;	 /* pt_init() takes the format's; lower it where the CPU lacks 1 GiB
				    entries */
	uint64_t destroyed;	 /* [lock] pt_destroy_step() is through with addresses below */
	unsigned long nr_tables; /* [lock] root included */
	struct pt_alloc alloc;	 /* (o) */
};

/*
 * What a change asks of its caller.  Zero it but for retire and ctx before the
 * first call; several calls may add to the same one.
 *
 * retire is called for each table page that the change took out of the tree,
 * after the last store that unlinks it; a walker may still hold it, so neither
 * its content may be touched nor the page reused before the flush is complete.
 * It cannot refuse.  retire implies needed.  retire NULL means pt->alloc.free
 * at once, and is only for tables that no hardware walks yet.
 */
struct pt_flush {
	bool needed; /* translations that were present are reduced or changed */
	bool added;  /* absent ones became present (or may have): for IOMMUs that cache absence */
	uint64_t first; /* lowest address that needs the flush, when needed */
	uint64_t last;	/* highest, inclusive */
	void (*retire)(void *ctx, maddr_t table);
	void *ctx;
};

/* One translation, as found by pt_lookup(). */
struct pt_entry {
	maddr_t ma;   /* of the very address asked for, byte offset included */
	uint64_t raw; /* the entry as it stands; see pt_entry_attr() */
	uint8_t level;
};

/*
 * Make an empty tree.  Returns 0, or what alloc returned.
 */
int must_check pt_init(struct pt *pt, const struct pt_format *fmt, uintptr_t base,
		       const struct pt_alloc *alloc);

/*
 * Map [addr, addr + len) onto machine memory from ma, with the largest entries
 * that fit; replaces what was mapped there.  Lock held.  Work grows with the
 * entries written, plus the tables replaced (513 a GiB at most): the caller
 * bounds len.
 * Returns 0, or with nothing changed:
 *   -EINVAL  addr, ma or len not a multiple of 4 KiB; len is 0; addresses
 *            wrap or exceed the format; attr lacks PT_R or has unknown bits
 *   -ENOMEM  (or what alloc said) a table was needed
 */
int must_check pt_map(struct pt *pt, uint64_t addr, maddr_t ma, uint64_t len, uint32_t attr,
		      struct pt_flush *flush);

/*
 * Unmap [addr, addr + len); holes are fine.  Splits a large entry that is only
 * partly in the range.  Errors as pt_map(); a range that cuts no large entry
 * never fails for memory.
 */
int must_check pt_unmap(struct pt *pt, uint64_t addr, uint64_t len, struct pt_flush *flush);

/*
 * Give what is mapped in [addr, addr + len) the attributes attr; holes stay
 * holes.  Errors as pt_unmap().
 */
int must_check pt_protect(struct pt *pt, uint64_t addr, uint64_t len, uint32_t attr,
			  struct pt_flush *flush);

/*
 * Translate one address.  Lock held, or tables kept from reuse as tlb.h says.
 * False when addr is not mapped; e->level is then the size of the hole around
 * it, or 0 when addr is no address of the format, and the rest unspecified.
 * Some 70 instructions for four levels.
 */
bool pt_lookup(const struct pt *pt, uint64_t addr, struct pt_entry *e);

/* The attributes of an entry that pt_lookup() found on a table of this format. */
uint32_t pt_entry_attr(const struct pt_format *fmt, const struct pt_entry *e);

static inline bool pt_entry_writable(const struct pt_format *fmt, const struct pt_entry *e)
{
	return (e->raw & fmt->w) != 0;
}

/* The six bits of PT_SOFT(), as a number. */
static inline unsigned int pt_entry_soft(const struct pt_entry *e)
{
	return (unsigned int)(e->raw >> 52) & 0x3f;
}

/*
 * Free every table, the root last.  No hardware uses the tree any more, and
 * what it had cached is flushed.  Examines budget entries at most (512 or more
 * make sure of progress); true when done, then only pt_init() may follow.
 */
bool must_check pt_destroy_step(struct pt *pt, unsigned int budget);

#endif /* HV_X86_PT_H */
