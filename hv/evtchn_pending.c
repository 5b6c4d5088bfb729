/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Making a port pending, and telling its vCPU: the 2-level ABI, and what both
 * ABIs have in common.  All words touched here belong to the guest too and may
 * hold anything: a bit is set or tested, nothing is ever concluded from them.
 */
#include "evtchn_priv.h"
#include "errno.h"

/* 2-level layouts; those of the words follow from the size of the guest's long. */
const struct evtchn_layout evtchn_layout_64 = {
	.pending_offset = 0x800,
	.mask_offset = 0xa00,
	.sel_offset = 8,
	.word_shift = 6,
	.nr_ports = 4096,
};

const struct evtchn_layout evtchn_layout_32 = {
	.pending_offset = 0x800,
	.mask_offset = 0x880,
	.sel_offset = 4,
	.word_shift = 5,
	.nr_ports = 1024,
};

_Static_assert(offsetof(struct shared_info, evtchn_pending) == 0x800, "64-bit pending bits");
_Static_assert(offsetof(struct shared_info, evtchn_mask) == 0xa00, "64-bit mask bits");
_Static_assert(offsetof(struct vcpu_info, evtchn_pending_sel) == 8, "64-bit selector");
_Static_assert(EVTCHN_2L_NR_CHANNELS == 4096, "64-bit number of ports");

static inline const struct evtchn_layout *evtchn_layout(const struct evtchn_domain *d)
{
	return __atomic_load_n(&d->layout, __ATOMIC_ACQUIRE);
}

static inline void *evtchn_pending_bits(const struct evtchn_domain *d,
					const struct evtchn_layout *l)
{
	return (char *)d->shared_info + l->pending_offset;
}

static inline void *evtchn_mask_bits(const struct evtchn_domain *d, const struct evtchn_layout *l)
{
	return (char *)d->shared_info + l->mask_offset;
}

/* Tell v that it has events, unless it has been told and not looked yet. */
void evtchn_upcall(struct evtchn_vcpu *v)
{
	uint8_t *info = __atomic_load_n(&v->info, __ATOMIC_ACQUIRE);

	if (info && __atomic_exchange_n(&info[offsetof(struct vcpu_info, evtchn_upcall_pending)], 1,
					__ATOMIC_SEQ_CST) == 0)
		v->d->ops->kick(v);
}

/* A pending and unmasked port: set its selector bit and tell the vCPU. */
static void evtchn_2l_tell(struct evtchn_domain *d, const struct evtchn_layout *l,
			   const struct evtchn *ch)
{
	struct evtchn_vcpu *v = evtchn_vcpu(d, __atomic_load_n(&ch->vcpu, __ATOMIC_RELAXED));
	char *info = v ? __atomic_load_n(&v->info, __ATOMIC_ACQUIRE) : NULL;

	if (info && !evtchn_bit_set(info + l->sel_offset, ch->port >> l->word_shift))
		evtchn_upcall(v);
}

static bool evtchn_2l_set_pending(struct evtchn_domain *d, struct evtchn *ch)
{
	const struct evtchn_layout *l = evtchn_layout(d);

	if (unlikely(ch->port >= l->nr_ports))
		return true;
	if (evtchn_bit_set(evtchn_pending_bits(d, l), ch->port))
		return true;
	if (!evtchn_bit_test(evtchn_mask_bits(d, l), ch->port))
		evtchn_2l_tell(d, l, ch);
	return false;
}

static void evtchn_2l_unmask(struct evtchn_domain *d, struct evtchn *ch)
{
	const struct evtchn_layout *l = evtchn_layout(d);

	if (ch->port < l->nr_ports && evtchn_bit_clear(evtchn_mask_bits(d, l), ch->port) &&
	    evtchn_bit_test(evtchn_pending_bits(d, l), ch->port))
		evtchn_2l_tell(d, l, ch);
}

static bool evtchn_2l_is_pending(const struct evtchn_domain *d, evtchn_port_t port)
{
	const struct evtchn_layout *l = evtchn_layout(d);

	return port < l->nr_ports && evtchn_bit_test(evtchn_pending_bits(d, l), port);
}

void evtchn_set_pending(struct evtchn_domain *d, struct evtchn *ch)
{
	struct evtchn_fifo *fifo = evtchn_fifo(d);
	bool was = fifo ? evtchn_fifo_set_pending(d, fifo, ch) : evtchn_2l_set_pending(d, ch);

	if (!was && unlikely(__atomic_load_n(&d->pollers, __ATOMIC_ACQUIRE)))
		d->ops->wake_pollers(d, ch->port);
}

void evtchn_clear_pending(struct evtchn_domain *d, struct evtchn *ch)
{
	const struct evtchn_layout *l = evtchn_layout(d);

	if (d->fifo)
		evtchn_fifo_clear_pending(d->fifo, ch);
	else if (ch->port < l->nr_ports)
		evtchn_bit_clear(evtchn_pending_bits(d, l), ch->port);
}

void evtchn_unmask(struct evtchn_domain *d, struct evtchn *ch)
{
	if (d->fifo)
		evtchn_fifo_unmask(d, d->fifo, ch);
	else
		evtchn_2l_unmask(d, ch);
}

int evtchn_is_pending(struct evtchn_domain *d, evtchn_port_t port, bool *pending)
{
	struct evtchn *ch;

	if (port >= d->max_ports)
		return -EINVAL;
	spin_lock(&d->lock);
	ch = evtchn_get(d, port);
	if (!ch)
		*pending = false;
	else if (d->fifo)
		*pending = evtchn_fifo_is_pending(d->fifo, ch);
	else
		*pending = evtchn_2l_is_pending(d, port);
	spin_unlock(&d->lock);
	return 0;
}

void evtchn_set_layout(struct evtchn_domain *d, const struct evtchn_layout *layout)
{
	__atomic_store_n(&d->layout, layout, __ATOMIC_RELEASE);
}

void evtchn_vcpu_set_info(struct evtchn_vcpu *v, void *info)
{
	struct evtchn_domain *d = v->d;

	spin_lock(&d->lock);
	__atomic_store_n(&v->info, info, __ATOMIC_SEQ_CST);
	if (!d->fifo)
		for (uint32_t bit = 0; bit < 1u << d->layout->word_shift; bit++)
			evtchn_bit_set((char *)info + d->layout->sel_offset, bit);
	evtchn_upcall(v);
	spin_unlock(&d->lock);
}

bool evtchn_virq_is_per_vcpu(unsigned int virq)
{
	return virq == VIRQ_TIMER || virq == VIRQ_DEBUG || virq == VIRQ_XENOPROF ||
	       virq == VIRQ_XENPMU;
}

static void evtchn_raise(struct evtchn_domain *d, const evtchn_port_t *port)
{
	if (!__atomic_load_n(port, __ATOMIC_RELAXED))
		return;
	spin_lock(&d->lock);
	if (*port)
		evtchn_set_pending(d, evtchn_record(d, *port));
	spin_unlock(&d->lock);
}

void evtchn_raise_virq(struct evtchn_vcpu *v, unsigned int virq)
{
	evtchn_raise(v->d, &v->virq_port[virq]);
}

void evtchn_raise_global_virq(struct evtchn_domain *d, unsigned int virq)
{
	evtchn_raise(d, &d->virq_port[virq]);
}
