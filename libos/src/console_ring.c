/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the PV console's ring.  The other side is the domain's console daemon or
 * control domain; its indices are still bounded, since a ring that lies must not
 * become a wild pointer.
 * Source: public/io/console.h; docs/misc/console.txt.
 */
#include "src/console.h"

#include "abi/abi.h"

#include <libos/errno.h>
#include <libos/event.h>
#include <libos/mem.h>
#include <xen/hvm/params.h>
#include <xen/io/console.h>

#include "src/hypercall.h"
#include "src/memory.h"

static struct xencons_interface *ring;
static libos_port_t ring_port;

static void ring_event(libos_port_t port, void *arg)
{
	(void)port;
	(void)arg;
	console_wake();
}

bool console_ring_init(void)
{
	uint64_t gfn = 0, port = 0;
	struct xencons_interface *page;

	if (libos_hvm_get_param(HVM_PARAM_CONSOLE_PFN, &gfn) != 0 ||
	    libos_hvm_get_param(HVM_PARAM_CONSOLE_EVTCHN, &port) != 0 || gfn == 0 || port == 0)
		return false;
	page = memory_map((libos_gaddr_t){gfn << LIBOS_PAGE_SHIFT}, LIBOS_PAGE_SIZE);
	if (page == NULL || libos_event_attach((uint32_t)port, ring_event, NULL, &ring_port) != 0)
		return false;
	ring = page;
	return true;
}

static size_t ring_write(const char *buf, size_t n)
{
	XENCONS_RING_IDX prod = ring->out_prod;
	XENCONS_RING_IDX used = prod - __atomic_load_n(&ring->out_cons, __ATOMIC_ACQUIRE);
	size_t done = 0;

	while (done < n && used + done < sizeof(ring->out)) {
		ring->out[MASK_XENCONS_IDX(prod, ring->out)] = buf[done++];
		prod++;
	}
	if (done != 0) {
		__atomic_store_n(&ring->out_prod, prod, __ATOMIC_RELEASE);
		libos_event_notify(ring_port);
	}
	return done;
}

static size_t ring_read(char *buf, size_t n)
{
	XENCONS_RING_IDX cons = ring->in_cons;
	XENCONS_RING_IDX have = __atomic_load_n(&ring->in_prod, __ATOMIC_ACQUIRE) - cons;
	size_t done = 0;

	if (have > sizeof(ring->in))
		have = 0;
	while (done < n && done < have)
		buf[done++] = ring->in[MASK_XENCONS_IDX(cons++, ring->in)];
	if (done != 0) {
		__atomic_store_n(&ring->in_cons, cons, __ATOMIC_RELEASE);
		libos_event_notify(ring_port);
	}
	return done;
}

static bool ring_drained(void)
{
	return __atomic_load_n(&ring->out_cons, __ATOMIC_ACQUIRE) == ring->out_prod;
}

const struct console_backend console_ring = {
	.write = ring_write,
	.read = ring_read,
	.drained = ring_drained,
};
