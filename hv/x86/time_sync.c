/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Do two CPUs' TSCs agree?  Both take turns at one lock; whoever finds a later
 * time there than its own has seen time go backwards.
 */
#include "spinlock.h"
#include "time.h"

#define ROUNDS	 300u
#define LIMIT_MS 100u

static struct spinlock lock = SPINLOCK_INIT;
static uint64_t last, worst;	/* [lock] */
static unsigned int here, done; /* [atomic] how many CPUs have come, have finished */

void time_check_sync_reset(void)
{
	last = 0;
	worst = 0;
	__atomic_store_n(&done, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&here, 0, __ATOMIC_RELEASE);
}

static bool both(unsigned int *count)
{
	uint64_t start = rdtsc(), limit = (uint64_t)tsc_khz * LIMIT_MS;

	__atomic_add_fetch(count, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(count, __ATOMIC_ACQUIRE) < 2) {
		if (rdtsc() - start > limit)
			return false;
		cpu_relax();
	}
	return true;
}

uint64_t time_check_sync(bool boot_cpu)
{
	(void)boot_cpu;
	if (!both(&here))
		return 0;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		spin_lock(&lock);
		uint64_t now = rdtsc();
		if (now < last && last - now > worst)
			worst = last - now;
		last = now;
		spin_unlock(&lock);
		cpu_relax();
	}
	(void)both(&done);
	return __atomic_load_n(&worst, __ATOMIC_ACQUIRE);
}
