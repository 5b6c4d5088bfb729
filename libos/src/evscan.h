/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The core of 2-level event channels: which ports to serve, in a shared page that the
 * hypervisor writes at the same time.
 * Source: public/xen.h, struct shared_info; public/event_channel.h, "2-level ABI".
 */
#ifndef LIBOS_SRC_EVSCAN_H
#define LIBOS_SRC_EVSCAN_H

#include <stdbool.h>
#include <stdint.h>

#define EVSCAN_WORD_BITS 64
#define EVSCAN_WORDS	 64
#define EVSCAN_PORTS	 (EVSCAN_WORDS * EVSCAN_WORD_BITS)

/* The words of the shared page. */
struct evscan {
	unsigned char *upcall_pending;
	unsigned long *pending_sel;
	unsigned long *pending, *mask; /* EVSCAN_WORDS each */
};

/*
 * Serve every port that is pending and not masked, once: its pending bit is cleared,
 * then fn(port) runs.  A port that fn masks for others of the same round stays
 * pending.  What arrives meanwhile is left for the next round, upcall_pending saying
 * so, and so no sender can keep the caller in here.
 */
void evscan_serve(const struct evscan *s, void (*fn)(uint32_t port));

void evscan_mask(const struct evscan *s, uint32_t port);

/* Unmask; a port that is pending makes upcall_pending be set, for the next round. */
void evscan_unmask(const struct evscan *s, uint32_t port);

#endif /* LIBOS_SRC_EVSCAN_H */
