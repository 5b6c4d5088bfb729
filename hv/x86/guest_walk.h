/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * From a guest's virtual address to its physical one, as its own page tables
 * say: what its CPU would find, read by the rules of the mode it is in.  A pure
 * core: registers and memory come as parameters.
 *
 * The tables belong to the guest and may hold anything, and change meanwhile:
 * each level is read once.  SMAP, and whether a page may be executed, are between
 * the guest and itself.
 * Accessed and dirty bits are not set.
 *
 * All of it is inline: every hypercall's arguments come through here, and the
 * reads then cost no call.
 *
 * Manual: AMD APM vol. 2, chapter 5 "Page Translation and Protection".
 */
#ifndef HV_X86_GUEST_WALK_H
#define HV_X86_GUEST_WALK_H

#include "compiler.h"
#include "types.h"

/* The registers that say how a guest's addresses are translated. */
struct guest_paging {
	uint64_t cr0, cr3, cr4, efer;
};

/*
 * Read the entry at guest-physical address ga, which is aligned to its size: 4
 * bytes, the rest of *entry then 0, or 8.  False: there is no RAM.
 */
typedef bool (*guest_read_fn)(void *ctx, gaddr_t ga, unsigned int size, uint64_t *entry);

/* The access, any combination; none is a read with the rights of the guest's kernel. */
#define GUEST_WRITE 1u
#define GUEST_USER  2u

#define WALK_CR0_WP   (1ul << 16)
#define WALK_CR0_PG   (1ul << 31)
#define WALK_CR4_PSE  (1ul << 4)
#define WALK_CR4_PAE  (1ul << 5)
#define WALK_CR4_LA57 (1ul << 12)
#define WALK_EFER_LMA (1ul << 10)
#define WALK_EFER_NXE (1ul << 11)

#define WALK_PTE_P    (1ul << 0)
#define WALK_PTE_W    (1ul << 1)
#define WALK_PTE_US   (1ul << 2)
#define WALK_PTE_PS   (1ul << 7)
#define WALK_PTE_NX   (1ul << 63)
#define WALK_PTE_ADDR 0x000ffffffffff000ul

#define WALK_BITS(high, low) ((~0ul >> (63 - (high))) & (~0ul << (low)))

/* One level of tables.  A page's rules are another's than a table's. */
struct walk_level {
	uint64_t shift;	    /* of the part of an address that its entries map */
	uint64_t needed;    /* P, and W and US where they are */
	uint64_t page;	    /* the bit that makes an entry a page: P at the last level */
	uint64_t bad_table; /* reserved bits in the entry of a table */
	uint64_t bad_page;  /* and in that of a page */
};

struct walk_mode {
	uint64_t root; /* bits of CR3 */
	uint64_t index_mask;
	unsigned int entry_size;
	struct walk_level level[4]; /* from the root on */
};

#define WALK_PTE_ALL (WALK_PTE_P | WALK_PTE_W | WALK_PTE_US)

static const struct walk_mode walk_mode_32 = {
	.root = WALK_BITS(31, 12),
	.index_mask = 1023,
	.entry_size = 4,
	.level = {{22, WALK_PTE_ALL, 0, 0, 0}, {12, WALK_PTE_ALL, WALK_PTE_P, 0, 0}},
};

/* Bits 20-13 of a page of 4 MiB are bits 39-32 of its address (PSE-36). */
static const struct walk_mode walk_mode_32_pse = {
	.root = WALK_BITS(31, 12),
	.index_mask = 1023,
	.entry_size = 4,
	.level = {{22, WALK_PTE_ALL, WALK_PTE_PS, 0, WALK_BITS(21, 21)},
		  {12, WALK_PTE_ALL, WALK_PTE_P, 0, 0}},
};

static const struct walk_mode walk_mode_pae = {
	.root = WALK_BITS(31, 5),
	.index_mask = 511,
	.entry_size = 8,
	.level = {{30, WALK_PTE_P, 0, WALK_BITS(63, 52) | WALK_BITS(8, 5) | WALK_BITS(2, 1), 0},
		  {21, WALK_PTE_ALL, WALK_PTE_PS, WALK_BITS(62, 52),
		   WALK_BITS(62, 52) | WALK_BITS(20, 13)},
		  {12, WALK_PTE_ALL, WALK_PTE_P, 0, WALK_BITS(62, 52)}},
};

