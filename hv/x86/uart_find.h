/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Which UART is the console: the option's, SPCR's, or COM1, in that order; what
 * ACPI says is absent is not touched.  Boot only.
 */
#ifndef HV_X86_UART_FIND_H
#define HV_X86_UART_FIND_H

#include "acpi.h"
#include "uart.h"

struct uart_found {
	bool understood; /* the option was well-formed */
	bool deferred;	 /* `auto`, or its place was empty: ACPI decides */
	bool has_irq;
	struct acpi_irq irq;
	struct uart_place place;
	char name[40]; /* as the option writes it, or "none" */
};

/* Set up the UART that the option names.  -EAGAIN: auto, ask again with ACPI; -ENODEV: none answers
 * there. */
int must_check uart_find_option(const char *option, struct uart *u, struct uart_found *found);

/* Settle the matter with acpi_info, and find the interrupt.  -ENODEV: no console at all. */
int must_check uart_find_acpi(struct uart *u, struct uart_found *found);

/* panic() before ACPI is known: COM1, if something answers there. */
int must_check uart_find_last_resort(struct uart *u, struct uart_found *found);

#endif /* HV_X86_UART_FIND_H */
