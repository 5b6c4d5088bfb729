/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What a guest-physical frame is: the nested page tables of a domain, with a type
 * a frame.
 */
#ifndef HV_P2M_H
#define HV_P2M_H

#include "compiler.h"
#include "spinlock.h"
#include "tlb.h"
#include "types.h"
#include "x86/pt.h"

struct domain;

enum p2m_type {
	P2M_NONE = 0,
	P2M_RAM = 1,	  /* owned by the domain */
	P2M_HV = 2,	  /* the hypervisor's, lent: shared info, grant frames */
	P2M_FOREIGN = 3,  /* another domain's RAM, a reference held */
	P2M_GRANT_RW = 4, /* RAM that was granted; the handle of its map holds the reference */
	P2M_GRANT_RO = 5,
};

#define P2M_LEAVING_MAX 32

struct p2m {
	struct spinlock lock; /* [p] */
	struct pt pt;	      /* [p] */
	uint64_t nr_tables;   /* [p] pages charged */
	uint64_t max_tables;  /* (o) budget */
	struct tlb_space tlb; /* [p] what may still be cached of it */
	/* [p] frames taken out that others may hold too: their reference goes when nothing is
	 * cached */
	struct {
		mfn_t frame;
		uint64_t tag; /* of the reduction */
	} leaving[P2M_LEAVING_MAX];
	unsigned int nr_leaving; /* [p] */
};

/* 0 or -ENOMEM. */
int must_check p2m_init(struct p2m *p, uint64_t max_tables);

/*
 * Map nr frames from g onto machine frames from f; large entries where both
 * align.  Returns 0, or with nothing changed:
 *   -EINVAL  nr is 0, or the range leaves the guest-physical address space
 *   -EEXIST  something is mapped there: replaced, its reference would be lost
 *   -ENOMEM  the domain's budget of table pages, or memory, is spent
 */
int must_check p2m_map(struct p2m *p, gfn_t g, mfn_t f, uint64_t nr, enum p2m_type type);

/*
 * Take what is at g out.  The reference that the table held to a frame of RAM is
 * dropped once nothing can hold a translation any more; the last reference gives
 * the frame back to the allocator.  *frames is 1 when it was the domain's own, else
 * 0.  0, or with nothing changed:
 *   -ENOMEM    a large entry had to be split
 *   -ERESTART  too much is on its way out already: come again
 */
int must_check p2m_unmap(struct p2m *p, gfn_t g, uint64_t *frames);

/*
 * Map the granted frame f at the hole g.  Returns 0, or with nothing changed:
 *   -EEXIST  something is there
 *   -EINVAL  g is beyond the guest-physical address space
 *   -ENOMEM  as p2m_map()
 */
int must_check p2m_map_grant(struct p2m *p, gfn_t g, mfn_t f, bool writable);

/* Take f out of g again, unless its owner has put something else there meanwhile. */
void p2m_unmap_grant(struct p2m *p, gfn_t g, mfn_t f);

/*
 * Return when nobody can hold a translation that p had until now.  No lock held
 * and nothing that was looked up: the running pCPU passes through here like any.
 */
void p2m_flush(struct p2m *p);

/* Let go what nobody can hold a translation of any more; at most budget pages. */
void p2m_reap(struct p2m *p, unsigned int budget);

/*
 * The frame of the domain's own RAM at g, with a reference that page_put() drops.
 * 0, or -EINVAL when there is something else, or nothing.
 */
int must_check p2m_get(struct p2m *p, gfn_t g, mfn_t *f);

/*
 * The domain is gone from every pCPU, IOTLB and the hypervisor's own code: drop
 * what is mapped from *next on, at most budget frames or holes, and free the
 * tables.  True when nothing is left.
 */
bool must_check p2m_destroy_step(struct p2m *p, uint64_t *next, unsigned int budget);

/* What is at g: P2M_NONE and INVALID_MFN when nothing is. */
enum p2m_type p2m_lookup(struct p2m *p, gfn_t g, mfn_t *f);

#endif /* HV_P2M_H */
