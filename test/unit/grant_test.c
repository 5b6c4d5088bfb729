/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * hv/grant.c: each operation, refused cases beside accepted ones; deaths on both
 * ends; and random sequences under which no reference, handle or page is lost,
 * no frame is reachable after its grant ended, and an entry shows as in use
 * exactly as long as somebody uses it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "grant.h"
#include "errno.h"
#include "printk.h"

#define NR_DOMAINS 3
#define NR_RAM	   8  /* frames that each domain owns, gfn 0 ... */
#define NR_HOLES   16 /* gfns from HOLE on where maps can go */
#define HOLE	   100u
#define NR_FRAMES  (NR_DOMAINS * NR_RAM)

static struct guest {
	struct grant_domain g;
	bool alive;
	int refs;      /* of the record */
	long budget;   /* pages left */
	long nr_pages; /* pages out */
	struct {
		bool used, writable;
		mfn_t frame;
	} hole[NR_HOLES];
	bool unflushed; /* unmap() since the last flush() */
	unsigned int flushes;
} guest[NR_DOMAINS];

static int frame_refs[NR_FRAMES];
static uint8_t frame[NR_FRAMES][PAGE_SIZE];
static bool may_use[NR_DOMAINS][NR_DOMAINS];
static unsigned int nr_locks;

noreturn void assert_failed(const char *expr, const char *file, int line)
{
	print_error("ASSERT(%s) at %s:%d\n", expr, file, line);
	abort();
}

void spin_lock(struct spinlock *l)
{
	assert_int_equal(nr_locks++, 0); /* never two at once */
	assert_int_equal(l->owner, 0);
	l->owner = 1;
}

void spin_unlock(struct spinlock *l)
{
	nr_locks--;
	assert_int_equal(l->owner, 1);
	l->owner = 0;
}

static struct guest *of(const struct grant_domain *d)
{
	return &guest[d->domid];
}

static struct grant_domain *domain_get(domid_t domid)
{
	assert_int_equal(nr_locks, 0);
	if (domid >= NR_DOMAINS || !guest[domid].alive)
		return NULL;
	guest[domid].refs++;
	return &guest[domid].g;
}

static void domain_put(struct grant_domain *d)
{
	assert_true(of(d)->refs-- > 0);
}

static bool policy(const struct grant_domain *d, domid_t granter)
{
	return granter >= NR_DOMAINS || may_use[d->domid][granter];
}

static void *page_alloc(struct grant_domain *d)
{
	void *page;

	if (!of(d)->budget)
		return NULL;
	of(d)->budget--;
	of(d)->nr_pages++;
	page = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	return memset(page, 0, PAGE_SIZE);
}

static void page_free(struct grant_domain *d, void *page)
{
	of(d)->budget++;
	of(d)->nr_pages--;
	free(page);
}

static int frame_get(struct grant_domain *d, gfn_t g, mfn_t *f)
{
	if (g.g >= NR_RAM)
		return -EINVAL;
	*f = mfn(d->domid * NR_RAM + g.g);
	frame_refs[f->m]++;
	return 0;
}

static void frame_get_again(mfn_t f)
{
	assert_true(frame_refs[f.m] > 0);
	frame_refs[f.m]++;
}

static void frame_put(mfn_t f)
{
	assert_true(frame_refs[f.m]-- > 0);
	/* a translation that may still be held pins it */
	for (unsigned int i = 0; i < NR_DOMAINS; i++)
		assert_false(guest[i].unflushed);
}

static int map(struct grant_domain *d, gfn_t g, mfn_t f, bool writable)
{
	unsigned long n = g.g - HOLE;

	assert_int_equal(nr_locks, 0);
	if (g.g < NR_RAM)
		return -EEXIST;
	if (n >= NR_HOLES)
		return g.g == 999 ? -ENOMEM : -EINVAL;
	if (of(d)->hole[n].used)
		return -EEXIST;
	of(d)->hole[n].used = true;
	of(d)->hole[n].writable = writable;
	of(d)->hole[n].frame = f;
	return 0;
}

static void unmap(struct grant_domain *d, gfn_t g, mfn_t f)
{
	assert_int_equal(nr_locks, 0);
	assert_true(of(d)->hole[g.g - HOLE].used);
	assert_int_equal(of(d)->hole[g.g - HOLE].frame.m, f.m);
	of(d)->hole[g.g - HOLE].used = false;
	of(d)->unflushed = true;
}

