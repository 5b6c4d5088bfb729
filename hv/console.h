/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The serial console of the machine: the hypervisor's messages, the control
 * domain's bytes in both directions, and the log ring behind `dmesg`.
 *
 * One lock for the ring and the UART, taken inside; callers hold none that the
 * notification hooks would want.  Absence of a UART never blocks anything: what
 * is written is logged and counted as sent.
 */
#ifndef HV_CONSOLE_H
#define HV_CONSOLE_H

#include "compiler.h"
#include "types.h"

enum console_event {
	CONSOLE_INPUT, /* console_read_guest() has bytes */
	CONSOLE_BREAK, /* BREAK on the line; input received before it is gone */
	CONSOLE_ROOM,  /* a short console_write_guest() can go on */
};

/*
 * Supplied by the core: tell domain 0.  Called on the CPU that took the
 * interrupt, with the console's lock dropped; must not call printk() in a loop.
 */
void console_notify(enum console_event event);

/*
 * Bring up polled output.  option is the text after `console=`:
 *   auto | io:PORT[,BAUD] | mmio:ADDR[,BAUD] | pci:BB:DD.F[,BAUD]
 * numbers as in C (0x3f8, 115200).  `auto` (or NULL, or text that does not
 * parse, which is said) probes COM1.  Needs hv_map_mmio() for mmio: and pci:.
 * Boot CPU, once, before anything else is said; what printk() logged before
 * this is written out now.
 */
void console_init_early(const char *option);

/*
 * Look again, now that ACPI is known: `auto` takes SPCR's port when there is
 * one, and leaves COM1 alone when the FADT says that the board has no legacy
 * devices.  Also finds the UART's interrupt.  After acpi_init().
 */
void console_init_acpi(void);

/* Go over to interrupts (or to console_poll(), see console_polled()).  After ioapic_init(). */
void console_init_irq(void);

/*
 * True when the UART has no usable interrupt: then call console_poll() at least
 * once a millisecond while domain 0 is alive.  Constant after console_init_irq().
 */
bool console_polled(void);
void console_poll(void);

/* What it is, for people: "io:0x3f8,115200 irq 4", "none". */
const char *console_name(void);

/*
 * Sink of printk(): n bytes into the log ring and out of the UART, `\n` sent as
 * `\r\n`.  Waits for the line if it must, a bounded time; a UART that takes
 * nothing for that long is given up.  Any context but NMI and panic.
 */
void console_write(const char *s, size_t n);

/* Bytes of domain 0, sent as they are, not logged.  Never waits.
 * Returns how many were taken; when that is less than n, CONSOLE_ROOM is
 * notified once there is room for at least half of the ring. */
size_t console_write_guest(const char *buf, size_t n);

/* Bytes from the line for domain 0: up to n, 0 when there are none. */
size_t console_read_guest(char *buf, size_t n);

/*
 * The log, as XEN_SYSCTL_readconsole wants it.  Bytes are numbered from 0, modulo
 * 2^32, as they are logged.  Copies what is there from *index (raised to the
 * oldest byte kept, if it is older) into buf, at most n; returns how many, and
 * leaves the index after the last one in *index.  For a non-incremental read
 * start with console_log_start().  Several calls may be needed for the whole.
 */
size_t console_log_read(uint32_t *index, char *buf, size_t n);
uint32_t console_log_start(void);

/* Forget everything logged so far: console_log_start() is now the end. */
void console_log_clear(void);

/*
 * From now on console_write() polls, takes no lock and gives up quickly: the
 * path of panic().  Safe in any context, NMI included; there is no way back.
 */
void console_emergency(void);

/* Wait, bounded, until every byte accepted so far is on the line: before a reset. */
void console_flush(void);

#endif /* HV_CONSOLE_H */
