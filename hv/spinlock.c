/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "spinlock.h"

#include "printk.h"
#include "x86/asm.h"
#include "x86/percpu.h"

/* Before a lock is taken, after it is let go: an NMI in between sees it counted. */
static void count(int n)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	this_cpu()->locks_held += (unsigned int)n;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void spin_lock(struct spinlock *l)
{
	uint16_t ticket;

	count(1);
	ticket = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&l->owner, __ATOMIC_ACQUIRE) != ticket)
		cpu_relax();
}

bool spin_trylock(struct spinlock *l)
{
	uint16_t owner = __atomic_load_n(&l->owner, __ATOMIC_RELAXED);
	uint16_t want = owner;

	count(1);
	if (__atomic_compare_exchange_n(&l->next, &want, (uint16_t)(owner + 1), false,
					__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return true;
	count(-1);
	return false;
}

void spin_unlock(struct spinlock *l)
{
	ASSERT(this_cpu()->locks_held > 0);
	__atomic_store_n(&l->owner, (uint16_t)(l->owner + 1), __ATOMIC_RELEASE);
	count(-1);
}