static void flush(struct grant_domain *d)
{
	assert_int_equal(nr_locks, 0);
	of(d)->unflushed = false;
	of(d)->flushes++;
}

static void copy(mfn_t to, unsigned int to_offset, mfn_t from, unsigned int from_offset,
		 unsigned int n)
{
	assert_int_equal(nr_locks, 0);
	assert_true(frame_refs[to.m] > 0 && frame_refs[from.m] > 0);
	assert_true(to_offset + n <= PAGE_SIZE && from_offset + n <= PAGE_SIZE);
	memmove(frame[to.m] + to_offset, frame[from.m] + from_offset, n);
}

static const struct grant_ops ops = {
	.domain_get = domain_get,
	.domain_put = domain_put,
	.may_use = policy,
	.page_alloc = page_alloc,
	.page_free = page_free,
	.frame_get = frame_get,
	.frame_get_again = frame_get_again,
	.frame_put = frame_put,
	.map = map,
	.unmap = unmap,
	.flush = flush,
	.copy = copy,
};

static void boot(unsigned int i)
{
	guest[i] = (struct guest){
		.g = {.ops = &ops,
		      .domid = (domid_t)i,
		      .privileged = i == 0,
		      .max_frames = 3,
		      .max_maps = 200},
		.alive = true,
		.budget = 100,
	};
	grant_domain_init(&guest[i].g);
}

static int start(void **state)
{
	(void)state;
	memset(may_use, true, sizeof(may_use));
	memset(frame_refs, 0, sizeof(frame_refs));
	for (unsigned int i = 0; i < NR_DOMAINS; i++)
		boot(i);
	return 0;
}

/* What a dying domain's owner does: its p2m is gone from everywhere first. */
static void kill(unsigned int i)
{
	guest[i].alive = false;
	guest[i].unflushed = false;
	while (!grant_destroy_step(&guest[i].g, 3))
		;
	assert_int_equal(guest[i].nr_pages, 0);
}

static int stop(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR_DOMAINS; i++)
		kill(i);
	for (unsigned int i = 0; i < NR_DOMAINS; i++)
		assert_int_equal(guest[i].refs, 0);
	for (unsigned int i = 0; i < NR_FRAMES; i++)
		assert_int_equal(frame_refs[i], 0);
	return 0;
}

static struct grant_entry_v1 *entry(unsigned int granter, grant_ref_t ref)
{
	void *page;

	assert_int_equal(grant_table_page(&guest[granter].g, ref / GRANT_PER_FRAME, &page), 0);
	return (struct grant_entry_v1 *)page + ref % GRANT_PER_FRAME;
}

static void grant(unsigned int granter, grant_ref_t ref, domid_t to, uint32_t g, bool read_only)
{
	*entry(granter, ref) = (struct grant_entry_v1){
		.flags = GTF_permit_access | (read_only ? GTF_readonly : 0),
		.domid = to,
		.frame = g,
	};
}

static struct gnttab_map_grant_ref do_map(unsigned int d, domid_t granter, grant_ref_t ref,
					  uint64_t g, uint32_t flags)
{
	struct gnttab_map_grant_ref op = {.host_addr = g << PAGE_SHIFT,
					  .flags = GNTMAP_host_map | flags,
					  .ref = ref,
					  .dom = granter,
					  .status = 77,
					  .handle = 77};

	grant_op_map(&guest[d].g, &op);
	assert_int_not_equal(op.status, 77);
	if (op.status != GNTST_okay)
		assert_int_equal(op.handle, 77);
	return op;
}

static int16_t do_unmap(unsigned int d, grant_handle_t handle, uint64_t g)
{
	struct gnttab_unmap_grant_ref op = {.host_addr = g << PAGE_SHIFT, .handle = handle};

	grant_op_unmap(&guest[d].g, &op, 1);
	return op.status;
}

static uint16_t in_use(unsigned int granter, grant_ref_t ref)
{
	return entry(granter, ref)->flags & (GTF_reading | GTF_writing);
}

