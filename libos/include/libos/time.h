/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * System time, wall clock, sleeping, timers.  All times are nanoseconds.
 *
 * System time is the hypervisor's clock: it starts near the machine's or the domain's
 * start, never goes back, and is what deadlines are given in.
 * Source: public/xen.h, struct vcpu_time_info; public/vcpu.h, VCPUOP_set_singleshot_timer.
 */
#ifndef LIBOS_TIME_H
#define LIBOS_TIME_H

#include <libos/compiler.h>
#include <stdbool.h>
#include <stdint.h>

#define LIBOS_NS_PER_SEC UINT64_C(1000000000)
#define LIBOS_NS_PER_MS	 UINT64_C(1000000)
#define LIBOS_NS_PER_US	 UINT64_C(1000)

/* System time now. */
uint64_t libos_now_ns(void);

/* Nanoseconds since 1970-01-01 00:00 UTC; 0 if the machine does not know the date. */
uint64_t libos_wallclock_ns(void);

/* Sleep until a system time, or for a while.  Threads only. */
void libos_sleep_until(uint64_t deadline_ns);
void libos_sleep_ns(uint64_t ns);

/*
 * A timer: fn(arg) runs once, as a handler (see thread.h), when system time has
 * reached the deadline.  The memory is the caller's and must stay while it is armed.
 */
struct libos_timer {
	uint64_t deadline_ns;
	void (*fn)(void *arg);
	void *arg;
	bool armed;
	struct libos_timer *child, *next, *prev; /* the timer heap's */
};

void libos_timer_init(struct libos_timer *t, void (*fn)(void *arg), void *arg);

/* Arm t, or move it if it is armed already.  A deadline in the past fires at the next yield. */
void libos_timer_arm(struct libos_timer *t, uint64_t deadline_ns);

/* Make sure that t will not fire; returns whether it was armed. */
bool libos_timer_cancel(struct libos_timer *t);

#endif /* LIBOS_TIME_H */
