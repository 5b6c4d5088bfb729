/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * I/O APICs: global system interrupts onto vectors of the boot CPU.
 * Boot only, except mask and unmask, which take the lock inside.
 * Source: Intel 82093AA I/O APIC datasheet; ACPI, "Global System Interrupts".
 */
#ifndef HV_X86_IOAPIC_H
#define HV_X86_IOAPIC_H

#include "acpi.h"
#include "compiler.h"
#include "types.h"

/* Map all I/O APICs of acpi_info and mask every pin.  None at all is not an error. */
void ioapic_init(void);

/*
 * Route irq to vector on the CPU with that APIC ID and unmask it.
 *   -ENODEV  no I/O APIC has that GSI
 *   -ERANGE  apic_id does not fit the 8-bit destination
 */
int must_check ioapic_route(struct acpi_irq irq, uint8_t vector, uint32_t apic_id);

/* Nothing happens for a GSI that no I/O APIC has. */
void ioapic_mask(uint32_t gsi);
void ioapic_unmask(uint32_t gsi);

#endif /* HV_X86_IOAPIC_H */