static void map_and_unmap(void **state)
{
	struct gnttab_map_grant_ref r, w;

	(void)state;
	grant(1, 9, 2, 3, false);
	w = do_map(2, 1, 9, HOLE, 0);
	assert_int_equal(w.status, GNTST_okay);
	assert_int_equal(in_use(1, 9), GTF_reading | GTF_writing);
	assert_true(guest[2].hole[0].used && guest[2].hole[0].writable);
	assert_int_equal(guest[2].hole[0].frame.m, NR_RAM + 3);
	/* what the granter writes now changes nothing: the frame was read once */
	entry(1, 9)->frame = 5;
	r = do_map(2, 1, 9, HOLE + 1, GNTMAP_readonly);
	assert_int_equal(r.status, GNTST_okay);
	assert_int_not_equal(r.handle, w.handle);
	assert_false(guest[2].hole[1].writable);
	assert_int_equal(guest[2].hole[1].frame.m, NR_RAM + 3);
	assert_int_equal(frame_refs[NR_RAM + 3], 2);
	assert_int_equal(guest[1].refs, 2);
	assert_int_equal(do_unmap(2, w.handle, HOLE), GNTST_okay);
	assert_int_equal(in_use(1, 9), GTF_reading);
	assert_int_equal(do_unmap(2, r.handle, HOLE + 1), GNTST_okay);
	assert_int_equal(in_use(1, 9), 0);
	assert_int_equal(guest[2].flushes, 2);
	/* now the new frame counts */
	r = do_map(2, 1, 9, HOLE, 0);
	assert_int_equal(guest[2].hole[0].frame.m, NR_RAM + 5);
}

static void map_is_refused(void **state)
{
	(void)state;
	grant(1, 9, 2, 3, true);
	assert_int_equal(do_map(2, 900, 9, HOLE, 0).status, GNTST_bad_domain);
	assert_int_equal(do_map(2, DOMID_SELF, 9, HOLE, 0).status, GNTST_bad_domain);
	may_use[2][1] = false;
	assert_int_equal(do_map(2, 1, 9, HOLE, GNTMAP_readonly).status, GNTST_permission_denied);
	may_use[2][1] = true;
	assert_int_equal(do_map(2, 1, GRANT_PER_FRAME, HOLE, 0).status, GNTST_bad_gntref);
	assert_int_equal(do_map(2, 1, ~0u, HOLE, 0).status, GNTST_bad_gntref);
	assert_int_equal(do_map(2, 0, 0, HOLE, 0).status, GNTST_bad_gntref); /* no table */
	assert_int_equal(do_map(2, 1, 8, HOLE, 0).status, GNTST_general_error);
	assert_int_equal(do_map(2, 1, 9, HOLE, 0).status, GNTST_general_error); /* read-only */
	assert_int_equal(do_map(0, 1, 9, HOLE, GNTMAP_readonly).status, GNTST_general_error);
	for (uint32_t f = GNTMAP_device_map; f <= GNTMAP_contains_pte; f <<= 1)
		if (f != GNTMAP_host_map && f != GNTMAP_readonly)
			assert_int_equal(do_map(2, 1, 9, HOLE, GNTMAP_readonly | f).status,
					 GNTST_general_error);
	entry(1, 9)->flags = GTF_accept_transfer;
	assert_int_equal(do_map(2, 1, 9, HOLE, GNTMAP_readonly).status, GNTST_general_error);
	grant(1, 9, 2, NR_RAM, false);
	assert_int_equal(do_map(2, 1, 9, HOLE, 0).status, GNTST_bad_page);
	assert_int_equal(in_use(1, 9), 0);
	grant(1, 9, 2, 3, false);
	assert_int_equal(do_map(2, 1, 9, 2, 0).status, GNTST_bad_virt_addr); /* its RAM */
	assert_int_equal(do_map(2, 1, 9, 1ul << 50, 0).status, GNTST_bad_virt_addr);
	assert_int_equal(do_map(2, 1, 9, 999, 0).status, GNTST_no_space);
	struct gnttab_map_grant_ref op = {.host_addr = (HOLE << PAGE_SHIFT) + 8,
					  .flags = GNTMAP_host_map,
					  .ref = 9,
					  .dom = 1};
	grant_op_map(&guest[2].g, &op);
	assert_int_equal(op.status, GNTST_bad_virt_addr);
	op.flags = GNTMAP_readonly;
	grant_op_map(&guest[2].g, &op);
	assert_int_equal(op.status, GNTST_general_error);
	assert_int_equal(in_use(1, 9), 0);
	assert_int_equal(guest[1].refs, 0);
	assert_int_equal(frame_refs[NR_RAM + 3], 0);
	/* none of them has cost a handle */
	assert_int_equal(do_map(2, 1, 9, HOLE, 0).handle, 0);
}

