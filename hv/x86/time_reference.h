/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Clocks of known rate, against which the TSC is measured.  Boot only. */
#ifndef HV_X86_TIME_REFERENCE_H
#define HV_X86_TIME_REFERENCE_H

#include "types.h"

struct time_reference {
	const char *name;
	uint64_t mask; /* the counter wraps at mask + 1 */
	uint64_t hz;
	uint64_t (*read)(void); /* counts up */
};

/* The best one that this board has and that ticks: HPET, PM timer, PIT.  False: none does. */
bool time_reference_find(struct time_reference *ref);

/* A PIT that no table promises, when all else has failed. */
bool time_reference_last_resort(struct time_reference *ref);

/* What counter makes in one second of the CMOS clock; takes up to two.  0: there is none. */
uint64_t cmos_ticks_per_second(uint64_t (*counter)(void));

/* CMOS clock: seconds since 1970, 0 when there is none or it lost its time. */
uint64_t cmos_read(void);

#endif /* HV_X86_TIME_REFERENCE_H */
