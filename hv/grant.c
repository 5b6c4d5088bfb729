/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Grant tables: uses of entries, maps and copies.  Protocol, locks and errors: grant.h. */
#include "grant.h"
#include "errno.h"
#include "printk.h"

enum grant_map_state { MAP_FREE, MAP_BUSY, MAP_DONE };

#define NO_HANDLE (~0u)

/* Tries of M2 before a granter that keeps changing its entry is given up. */
#define GRANT_TRIES 4

/* The first half of a shared entry as one word. */
#define HEAD_DOMID_SHIFT 16

_Static_assert(sizeof(struct grant_map) * GRANT_MAPS_PER_CHUNK == PAGE_SIZE, "a chunk is a page");
_Static_assert(offsetof(struct grant_entry_v1, domid) == 2, "flags and domid make one word");
_Static_assert(GRANT_ACTIVE_PER_PAGE * 2 == GRANT_PER_FRAME, "two pages of uses a frame");

#define MAPS_PER_PAGE (PAGE_SIZE / sizeof(void *) * GRANT_MAPS_PER_CHUNK)

void grant_domain_init(struct grant_domain *d)
{
	d->max_frames = MIN(d->max_frames, (uint32_t)GRANT_MAX_FRAMES);
	d->max_maps = MIN(d->max_maps, (uint32_t)MAPS_PER_PAGE);
	d->free = NO_HANDLE;
}

/* --- the table --- */

static int grant_add_frame(struct grant_domain *d)
{
	uint32_t n = d->nr_frames;
	struct grant_active **active = &d->active[2ul * n];

	/* what an earlier try left is used again */
	if (!d->shared[n])
		d->shared[n] = d->ops->page_alloc(d);
	for (unsigned int i = 0; i < 2; i++)
		if (!active[i])
			active[i] = d->ops->page_alloc(d);
	if (!d->shared[n] || !active[0] || !active[1])
		return -ENOMEM;
	d->nr_frames++;
	return 0;
}

int grant_table_page(struct grant_domain *d, uint64_t index, void **page)
{
	int rc = 0;

	if (index >= d->max_frames)
		return -EINVAL;
	spin_lock(&d->lock);
	if (d->dead)
		rc = -ESRCH;
	while (!rc && d->nr_frames <= index)
		rc = grant_add_frame(d);
	if (!rc)
		*page = d->shared[index];
	spin_unlock(&d->lock);
	return rc;
}

static struct grant_entry_v1 *grant_shared(const struct grant_domain *d, grant_ref_t ref)
{
	return &d->shared[ref / GRANT_PER_FRAME][ref % GRANT_PER_FRAME];
}

static struct grant_active *grant_active(const struct grant_domain *d, grant_ref_t ref)
{
	return &d->active[ref / GRANT_ACTIVE_PER_PAGE][ref % GRANT_ACTIVE_PER_PAGE];
}

/* M1 and M2. */
static int16_t grant_mark(struct grant_entry_v1 *e, domid_t user, bool write)
{
	uint32_t *head = (uint32_t *)(void *)e;
	uint32_t want = GTF_reading | (write ? GTF_writing : 0);
	uint32_t old = __atomic_load_n(head, __ATOMIC_ACQUIRE);

	for (unsigned int i = 0; i < GRANT_TRIES; i++) {
		if ((old & GTF_type_mask) != GTF_permit_access || old >> HEAD_DOMID_SHIFT != user ||
		    (write && (old & GTF_readonly)))
			return GNTST_general_error;
		if (__atomic_compare_exchange_n(head, &old, old | want, false, __ATOMIC_SEQ_CST,
						__ATOMIC_ACQUIRE))
			return GNTST_okay;
	}
	return GNTST_general_error;
}

/* M4, as far as act's other uses allow. */
static void grant_unmark(struct grant_entry_v1 *e, const struct grant_active *act)
{
	uint16_t gone = act->writes ? 0 : GTF_writing;

	if (!act->writes && !act->reads)
		gone |= GTF_reading;
	if (gone)
		__atomic_fetch_and(&e->flags, (uint16_t)~gone, __ATOMIC_SEQ_CST);
}

/* The frame of an entry that is marked: the one in use, or the first user's look at it (M3). */
static int16_t grant_find_frame(struct grant_domain *d, struct grant_entry_v1 *e,
				struct grant_active *act)
{
	uint32_t g;

	if (act->reads || act->writes) {
		d->ops->frame_get_again(act->frame);
		return GNTST_okay;
	}
	g = __atomic_load_n(&e->frame, __ATOMIC_RELAXED);
	return d->ops->frame_get(d, gfn(g), &act->frame) ? GNTST_bad_page : GNTST_okay;
}

