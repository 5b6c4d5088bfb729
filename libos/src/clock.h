/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Time, as the scheduler uses it. */
#ifndef LIBOS_SRC_CLOCK_H
#define LIBOS_SRC_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Bind the timer's virtual interrupt.  After event_init(). */
void clock_init(void);

/* Run the functions of all timers that are due. */
void clock_run_timers(void);

/*
 * Ask for an event at the earliest deadline, unless one that comes in time has been
 * asked for.  False if that deadline has passed: there are timers to run.
 */
bool clock_prepare_idle(void);

#endif /* LIBOS_SRC_CLOCK_H */
