/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of the paravirtual clock, and its reader against a hypervisor that
 * updates it.  The core takes the shared words and the TSC as parameters.
 * Source: public/xen.h, struct vcpu_time_info and struct shared_info (wc_*).
 */
#ifndef LIBOS_SRC_PVCLOCK_H
#define LIBOS_SRC_PVCLOCK_H

#include <stdint.h>

/* ticks of the TSC in nanoseconds: shifted by shift (right if negative), times mul / 2^32. */
static inline uint64_t pvclock_scale(uint64_t ticks, uint32_t mul, int8_t shift)
{
	ticks = shift >= 0 ? ticks << shift : ticks >> -shift;
	return (uint64_t)((unsigned __int128)ticks * mul >> 32);
}

/* As public/xen.h lays out struct vcpu_time_info. */
struct pvclock {
	uint32_t version;
	uint32_t pad;
	uint64_t tsc_timestamp;
	uint64_t system_time;
	uint32_t tsc_to_system_mul;
	int8_t tsc_shift;
	uint8_t flags;
	uint8_t pad1[2];
};

/* Keep the compiler from moving loads; x86 does not move loads by itself. */
static inline void pvclock_barrier(void)
{
	__asm__ volatile("" : : : "memory");
}

/*
 * Nanoseconds of system time.  Reads again while the version is odd (an update is
 * under way) or changes.  tsc() must not be read ahead of earlier loads.  A TSC that
 * is behind the record's counts as being at it.
 */
static inline uint64_t pvclock_read(const volatile struct pvclock *c, uint64_t (*tsc)(void))
{
	uint64_t now, ns;
	uint32_t version;

	do {
		version = c->version;
		pvclock_barrier();
		now = tsc();
		now = now > c->tsc_timestamp ? now - c->tsc_timestamp : 0;
		ns = c->system_time + pvclock_scale(now, c->tsc_to_system_mul, c->tsc_shift);
		pvclock_barrier();
	} while ((version & 1) != 0 || version != c->version);
	return ns;
}

/* The wall clock at system time 0, under a version of the same kind. */
struct pvclock_wall {
	const volatile uint32_t *version, *sec, *nsec, *sec_hi;
};

/* Nanoseconds since 1970 at system time 0; 0 if the hypervisor does not know. */
uint64_t pvclock_read_wall(const struct pvclock_wall *w);

#endif /* LIBOS_SRC_PVCLOCK_H */