static void a_used_entry_takes_no_other_user(void **state)
{
	struct gnttab_map_grant_ref op;

	(void)state;
	grant(1, 9, 2, 3, false);
	op = do_map(2, 1, 9, HOLE, 0);
	entry(1, 9)->domid = 0; /* the granter cheats */
	assert_int_equal(do_map(0, 1, 9, HOLE, 0).status, GNTST_general_error);
	assert_int_equal(do_map(2, 1, 9, HOLE + 1, 0).status, GNTST_general_error);
	assert_int_equal(do_unmap(2, op.handle, HOLE), GNTST_okay);
	assert_int_equal(in_use(1, 9), 0);
	assert_int_equal(do_map(0, 1, 9, HOLE, 0).status, GNTST_okay);
}

static void unmap_is_refused(void **state)
{
	struct gnttab_unmap_grant_ref op = {.host_addr = HOLE << PAGE_SHIFT, .dev_bus_addr = 1};
	grant_handle_t h;

	(void)state;
	assert_int_equal(do_unmap(2, 0, HOLE), GNTST_bad_handle);
	grant(1, 9, 2, 3, false);
	h = do_map(2, 1, 9, HOLE, 0).handle;
	assert_int_equal(do_unmap(2, h, HOLE + 1), GNTST_bad_virt_addr);
	assert_int_equal(do_unmap(2, h + 1, HOLE), GNTST_bad_handle);
	assert_int_equal(do_unmap(2, ~0u, HOLE), GNTST_bad_handle);
	assert_int_equal(do_unmap(1, h, HOLE), GNTST_bad_handle);
	op.handle = h;
	grant_op_unmap(&guest[2].g, &op, 1);
	assert_int_equal(op.status, GNTST_bad_dev_addr);
	assert_int_equal(guest[2].flushes, 0);
	assert_int_equal(do_unmap(2, h, HOLE), GNTST_okay);
	assert_int_equal(do_unmap(2, h, HOLE), GNTST_bad_handle);
}

static void a_batch_is_flushed_once(void **state)
{
	struct gnttab_unmap_grant_ref op[GRANT_UNMAP_BATCH] = {0};

	(void)state;
	grant(1, 9, 2, 3, false);
	for (unsigned int i = 0; i < NR_HOLES; i++) {
		op[i].host_addr = (uint64_t)(HOLE + i) << PAGE_SHIFT;
		op[i].handle = do_map(2, 1, 9, HOLE + i, 0).handle;
		op[NR_HOLES + i] = op[i]; /* each twice: the second time refused */
	}
	grant_op_unmap(&guest[2].g, op, GRANT_UNMAP_BATCH);
	assert_int_equal(guest[2].flushes, 1);
	for (unsigned int i = 0; i < GRANT_UNMAP_BATCH; i++)
		assert_int_equal(op[i].status, i < NR_HOLES ? GNTST_okay : GNTST_bad_handle);
	assert_int_equal(in_use(1, 9), 0);
}

static struct gnttab_copy copy_op(unsigned int from, uint64_t src, unsigned int to, uint64_t dst,
				  unsigned int flags)
{
	struct gnttab_copy op = {.source = {.domid = (domid_t)from, .offset = 100},
				 .dest = {.domid = (domid_t)to, .offset = 200},
				 .len = 50,
				 .flags = (uint16_t)flags};

	if (flags & GNTCOPY_source_gref)
		op.source.u.ref = (grant_ref_t)src;
	else
		op.source.u.gmfn = src;
	if (flags & GNTCOPY_dest_gref)
		op.dest.u.ref = (grant_ref_t)dst;
	else
		op.dest.u.gmfn = dst;
	return op;
}

static int16_t do_copy(unsigned int d, struct gnttab_copy op)
{
	grant_op_copy(&guest[d].g, &op);
	return op.status;
}

