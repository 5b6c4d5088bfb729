/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The sub-operations of event_channel_op that bind, close and send.  Each copies
 * what it needs out of op, checks all of it under the locks, and then does what
 * cannot fail.  Locks and errors: evtchn.h.
 */
#include "evtchn_priv.h"
#include "errno.h"
#include "printk.h"

/* Ports that one call of reset looks at. */
#define EVTCHN_RESET_BUDGET 256

static domid_t evtchn_domid(const struct evtchn_domain *d, domid_t domid)
{
	return domid == DOMID_SELF ? d->domid : domid;
}

/*
 * The domain that d names in an operation, d itself included, for evtchn_put_target().
 * privileged: only the control domain may name another.
 */
static int evtchn_get_target(struct evtchn_domain *d, domid_t domid, bool privileged,
			     struct evtchn_domain **target)
{
	domid = evtchn_domid(d, domid);
	if (domid == d->domid) {
		*target = d;
		return 0;
	}
	if (privileged && !d->privileged)
		return -EPERM;
	*target = d->ops->domain_get(domid);
	return *target ? 0 : -ESRCH;
}

static void evtchn_put_target(const struct evtchn_domain *d, struct evtchn_domain *target)
{
	if (target != d)
		d->ops->domain_put(target);
}

static void evtchn_lock_two(struct evtchn_domain *a, struct evtchn_domain *b)
{
	spin_lock(a < b ? &a->lock : &b->lock);
	if (a != b)
		spin_lock(a < b ? &b->lock : &a->lock);
}

static void evtchn_unlock_two(struct evtchn_domain *a, struct evtchn_domain *b)
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);
}

int evtchn_op_alloc_unbound(struct evtchn_domain *d, struct evtchn_alloc_unbound *op)
{
	domid_t remote = evtchn_domid(d, op->remote_dom);
	struct evtchn_domain *target;
	struct evtchn *ch;
	int rc = evtchn_get_target(d, op->dom, true, &target);

	if (rc)
		return rc;
	spin_lock(&target->lock);
	rc = d->ops->may_bind(target, remote) ? evtchn_take_port(target, &ch) : -EPERM;
	if (!rc) {
		evtchn_set_state(target, ch, EVTCHN_UNBOUND);
		ch->remote_domid = remote;
		op->port = ch->port;
	}
	spin_unlock(&target->lock);
	evtchn_put_target(d, target);
	return rc;
}

/* Both locks held. */
static int evtchn_bind_two(struct evtchn_domain *d, struct evtchn_domain *r,
			   evtchn_port_t remote_port, evtchn_port_t *local_port)
{
	struct evtchn *ch, *rch = evtchn_get(r, remote_port);
	int rc;

	if (r->dying)
		return -ESRCH;
	if (!rch || rch->state != EVTCHN_UNBOUND || rch->remote_domid != d->domid)
		return -EINVAL;
	rc = evtchn_take_port(d, &ch);
	if (rc)
		return rc;
	evtchn_set_state(d, ch, EVTCHN_INTERDOMAIN);
	ch->remote = r;
	ch->remote_port = remote_port;
	evtchn_set_state(r, rch, EVTCHN_INTERDOMAIN);
	rch->remote = d;
	rch->remote_port = ch->port;
	/* what the peer sent before now was lost: let us look */
	evtchn_set_pending(d, ch);
	*local_port = ch->port;
	return 0;
}

int evtchn_op_bind_interdomain(struct evtchn_domain *d, struct evtchn_bind_interdomain *op)
{
	evtchn_port_t remote_port = op->remote_port;
	struct evtchn_domain *r;
	int rc = evtchn_get_target(d, op->remote_dom, false, &r);

	if (rc)
		return rc;
	if (!d->ops->may_bind(d, r->domid)) {
		rc = -EPERM;
	} else {
		evtchn_lock_two(d, r);
		rc = evtchn_bind_two(d, r, remote_port, &op->local_port);
		evtchn_unlock_two(d, r);
	}
	evtchn_put_target(d, r);
	return rc;
}

int evtchn_op_bind_virq(struct evtchn_domain *d, struct evtchn_bind_virq *op)
{
	uint32_t virq = op->virq;
	struct evtchn_vcpu *v = evtchn_vcpu(d, op->vcpu);
	evtchn_port_t *slot;
	struct evtchn *ch;
	int rc;

	if (virq >= NR_VIRQS || (op->vcpu != 0 && !evtchn_virq_is_per_vcpu(virq)))
		return -EINVAL;
	if (!v)
		return -ENOENT;
	slot = evtchn_virq_is_per_vcpu(virq) ? &v->virq_port[virq] : &d->virq_port[virq];
	spin_lock(&d->lock);
	rc = *slot ? -EEXIST : evtchn_take_port(d, &ch);
	if (!rc) {
		evtchn_set_state(d, ch, EVTCHN_VIRQ);
		ch->virq = (uint8_t)virq;
		ch->vcpu = v->id;
		__atomic_store_n(slot, ch->port, __ATOMIC_RELEASE);
		op->port = ch->port;
	}
	spin_unlock(&d->lock);
	return rc;
}

