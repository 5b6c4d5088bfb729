/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Who must be alive for the machine to be left running.
 *
 * Each critical part proves progress now and then.  While all do, a thread kicks
 * the hypervisor's watchdog, which in turn feeds the hardware's.  When one stops
 * to, or the whole domain hangs, nothing is kicked and the machine restarts.
 */
#ifndef CTRL_SUPERVISOR_H
#define CTRL_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

enum critical {
	CRITICAL_SHELL,	 /* the thread that reads the serial line */
	CRITICAL_EVENTS, /* timers and event handlers are run */
	NR_CRITICAL,
};

/* Begin to watch and to kick. */
void supervisor_start(void);

/* `who` is alive.  From threads and from handlers. */
void supervisor_alive(enum critical who);

/* There will be no shell to wait for. */
void supervisor_forget(enum critical who);

/* Kick no more: what the watchdog does then is what is to be seen. */
void supervisor_stop(void);

struct supervisor_status {
	bool kicking;
	const char *why_not; /* when it is not */
	uint64_t kicks;
	struct {
		const char *name;  /* NULL: nobody waits for this one */
		uint64_t age_ns;   /* since it last proved to be alive */
		uint64_t limit_ns; /* that it must not pass */
	} critical[NR_CRITICAL];
};

void supervisor_status(struct supervisor_status *s);

#endif /* CTRL_SUPERVISOR_H */
