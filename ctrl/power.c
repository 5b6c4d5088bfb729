/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The machine's end, in order.
 */
#include "power.h"

#include "abi/bulkhead.h"
#include <libos/event.h>
#include <libos/power.h>
#include <libos/thread.h>

#include "tty.h"

static struct libos_waitq power_pressed = LIBOS_WAITQ_INIT;

void power_end(enum power_end how, const char *why)
{
	tty_end();
	out_printf(tty_out(), "ctrl: %s: the machine %s\n", why,
		   how == POWER_OFF ? "is switched off" : "restarts");
	libos_shutdown(how == POWER_OFF ? LIBOS_SHUTDOWN_POWEROFF : LIBOS_SHUTDOWN_REBOOT);
}

/* Output waits for the serial line, which a handler must not: a thread does it. */
static void power_button(libos_port_t port, void *arg)
{
	(void)port;
	(void)arg;
	libos_waitq_wake_all(&power_pressed);
}

static void power_thread(void *arg)
{
	(void)arg;
	libos_waitq_wait(&power_pressed, LIBOS_FOREVER);
	power_end(POWER_OFF, "power button");
}

void power_button_init(void)
{
	libos_port_t port;

	if (!libos_thread_create("power", power_thread, NULL) ||
	    libos_event_bind_virq(VIRQ_BULKHEAD_POWER_BUTTON, power_button, NULL, &port))
		out_puts(tty_out(), "ctrl: the power button cannot be watched\n");
}
