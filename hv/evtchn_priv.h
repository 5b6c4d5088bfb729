/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What evtchn.c (the sub-operations), evtchn_table.c (ports), evtchn_pending.c
 * (delivery) and evtchn_fifo.c share and nobody else includes.
 */
#ifndef HV_EVTCHN_PRIV_H
#define HV_EVTCHN_PRIV_H

#include "evtchn.h"

/* Bits in guests' memory: locked operations, which are full barriers. */
static inline bool evtchn_bit_set(void *base, uint32_t bit)
{
	uint32_t mask = 1u << (bit % 32);

	return __atomic_fetch_or((uint32_t *)base + bit / 32, mask, __ATOMIC_SEQ_CST) & mask;
}

static inline bool evtchn_bit_clear(void *base, uint32_t bit)
{
	uint32_t mask = 1u << (bit % 32);

	return __atomic_fetch_and((uint32_t *)base + bit / 32, ~mask, __ATOMIC_SEQ_CST) & mask;
}

static inline bool evtchn_bit_test(const void *base, uint32_t bit)
{
	return __atomic_load_n((const uint32_t *)base + bit / 32, __ATOMIC_ACQUIRE) >> (bit % 32) &
	       1;
}

static inline struct evtchn_vcpu *evtchn_vcpu(const struct evtchn_domain *d, uint32_t id)
{
	return id < d->nr_vcpus ? d->vcpus[id] : NULL;
}

static inline struct evtchn_fifo *evtchn_fifo(const struct evtchn_domain *d)
{
	return __atomic_load_n(&d->fifo, __ATOMIC_ACQUIRE);
}

/* The record of a port that has one.  d's lock, or that of the domain it is bound to. */
static inline struct evtchn *evtchn_record(const struct evtchn_domain *d, evtchn_port_t port)
{
	return &d->dir[port / EVTCHN_PER_DIR][port % EVTCHN_PER_DIR / EVTCHN_PER_CHUNK]
		      [port % EVTCHN_PER_CHUNK];
}

/* The record of a port in use, or NULL.  d's lock held. */
static inline struct evtchn *evtchn_get(const struct evtchn_domain *d, evtchn_port_t port)
{
	struct evtchn *ch;

	if (unlikely(port == 0 || port >= d->nr_ports))
		return NULL;
	ch = evtchn_record(d, port);
	return likely(ch->state != EVTCHN_FREE) ? ch : NULL;
}

/*
 * evtchn_table.c.  Take a free port of d, still EVTCHN_FREE, or give one back.
 * d's lock held.  -ESRCH: dying, -ENOSPC, -ENOMEM.  Nothing can fail between
 * the two and setting the state.
 */
int must_check evtchn_take_port(struct evtchn_domain *d, struct evtchn **ch);
void evtchn_set_state(struct evtchn_domain *d, struct evtchn *ch, enum evtchn_state state);
void evtchn_free_port(struct evtchn_domain *d, struct evtchn *ch);

/* Start numbering anew; no port is in use.  d's lock held. */
void evtchn_forget_ports(struct evtchn_domain *d);

/* Free chunks from number d->next on; true when all are gone.  No one else uses d. */
bool must_check evtchn_free_chunks(struct evtchn_domain *d, unsigned int *budget);

/* evtchn_pending.c.  Lock of the event's source held. */
void evtchn_set_pending(struct evtchn_domain *d, struct evtchn *ch);
void evtchn_clear_pending(struct evtchn_domain *d, struct evtchn *ch);
void evtchn_unmask(struct evtchn_domain *d, struct evtchn *ch);
void evtchn_upcall(struct evtchn_vcpu *v);

/* evtchn_fifo.c.  As above; set_pending returns whether it was pending already. */
bool evtchn_fifo_set_pending(struct evtchn_domain *d, struct evtchn_fifo *fifo, struct evtchn *ch);
void evtchn_fifo_clear_pending(struct evtchn_fifo *fifo, struct evtchn *ch);
bool evtchn_fifo_is_pending(struct evtchn_fifo *fifo, const struct evtchn *ch);
void evtchn_fifo_unmask(struct evtchn_domain *d, struct evtchn_fifo *fifo, struct evtchn *ch);

/* Back to the 2-level ABI: no port is in use, d's lock held. */
void evtchn_fifo_end(struct evtchn_domain *d);

#endif /* HV_EVTCHN_PRIV_H */