static int16_t grant_acquire_locked(struct grant_domain *d, grant_ref_t ref, domid_t user,
				    bool write, mfn_t *f)
{
	struct grant_entry_v1 *e;
	struct grant_active *act;
	int16_t status;

	if (d->dead)
		return GNTST_bad_domain;
	if (ref >= d->nr_frames * GRANT_PER_FRAME)
		return GNTST_bad_gntref;
	e = grant_shared(d, ref);
	act = grant_active(d, ref);
	if ((act->reads || act->writes) && act->domid != user)
		return GNTST_general_error; /* changed under its user: nobody else gets in */
	if (act->reads == UINT16_MAX || act->writes == UINT16_MAX)
		return GNTST_no_space;
	status = grant_mark(e, user, write);
	if (status != GNTST_okay)
		return status;
	status = grant_find_frame(d, e, act);
	if (status != GNTST_okay) {
		grant_unmark(e, act);
		return status;
	}
	*f = act->frame;
	act->domid = user;
	act->reads += !write;
	act->writes += write;
	return GNTST_okay;
}

/* One more use of d's entry by user; *f comes with a reference. */
static int16_t grant_acquire(struct grant_domain *d, grant_ref_t ref, domid_t user, bool write,
			     mfn_t *f)
{
	int16_t status;

	spin_lock(&d->lock);
	status = grant_acquire_locked(d, ref, user, write, f);
	spin_unlock(&d->lock);
	return status;
}

/* One less; nobody holds a translation by it any more. */
static void grant_release(struct grant_domain *d, grant_ref_t ref, bool write, mfn_t f)
{
	spin_lock(&d->lock);
	if (!d->dead) {
		struct grant_active *act = grant_active(d, ref);

		ASSERT(write ? act->writes : act->reads);
		act->reads -= !write;
		act->writes -= write;
		grant_unmark(grant_shared(d, ref), act);
	}
	d->ops->frame_put(f);
	spin_unlock(&d->lock);
}

/* The granter that d names, held. */
static int16_t grant_get_granter(const struct grant_domain *d, domid_t domid,
				 struct grant_domain **granter)
{
	if (!d->ops->may_use(d, domid))
		return GNTST_permission_denied;
	*granter = d->ops->domain_get(domid);
	return *granter ? GNTST_okay : GNTST_bad_domain;
}

/* --- handles --- */

static struct grant_map *grant_map_of(const struct grant_domain *d, grant_handle_t handle)
{
	return &d->chunk[handle / GRANT_MAPS_PER_CHUNK][handle % GRANT_MAPS_PER_CHUNK];
}

/* One more record, at the end. */
static int grant_make_handle(struct grant_domain *d)
{
	uint32_t n = d->nr_maps;
	struct grant_map **chunk;

	if (n == d->max_maps)
		return -ENOSPC;
	if (!d->chunk)
		d->chunk = d->ops->page_alloc(d);
	if (!d->chunk)
		return -ENOMEM;
	chunk = &d->chunk[n / GRANT_MAPS_PER_CHUNK];
	if (!*chunk)
		*chunk = d->ops->page_alloc(d);
	if (!*chunk)
		return -ENOMEM;
	grant_map_of(d, n)->ref = d->free;
	d->free = n;
	d->nr_maps++;
	return 0;
}

/* A handle in state MAP_BUSY, or NO_HANDLE. */
static grant_handle_t grant_take_handle(struct grant_domain *d)
{
	grant_handle_t handle = NO_HANDLE;

	spin_lock(&d->lock);
	if (!d->dead && (d->free != NO_HANDLE || !grant_make_handle(d))) {
		handle = d->free;
		d->free = grant_map_of(d, handle)->ref;
		grant_map_of(d, handle)->state = MAP_BUSY;
	}
	spin_unlock(&d->lock);
	return handle;
}

static void grant_put_handle(struct grant_domain *d, grant_handle_t handle)
{
	spin_lock(&d->lock);
	*grant_map_of(d, handle) = (struct grant_map){.ref = d->free};
	d->free = handle;
	spin_unlock(&d->lock);
}

/* --- maps --- */

static int16_t grant_check_map(const struct gnttab_map_grant_ref *op)
{
	const uint32_t refused = GNTMAP_device_map | GNTMAP_application_map | GNTMAP_contains_pte;

	if (!(op->flags & GNTMAP_host_map) || (op->flags & refused))
		return GNTST_general_error;
	return op->host_addr & ~PAGE_MASK ? GNTST_bad_virt_addr : GNTST_okay;
}

static int16_t grant_status_of(int rc)
{
	if (!rc)
		return GNTST_okay;
	return rc == -ENOMEM ? GNTST_no_space : GNTST_bad_virt_addr;
}

