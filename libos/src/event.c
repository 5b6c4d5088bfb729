/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the shared info page, the ports and their handlers.  Which port is to be
 * served is evscan.c's work.
 * Source: public/event_channel.h, public/hvm/params.h (HVM_PARAM_CALLBACK_IRQ).
 */
#include "src/event.h"

#include <libos/backtrace.h>
#include <libos/errno.h>
#include <libos/mem.h>
#include <string.h>
#include <xen/event_channel.h>
#include <xen/hvm/params.h>
#include <xen/memory.h>

#include "src/evscan.h"
#include "src/hypercall.h"
#include "src/memory.h"
#include "src/thread.h"
#include "x86/traps.h"

#define CALLBACK_TYPE_VECTOR (UINT64_C(2) << 56)

struct handler {
	libos_event_fn fn;
	void *arg;
};

#define HANDLERS_PER_PAGE (LIBOS_PAGE_SIZE / sizeof(struct handler))

struct shared_info *shared_info;

static struct evscan scan;
static struct handler *handlers[EVSCAN_PORTS / HANDLERS_PER_PAGE];

static struct handler *handler_of(uint32_t port)
{
	struct handler *page = handlers[port / HANDLERS_PER_PAGE];

	return page != NULL ? &page[port % HANDLERS_PER_PAGE] : NULL;
}

static void event_call(uint32_t port)
{
	struct handler *h = handler_of(port);

	if (h != NULL && h->fn != NULL)
		h->fn((libos_port_t){port}, h->arg);
}

void event_serve(void)
{
	handler_enter();
	evscan_serve(&scan, event_call);
	handler_leave();
}

void event_init(void)
{
	libos_gaddr_t ga = memory_gap(1);
	struct xen_add_to_physmap where = {
		.domid = DOMID_SELF,
		.space = XENMAPSPACE_shared_info,
		.gpfn = ga.a >> LIBOS_PAGE_SHIFT,
	};

	if (libos_memory_op(XENMEM_add_to_physmap, &where) != 0)
		libos_panic("the shared info page cannot be mapped at 0x%lx", ga.a);
	shared_info = memory_map(ga, LIBOS_PAGE_SIZE);
	if (shared_info == NULL)
		libos_panic("no memory for the shared info page");

	scan = (struct evscan){
		.upcall_pending = &shared_info->vcpu_info[0].evtchn_upcall_pending,
		.pending_sel = &shared_info->vcpu_info[0].evtchn_pending_sel,
		.pending = shared_info->evtchn_pending,
		.mask = shared_info->evtchn_mask,
	};
	memset(shared_info->evtchn_mask, 0xff, sizeof(shared_info->evtchn_mask));
	if (libos_hvm_set_param(HVM_PARAM_CALLBACK_IRQ, CALLBACK_TYPE_VECTOR | UPCALL_VECTOR) != 0)
		libos_panic("the hypervisor has no upcall by vector");
}

int libos_event_attach(uint32_t existing, libos_event_fn fn, void *arg, libos_port_t *port)
{
	struct handler **page = &handlers[existing / HANDLERS_PER_PAGE];

	if (existing >= EVSCAN_PORTS)
		return -LIBOS_EINVAL;
	if (*page == NULL) {
		*page = libos_page_alloc(0);
		if (*page == NULL)
			return -LIBOS_ENOMEM;
		memset(*page, 0, LIBOS_PAGE_SIZE);
	}
	*handler_of(existing) = (struct handler){fn, arg};
	port->p = existing;
	evscan_unmask(&scan, existing);
	return 0;
}

/* The hypervisor gave us a port: give it a handler, or give it back. */
static int port_adopt(uint32_t new, libos_event_fn fn, void *arg, libos_port_t *port)
{
	int ret = libos_event_attach(new, fn, arg, port);

	if (ret != 0) {
		struct evtchn_close close = {.port = new};

		(void)libos_event_channel_op(EVTCHNOP_close, &close);
	}
	return ret;
}

int libos_event_bind_virq(unsigned int virq, libos_event_fn fn, void *arg, libos_port_t *port)
{
	struct evtchn_bind_virq bind = {.virq = virq};
	long ret = libos_event_channel_op(EVTCHNOP_bind_virq, &bind);

	return ret == 0 ? port_adopt(bind.port, fn, arg, port) : (int)ret;
}

int libos_event_alloc_unbound(uint16_t remote, libos_event_fn fn, void *arg, libos_port_t *port)
{
	struct evtchn_alloc_unbound alloc = {.dom = DOMID_SELF, .remote_dom = remote};
	long ret = libos_event_channel_op(EVTCHNOP_alloc_unbound, &alloc);

	return ret == 0 ? port_adopt(alloc.port, fn, arg, port) : (int)ret;
}

int libos_event_bind_interdomain(uint16_t remote, uint32_t remote_port, libos_event_fn fn,
				 void *arg, libos_port_t *port)
{
	struct evtchn_bind_interdomain bind = {.remote_dom = remote, .remote_port = remote_port};
	long ret = libos_event_channel_op(EVTCHNOP_bind_interdomain, &bind);

	return ret == 0 ? port_adopt(bind.local_port, fn, arg, port) : (int)ret;
}

void libos_event_notify(libos_port_t port)
{
	struct evtchn_send send = {.port = port.p};

	(void)hypercall2(__HYPERVISOR_event_channel_op, EVTCHNOP_send, (unsigned long)&send);
}

void libos_event_mask(libos_port_t port)
{
	evscan_mask(&scan, port.p);
}

void libos_event_unmask(libos_port_t port)
{
	evscan_unmask(&scan, port.p);
}

void libos_event_close(libos_port_t port)
{
	struct evtchn_close close = {.port = port.p};
	struct handler *h = handler_of(port.p);

	evscan_mask(&scan, port.p);
	if (h != NULL)
		h->fn = NULL;
	(void)libos_event_channel_op(EVTCHNOP_close, &close);
}
