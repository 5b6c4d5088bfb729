/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Segments and task states: the least that long mode wants, one set a CPU. */
#ifndef HV_X86_GDT_H
#define HV_X86_GDT_H

#include "compiler.h"
#include "types.h"

#define GDT_CODE 0x08
#define GDT_DATA 0x10
#define GDT_TSS	 0x18

#define IST_NMI 1
#define IST_DF	2
#define IST_MC	3
#define IST_NR	3

struct cpu;

/* Describe c's segments and exception stacks; ist[i] is the top of stack IST i + 1. */
void gdt_init(const struct cpu *c, void *const ist[IST_NR]);

/* Load them on the running CPU, which is c, and its %gs base. */
void gdt_load(struct cpu *c);

#endif /* HV_X86_GDT_H */