int evtchn_op_bind_ipi(struct evtchn_domain *d, struct evtchn_bind_ipi *op)
{
	struct evtchn_vcpu *v = evtchn_vcpu(d, op->vcpu);
	struct evtchn *ch;
	int rc;

	if (!v)
		return -ENOENT;
	spin_lock(&d->lock);
	rc = evtchn_take_port(d, &ch);
	if (!rc) {
		evtchn_set_state(d, ch, EVTCHN_IPI);
		ch->vcpu = v->id;
		op->port = ch->port;
	}
	spin_unlock(&d->lock);
	return rc;
}

/*
 * Lock d, and with it the other end if port is an end of an interdomain channel.
 * A lower-addressed peer is only tried for while d's lock, which keeps it alive,
 * is held; whoever holds it may be waiting for d.  NULL, with d's lock alone:
 * the port is not in use.
 */
static struct evtchn *evtchn_lock_channel(struct evtchn_domain *d, evtchn_port_t port)
{
	for (;;) {
		struct evtchn *ch;

		spin_lock(&d->lock);
		ch = evtchn_get(d, port);
		if (!ch || ch->state != EVTCHN_INTERDOMAIN || ch->remote == d)
			return ch;
		if (ch->remote > d) {
			spin_lock(&ch->remote->lock);
			return ch;
		}
		if (spin_trylock(&ch->remote->lock))
			return ch;
		spin_unlock(&d->lock);
		__builtin_ia32_pause();
	}
}

/* The peer waits for us again; a new incarnation of d may bind to it. */
static void evtchn_unbind_peer(struct evtchn_domain *d, struct evtchn *ch)
{
	struct evtchn *rch = evtchn_record(ch->remote, ch->remote_port);

	ASSERT(rch->remote == d && rch->remote_port == ch->port);
	rch->state = EVTCHN_UNBOUND;
	rch->remote = NULL;
	rch->remote_port = 0;
	rch->remote_domid = d->domid;
}

static void evtchn_unbind_virq(struct evtchn_domain *d, const struct evtchn *ch)
{
	if (!evtchn_virq_is_per_vcpu(ch->virq))
		__atomic_store_n(&d->virq_port[ch->virq], 0, __ATOMIC_RELAXED);
	else
		__atomic_store_n(&d->vcpus[ch->vcpu]->virq_port[ch->virq], 0, __ATOMIC_RELAXED);
}

static int evtchn_close(struct evtchn_domain *d, evtchn_port_t port)
{
	struct evtchn *ch = evtchn_lock_channel(d, port);
	struct evtchn_domain *peer = NULL;

	if (ch) {
		if (ch->state == EVTCHN_INTERDOMAIN) {
			peer = ch->remote;
			evtchn_unbind_peer(d, ch);
		} else if (ch->state == EVTCHN_VIRQ) {
			evtchn_unbind_virq(d, ch);
		}
		evtchn_free_port(d, ch);
	}
	if (peer && peer != d)
		spin_unlock(&peer->lock);
	spin_unlock(&d->lock);
	return ch ? 0 : -EINVAL;
}

int evtchn_op_close(struct evtchn_domain *d, struct evtchn_close *op)
{
	return evtchn_close(d, op->port);
}

int evtchn_send(struct evtchn_domain *d, evtchn_port_t port)
{
	struct evtchn *ch;
	int rc = 0;

	spin_lock(&d->lock);
	ch = evtchn_get(d, port);
	if (likely(ch && ch->state == EVTCHN_INTERDOMAIN))
		evtchn_set_pending(ch->remote, evtchn_record(ch->remote, ch->remote_port));
	else if (ch && ch->state == EVTCHN_IPI)
		evtchn_set_pending(d, ch);
	else if (!ch || ch->state != EVTCHN_UNBOUND) /* an unbound one drops it */
		rc = -EINVAL;
	spin_unlock(&d->lock);
	return rc;
}

int evtchn_op_send(struct evtchn_domain *d, struct evtchn_send *op)
{
	return evtchn_send(d, op->port);
}

/* Lock held.  False: the port is not in use. */
static bool evtchn_describe(const struct evtchn_domain *d, evtchn_port_t port,
			    struct evtchn_status *status)
{
	const struct evtchn *ch = evtchn_get(d, port);

