/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What an exit means, whichever vendor's CPU it came from.  Each function gets
 * the vCPU with its general registers in v->regs; stepping over the instruction
 * is the vendor's, by the return value where there is a choice.
 */
#ifndef HV_X86_EXIT_EXIT_H
#define HV_X86_EXIT_EXIT_H

#include "compiler.h"
#include "types.h"

struct vcpu;

/* CPUID: leaf in eax, subleaf in ecx; results in the registers.  osxsave: the guest's CR4.OSXSAVE.
 */
void exit_cpuid(struct vcpu *v, bool osxsave);

/*
 * RDMSR and WRMSR of what the hardware does not switch by itself.  Returns 0, or
 * -EPERM: raise #GP(0).
 */
int must_check exit_rdmsr(struct vcpu *v, uint32_t msr, uint64_t *value);
int must_check exit_wrmsr(struct vcpu *v, uint32_t msr, uint64_t value);

/*
 * An access to an I/O port of size 1, 2 or 4: nobody is there.  IN gives all
 * ones in eax's low bytes, OUT vanishes.
 */
void exit_pio(struct vcpu *v, uint16_t port, unsigned int size, bool in);

/*
 * A hypercall.  cpl is the caller's, long_mode whether it runs 64-bit code.
 * True: done, step over it; false: it is to be executed again.
 */
bool must_check exit_hypercall(struct vcpu *v, unsigned int cpl, bool long_mode);

/*
 * An access to gpa that the nested tables refuse: carried out as one to nothing, or
 * the end of the guest when its instruction is not one of decode.h's.
 */
void exit_nested_fault(struct vcpu *v, gaddr_t gpa, bool write, bool fetch);

/* HLT; interrupts tells whether the guest would be woken by one. */
void exit_hlt(struct vcpu *v, bool interrupts);

#endif /* HV_X86_EXIT_EXIT_H */
