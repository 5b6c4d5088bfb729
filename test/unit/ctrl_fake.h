/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A machine that is none: what ctrl's verbs ask the hypervisor, libos and the
 * rest of ctrl, answered from variables that a test sets.
 */
#ifndef TEST_UNIT_CTRL_FAKE_H
#define TEST_UNIT_CTRL_FAKE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "appliance.h"
#include "boot.h"
#include "domains.h"
#include "hv.h"
#include "power.h"
#include "shell/shell.h"
#include "supervisor.h"

struct fake {
	int hv_error; /* what every hypercall answers, if not 0 */
	const char *log;
	const char *missing;
	uint64_t wallclock_ns;
	int power; /* -1, or the enum power_end that was asked for */
	bool supervisor_stopped;
	int interrupt_after; /* commands until ^C; -1: never */
};

extern struct fake fake;

void fake_reset(void);

/* Run a line in a shell of that role; *status is $?.  The output is valid until the next call. */
const char *fake_run(enum role role, const char *line, int *status);

#endif /* TEST_UNIT_CTRL_FAKE_H */