static void copies(void **state)
{
	const unsigned int both = GNTCOPY_source_gref | GNTCOPY_dest_gref;
	struct gnttab_copy op;

	(void)state;
	memset(frame, 0, sizeof(frame));
	memset(frame[NR_RAM + 3] + 100, 0x5a, 50);
	grant(1, 9, 2, 3, true);
	grant(0, 4, 2, 6, false);
	assert_int_equal(do_copy(2, copy_op(1, 9, 0, 4, both)), GNTST_okay);
	assert_int_equal(frame[6][199], 0);
	assert_int_equal(frame[6][200], 0x5a);
	assert_int_equal(frame[6][249], 0x5a);
	assert_int_equal(frame[6][250], 0);
	assert_int_equal(in_use(1, 9) | in_use(0, 4), 0);
	/* own frames by number */
	assert_int_equal(do_copy(2, copy_op(1, 9, DOMID_SELF, 1, GNTCOPY_source_gref)), GNTST_okay);
	assert_int_equal(frame[2 * NR_RAM + 1][200], 0x5a);
	assert_int_equal(do_copy(2, copy_op(DOMID_SELF, 1, 0, 4, GNTCOPY_dest_gref)), GNTST_okay);
	assert_int_equal(do_copy(2, copy_op(DOMID_SELF, 1, DOMID_SELF, 1, 0)), GNTST_okay);
	/* refused, with nothing held after it (stop() counts) */
	assert_int_equal(do_copy(2, copy_op(1, 3, 0, 4, GNTCOPY_dest_gref)),
			 GNTST_permission_denied);
	assert_int_equal(do_copy(2, copy_op(0, 4, 1, 9, both)), GNTST_general_error);
	assert_int_equal(do_copy(2, copy_op(1, 9, 0, 5, both)), GNTST_general_error);
	assert_int_equal(do_copy(2, copy_op(1, 9, 0, 5000, both)), GNTST_bad_gntref);
	assert_int_equal(do_copy(2, copy_op(900, 9, 0, 4, both)), GNTST_bad_domain);
	assert_int_equal(do_copy(2, copy_op(1, 9, DOMID_SELF, NR_RAM, GNTCOPY_source_gref)),
			 GNTST_bad_page);
	op = copy_op(1, 9, 0, 4, both);
	op.dest.offset = PAGE_SIZE - 49;
	assert_int_equal(do_copy(2, op), GNTST_bad_copy_arg);
	op.dest.offset = 65535;
	op.len = 65535;
	assert_int_equal(do_copy(2, op), GNTST_bad_copy_arg);
	op.source.offset = op.dest.offset = 0;
	op.len = PAGE_SIZE;
	assert_int_equal(do_copy(2, op), GNTST_okay);
	may_use[2][0] = false;
	assert_int_equal(do_copy(2, op), GNTST_permission_denied);
	/* a map of the same entry stays marked when a copy by it ends */
	may_use[2][0] = true;
	assert_int_equal(do_map(2, 0, 4, HOLE, 0).status, GNTST_okay);
	assert_int_equal(do_copy(2, op), GNTST_okay);
	assert_int_equal(in_use(0, 4), GTF_reading | GTF_writing);
}

static void table_grows_on_demand(void **state)
{
	void *page, *again;

	(void)state;
	struct gnttab_query_size q = {.dom = DOMID_SELF};
	grant_op_query_size(&guest[1].g, &q);
	assert_int_equal(q.nr_frames, 0);
	assert_int_equal(q.max_nr_frames, 3);
	assert_int_equal(grant_table_page(&guest[1].g, 3, &page), -EINVAL);
	assert_int_equal(grant_table_page(&guest[1].g, 1ul << 40, &page), -EINVAL);
	for (long n = 0; n < 6; n++) {
		guest[1].budget = n - guest[1].nr_pages;
		assert_int_equal(grant_table_page(&guest[1].g, 1, &page), -ENOMEM);
	}
	guest[1].budget = 6 - guest[1].nr_pages;
	assert_int_equal(grant_table_page(&guest[1].g, 1, &page), 0);
	assert_int_equal(grant_table_page(&guest[1].g, 1, &again), 0);
	assert_ptr_equal(page, again);
	grant_op_query_size(&guest[1].g, &q);
	assert_int_equal(q.nr_frames, 2);
	assert_int_equal(q.status, GNTST_okay);
	q.dom = 2;
	grant_op_query_size(&guest[1].g, &q);
	assert_int_equal(q.status, GNTST_permission_denied);
	grant_op_query_size(&guest[0].g, &q);
	assert_int_equal(q.status, GNTST_okay);
	q.dom = 900;
	grant_op_query_size(&guest[0].g, &q);
	assert_int_equal(q.status, GNTST_bad_domain);
}

