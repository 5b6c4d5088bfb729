/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and interrupts of the hypervisor itself.
 *
 * Vectors 0x20-0xef are given out below; interrupts arrive only in the windows
 * where the hypervisor opens them (idle, after a guest exit).
 */
#ifndef HV_X86_TRAPS_H
#define HV_X86_TRAPS_H

#include "compiler.h"
#include "types.h"

#define VECTOR_TIMER	0x20 /* LAPIC timer */
#define VECTOR_UART	0x21
#define VECTOR_SCI	0x22 /* ACPI power button */
#define VECTOR_KICK	0x23 /* look at your softirq bits, flush if told */
#define VECTOR_HALT	0x24 /* another CPU has panicked */
#define VECTOR_SPURIOUS 0xff

/* One handler a vector; called with interrupts off on the CPU that took it.  EOI follows its return. */
void irq_set_handler(uint8_t vector, void (*fn)(void));

/* Load this CPU's IDT, GDT and TSS.  Call once on each CPU before it takes an interrupt. */
void traps_init_cpu(void);

#endif /* HV_X86_TRAPS_H */
