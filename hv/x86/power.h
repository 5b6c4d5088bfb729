/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Turning the machine off and on again, and its power button.
 * Source: ACPI Specification 6.5, "ACPI Hardware Specification".
 */
#ifndef HV_X86_POWER_H
#define HV_X86_POWER_H

#include "compiler.h"

/*
 * Switch to ACPI mode if need be, silence all general-purpose events (they need
 * AML), and take the power button's interrupt if the board has a fixed one.
 * After ioapic_init().
 */
void power_init(void);

/*
 * Supplied by the core: the button was pressed.  A second press before the
 * machine is off is not passed on: it powers off at once.  Interrupt context.
 */
void power_button_notify(void);

/* Soft-off by \_S5; when that has no effect within a second, says so and halts.  Any context. */
noreturn void power_off(void);

/*
 * Reset by the first of these that works: ACPI reset register, port CF9h, the
 * keyboard controller where the FADT has one, triple fault.  Any context.
 */
noreturn void machine_reboot(void);

#endif /* HV_X86_POWER_H */
