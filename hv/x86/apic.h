/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The local APIC of each CPU: x2APIC where CPUID has it, else the xAPIC page.
 * Physical destination mode throughout.  All calls with interrupts off.
 * Source: Intel SDM vol. 3, "Advanced Programmable Interrupt Controller (APIC)".
 */
#ifndef HV_X86_APIC_H
#define HV_X86_APIC_H

#include "compiler.h"
#include "types.h"

/* Interrupt the hypervisor raises when a LAPIC reports an error: counted, logged once a cause. */
#define VECTOR_APIC_ERROR 0xfe

/* Enable the boot CPU's LAPIC, mask the 8259s if there are any.  After acpi_init(). */
void apic_init_bsp(void);

/* The same on an application processor, from ap_main(). */
void apic_init_ap(void);

bool apic_is_x2apic(void);

/* Of this CPU. */
uint32_t apic_id(void);

void apic_eoi(void);

/*
 * Raise VECTOR_TIMER on this CPU at that system time, once; the past means now.
 * May fire early (the counter is 32 bits wide and ticks coarsely) but never
 * late by more than one tick: look at system_time_ns() and arm again.
 */
void apic_timer_arm_ns(uint64_t deadline_system_time_ns);
void apic_timer_disarm(void);

/* "tsc-deadline" or "lapic one-shot". */
const char *apic_timer_name(void);

/* Rate of the counter; 0 with TSC-deadline.  (o) by time_init() */
extern uint32_t apic_timer_khz;

/* Between time_init() and the timer: run the counter down without interrupts, read it, make it a
 * timer. */
bool apic_timer_needs_calibration(void);
void apic_timer_calibrate_start(void);
uint32_t apic_timer_count(void);
void apic_timer_calibrate_stop(void);
void apic_timer_set_khz(uint32_t khz);

void apic_send_ipi(uint32_t apic_id, uint8_t vector);
void apic_send_init(uint32_t apic_id);
void apic_send_startup(uint32_t apic_id, uint8_t page);

/* For panic(): works in any context, even when an IPI of this CPU is half sent. */
void apic_send_nmi_all_but_self(void);

#endif /* HV_X86_APIC_H */
