/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* System time, sleeping, timers. */
#include "selftest.h"

#include <libos/time.h>
#include <libos/thread.h>
#include <stdint.h>

void test_clocks(void)
{
	uint64_t last = libos_now_ns(), start = last, now;
	bool forward = true;

	for (int i = 0; i < 10000; i++) {
		now = libos_now_ns();
		forward = forward && now >= last;
		last = now;
	}
	CHECK(forward);
	CHECK(last > start);
	for (unsigned int ms = 1; ms <= 30; ms += 7) {
		start = libos_now_ns();
		libos_sleep_ns(ms * LIBOS_NS_PER_MS);
		now = libos_now_ns() - start;
		CHECK(now >= ms * LIBOS_NS_PER_MS);
		CHECK(now < ms * LIBOS_NS_PER_MS + LIBOS_NS_PER_SEC);
	}
	libos_sleep_until(1);
	/* 2024 or later, unless the machine has no date. */
	CHECK(libos_wallclock_ns() == 0 ||
	      libos_wallclock_ns() > UINT64_C(1704067200) * LIBOS_NS_PER_SEC);
}

#define NR_TIMERS 20

static struct libos_timer timers[NR_TIMERS];
static unsigned int fired, out_of_order, early;
static uint64_t last_deadline;

static void timer_fired(void *arg)
{
	struct libos_timer *t = arg;

	fired++;
	out_of_order += t->deadline_ns < last_deadline;
	early += libos_now_ns() < t->deadline_ns;
	last_deadline = t->deadline_ns;
}

void test_timers(void)
{
	uint64_t start = libos_now_ns();

	for (unsigned int i = 0; i < NR_TIMERS; i++) {
		libos_timer_init(&timers[i], timer_fired, &timers[i]);
		libos_timer_arm(&timers[i], start + (1 + i * 7 % NR_TIMERS) * LIBOS_NS_PER_MS);
	}
	CHECK(libos_timer_cancel(&timers[3]));
	CHECK(!libos_timer_cancel(&timers[3]));
	/* Moving an armed timer. */
	libos_timer_arm(&timers[5], start + 25 * LIBOS_NS_PER_MS);
	libos_sleep_until(start + 40 * LIBOS_NS_PER_MS);
	CHECK(fired == NR_TIMERS - 1);
	CHECK(out_of_order == 0);
	CHECK(early == 0);
	CHECK(!timers[0].armed);
	libos_timer_arm(&timers[0], 1);
	libos_yield();
	CHECK(fired == NR_TIMERS);
}
