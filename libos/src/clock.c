/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns system time, wall clock, the timer heap and the vCPU's one-shot timer.  The
 * hypervisor's timer is only set when the vCPU is about to idle: while threads run,
 * the scheduler's loop looks at the clock, and most timeouts are cancelled unused.
 * Source: public/vcpu.h, VCPUOP_set_singleshot_timer.
 */
#include "src/clock.h"

#include "abi/abi.h"

#include <libos/backtrace.h>
#include <libos/event.h>
#include <libos/thread.h>
#include <libos/time.h>
#include <xen/vcpu.h>

#include "src/event.h"
#include "src/hypercall.h"
#include "src/pvclock.h"
#include "src/thread.h"
#include "src/timerheap.h"
#include "x86/asm.h"

_Static_assert(sizeof(struct pvclock) == sizeof(struct vcpu_time_info), "the same record");

static struct timerheap timers;
static uint64_t last_ns;       /* what was returned last */
static uint64_t programmed_ns; /* the one-shot timer's deadline; 0 once it has fired */

static void clock_event(libos_port_t port, void *arg)
{
	/* The scheduler's loop runs the timers after all handlers. */
	(void)port;
	(void)arg;
	programmed_ns = 0;
}

void clock_init(void)
{
	libos_port_t port;

	(void)libos_vcpu_op(VCPUOP_stop_periodic_timer, 0, NULL);
	if (libos_event_bind_virq(VIRQ_TIMER, clock_event, NULL, &port) != 0)
		libos_panic("the hypervisor has no timer");
}

uint64_t libos_now_ns(void)
{
	const volatile struct pvclock *c = (const volatile void *)&shared_info->vcpu_info[0].time;
	uint64_t now = pvclock_read(c, rdtsc_ordered);

	/* The hypervisor may move us between CPUs whose clocks differ by a little. */
	if (now > last_ns)
		last_ns = now;
	return last_ns;
}

uint64_t libos_wallclock_ns(void)
{
	const struct pvclock_wall w = {
		.version = &shared_info->wc_version,
		.sec = &shared_info->wc_sec,
		.nsec = &shared_info->wc_nsec,
		.sec_hi = &shared_info->wc_sec_hi,
	};
	uint64_t start = pvclock_read_wall(&w);

	return start != 0 ? start + libos_now_ns() : 0;
}

void libos_timer_init(struct libos_timer *t, void (*fn)(void *arg), void *arg)
{
	*t = (struct libos_timer){.fn = fn, .arg = arg};
}

void libos_timer_arm(struct libos_timer *t, uint64_t deadline_ns)
{
	(void)libos_timer_cancel(t);
	t->deadline_ns = deadline_ns;
	timerheap_insert(&timers, t);
}

bool libos_timer_cancel(struct libos_timer *t)
{
	if (!t->armed)
		return false;
	timerheap_remove(&timers, t);
	return true;
}

void clock_run_timers(void)
{
	uint64_t now;

	if (timers.root == NULL)
		return;
	/* One look at the clock: timers that are armed anew below cannot keep us here. */
	now = libos_now_ns();
	while (timers.root != NULL && timers.root->deadline_ns <= now) {
		struct libos_timer *t = timers.root;

		timerheap_remove(&timers, t);
		handler_enter();
		t->fn(t->arg);
		handler_leave();
	}
}

bool clock_prepare_idle(void)
{
	uint64_t next = timers.root != NULL ? timers.root->deadline_ns : LIBOS_FOREVER;
	struct vcpu_set_singleshot_timer set = {.timeout_abs_ns = next};
	uint64_t now;

	if (next == LIBOS_FOREVER)
		return true;
	now = libos_now_ns();
	if (next <= now)
		return false;
	if (programmed_ns > now && programmed_ns <= next)
		return true;
	programmed_ns = next;
	/* Xen refuses nothing here; without a timer the vCPU would sleep for ever. */
	if (hypercall3(__HYPERVISOR_vcpu_op, VCPUOP_set_singleshot_timer, 0, (unsigned long)&set) !=
	    0)
		libos_panic("the one-shot timer cannot be set");
	return true;
}
