/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The FIFO ABI: each vCPU has sixteen queues, chains of event words in pages
 * that the guest shares.  The hypervisor appends, the guest takes from the head.
 *
 * An event word holds PENDING, MASKED, LINKED (it is in a queue), BUSY (leave it
 * alone for a moment) and LINK (the next port of the queue, 0 at the end).
 *
 *	hypervisor sends			guest takes
 *	H1 set PENDING				G1 take and clear control.ready
 *	H2 MASKED or LINKED in the old		G2 read its own head, else control.head
 *	   value: done				G3 clear LINKED and LINK in one
 *	H3 set LINKED; it was set: done		   operation; LINK is the next head
 *	H4 tail LINKED: put the port in its	G4 next head 0: done with this queue
 *	   LINK; else write control.head	G5 PENDING and not MASKED: clear
 *	H5 tail = port				   PENDING, handle
 *	H6 head written: set ready; it was
 *	   clear: upcall
 *
 *  - H2 sees LINKED: G3 comes after H1, so G5 sees PENDING.
 *  - H2 sees MASKED: the guest unmasks later and finds PENDING, or asks us to.
 *  - H4 finds the tail not LINKED: the guest has passed G3 for it with LINK 0, so
 *    it takes what comes next from control.head, and H6 tells it to.  Ready may
 *    still be set from before: then the guest has G1 to G3 before it.
 *  - The tail may be the very port, from its last turn.  It then looks LINKED
 *    by our own H3, so a port that was the tail of its queue empties it first.
 *  - A port moved to another vCPU or priority while LINKED stays in its queue
 *    for that turn; last_vcpu and last_priority remember which.
 * H3 to H5 hold the FIFO lock.  H4 is a compare-and-swap on a word that the
 * guest changes too: tried again a few times under BUSY, then given up, since
 * only a guest that never stops changing it gets there.
 */
#include "evtchn_priv.h"
#include "errno.h"

#define FIFO_PENDING (1u << EVTCHN_FIFO_PENDING)
#define FIFO_MASKED  (1u << EVTCHN_FIFO_MASKED)
#define FIFO_LINKED  (1u << EVTCHN_FIFO_LINKED)
#define FIFO_BUSY    (1u << EVTCHN_FIFO_BUSY)
#define FIFO_LINK    ((uint32_t)EVTCHN_FIFO_LINK_MASK)
#define FIFO_TRIES   4

/* The word of a port, or NULL while the guest's array does not reach it. */
static event_word_t *evtchn_fifo_word(struct evtchn_fifo *fifo, evtchn_port_t port)
{
	event_word_t *page = __atomic_load_n(&fifo->page[port / EVTCHN_WORDS], __ATOMIC_ACQUIRE);

	return page ? &page[port % EVTCHN_WORDS] : NULL;
}

/* H4: false when tail is not in a queue any more. */
static bool evtchn_fifo_append(event_word_t *tail, evtchn_port_t port)
{
	event_word_t old = __atomic_load_n(tail, __ATOMIC_ACQUIRE);

	for (unsigned int i = 0; i < FIFO_TRIES && (old & FIFO_LINKED); i++) {
		event_word_t new = (old & ~(FIFO_BUSY | FIFO_LINK)) | port;

		if (__atomic_compare_exchange_n(tail, &old, new, false, __ATOMIC_SEQ_CST,
						__ATOMIC_ACQUIRE))
			return true;
		old = __atomic_or_fetch(tail, FIFO_BUSY, __ATOMIC_SEQ_CST);
	}
	__atomic_fetch_and(tail, ~FIFO_BUSY, __ATOMIC_SEQ_CST);
	return (old & FIFO_LINKED) != 0;
}

/* H3 to H5, FIFO lock held.  True when control.head was written, for H6. */
static bool evtchn_fifo_enqueue(struct evtchn_domain *d, struct evtchn_fifo *fifo,
				struct evtchn *ch, struct evtchn_vcpu *v, unsigned int priority,
				struct evtchn_fifo_control_block *control, event_word_t *word)
{
	struct evtchn_vcpu *last = evtchn_vcpu(d, ch->last_vcpu);
	evtchn_port_t tail;

	if (__atomic_fetch_or(word, FIFO_LINKED, __ATOMIC_SEQ_CST) & FIFO_LINKED)
		return false;
	if (last && last->tail[ch->last_priority] == ch->port)
		last->tail[ch->last_priority] = 0;
	ch->last_vcpu = v->id;
	ch->last_priority = (uint8_t)priority;
	tail = v->tail[priority];
	v->tail[priority] = ch->port;
	if (tail && evtchn_fifo_append(evtchn_fifo_word(fifo, tail), ch->port))
		return false;
	__atomic_store_n(&control->head[priority], ch->port, __ATOMIC_RELEASE);
	return true;
}

