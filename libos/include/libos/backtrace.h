/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Last words.  Output goes straight to the console, without stdio and without
 * waiting for other threads, so that it works in any state.
 */
#ifndef LIBOS_BACKTRACE_H
#define LIBOS_BACKTRACE_H

#include <libos/compiler.h>
#include <stdarg.h>

/* Print the callers of this function, innermost first, as address, symbol+offset. */
void libos_backtrace(void);

/* Print the message, a backtrace and the thread's name, and end the domain as a crash. */
_Noreturn void libos_panic(const char *fmt, ...) printf_like(1, 2);

/*
 * Format to the console as libos_panic() does.  Knows %s %c %d %i %u %x %p %%, with l, ll and z, a
 * width and a leading 0; at most 255 bytes come out of one call.
 */
void libos_emergency_printf(const char *fmt, ...) printf_like(1, 2);

#endif /* LIBOS_BACKTRACE_H */
