/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Saying things.  printk() goes to the log ring and the console; panic() and
 * ASSERT() are for our own mistakes and for firmware that leaves no way on.
 * A guest is never asserted on.
 */
#ifndef HV_PRINTK_H
#define HV_PRINTK_H

#include "compiler.h"
#include "types.h"

#include <stdarg.h>

/*
 * One message into the log ring and, while the console is up, out of it.  A
 * line ends with '\n'.  Any context, NMI excepted; never sleeps, never fails.
 * Supports %d %i %u %x %X %p %s %c %% with 0, - and width, and l, ll, z.
 */
void printk(const char *fmt, ...) printf_like(1, 2);

/* vsnprintf() over the same subset: returns the untruncated length. */
int hv_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap) printf_like(3, 0);
int hv_snprintf(char *buf, size_t size, const char *fmt, ...) printf_like(3, 4);

/* Print, dump a backtrace, stop the other CPUs, then reboot or halt as the manifest chose. */
noreturn void panic(const char *fmt, ...) printf_like(1, 2);

noreturn void assert_failed(const char *expr, const char *file, int line);

#define ASSERT(x)                                                                                  \
	do {                                                                                       \
		if (unlikely(!(x)))                                                                \
			assert_failed(#x, __FILE__, __LINE__);                                     \
	} while (0)

#endif /* HV_PRINTK_H */