/* The granter and a use of its entry are held: put it into d's p2m under a handle. */
static int16_t grant_map(struct grant_domain *d, const struct grant_map *what,
			 grant_handle_t *handle)
{
	int16_t status;

	*handle = grant_take_handle(d);
	if (*handle == NO_HANDLE)
		return GNTST_no_space;
	status = grant_status_of(d->ops->map(d, what->gfn, what->frame, what->writable));
	if (status != GNTST_okay) {
		grant_put_handle(d, *handle);
		return status;
	}
	spin_lock(&d->lock);
	*grant_map_of(d, *handle) = *what;
	spin_unlock(&d->lock);
	return GNTST_okay;
}

void grant_op_map(struct grant_domain *d, struct gnttab_map_grant_ref *op)
{
	struct grant_map m = {
		.gfn = gaddr_to_gfn(gaddr(op->host_addr)),
		.ref = op->ref,
		.state = MAP_DONE,
		.writable = !(op->flags & GNTMAP_readonly),
	};
	grant_handle_t handle;

	op->status = grant_check_map(op);
	if (op->status != GNTST_okay)
		return;
	op->status = grant_get_granter(d, op->dom, &m.granter);
	if (op->status != GNTST_okay)
		return;
	op->status = grant_acquire(m.granter, m.ref, d->domid, m.writable, &m.frame);
	if (op->status != GNTST_okay)
		goto put_granter;
	op->status = grant_map(d, &m, &handle);
	if (op->status != GNTST_okay)
		goto release_entry;
	op->handle = handle;
	op->dev_bus_addr = 0;
	return;

release_entry:
	grant_release(m.granter, m.ref, m.writable, m.frame);
put_granter:
	d->ops->domain_put(m.granter);
}

/* Claim the map that op names: it is MAP_BUSY then, and nobody else's. */
static int16_t grant_claim(struct grant_domain *d, const struct gnttab_unmap_grant_ref *op,
			   struct grant_map *claimed)
{
	int16_t status = GNTST_bad_handle;

	spin_lock(&d->lock);
	if (op->handle < d->nr_maps) {
		struct grant_map *m = grant_map_of(d, op->handle);

		if (m->state == MAP_DONE && op->dev_bus_addr) {
			status = GNTST_bad_dev_addr;
		} else if (m->state == MAP_DONE && gfn_to_gaddr(m->gfn).ga != op->host_addr) {
			status = GNTST_bad_virt_addr;
		} else if (m->state == MAP_DONE) {
			*claimed = *m;
			m->state = MAP_BUSY;
			status = GNTST_okay;
		}
	}
	spin_unlock(&d->lock);
	return status;
}

static void grant_let_go(struct grant_domain *d, const struct grant_map *m)
{
	grant_release(m->granter, m->ref, m->writable, m->frame);
	d->ops->domain_put(m->granter);
}

void grant_op_unmap(struct grant_domain *d, struct gnttab_unmap_grant_ref *op, unsigned int nr)
{
	struct grant_map claimed[GRANT_UNMAP_BATCH];
	bool any = false;

	ASSERT(nr <= GRANT_UNMAP_BATCH);
	for (unsigned int i = 0; i < nr; i++) {
		op[i].status = grant_claim(d, &op[i], &claimed[i]);
		if (op[i].status != GNTST_okay)
			continue;
		d->ops->unmap(d, claimed[i].gfn, claimed[i].frame);
		any = true;
	}
	if (any)
		d->ops->flush(d);
	for (unsigned int i = 0; i < nr; i++) {
		if (op[i].status != GNTST_okay)
			continue;
		grant_let_go(d, &claimed[i]);
		grant_put_handle(d, op[i].handle);
	}
}

/* --- copies --- */

/* One side of a copy, held. */
struct grant_side {
	struct grant_domain *granter; /* NULL: a frame of the caller's own */
	grant_ref_t ref;
	mfn_t frame;
	bool write;
};

static int16_t grant_open_side(struct grant_domain *d, const struct gnttab_copy_ptr *p, bool is_ref,
			       struct grant_side *s)
{
	domid_t domid = p->domid == DOMID_SELF ? d->domid : p->domid;
	int16_t status;

	s->granter = NULL;
	if (!is_ref) {
		if (domid != d->domid)
			return GNTST_permission_denied;
		return d->ops->frame_get(d, gfn(p->u.gmfn), &s->frame) ? GNTST_bad_page
								       : GNTST_okay;
	}
	s->ref = p->u.ref;
	status = grant_get_granter(d, domid, &s->granter);
	if (status != GNTST_okay)
		return status;
	status = grant_acquire(s->granter, s->ref, d->domid, s->write, &s->frame);
	if (status != GNTST_okay)
		d->ops->domain_put(s->granter);
	return status;
}

