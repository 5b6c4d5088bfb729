/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the console of a domain without a ring: the hypervisor's own serial line, by
 * console_io.  The hypervisor buffers input, and raises VIRQ_CONSOLE when there is some, and
 * when there is room for output again.
 * Source: public/xen.h, CONSOLEIO_*.
 */
#include "src/console.h"

#include <libos/event.h>

#include "src/hypercall.h"

/* More in one call would keep the hypervisor busy for long. */
#define WRITE_MAX 1024

static void serial_event(libos_port_t port, void *arg)
{
	(void)port;
	(void)arg;
	console_wake();
}

void console_serial_init(void)
{
	libos_port_t port;

	/* Only the control domain may bind it; for others there is output at best. */
	(void)!libos_event_bind_virq(VIRQ_CONSOLE, serial_event, NULL, &port);
}

static size_t serial_write(const char *buf, size_t n)
{
	long ret;

	if (n > WRITE_MAX)
		n = WRITE_MAX;
	ret = hypercall3(__HYPERVISOR_console_io, CONSOLEIO_write, n, (unsigned long)buf);
	/* 0 is all, as Xen has it; Bulkhead does not wait for the line, but takes less. */
	if (ret == 0)
		return n;
	return ret > 0 && (size_t)ret < n ? (size_t)ret : 0;
}

static size_t serial_read(char *buf, size_t n)
{
	long ret;

	if (n > WRITE_MAX)
		n = WRITE_MAX;
	ret = hypercall3(__HYPERVISOR_console_io, CONSOLEIO_read, n, (unsigned long)buf);
	return ret > 0 ? (size_t)ret : 0;
}

static bool serial_drained(void)
{
	return true;
}

const struct console_backend console_serial = {
	.write = serial_write,
	.read = serial_read,
	.drained = serial_drained,
	.has_break = true,
};
