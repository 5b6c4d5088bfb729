/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the frequent paths cost, as the least of many in ticks of the TSC: under QEMU's
 * -icount shift=0 that is instructions, exactly.
 */
#include "selftest.h"

#include <libos/event.h>
#include <libos/hypercall.h>
#include <libos/thread.h>
#include <libos/time.h>
#include <stdint.h>
#include <stdio.h>

#define ROUNDS 200

static uint64_t ticks(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

static void nothing(void)
{
}

static void yields(void)
{
	libos_yield();
}

static void clock_read(void)
{
	(void)libos_now_ns();
}

static void null_hypercall(void)
{
	(void)libos_hypercall0(47);
}

static libos_port_t near_end, far_end;

static void event(libos_port_t port, void *arg)
{
	(void)port;
	(void)arg;
}

static void event_send(void)
{
	libos_event_notify(far_end);
}

static void event_round(void)
{
	libos_event_notify(far_end);
	libos_yield();
}

static void report(const char *what, void (*fn)(void), uint64_t base)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = ticks(), t;

		fn();
		t = ticks() - start;
		if (t < least)
			least = t;
	}
	printf("count: %s %lu\n", what, least - base);
}

static void other_thread(void *arg)
{
	volatile bool *stop = arg;

	while (!*stop)
		libos_yield();
}

void count(void)
{
	static volatile bool stop;
	struct libos_timer far;

	report("base", nothing, 0);
	report("clock", clock_read, 0);
	report("null-hypercall", null_hypercall, 0);
	report("yield-alone", yields, 0);
	if (libos_thread_create("other", other_thread, (void *)(uintptr_t)&stop) == NULL)
		return;
	report("yield-there-and-back", yields, 0);
	libos_timer_init(&far, NULL, NULL);
	libos_timer_arm(&far, LIBOS_FOREVER - 1);
	report("yield-there-and-back-with-timers", yields, 0);
	(void)libos_timer_cancel(&far);
	stop = true;
	libos_yield();
	if (libos_event_alloc_unbound(DOMID_SELF, event, NULL, &near_end) != 0 ||
	    libos_event_bind_interdomain(DOMID_SELF, near_end.p, event, NULL, &far_end) != 0)
		return;
	libos_event_mask(near_end);
	report("event-send-masked", event_send, 0);
	libos_event_unmask(near_end);
	report("event-send-and-handle", event_round, 0);
}
