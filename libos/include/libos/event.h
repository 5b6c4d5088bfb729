/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Event channels.  A handler runs from the scheduler's loop with the port's pending
 * bit already cleared: what arrives while it runs calls it again.  Events that come
 * in bursts are merged, so a handler takes all the work that there is.  Handlers must
 * not wait (see thread.h).
 * Source: public/event_channel.h.
 */
#ifndef LIBOS_EVENT_H
#define LIBOS_EVENT_H

#include <libos/compiler.h>
#include <stdint.h>

/* Our end of a channel.  A struct, so that it cannot be mixed up with other numbers. */
typedef struct {
	uint32_t p;
} libos_port_t;

typedef void (*libos_event_fn)(libos_port_t port, void *arg);

/*
 * Bind a virtual interrupt of this vCPU (VIRQ_*) and unmask it.
 * Returns 0 with *port set, or as do the next two:
 *   -LIBOS_EEXIST  the VIRQ is bound already
 *   -LIBOS_EINVAL  no such VIRQ
 *   -LIBOS_EPERM   it belongs to another domain
 *   -LIBOS_ENOSPC  no port is free
 *   -LIBOS_ENOMEM  no memory for the handler's entry
 */
int must_check libos_event_bind_virq(unsigned int virq, libos_event_fn fn, void *arg,
				     libos_port_t *port);

/* Open a port that domain remote may bind to.  -LIBOS_EPERM: not allowed to talk to it. */
int must_check libos_event_alloc_unbound(uint16_t remote, libos_event_fn fn, void *arg,
					 libos_port_t *port);

/*
 * Bind to remote_port, which domain remote has opened for us.  The new port starts
 * pending, so the handler runs once without a notification.
 *   -LIBOS_ESRCH   no such domain
 *   -LIBOS_EINVAL  remote_port is not open for us
 */
int must_check libos_event_bind_interdomain(uint16_t remote, uint32_t remote_port,
					    libos_event_fn fn, void *arg, libos_port_t *port);

/* Take over a port that the hypervisor or its control domain opened for us at creation. */
int must_check libos_event_attach(uint32_t existing, libos_event_fn fn, void *arg,
				  libos_port_t *port);

/* Send to the other end. */
void libos_event_notify(libos_port_t port);

/* Keep a port from calling its handler; unmasking delivers what came in between. */
void libos_event_mask(libos_port_t port);
void libos_event_unmask(libos_port_t port);

/* Close the port and forget its handler. */
void libos_event_close(libos_port_t port);

#endif /* LIBOS_EVENT_H */
