/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and interrupts of the hypervisor itself.
 *
 * The hypervisor runs with interrupts off; they are taken only where it opens a
 * window: while idle, and after a guest exit that was caused by one.
 */
#ifndef HV_X86_TRAPS_H
#define HV_X86_TRAPS_H

#include "compiler.h"
#include "types.h"

#define VECTOR_TIMER	0x20 /* LAPIC timer */
#define VECTOR_UART	0x21
#define VECTOR_SCI	0x22 /* ACPI power button */
#define VECTOR_KICK	0x23 /* look at your softirq bits, flush if told */
#define VECTOR_SPURIOUS 0xff

/* What entry.S pushes, lowest address first. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

/* One handler a vector; called with interrupts off on the CPU that took it.  EOI follows its
 * return. */
void irq_set_handler(uint8_t vector, void (*fn)(void));

/* Fill the IDT.  Boot CPU, once, before traps_init_cpu(). */
void traps_init(void);

/* Load this CPU's IDT, GDT and TSS.  Call once on each CPU before it takes an interrupt. */
void traps_init_cpu(void);

/*
 * Read or write an MSR that may not exist.  Returns 0, or -EFAULT when the CPU
 * raised #GP.
 */
int must_check rdmsr_safe(uint32_t msr, uint64_t *value);
int must_check wrmsr_safe(uint32_t msr, uint64_t value);

/* #MC, taken in the hypervisor or by a guest: print the banks; whoever ran is ended. */
struct vcpu;
void machine_check(struct vcpu *v);

/* Print the call chain from the frame pointer rbp on; bounded, survives garbage. */
void backtrace(uint64_t rip, uint64_t rbp);

#endif /* HV_X86_TRAPS_H */
