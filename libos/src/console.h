/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The console's two backends, and output for emergencies. */
#ifndef LIBOS_SRC_CONSOLE_H
#define LIBOS_SRC_CONSOLE_H

#include <libos/console.h>

/* Neither verb waits; both return how many bytes were moved. */
struct console_backend {
	size_t (*write)(const char *buf, size_t n);
	size_t (*read)(char *buf, size_t n);
	bool (*drained)(void); /* all output has been taken */
	bool has_break;
};

extern const struct console_backend console_ring, console_serial;

/*
 * Choose the backend and bind its event: the ring where the domain has one.  Before,
 * only emergency output works.
 */
void console_init(void);

/* Set up the ring if the domain has one. */
bool console_ring_init(void);

/* Bind the serial line's event. */
void console_serial_init(void);

/* Something happened at the other side: run readers and writers. */
void console_wake(void);

/* Write with carriage returns, without waiting; gives up where the other side is stuck. */
void console_emergency_write(const char *buf, size_t n);

/* Wait until the other side has taken all output; a second at most. */
void console_drain(void);

#endif /* LIBOS_SRC_CONSOLE_H */
