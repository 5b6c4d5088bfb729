/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic of scaled clocks and of the CMOS clock's fields.  Pure.
 * Source: xen/xen.h, struct vcpu_time_info.
 */
#ifndef HV_X86_TIMESCALE_H
#define HV_X86_TIMESCALE_H

#include "types.h"

/* ns = ns_base + ((((tsc - tsc_base) << tsc_shift) * tsc_to_system_mul) >> 32); a negative shift
 * goes right. */
struct time_scale {
	uint64_t tsc_base;
	uint64_t ns_base;
	uint32_t tsc_to_system_mul;
	int8_t tsc_shift;
};

/* Factors for a counter of that many kHz; khz is not 0.  Error below 2^-31. */
void time_scale_set_khz(struct time_scale *s, uint32_t khz);

static inline uint64_t time_scale_delta(const struct time_scale *s, uint64_t delta)
{
	if (s->tsc_shift >= 0)
		delta <<= s->tsc_shift;
	else
		delta >>= -s->tsc_shift;
	return (uint64_t)(((unsigned __int128)delta * s->tsc_to_system_mul) >> 32);
}

static inline uint64_t time_scale_ns(const struct time_scale *s, uint64_t tsc)
{
	return s->ns_base + time_scale_delta(s, tsc - s->tsc_base);
}

/* Factor f such that ticks = (ns * f) >> 40 for a counter of that many kHz, below 2^23. */
uint64_t time_scale_inverse(uint32_t khz);

static inline uint64_t time_scale_ticks(uint64_t inverse, uint64_t ns)
{
	return (uint64_t)(((unsigned __int128)ns * inverse) >> 40);
}

/* What the CMOS clock's registers hold, as read. */
struct cmos_time {
	uint8_t second, minute, hour, day, month, year, century; /* century 0: not known */
	uint8_t status_b;
};

/* Seconds since 1970, UTC; 0 when a field is out of range. */
uint64_t cmos_to_unix(const struct cmos_time *t);

#endif /* HV_X86_TIMESCALE_H */
