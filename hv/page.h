/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The frame allocator: every RAM frame of the machine, in buddy blocks of
 * 2^order frames.  A pure core (struct page_pool) with the machine's one pool
 * on top of it.
 *
 * Each frame has one struct page, 16 bytes.  Who owns a frame is said by
 * (slot, incarnation): a dead incarnation's frames stay charged to it until the
 * last foreign map of them is dropped.
 */
#ifndef HV_PAGE_H
#define HV_PAGE_H

#include "compiler.h"
#include "types.h"

#define PAGE_ORDER_2M  9
#define PAGE_ORDER_1G  18
#define PAGE_MAX_ORDER 18
#define PAGE_NR_ORDERS (PAGE_MAX_ORDER + 1)

enum page_state {
	PAGE_ABSENT = 0, /* not RAM, or firmware's */
	PAGE_FREE,	 /* head of a free block: order and links are valid */
	PAGE_FREE_TAIL,	 /* inside a free block */
	PAGE_HV,	 /* owned by the hypervisor */
	PAGE_GUEST,	 /* owned by (slot, incarnation) */
};

struct tlb_item;

#define PAGE_SLOT_NONE 0xffff

/*
 * A frame in quarantine is a struct tlb_item instead (tlb.h): its first word is a
 * pointer to another, on 16 bytes, so that state reads as PAGE_ABSENT or as no
 * state at all.
 */
struct page {
	uint8_t state; /* enum page_state  [p] pool lock while free, owner's otherwise */
	uint8_t order; /* of a free head */
	uint16_t slot; /* owner, PAGE_SLOT_NONE if none */
	uint32_t refs; /* [atomic] the owner's one, maps and pins; 0 when free */
	union {
		struct {
			uint32_t next, prev; /* frame numbers + 1 in the free list, 0 ends */
		};
		struct {
			uint32_t gfn;	      /* where the owner sees it */
			uint32_t incarnation; /* of the owner */
		};
	};
};
_Static_assert(sizeof(struct page) == 16, "struct page is budgeted at 16 bytes a frame");

struct page_pool {
	struct page *frames; /* indexed by frame number; entries of absent ranges may be unmapped */
	uint64_t nr_frames;  /* frames[] covers [0, nr_frames) */
	uint64_t nr_free;    /* frames */
	uint64_t nr_total;   /* frames ever handed in */
	uint32_t head[PAGE_NR_ORDERS];
	/* Tells whether frames[n] may be looked at: buddies can lie in a hole. */
	bool (*present)(const struct page_pool *pool, uint64_t n);
};

/* --- the pure core; the caller holds the pool's lock --- */

/* Hand nr frames from n in; they must be PAGE_ABSENT or PAGE_HV/PAGE_GUEST with no refs. */
void page_pool_add(struct page_pool *pool, uint64_t n, uint64_t nr);

/* A block of 2^order frames aligned to its size, states PAGE_HV; ~0 when there is none. */
uint64_t page_pool_alloc(struct page_pool *pool, unsigned int order);

/* Give 2^order frames back. */
void page_pool_free(struct page_pool *pool, uint64_t n, unsigned int order);

/* --- the machine's pool --- */

#define frame_table ((struct page *)0xffffc00000000000ul) /* FRAMETABLE_BASE */

static inline struct page *mfn_to_page(mfn_t f)
{
	return &frame_table[f.m];
}

/* Is this a RAM frame that the pool knows?  Safe for any number. */
bool mfn_valid(mfn_t f);

/*
 * Take 2^order frames; their contents are whatever was there before.
 * INVALID_MFN when no such block is left.  Any CPU; takes the pool lock.
 */
mfn_t page_alloc(unsigned int order);

/* Give back what page_alloc() gave, in the same or in smaller aligned blocks. */
void page_free(mfn_t f, unsigned int order);

/* A frame on its way into quarantine, and the frame that came out. */
struct tlb_item *page_to_quarantine(mfn_t f);
mfn_t page_from_quarantine(struct tlb_item *item);

/* One more user of a guest's frame; whoever asks holds another reference, or the owner's p2m lock.
 */
void page_get(mfn_t f);

/* One less; the last one gives the frame back to the pool. */
void page_put(mfn_t f);

/* Size of the frame table; the highest frame there is. */
uint64_t page_table_kib(void);
uint64_t page_max_mfn(void);

/* Frames in the pool now, and frames it ever had. */
uint64_t page_nr_free(void);
uint64_t page_nr_total(void);

struct ram_range {
	uint64_t start, end; /* machine bytes, whole frames */
};

/*
 * Make the frame table of the machine's RAM, sorted ranges, and hand in those
 * parts of it that are free, out of which the table's own memory is cut.  Boot
 * only; panics when the table does not fit.
 */
void page_init(const struct ram_range *ram, unsigned int nr, struct ram_range *free,
	       unsigned int nr_free);

/* Hand in RAM that boot no longer needs: nr frames of the known ranges, from f. */
void page_give(mfn_t f, uint64_t nr);

#endif /* HV_PAGE_H */