/* H3 to H6. */
static void evtchn_fifo_link(struct evtchn_domain *d, struct evtchn_fifo *fifo, struct evtchn *ch,
			     event_word_t *word)
{
	struct evtchn_vcpu *v = evtchn_vcpu(d, __atomic_load_n(&ch->vcpu, __ATOMIC_RELAXED));
	unsigned int priority = __atomic_load_n(&ch->priority, __ATOMIC_RELAXED);
	struct evtchn_fifo_control_block *control;
	bool was_empty;

	control = v ? __atomic_load_n(&v->control, __ATOMIC_ACQUIRE) : NULL;
	if (!control)
		return;
	spin_lock(&fifo->lock);
	was_empty = evtchn_fifo_enqueue(d, fifo, ch, v, priority, control, word);
	spin_unlock(&fifo->lock);
	if (was_empty && !evtchn_bit_set(&control->ready, priority))
		evtchn_upcall(v);
}

/* No word yet: remember the event, unless the page has come meanwhile. */
static event_word_t *evtchn_fifo_defer(struct evtchn_fifo *fifo, struct evtchn *ch, bool *was)
{
	event_word_t *word;

	spin_lock(&fifo->lock);
	word = evtchn_fifo_word(fifo, ch->port);
	if (!word) {
		*was = ch->pending;
		ch->pending = true;
	}
	spin_unlock(&fifo->lock);
	return word;
}

bool evtchn_fifo_set_pending(struct evtchn_domain *d, struct evtchn_fifo *fifo, struct evtchn *ch)
{
	event_word_t *word = evtchn_fifo_word(fifo, ch->port), old;
	bool was;

	if (unlikely(!word)) {
		word = evtchn_fifo_defer(fifo, ch, &was);
		if (!word)
			return was;
	}
	old = __atomic_fetch_or(word, FIFO_PENDING, __ATOMIC_SEQ_CST);
	if (!(old & (FIFO_MASKED | FIFO_LINKED)))
		evtchn_fifo_link(d, fifo, ch, word);
	return (old & FIFO_PENDING) != 0;
}

/* A port that is freed while LINKED stays in its queue; the guest finds it not pending. */
void evtchn_fifo_clear_pending(struct evtchn_fifo *fifo, struct evtchn *ch)
{
	event_word_t *word;

	spin_lock(&fifo->lock);
	ch->pending = false;
	word = evtchn_fifo_word(fifo, ch->port);
	if (word)
		__atomic_fetch_and(word, ~FIFO_PENDING, __ATOMIC_SEQ_CST);
	spin_unlock(&fifo->lock);
}

bool evtchn_fifo_is_pending(struct evtchn_fifo *fifo, const struct evtchn *ch)
{
	const event_word_t *word = evtchn_fifo_word(fifo, ch->port);

	return word ? (__atomic_load_n(word, __ATOMIC_ACQUIRE) & FIFO_PENDING) != 0 : ch->pending;
}

void evtchn_fifo_unmask(struct evtchn_domain *d, struct evtchn_fifo *fifo, struct evtchn *ch)
{
	event_word_t *word = evtchn_fifo_word(fifo, ch->port), old;

	if (!word)
		return;
	old = __atomic_fetch_and(word, ~FIFO_MASKED, __ATOMIC_SEQ_CST);
	if ((old & (FIFO_PENDING | FIFO_LINKED)) == FIFO_PENDING)
		evtchn_fifo_link(d, fifo, ch, word);
}

/* The first vCPU's control block makes the domain's state; what was pending is kept for the array.
 */
static int evtchn_fifo_begin(struct evtchn_domain *d)
{
	struct evtchn_fifo *fifo = d->ops->page_alloc(d);
	const char *bits = (const char *)d->shared_info + d->layout->pending_offset;

	if (!fifo)
		return -ENOMEM;
	for (evtchn_port_t p = 1; p < d->nr_ports; p++) {
		struct evtchn *ch = evtchn_record(d, p);

		ch->pending = ch->state != EVTCHN_FREE && p < d->layout->nr_ports &&
			      evtchn_bit_test(bits, p);
		ch->last_vcpu = 0;
		ch->last_priority = 0;
	}
	__atomic_store_n(&d->fifo, fifo, __ATOMIC_RELEASE);
	return 0;
}

