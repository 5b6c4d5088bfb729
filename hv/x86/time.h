/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * System time: nanoseconds since the hypervisor was entered, from the TSC, in
 * the arithmetic of pvclock so that guests compute the very same numbers.
 * Constant after time_init(); readable anywhere.
 */
#ifndef HV_X86_TIME_H
#define HV_X86_TIME_H

#include "asm.h"
#include "timescale.h"

/*
 * Measure the TSC (and the LAPIC timer) against HPET, PM timer or PIT, the first
 * that is there, for 2 ms; CPUID 15h's rate is taken if that agrees with it.  Where
 * no clock ticks, CPUID 15h or 16h is believed, and last the CMOS clock, in 2 s.
 * tsc_entry is the TSC when the hypervisor was entered: system time 0.
 * After apic_init_bsp().  Says what it found; panics only if nothing ticks.
 */
void time_init(uint64_t tsc_entry);

extern struct time_scale time_scale; /* (o) by time_init() */
extern uint32_t tsc_khz;	     /* (o) */

/* Of this CPU, monotonic on it; before time_init() it stands still. */
static inline uint64_t system_time_ns(void)
{
	return time_scale_ns(&time_scale, rdtsc());
}

/* Ticks of the TSC in so many ns, rounded down. */
uint64_t time_ns_to_tsc(uint64_t ns);

/* "cpuid", "hpet", "pm-timer", "pit", "cmos"; "none" before time_init(). */
const char *time_source_name(void);

/* UTC in ns since 1970 at system time 0, from the CMOS clock; 0 when the board has none or it is
 * unset. */
uint64_t wallclock_at_boot_ns(void);

/* Busy-wait, after time_init(). */
void udelay(unsigned int us);

/*
 * Check that this CPU's TSC agrees with the boot CPU's: both call it at the same
 * time during bring-up, and each waits 100 ms for the other at most.  Returns the
 * worst backward step that either has seen, in ticks; 0 is good.
 */
uint64_t time_check_sync(bool boot_cpu);

/* Make ready for the next pair; boot CPU, before it starts the other. */
void time_check_sync_reset(void);

#endif /* HV_X86_TIME_H */
