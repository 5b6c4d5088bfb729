/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "spinlock.h"

#include "printk.h"
#include "x86/asm.h"
#include "x86/percpu.h"

void spin_lock(struct spinlock *l)
{
	uint16_t ticket = __atomic_fetch_add(&l->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&l->owner, __ATOMIC_ACQUIRE) != ticket)
		cpu_relax();
	this_cpu()->locks_held++;
}

bool spin_trylock(struct spinlock *l)
{
	uint16_t owner = __atomic_load_n(&l->owner, __ATOMIC_RELAXED);
	uint16_t want = owner;

	if (!__atomic_compare_exchange_n(&l->next, &want, (uint16_t)(owner + 1), false,
					 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return false;
	this_cpu()->locks_held++;
	return true;
}

void spin_unlock(struct spinlock *l)
{
	struct cpu *c = this_cpu();

	ASSERT(c->locks_held > 0);
	c->locks_held--;
	__atomic_store_n(&l->owner, (uint16_t)(l->owner + 1), __ATOMIC_RELEASE);
}