static const struct walk_mode walk_mode_long = {
	.root = WALK_PTE_ADDR,
	.index_mask = 511,
	.entry_size = 8,
	.level = {{39, WALK_PTE_ALL, 0, WALK_PTE_PS, 0},
		  {30, WALK_PTE_ALL, WALK_PTE_PS, 0, WALK_BITS(29, 13)},
		  {21, WALK_PTE_ALL, WALK_PTE_PS, 0, WALK_BITS(20, 13)},
		  {12, WALK_PTE_ALL, WALK_PTE_P, 0, 0}},
};

static inline const struct walk_mode *walk_choose_mode(const struct guest_paging *p)
{
	if (p->cr4 & WALK_CR4_PAE)
		return &walk_mode_pae;
	return p->cr4 & WALK_CR4_PSE ? &walk_mode_32_pse : &walk_mode_32;
}

static inline gaddr_t walk_page_address(const struct walk_mode *m, uint64_t entry, uint64_t shift,
					uint64_t va)
{
	uint64_t mask = (1ul << shift) - 1;
	uint64_t ga = (entry & WALK_PTE_ADDR & ~mask) | (va & mask);

	if (unlikely(m == &walk_mode_32_pse && shift > PAGE_SHIFT))
		ga |= (entry & WALK_BITS(20, 13)) << 19;
	return gaddr(ga);
}

/* What each level must allow.  CR0.WP does not concern a user's writes. */
static inline uint64_t walk_rights(const struct guest_paging *p, unsigned int access)
{
	uint64_t rights = WALK_PTE_P;

	if ((access & GUEST_WRITE) && ((p->cr0 & WALK_CR0_WP) || (access & GUEST_USER)))
		rights |= WALK_PTE_W;
	if (access & GUEST_USER)
		rights |= WALK_PTE_US;
	return rights;
}

/* Paging is on and va is an address of the mode. */
static inline bool always_inline walk_tables(const struct walk_mode *m,
					     const struct guest_paging *p, uint64_t va,
					     unsigned int access, guest_read_fn read, void *ctx,
					     gaddr_t *ga)
{
	uint64_t rights = walk_rights(p, access);
	uint64_t never = p->efer & WALK_EFER_NXE ? 0 : WALK_PTE_NX;
	uint64_t table = p->cr3 & m->root;

	for (const struct walk_level *l = m->level;; l++) {
		uint64_t index = (va >> l->shift) & m->index_mask;
		uint64_t entry;

		if (!read(ctx, gaddr(table + index * m->entry_size), m->entry_size, &entry))
			return false;
		if (~entry & l->needed & rights)
			return false;
		if (entry & l->page) {
			*ga = walk_page_address(m, entry, l->shift, va);
			return !(entry & (l->bad_page | never));
		}
		if (entry & (l->bad_table | never))
			return false;
		table = entry & WALK_PTE_ADDR;
	}
}

/*
 * Where va lies: true and *ga, or false, for what the guest would get a page fault
 * or #GP for: not canonical, not present, a reserved bit set, not writable (to a
 * kernel with CR0.WP on), a kernel's page, a table that is not RAM.  Also false
 * with five levels, which no guest is offered.  At most four reads.  The frame
 * at *ga need not be RAM; it is below 2^52.
 */
static inline bool must_check always_inline guest_walk(const struct guest_paging *p, uint64_t va,
						       unsigned int access, guest_read_fn read,
						       void *ctx, gaddr_t *ga)
{
	if (!(p->cr0 & WALK_CR0_PG)) {
		*ga = gaddr((uint32_t)va);
		return true;
	}
	if (unlikely(!(p->efer & WALK_EFER_LMA)))
		return walk_tables(walk_choose_mode(p), p, (uint32_t)va, access, read, ctx, ga);
	if ((p->cr4 & WALK_CR4_LA57) || (uint64_t)((int64_t)(va << 16) >> 16) != va)
		return false;
	return walk_tables(&walk_mode_long, p, va, access, read, ctx, ga);
}

#endif /* HV_X86_GUEST_WALK_H */
