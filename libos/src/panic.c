/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns the order of things when the program cannot go on. */
#include "src/panic.h"

#include <libos/backtrace.h>
#include <libos/power.h>
#include <libos/thread.h>
#include <stdbool.h>

#include "src/console.h"
#include "src/format.h"

static bool panicking;

void panic_enter(void)
{
	if (panicking)
		libos_shutdown(LIBOS_SHUTDOWN_CRASH);
	panicking = true;
}

_Noreturn void panic_end(void)
{
	console_drain();
	libos_shutdown(LIBOS_SHUTDOWN_CRASH);
}

_Noreturn void panic_mute(const char *why)
{
	for (;;)
		__asm__ volatile("cli; hlt" : : "a"(why));
}

void libos_emergency_printf(const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	console_emergency_write(line, format_string(line, sizeof(line), fmt, ap));
	va_end(ap);
}

_Noreturn void libos_panic(const char *fmt, ...)
{
	char line[256];
	va_list ap;

	panic_enter();
	va_start(ap, fmt);
	(void)format_string(line, sizeof(line), fmt, ap);
	va_end(ap);
	libos_emergency_printf("\nPANIC: %s (thread %s)\n", line, libos_thread_name(NULL));
	libos_backtrace();
	panic_end();
}
