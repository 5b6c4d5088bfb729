/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Who must be alive: the thread that kicks the watchdog, and what it looks at.
 *
 * No locks: threads are cooperative and handlers do not interrupt them.
 */
#include "supervisor.h"

#include <libos/backtrace.h>
#include <libos/power.h>
#include <libos/thread.h>
#include <libos/time.h>

#include "hv.h"

/* How often it looks and kicks. */
#define SUPERVISOR_PERIOD_NS LIBOS_NS_PER_SEC

/*
 * How long one kick lasts: as long as the hardware's watchdog does, so that a
 * machine that was only starved for a while, an emulated one say, is not the
 * first to lose its patience.
 */
#define SUPERVISOR_KICK_MIN_S	  5
#define SUPERVISOR_KICK_DEFAULT_S 30

/*
 * A verb may take its time between two outputs, and an output of some KiB takes a
 * second on the line.  The shell looks up five times a second when it has nothing
 * to do.
 */
#define SUPERVISOR_LIMIT_NS (10 * LIBOS_NS_PER_SEC)

static struct {
	const char *why_not; /* NULL while kicking */
	uint32_t id;	     /* of the hypervisor's watchdog */
	unsigned int kick_s;
	uint64_t kicks;
	uint64_t seen[NR_CRITICAL]; /* system time; 0: nobody waits for it */
	struct libos_timer events;
} supervisor = {.why_not = "not started"};

static const char *const critical_name[NR_CRITICAL] = {
	[CRITICAL_SHELL] = "shell",
	[CRITICAL_EVENTS] = "events",
};

void supervisor_alive(enum critical who)
{
	if (supervisor.seen[who])
		supervisor.seen[who] = libos_now_ns();
}

void supervisor_forget(enum critical who)
{
	supervisor.seen[who] = 0;
}

void supervisor_stop(void)
{
	supervisor.why_not = "told to stop, the machine is about to restart";
}

static void supervisor_timer(void *arg)
{
	(void)arg;
	supervisor_alive(CRITICAL_EVENTS);
	libos_timer_arm(&supervisor.events, libos_now_ns() + SUPERVISOR_PERIOD_NS);
}

/* What speaks against kicking, or NULL. */
static const char *supervisor_judge(void)
{
	uint64_t now = libos_now_ns();

	for (int i = 0; i < NR_CRITICAL; i++) {
		if (supervisor.seen[i] && now - supervisor.seen[i] > SUPERVISOR_LIMIT_NS)
			return critical_name[i];
	}
	return NULL;
}

static void supervisor_thread(void *arg)
{
	(void)arg;
	while (!supervisor.why_not) {
		const char *hangs = supervisor_judge();

		if (hangs) {
			supervisor.why_not = hangs;
			libos_emergency_printf("ctrl: %s hangs: the watchdog is fed no more\n",
					       hangs);
			break;
		}
		if (libos_watchdog(&supervisor.id, supervisor.kick_s)) {
			supervisor.why_not = "the hypervisor refuses it";
			break;
		}
		supervisor.kicks++;
		libos_sleep_ns(SUPERVISOR_PERIOD_NS);
	}
}

static unsigned int supervisor_kick_s(void)
{
	uint64_t timeout_s;

	if (hv_number("/watchdog/timeout-s", &timeout_s) || !timeout_s || timeout_s > 3600)
		return SUPERVISOR_KICK_DEFAULT_S;
	return timeout_s < SUPERVISOR_KICK_MIN_S ? SUPERVISOR_KICK_MIN_S : (unsigned int)timeout_s;
}

void supervisor_start(void)
{
	uint64_t now = libos_now_ns();

	for (int i = 0; i < NR_CRITICAL; i++)
		supervisor.seen[i] = now ? now : 1;
	supervisor.kick_s = supervisor_kick_s();
	supervisor.why_not = NULL;
	libos_timer_init(&supervisor.events, supervisor_timer, NULL);
	libos_timer_arm(&supervisor.events, now + SUPERVISOR_PERIOD_NS);
	if (!libos_thread_create("supervisor", supervisor_thread, NULL))
		supervisor.why_not = "no memory for its thread";
}

void supervisor_status(struct supervisor_status *s)
{
	uint64_t now = libos_now_ns();

	*s = (struct supervisor_status){
		.kicking = !supervisor.why_not,
		.why_not = supervisor.why_not,
		.kicks = supervisor.kicks,
	};
	for (int i = 0; i < NR_CRITICAL; i++) {
		if (!supervisor.seen[i])
			continue;
		s->critical[i].name = critical_name[i];
		s->critical[i].age_ns = now - supervisor.seen[i];
		s->critical[i].limit_ns = SUPERVISOR_LIMIT_NS;
	}
}