static void versions(void **state)
{
	struct gnttab_set_version set = {.version = 1};
	struct gnttab_get_version get = {.dom = DOMID_SELF};

	(void)state;
	assert_int_equal(grant_op_set_version(&guest[1].g, &set), 0);
	set.version = 2;
	assert_int_equal(grant_op_set_version(&guest[1].g, &set), -ENOSYS);
	set.version = 3;
	assert_int_equal(grant_op_set_version(&guest[1].g, &set), -EINVAL);
	assert_int_equal(grant_op_get_version(&guest[1].g, &get), 0);
	assert_int_equal(get.version, 1);
	get.dom = 2;
	assert_int_equal(grant_op_get_version(&guest[1].g, &get), -EPERM);
	assert_int_equal(grant_op_get_version(&guest[0].g, &get), 0);
	get.dom = 900;
	assert_int_equal(grant_op_get_version(&guest[0].g, &get), -ESRCH);
}

static void handles_run_out(void **state)
{
	(void)state;
	guest[2].g.max_maps = NR_HOLES - 1;
	grant(1, 9, 2, 3, false);
	guest[2].budget = 0;
	assert_int_equal(do_map(2, 1, 9, HOLE, 0).status, GNTST_no_space);
	guest[2].budget = 1;
	assert_int_equal(do_map(2, 1, 9, HOLE, 0).status, GNTST_no_space);
	guest[2].budget = 1;
	for (unsigned int i = 0; i < NR_HOLES - 1; i++)
		assert_int_equal(do_map(2, 1, 9, HOLE + i, 0).status, GNTST_okay);
	assert_int_equal(do_map(2, 1, 9, HOLE + NR_HOLES - 1, 0).status, GNTST_no_space);
	assert_int_equal(do_unmap(2, 5, HOLE + 5), GNTST_okay);
	assert_int_equal(do_map(2, 1, 9, HOLE + 5, 0).handle, 5);
}

static void uses_of_one_entry_run_out(void **state)
{
	(void)state;
	grant(1, 9, 2, 3, false);
	assert_int_equal(do_map(2, 1, 9, HOLE, 0).status, GNTST_okay);
	guest[1].g.active[0][9].writes = UINT16_MAX;
	assert_int_equal(do_map(2, 1, 9, HOLE + 1, 0).status, GNTST_no_space);
	guest[1].g.active[0][9].writes = 1;
}

static void the_granter_dies_first(void **state)
{
	grant_handle_t h;

	(void)state;
	grant(1, 9, 2, 3, false);
	h = do_map(2, 1, 9, HOLE, 0).handle;
	kill(1);
	assert_int_equal(guest[1].refs, 1);
	assert_int_equal(frame_refs[NR_RAM + 3], 1); /* the map still works */
	assert_int_equal(do_map(2, 1, 9, HOLE + 1, 0).status, GNTST_bad_domain);
	assert_int_equal(do_unmap(2, h, HOLE), GNTST_okay);
	assert_int_equal(guest[1].refs, 0);
	assert_int_equal(frame_refs[NR_RAM + 3], 0);
}

static void the_mapper_dies_first(void **state)
{
	(void)state;
	grant(1, 9, 2, 3, false);
	for (unsigned int i = 0; i < NR_HOLES; i++)
		assert_int_equal(do_map(2, 1, 9, HOLE + i, i & 1 ? GNTMAP_readonly : 0).status,
				 GNTST_okay);
	assert_int_equal(in_use(1, 9), GTF_reading | GTF_writing);
	guest[2].alive = false;
	assert_false(grant_destroy_step(&guest[2].g, 4));
	assert_int_equal(in_use(1, 9), GTF_reading | GTF_writing);
	kill(2);
	assert_int_equal(in_use(1, 9), 0);
	boot(2);
	assert_int_equal(do_map(2, 1, 9, HOLE, 0).status, GNTST_okay);
}

/* --- random sequences --- */

#define NR_REFS 6

static uint64_t random_state;
static struct {
	bool used, writable;
	unsigned int granter, ref, hole;
	unsigned long life; /* of the granter */
} maps[NR_DOMAINS][200];
static unsigned long lives[NR_DOMAINS];

static unsigned int rnd(unsigned int below)
{
	uint64_t z = (random_state += 0x9e3779b97f4a7c15ul);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ul;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebul;
	return (unsigned int)((z ^ (z >> 31)) % below);
}

