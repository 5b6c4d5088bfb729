/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Segments, interrupt table, and what is said when the CPU faults.  Every fault is
 * fatal to the domain.
 * Source: AMD APM vol. 2, ch. 8 "Exceptions and Interrupts".
 */
#ifndef LIBOS_X86_TRAPS_H
#define LIBOS_X86_TRAPS_H

#include <stdint.h>

/* The vector that the hypervisor raises for events. */
#define UPCALL_VECTOR 0x20

/* As x86/entry.S pushes it. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};
_Static_assert(sizeof(struct trap_frame) == 22 * 8, "pushed by x86/entry.S");

/* Load our own descriptor tables.  Once, before anything can fault. */
void traps_init(void);

/* The page below the stack that faults are handled on, to be left unmapped. */
uintptr_t traps_guard_page(void);

#endif /* LIBOS_X86_TRAPS_H */
