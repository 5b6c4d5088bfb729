/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns the reading of the hypervisor's time records. */
#include "src/pvclock.h"

#define NS_PER_SEC UINT64_C(1000000000)

/* Keep the compiler from moving loads; x86 does not move loads by itself. */
static void load_barrier(void)
{
	__asm__ volatile("" : : : "memory");
}

uint64_t pvclock_read(const volatile struct pvclock *c, uint64_t (*tsc)(void))
{
	uint64_t now, ns;
	uint32_t version;

	do {
		version = c->version;
		load_barrier();
		now = tsc();
		now = now > c->tsc_timestamp ? now - c->tsc_timestamp : 0;
		ns = c->system_time + pvclock_scale(now, c->tsc_to_system_mul, c->tsc_shift);
		load_barrier();
	} while ((version & 1) != 0 || version != c->version);
	return ns;
}

uint64_t pvclock_read_wall(const struct pvclock_wall *w)
{
	uint32_t version, nsec;
	uint64_t sec;

	do {
		version = *w->version;
		load_barrier();
		sec = (uint64_t)*w->sec_hi << 32 | *w->sec;
		nsec = *w->nsec;
		load_barrier();
	} while ((version & 1) != 0 || version != *w->version);
	return sec * NS_PER_SEC + nsec;
}
