/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Seconds into the counts of watchdogs that run through two equal stages, and
 * back.  Counts are rounded up, so that nobody is reset early; seconds down, so
 * that what is reported can be relied on.  Pure.
 */
#ifndef HV_X86_WATCHDOG_CALC_H
#define HV_X86_WATCHDOG_CALC_H

#include "types.h"

/* TCO: 0.6 s a tick, 10 bits, at least 4. */
#define TCO_MIN_TICKS 4u
#define TCO_MAX_TICKS 0x3ffu

static inline unsigned int tco_ticks(unsigned int seconds)
{
	/* Two stages of 0.6 s ticks: seconds / 1.2. */
	uint64_t ticks = ((uint64_t)seconds * 10 + 11) / 12;

	return ticks < TCO_MIN_TICKS   ? TCO_MIN_TICKS
	       : ticks > TCO_MAX_TICKS ? TCO_MAX_TICKS
				       : (unsigned int)ticks;
}

static inline unsigned int tco_seconds(unsigned int ticks)
{
	return ticks * 12 / 10;
}

/* 6300ESB: 2^15 periods of 33 MHz a tick (0.993 ms), 20 bits. */
#define ESB_CLOCK_HZ  33000000ull
#define ESB_MAX_TICKS 0xfffffu

static inline uint32_t esb_ticks(unsigned int seconds)
{
	uint64_t ticks = ((seconds ? seconds : 1) * ESB_CLOCK_HZ + 0xffff) >> 16;

	return ticks > ESB_MAX_TICKS ? ESB_MAX_TICKS : (uint32_t)ticks;
}

static inline unsigned int esb_seconds(uint32_t ticks)
{
	return (unsigned int)(((uint64_t)ticks << 16) / ESB_CLOCK_HZ);
}

#endif /* HV_X86_WATCHDOG_CALC_H */
