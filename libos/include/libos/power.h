/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The end of the domain, and the proof that it is alive.
 * Source: public/sched.h, SCHEDOP_shutdown and SCHEDOP_watchdog.
 */
#ifndef LIBOS_POWER_H
#define LIBOS_POWER_H

#include <libos/compiler.h>
#include <stdint.h>

/* Xen's SHUTDOWN_* numbers. */
enum libos_shutdown_reason {
	LIBOS_SHUTDOWN_POWEROFF = 0,
	LIBOS_SHUTDOWN_REBOOT = 1,
	LIBOS_SHUTDOWN_CRASH = 3,
};

/*
 * End the domain now: nothing is flushed, no exit handler runs.  For the control
 * domain this is the machine's power-off, reset, or its on-crash policy.
 */
_Noreturn void libos_shutdown(enum libos_shutdown_reason reason);

/*
 * Kick, start or stop a watchdog of this domain.  *id 0 starts one and sets *id to its
 * number; afterwards the same call pushes its end seconds away again; seconds 0 stops it
 * and sets *id to 0.  A watchdog that runs out ends the domain with reason watchdog.
 * Returns 0, or:
 *   -LIBOS_EEXIST  all of the domain's watchdogs are in use
 *   -LIBOS_EINVAL  *id is not running
 */
int must_check libos_watchdog(uint32_t *id, unsigned int seconds);

#endif /* LIBOS_POWER_H */
