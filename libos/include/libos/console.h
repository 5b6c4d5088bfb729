/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The raw terminal under stdin and stdout: the PV console where the domain has one,
 * else the hypervisor's serial line (the control domain's case).
 *
 * These functions pass bytes as they are.  stdout and stderr put a carriage return
 * before each newline (ONLCR); stdin gives raw bytes, as libos_console_read() does,
 * without echo or editing.
 */
#ifndef LIBOS_CONSOLE_H
#define LIBOS_CONSOLE_H

#include <libos/compiler.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Read what there is, at most n bytes; if there is nothing, wait for the first byte
 * until system time reaches deadline_ns (0: do not wait; LIBOS_FOREVER: no limit).
 * Returns the number of bytes, 0 if the deadline came first.  Threads only.
 */
size_t libos_console_read(void *buf, size_t n, uint64_t deadline_ns);

/* Write all n bytes, waiting while the other side is full.  No newline translation. */
void libos_console_write(const void *buf, size_t n);

/* Whether libos_console_read() would return at once. */
bool libos_console_pending(void);

/*
 * Run fn(arg) as a handler when the serial line sees a BREAK; input from before it is
 * dropped first, here and in the hypervisor.  NULL ends it.
 * Returns 0, or -LIBOS_ENOSYS if the console knows no BREAK.
 */
int libos_console_on_break(void (*fn)(void *arg), void *arg);

#endif /* LIBOS_CONSOLE_H */
