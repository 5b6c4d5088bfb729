/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Ticket locks.  The hypervisor runs with interrupts off, so there is one kind.
 * The holder's CPU counts the locks it holds: a fault while that count is zero
 * can be contained to the running domain, any other cannot.
 */
#ifndef HV_SPINLOCK_H
#define HV_SPINLOCK_H

#include "types.h"

struct spinlock {
	uint16_t next;	/* ticket to be drawn */
	uint16_t owner; /* ticket being served */
};

#define SPINLOCK_INIT                                                                              \
	{                                                                                          \
		0, 0                                                                               \
	}

void spin_lock(struct spinlock *l);
bool spin_trylock(struct spinlock *l);
void spin_unlock(struct spinlock *l);

#endif /* HV_SPINLOCK_H */