static int evtchn_fifo_set_control(struct evtchn_domain *d, struct evtchn_vcpu *v,
				   struct evtchn_fifo_control_block *control)
{
	if (d->dying)
		return -ESRCH;
	if (v->control)
		return -EINVAL;
	if (!d->fifo) {
		int rc = evtchn_fifo_begin(d);

		if (rc)
			return rc;
	}
	__atomic_store_n(&v->control, control, __ATOMIC_RELEASE);
	return 0;
}

int evtchn_op_init_control(struct evtchn_domain *d, struct evtchn_init_control *op)
{
	struct evtchn_vcpu *v = evtchn_vcpu(d, op->vcpu);
	void *page;
	int rc;

	if (!v)
		return -ENOENT;
	if (op->offset % 8 || op->offset > PAGE_SIZE - sizeof(struct evtchn_fifo_control_block))
		return -EINVAL;
	rc = d->ops->page_map(d, gfn(op->control_gfn), &page);
	if (rc)
		return rc;
	spin_lock(&d->lock);
	rc = evtchn_fifo_set_control(d, v, (void *)((char *)page + op->offset));
	spin_unlock(&d->lock);
	if (rc)
		d->ops->page_unmap(d, page);
	else
		op->link_bits = EVTCHN_FIFO_LINK_BITS;
	return rc;
}

/* The array reaches further: deliver what had to wait for it. */
static void evtchn_fifo_deliver_deferred(struct evtchn_domain *d, unsigned int page)
{
	evtchn_port_t end = MIN((evtchn_port_t)((page + 1) * EVTCHN_WORDS), d->nr_ports);

	for (evtchn_port_t p = page * EVTCHN_WORDS; p < end; p++) {
		struct evtchn *ch = p ? evtchn_record(d, p) : NULL;

		if (ch && ch->pending) {
			ch->pending = false;
			evtchn_set_pending(d, ch);
		}
	}
}

static int evtchn_fifo_add_page(struct evtchn_domain *d, event_word_t *page)
{
	struct evtchn_fifo *fifo = d->fifo;
	unsigned int nr;

	if (!fifo)
		return -EOPNOTSUPP;
	nr = fifo->nr_pages;
	if (nr == EVTCHN_FIFO_PAGES)
		return -ENOSPC;
	spin_lock(&fifo->lock);
	__atomic_store_n(&fifo->page[nr], page, __ATOMIC_RELEASE);
	fifo->nr_pages = nr + 1;
	spin_unlock(&fifo->lock);
	evtchn_fifo_deliver_deferred(d, nr);
	return 0;
}

int evtchn_op_expand_array(struct evtchn_domain *d, struct evtchn_expand_array *op)
{
	void *page;
	int rc;

	if (!evtchn_fifo(d))
		return -EOPNOTSUPP;
	rc = d->ops->page_map(d, gfn(op->array_gfn), &page);
	if (rc)
		return rc;
	spin_lock(&d->lock);
	rc = evtchn_fifo_add_page(d, page);
	spin_unlock(&d->lock);
	if (rc)
		d->ops->page_unmap(d, page);
	return rc;
}

int evtchn_op_set_priority(struct evtchn_domain *d, struct evtchn_set_priority *op)
{
	struct evtchn *ch;
	int rc = 0;

	spin_lock(&d->lock);
	ch = evtchn_get(d, op->port);
	if (!ch)
		rc = -EINVAL;
	else if (!d->fifo)
		rc = -EOPNOTSUPP;
	else if (op->priority > EVTCHN_FIFO_PRIORITY_MIN)
		rc = -EINVAL;
	else
		__atomic_store_n(&ch->priority, (uint8_t)op->priority, __ATOMIC_RELAXED);
	spin_unlock(&d->lock);
	return rc;
}

void evtchn_fifo_end(struct evtchn_domain *d)
{
	struct evtchn_fifo *fifo = d->fifo;

	if (!fifo)
		return;
	__atomic_store_n(&d->fifo, NULL, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < d->nr_vcpus; i++) {
		struct evtchn_vcpu *v = d->vcpus[i];

		if (!v)
			continue;
		if (v->control)
			d->ops->page_unmap(d, (void *)((uintptr_t)v->control & PAGE_MASK));
		v->control = NULL;
		for (unsigned int q = 0; q < EVTCHN_FIFO_MAX_QUEUES; q++)
			v->tail[q] = 0;
	}
	for (unsigned int i = 0; i < fifo->nr_pages; i++)
		d->ops->page_unmap(d, fifo->page[i]);
	d->ops->page_free(d, fifo);
}
