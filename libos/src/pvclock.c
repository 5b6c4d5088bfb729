/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns the reading of the wall clock; system time is read inline, pvclock.h. */
#include "src/pvclock.h"

#define NS_PER_SEC UINT64_C(1000000000)

uint64_t pvclock_read_wall(const struct pvclock_wall *w)
{
	uint32_t version, nsec;
	uint64_t sec;

	do {
		version = *w->version;
		pvclock_barrier();
		sec = (uint64_t)*w->sec_hi << 32 | *w->sec;
		nsec = *w->nsec;
		pvclock_barrier();
	} while ((version & 1) != 0 || version != *w->version);
	return sec * NS_PER_SEC + nsec;
}
