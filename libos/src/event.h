/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The shared info page and the scheduler's side of event channels. */
#ifndef LIBOS_SRC_EVENT_H
#define LIBOS_SRC_EVENT_H

#include <libos/event.h>

#include "abi/abi.h"

/* Mapped by event_init(), for ever. */
extern struct shared_info *shared_info;

/* Map the shared info, mask all ports, and ask for upcalls. */
void event_init(void);

/* Serve what is pending, as evscan_serve() does.  event_poll() is nearly free if nothing is. */
void event_serve(void);

static inline void event_poll(void)
{
	if (__atomic_load_n(&shared_info->vcpu_info[0].evtchn_upcall_pending, __ATOMIC_RELAXED))
		event_serve();
}

static inline bool event_waiting(void)
{
	return __atomic_load_n(&shared_info->vcpu_info[0].evtchn_upcall_pending,
			       __ATOMIC_RELAXED) != 0;
}

#endif /* LIBOS_SRC_EVENT_H */