	if (!ch)
		return false;
	status->vcpu = ch->vcpu;
	switch ((enum evtchn_state)ch->state) {
	case EVTCHN_FREE: return false;
	case EVTCHN_UNBOUND:
		status->status = EVTCHNSTAT_unbound;
		status->u.unbound.dom = ch->remote_domid;
		break;
	case EVTCHN_INTERDOMAIN:
		status->status = EVTCHNSTAT_interdomain;
		status->u.interdomain.dom = ch->remote->domid;
		status->u.interdomain.port = ch->remote_port;
		break;
	case EVTCHN_VIRQ:
		status->status = EVTCHNSTAT_virq;
		status->u.virq = ch->virq;
		break;
	case EVTCHN_IPI: status->status = EVTCHNSTAT_ipi; break;
	}
	return true;
}

int evtchn_op_status(struct evtchn_domain *d, struct evtchn_status *op)
{
	evtchn_port_t port = op->port;
	struct evtchn_domain *target;
	int rc = evtchn_get_target(d, op->dom, true, &target);

	if (rc)
		return rc;
	if (port >= target->max_ports) {
		rc = -EINVAL;
	} else {
		spin_lock(&target->lock);
		if (!evtchn_describe(target, port, op)) {
			op->status = EVTCHNSTAT_closed;
			op->vcpu = 0;
		}
		spin_unlock(&target->lock);
	}
	evtchn_put_target(d, target);
	return rc;
}

int evtchn_op_bind_vcpu(struct evtchn_domain *d, struct evtchn_bind_vcpu *op)
{
	const struct evtchn_vcpu *v = evtchn_vcpu(d, op->vcpu);
	struct evtchn *ch;
	int rc = 0;

	if (!v)
		return -ENOENT;
	spin_lock(&d->lock);
	ch = evtchn_get(d, op->port);
	if (!ch || ch->state == EVTCHN_IPI ||
	    (ch->state == EVTCHN_VIRQ && evtchn_virq_is_per_vcpu(ch->virq)))
		rc = -EINVAL;
	else
		__atomic_store_n(&ch->vcpu, v->id, __ATOMIC_RELAXED);
	spin_unlock(&d->lock);
	return rc;
}

int evtchn_op_unmask(struct evtchn_domain *d, struct evtchn_unmask *op)
{
	struct evtchn *ch;

	spin_lock(&d->lock);
	ch = evtchn_get(d, op->port);
	if (ch)
		evtchn_unmask(d, ch);
	spin_unlock(&d->lock);
	return ch ? 0 : -EINVAL;
}

/* Close ports from d->next on, as far as *budget goes.  True when the end is reached. */
static bool evtchn_close_some(struct evtchn_domain *d, unsigned int *budget)
{
	for (; *budget; --*budget) {
		evtchn_port_t port;

		spin_lock(&d->lock);
		port = d->next;
		if (port >= d->nr_ports || d->nr_active == 0) {
			spin_unlock(&d->lock);
			return true;
		}
		d->next = port + 1;
		spin_unlock(&d->lock);
		(void)evtchn_close(d, port); /* -EINVAL: was free */
	}
	return false;
}

/* All ports closed: back to where a new domain begins.  False when one was bound meanwhile. */
static bool evtchn_finish_reset(struct evtchn_domain *d)
{
	bool done;

	spin_lock(&d->lock);
	done = d->nr_active == 0;
	if (done) {
		evtchn_fifo_end(d);
		evtchn_forget_ports(d);
	}
	d->next = 1;
	spin_unlock(&d->lock);
	return done;
}

int evtchn_op_reset(struct evtchn_domain *d, struct evtchn_reset *op)
{
	unsigned int budget = EVTCHN_RESET_BUDGET;
	struct evtchn_domain *target;
	int rc = evtchn_get_target(d, op->dom, true, &target);

	if (rc)
		return rc;
	if (!evtchn_close_some(target, &budget) || !evtchn_finish_reset(target))
		rc = -ERESTART;
	evtchn_put_target(d, target);
	return rc;
}

bool evtchn_destroy_step(struct evtchn_domain *d, unsigned int budget)
{
	if (d->nr_ports) {
		spin_lock(&d->lock);
		if (!d->dying)
			d->next = 1;
		d->dying = true;
		spin_unlock(&d->lock);
		if (!evtchn_close_some(d, &budget) || !evtchn_finish_reset(d))
			return false;
		d->nr_ports = 0; /* from here on only pages are left */
		d->next = 0;
	}
	return evtchn_free_chunks(d, &budget);
}
