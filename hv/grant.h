/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Grant tables, version 1: a domain lets another one map or copy some of its
 * frames, entry by entry, and takes that back when the other has let go.
 *
 * This owns the shared entries (the hypervisor's half of their protocol), who
 * uses which of them, and the handles of maps.  It leaves to others the p2m,
 * references to frames, the copy itself and the flush, which it asks for
 * through the ops, and the copies of arguments.
 *
 * A shared entry is one 32-bit word of flags and domid, and the frame:
 *	granter					us, for a mapper
 *	F1 write frame, then flags and domid	M1 read flags and domid: granted to it?
 *	F2 to end it: flags 0 by compare-and-	M2 compare-and-swap in GTF_reading
 *	   swap while neither GTF_reading nor	   (and GTF_writing); again if it moved
 *	   GTF_writing is set			M3 read frame
 *						M4 last user gone, translations flushed:
 *						   clear GTF_writing, GTF_reading
 * After M2 the entry cannot be ended before M4.  Its words are the granter's
 * memory all the same: what was found at M3 is kept here and never read again.
 *
 * Each map and each running copy holds a reference to the frame and one to the
 * granter's record, so that a granter that died keeps its frames charged to it
 * until the last map is gone, and its table can go before.
 *
 * Locks: one per domain, never two at once.  page_alloc, page_free, frame_get
 * and frame_put are called with it; map, unmap, flush, copy and domain_get
 * without.
 *
 * Source: <xen/grant_table.h>.
 */
#ifndef HV_GRANT_H
#define HV_GRANT_H

#include "abi/abi.h"
#include "compiler.h"
#include "spinlock.h"
#include "types.h"

#include <xen/grant_table.h>

#define GRANT_MAX_FRAMES  64
#define GRANT_PER_FRAME	  (PAGE_SIZE / sizeof(struct grant_entry_v1))
#define GRANT_UNMAP_BATCH 32

struct grant_domain;

struct grant_ops {
	/* The living domain of this number, held until domain_put; NULL when there is none. */
	struct grant_domain *(*domain_get)(domid_t domid);
	void (*domain_put)(struct grant_domain *d);
	/* Does the manifest let d use frames of granter? */
	bool (*may_use)(const struct grant_domain *d, domid_t granter);
	/* A zeroed page charged to d's budget, or NULL. */
	void *(*page_alloc)(struct grant_domain *d);
	void (*page_free)(struct grant_domain *d, void *page);
	/* The frame of d's own RAM at g, with a reference: 0 or -EINVAL. */
	int (*frame_get)(struct grant_domain *d, gfn_t g, mfn_t *f);
	/* One more reference to a frame that is held already, and one less. */
	void (*frame_get_again)(mfn_t f);
	void (*frame_put)(mfn_t f);
	/* Map f at g of d, where nothing is: 0, -EEXIST, -EINVAL, -ENOMEM. */
	int (*map)(struct grant_domain *d, gfn_t g, mfn_t f, bool writable);
	/* Take f out again if it is still at g, where map() put it; flush(d) follows. */
	void (*unmap)(struct grant_domain *d, gfn_t g, mfn_t f);
	/* Return when no pCPU and no IOTLB can hold what unmap() took out of d. */
	void (*flush)(struct grant_domain *d);
	/* n bytes from one frame to another, which may be the same; no range crosses its end. */
	void (*copy)(mfn_t to, unsigned int to_offset, mfn_t from, unsigned int from_offset,
		     unsigned int n);
};

/* Use of one entry.  Lock: the granter's. */
struct grant_active {
	mfn_t frame;	/* valid while there is a user */
	domid_t domid;	/* whose uses these are */
	uint16_t reads; /* uses that only read */
	uint16_t writes;
};

/* One map.  Lock: the mapper's. */
struct grant_map {
	struct grant_domain *granter; /* held */
	mfn_t frame;		      /* held */
	gfn_t gfn;
	grant_ref_t ref; /* free: the next free handle, ~0 at the end */
	uint8_t state;	 /* enum grant_map_state */
	bool writable;
};

#define GRANT_MAPS_PER_CHUNK  (PAGE_SIZE / 32)
#define GRANT_ACTIVE_PER_PAGE (PAGE_SIZE / sizeof(struct grant_active))
#define GRANT_ACTIVE_PAGES    (GRANT_MAX_FRAMES * GRANT_PER_FRAME / GRANT_ACTIVE_PER_PAGE)

struct grant_domain {
	struct spinlock lock;
	const struct grant_ops *ops; /* (o) */
	domid_t domid;		     /* (o) */
	bool privileged;	     /* (o) may ask for another's sizes: the control domain */
	bool dead;		     /* [lock] its table is gone */
	uint32_t max_frames;	     /* (o) of its table, GRANT_MAX_FRAMES at most */
	uint32_t max_maps;	     /* (o) that it may hold */
	uint32_t nr_frames;	     /* [lock] */
	uint32_t nr_maps;	     /* [lock] handles that have a record */
	grant_handle_t free;	     /* [lock] first free handle with a record */
	struct grant_map **chunk;    /* [lock] a page of pointers to pages, once there is a map */
	struct grant_entry_v1 *shared[GRANT_MAX_FRAMES]; /* [lock] pages */
	struct grant_active *active[GRANT_ACTIVE_PAGES]; /* [lock] pages */
};

/* The caller has filled ops, domid, privileged, max_frames and max_maps, and zeroed the rest. */
void grant_domain_init(struct grant_domain *d);

/*
 * The page of frame number index of d's table, made (with those before it) if
 * need be; it stays until d dies.  0, or with *page untouched:
 *   -EINVAL  d's table has no such frame
 *   -ENOMEM  d's budget is spent; frames that were made stay
 *   -ESRCH   d is dying
 */
int must_check grant_table_page(struct grant_domain *d, uint64_t index, void **page);

/*
 * One element each of grant_table_op.  op is the hypervisor's own copy, read
 * once; its status is a GNTST_*, other OUT members are written on GNTST_okay
 * alone:
 *   bad_domain         no such domain, or dying
 *   permission_denied  the manifest forbids it, or another's frame named by number
 *   bad_gntref         beyond the granter's table
 *   general_error      not granted to d, or not for writing; or flags that need what
 *                      there is not (device maps, page-table entries)
 *   bad_page           the granter's frame is not its RAM
 *   bad_virt_addr      not a page, or not a place where a map can go, or was
 *   bad_handle         d has no such map
 *   bad_copy_arg       offset and length exceed a page
 *   no_space           handles, budget, or uses of one entry are spent
 */
void grant_op_map(struct grant_domain *d, struct gnttab_map_grant_ref *op);
void grant_op_copy(struct grant_domain *d, struct gnttab_copy *op);
void grant_op_query_size(struct grant_domain *d, struct gnttab_query_size *op);

/* Several at a time, GRANT_UNMAP_BATCH at most, with one flush. */
void grant_op_unmap(struct grant_domain *d, struct gnttab_unmap_grant_ref *op, unsigned int nr);

/* 0, or -EINVAL (no such version), -ENOSYS (version 2). */
int must_check grant_op_set_version(struct grant_domain *d, struct gnttab_set_version *op);
/* 0, or -ESRCH, -EPERM. */
int must_check grant_op_get_version(struct grant_domain *d, struct gnttab_get_version *op);

/*
 * d dies; nothing runs over its p2m any more and no translation of it is left.
 * Lets go of its maps and copies, budget handles or pages at a time, then of its
 * table, which others may still have maps of.  True when done; d's record has to
 * stay while somebody holds it.
 */
bool must_check grant_destroy_step(struct grant_domain *d, unsigned int budget);

#endif /* HV_GRANT_H */