static void check_marks(void)
{
	for (unsigned int g = 0; g < NR_DOMAINS; g++)
		for (unsigned int ref = 0; ref < NR_REFS; ref++) {
			uint16_t want = 0;

			for (unsigned int d = 0; d < NR_DOMAINS; d++)
				for (unsigned int h = 0; h < 200; h++)
					if (maps[d][h].used && maps[d][h].granter == g &&
					    maps[d][h].ref == ref && maps[d][h].life == lives[g])
						want |= GTF_reading |
							(maps[d][h].writable ? GTF_writing : 0);
			assert_int_equal(in_use(g, ref), want);
		}
}

static void random_map(unsigned int d)
{
	unsigned int g = rnd(NR_DOMAINS), ref = rnd(NR_REFS), hole = rnd(NR_HOLES);
	bool ro = rnd(2);
	const struct grant_entry_v1 e = *entry(g, ref);
	bool granted = (e.flags & GTF_type_mask) == GTF_permit_access && e.domid == d &&
		       (ro || !(e.flags & GTF_readonly));
	bool free_hole = !guest[d].hole[hole].used;
	struct gnttab_map_grant_ref op =
		do_map(d, (domid_t)g, ref, HOLE + hole, ro ? GNTMAP_readonly : 0);

	if (!granted)
		assert_int_equal(op.status, GNTST_general_error);
	else if (!free_hole)
		assert_int_equal(op.status, GNTST_bad_virt_addr);
	else if (op.status == GNTST_okay) {
		assert_false(maps[d][op.handle].used);
		maps[d][op.handle].used = true;
		maps[d][op.handle].writable = !ro;
		maps[d][op.handle].granter = g;
		maps[d][op.handle].ref = ref;
		maps[d][op.handle].hole = hole;
		maps[d][op.handle].life = lives[g];
	} else {
		assert_int_equal(op.status, GNTST_no_space);
	}
}

static void random_unmap(unsigned int d)
{
	unsigned int h = rnd(24);
	bool used = maps[d][h].used;
	int16_t status = do_unmap(d, h, used ? HOLE + maps[d][h].hole : HOLE);

	assert_int_equal(status, used ? GNTST_okay : GNTST_bad_handle);
	maps[d][h].used = false;
}

/* An honest granter ends only what is not in use. */
static void random_grant(unsigned int d)
{
	unsigned int ref = rnd(NR_REFS);

	if (!in_use(d, ref))
		grant(d, ref, (domid_t)rnd(NR_DOMAINS), rnd(NR_RAM), rnd(3) == 0);
}

/* A new life in the same slot, once the record is free again. */
static void random_death(unsigned int d)
{
	kill(d);
	for (unsigned int h = 0; h < 200; h++)
		maps[d][h].used = false;
	for (unsigned int i = 0; i < NR_DOMAINS; i++)
		for (unsigned int h = 0; h < 200; h++)
			if (i != d && maps[i][h].used && maps[i][h].granter == d) {
				assert_int_equal(do_unmap(i, h, HOLE + maps[i][h].hole),
						 GNTST_okay);
				maps[i][h].used = false;
			}
	assert_int_equal(guest[d].refs, 0);
	lives[d]++;
	boot(d);
}

static void nothing_is_lost(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 20; seed++) {
		random_state = seed;
		memset(maps, 0, sizeof(maps));
		start(NULL);
		for (unsigned int i = 0; i < 3000; i++) {
			unsigned int d = rnd(NR_DOMAINS);

			guest[d].budget = rnd(20) ? 100 : 9;
			switch (rnd(10)) {
			case 0:
			case 1:
			case 2: random_grant(d); break;
			case 3:
			case 4:
			case 5: random_map(d); break;
			case 6:
			case 7: random_unmap(d); break;
			case 8:
				do_copy(d, copy_op(rnd(NR_DOMAINS), rnd(NR_REFS), rnd(NR_DOMAINS),
						   rnd(NR_REFS), rnd(4)));
				break;
			default:
				if (rnd(50) == 0)
					random_death(d);
			}
			if (i % 8 == 0)
				check_marks();
		}
		stop(NULL);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, start, stop)
	const struct CMUnitTest tests[] = {
		T(map_and_unmap),
		T(map_is_refused),
		T(a_used_entry_takes_no_other_user),
		T(unmap_is_refused),
		T(a_batch_is_flushed_once),
		T(copies),
		T(table_grows_on_demand),
		T(versions),
		T(handles_run_out),
		T(uses_of_one_entry_run_out),
		T(the_granter_dies_first),
		T(the_mapper_dies_first),
		cmocka_unit_test(nothing_is_lost),
	};

	return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
