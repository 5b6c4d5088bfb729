/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns the domain's end and its watchdogs. */
#include <libos/power.h>

#include <libos/hypercall.h>
#include <xen/sched.h>

#include "src/panic.h"

_Noreturn void libos_shutdown(enum libos_shutdown_reason reason)
{
	struct sched_shutdown shutdown = {.reason = reason};

	(void)libos_sched_op(SCHEDOP_shutdown, &shutdown);
	panic_mute("SCHEDOP_shutdown returned");
}

int libos_watchdog(uint32_t *id, unsigned int seconds)
{
	struct sched_watchdog watchdog = {.id = *id, .timeout = seconds};
	long ret = libos_sched_op(SCHEDOP_watchdog, &watchdog);

	if (ret < 0)
		return (int)ret;
	if (*id == 0)
		*id = (uint32_t)ret;
	else if (seconds == 0)
		*id = 0;
	return 0;
}
