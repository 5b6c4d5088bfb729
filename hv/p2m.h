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
	P2M_RAM = 1, /* owned by the domain */
	P2M_HV = 2,  /* the hypervisor's, lent: shared info, grant frames */
};

struct p2m {
	struct spinlock lock; /* [p] */
	struct pt pt;	      /* [p] */
	uint64_t nr_tables;   /* [p] pages charged */
	uint64_t max_tables;  /* (o) budget */
	struct tlb_space tlb; /* [p] what may still be cached of it */
};

/* 0 or -ENOMEM. */
int must_check p2m_init(struct p2m *p, uint64_t max_tables);

/*
 * Map nr frames from g onto machine frames from f, replacing what was there;
 * large entries where both align.  Returns 0, or with nothing changed:
 *   -EINVAL  nr is 0, or the range leaves the guest-physical address space
 *   -ENOMEM  the domain's budget of table pages, or memory, is spent
 */
int must_check p2m_map(struct p2m *p, gfn_t g, mfn_t f, uint64_t nr, enum p2m_type type);

/*
 * Take what is at g out.  RAM of the domain goes into quarantine, and from there
 * back to the frame allocator; *frames is then 1, else 0.  0 or, when a large
 * entry had to be split, -ENOMEM.
 */
int must_check p2m_unmap(struct p2m *p, gfn_t g, uint64_t *frames);

/* Let go what nobody can hold a translation of any more; at most budget pages. */
void p2m_reap(struct p2m *p, unsigned int budget);

/* What is at g: P2M_NONE and INVALID_MFN when nothing is. */
enum p2m_type p2m_lookup(struct p2m *p, gfn_t g, mfn_t *f);

#endif /* HV_P2M_H */
