/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The table of a domain's ports: records in chunks of a page, pages of pointers
 * to chunks, both from the domain's budget and kept until it dies.  Free ports
 * are chained, the latest freed first.
 */
#include "evtchn_priv.h"
#include "errno.h"
#include "printk.h"

_Static_assert(sizeof(struct evtchn) * EVTCHN_PER_CHUNK == PAGE_SIZE, "a chunk is a page");
_Static_assert(EVTCHN_PER_DIR *EVTCHN_DIRS == EVTCHN_FIFO_NR_CHANNELS, "any port has a place");
_Static_assert(sizeof(struct evtchn_fifo) <= PAGE_SIZE, "taken as a page");

static struct evtchn **evtchn_chunk(struct evtchn_domain *d, evtchn_port_t port)
{
	return &d->dir[port / EVTCHN_PER_DIR][port % EVTCHN_PER_DIR / EVTCHN_PER_CHUNK];
}

/* Make sure that port has a record. */
static int evtchn_make_record(struct evtchn_domain *d, evtchn_port_t port)
{
	struct evtchn ***dir = &d->dir[port / EVTCHN_PER_DIR];

	if (!*dir)
		*dir = d->ops->page_alloc(d);
	if (!*dir)
		return -ENOMEM;
	if (!*evtchn_chunk(d, port))
		*evtchn_chunk(d, port) = d->ops->page_alloc(d);
	return *evtchn_chunk(d, port) ? 0 : -ENOMEM;
}

static uint32_t evtchn_port_limit(const struct evtchn_domain *d)
{
	return d->fifo ? d->max_ports : MIN(d->max_ports, (uint32_t)d->layout->nr_ports);
}

int evtchn_take_port(struct evtchn_domain *d, struct evtchn **ch)
{
	evtchn_port_t port = d->free ? d->free : d->nr_ports;
	int rc;

	if (d->dying)
		return -ESRCH;
	if (port >= evtchn_port_limit(d))
		return -ENOSPC;
	if (!d->free) {
		rc = evtchn_make_record(d, port);
		if (rc)
			return rc;
		*evtchn_record(d, port) = (struct evtchn){.port = port};
		d->free = port;
		d->nr_ports++;
	}
	*ch = evtchn_record(d, port);
	return 0;
}

void evtchn_set_state(struct evtchn_domain *d, struct evtchn *ch, enum evtchn_state state)
{
	if (ch->state == EVTCHN_FREE) {
		ASSERT(d->free == ch->port);
		d->free = ch->remote_port;
		ch->remote_port = 0;
		ch->vcpu = 0;
		ch->priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
		d->nr_active++;
	}
	ch->state = (uint8_t)state;
}

void evtchn_free_port(struct evtchn_domain *d, struct evtchn *ch)
{
	evtchn_clear_pending(d, ch);
	ch->state = EVTCHN_FREE;
	ch->remote = NULL;
	ch->remote_port = d->free;
	d->free = ch->port;
	d->nr_active--;
}

void evtchn_forget_ports(struct evtchn_domain *d)
{
	ASSERT(d->nr_active == 0);
	d->nr_ports = 1;
	d->free = 0;
	d->next = 1;
}

bool evtchn_free_chunks(struct evtchn_domain *d, unsigned int *budget)
{
	for (unsigned int i = 0; i < EVTCHN_DIRS; i++) {
		struct evtchn **dir = d->dir[i];

		if (!dir)
			continue;
		for (; d->next < EVTCHN_PER_DIR / EVTCHN_PER_CHUNK; d->next++) {
			if (!*budget)
				return false;
			--*budget;
			if (dir[d->next])
				d->ops->page_free(d, dir[d->next]);
		}
		d->ops->page_free(d, dir);
		d->dir[i] = NULL;
		d->next = 0;
	}
	return true;
}

void evtchn_domain_init(struct evtchn_domain *d)
{
	d->max_ports = MIN(d->max_ports, (uint32_t)EVTCHN_FIFO_NR_CHANNELS);
	evtchn_forget_ports(d);
}

void evtchn_vcpu_init(struct evtchn_domain *d, struct evtchn_vcpu *v, uint16_t id, void *info)
{
	ASSERT(id < d->nr_vcpus && !d->vcpus[id]);
	*v = (struct evtchn_vcpu){.d = d, .id = id, .info = info};
	__atomic_store_n(&d->vcpus[id], v, __ATOMIC_RELEASE);
}