static void grant_close_side(struct grant_domain *d, const struct grant_side *s)
{
	if (!s->granter) {
		d->ops->frame_put(s->frame);
		return;
	}
	grant_release(s->granter, s->ref, s->write, s->frame);
	d->ops->domain_put(s->granter);
}

void grant_op_copy(struct grant_domain *d, struct gnttab_copy *op)
{
	struct grant_side from = {.write = false}, to = {.write = true};

	op->status = GNTST_bad_copy_arg;
	if (op->source.offset + op->len > PAGE_SIZE || op->dest.offset + op->len > PAGE_SIZE)
		return;
	op->status = grant_open_side(d, &op->source, op->flags & GNTCOPY_source_gref, &from);
	if (op->status != GNTST_okay)
		return;
	op->status = grant_open_side(d, &op->dest, op->flags & GNTCOPY_dest_gref, &to);
	if (op->status == GNTST_okay) {
		d->ops->copy(to.frame, op->dest.offset, from.frame, op->source.offset, op->len);
		grant_close_side(d, &to);
	}
	grant_close_side(d, &from);
}

/* --- sizes and versions --- */

/* The domain that d asks about, held by grant_put_asked(): only the control domain may name
 * another. */
static int grant_get_asked(struct grant_domain *d, domid_t domid, struct grant_domain **asked)
{
	if (domid == DOMID_SELF || domid == d->domid) {
		*asked = d;
		return 0;
	}
	if (!d->privileged)
		return -EPERM;
	*asked = d->ops->domain_get(domid);
	return *asked ? 0 : -ESRCH;
}

static void grant_put_asked(const struct grant_domain *d, struct grant_domain *asked)
{
	if (asked != d)
		d->ops->domain_put(asked);
}

void grant_op_query_size(struct grant_domain *d, struct gnttab_query_size *op)
{
	struct grant_domain *asked;
	int rc = grant_get_asked(d, op->dom, &asked);

	if (rc) {
		op->status = rc == -EPERM ? GNTST_permission_denied : GNTST_bad_domain;
		return;
	}
	op->nr_frames = __atomic_load_n(&asked->nr_frames, __ATOMIC_RELAXED);
	op->max_nr_frames = asked->max_frames;
	op->status = GNTST_okay;
	grant_put_asked(d, asked);
}

int grant_op_set_version(struct grant_domain *d, struct gnttab_set_version *op)
{
	(void)d;
	if (op->version == 1)
		return 0;
	return op->version == 2 ? -ENOSYS : -EINVAL;
}

int grant_op_get_version(struct grant_domain *d, struct gnttab_get_version *op)
{
	struct grant_domain *asked;
	int rc = grant_get_asked(d, op->dom, &asked);

	if (rc)
		return rc;
	op->version = 1;
	grant_put_asked(d, asked);
	return 0;
}

/* --- the end of a domain --- */

static void grant_free_page(struct grant_domain *d, void *page)
{
	if (page)
		d->ops->page_free(d, page);
}

/* Drop the map of the highest handle, and with the first of a chunk, the chunk. */
static void grant_drop_last_map(struct grant_domain *d)
{
	grant_handle_t handle = d->nr_maps - 1;
	struct grant_map m = *grant_map_of(d, handle);

	ASSERT(m.state != MAP_BUSY);
	if (m.state == MAP_DONE)
		grant_let_go(d, &m);
	spin_lock(&d->lock);
	d->nr_maps = handle;
	d->free = NO_HANDLE;
	if (handle % GRANT_MAPS_PER_CHUNK == 0)
		d->ops->page_free(d, d->chunk[handle / GRANT_MAPS_PER_CHUNK]);
	spin_unlock(&d->lock);
}

static void grant_free_table(struct grant_domain *d)
{
	spin_lock(&d->lock);
	d->dead = true;
	d->nr_frames = 0;
	for (unsigned int i = 0; i < GRANT_MAX_FRAMES; i++) {
		grant_free_page(d, d->shared[i]);
		d->shared[i] = NULL;
	}
	for (unsigned int i = 0; i < GRANT_ACTIVE_PAGES; i++) {
		grant_free_page(d, d->active[i]);
		d->active[i] = NULL;
	}
	spin_unlock(&d->lock);
}

bool grant_destroy_step(struct grant_domain *d, unsigned int budget)
{
	for (; d->nr_maps; budget--) {
		if (!budget)
			return false;
		grant_drop_last_map(d);
	}
	if (d->dead)
		return true;
	grant_free_page(d, d->chunk);
	d->chunk = NULL;
	grant_free_table(d);
	return true;
}
