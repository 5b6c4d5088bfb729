/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What each pCPU keeps for itself, reached through %gs.  cpu numbers are dense,
 * 0 is the boot CPU.
 */
#ifndef HV_X86_PERCPU_H
#define HV_X86_PERCPU_H

#include "compiler.h"
#include "tlb.h"
#include "types.h"

#define MAX_CPUS 256

struct vcpu;

struct cpu {
	struct cpu *self;	   /* (o) for this_cpu() */
	struct vcpu *current_vcpu; /* [own] the vCPU whose state is loaded, or NULL for idle */
	unsigned int id;	   /* (o) dense number */
	uint32_t apic_id;	   /* (o) */
	uint32_t acpi_id;	   /* (o) processor UID of the MADT */
	unsigned int locks_held;   /* [own] spinlocks held now */
	uint32_t softirq;	   /* [atomic] SOFTIRQ_* bits raised */
	bool online;		   /* [own] set when the CPU reaches its loop; read anywhere */
	void *stack_top;	   /* (o) */
	/* (o) all stacks of this CPU lie in here, for backtraces */
	uint64_t stack_span_start, stack_span_end;
	uintptr_t window_va;	 /* (o) see x86/window.h */
	uint64_t *window_pte[4]; /* (o) */
	struct tlb_cpu tlb;	 /* see tlb.h */
	void *vendor;		 /* (o) what x86/vendor.h's owner keeps for this CPU */
};

extern struct cpu *cpus[MAX_CPUS]; /* (o) by number; NULL beyond nr_cpus */
extern unsigned int nr_cpus;	   /* (o) after smp_boot_aps() */

static inline struct cpu *this_cpu(void)
{
	struct cpu *c;
	__asm__("mov %%gs:0, %0" : "=r"(c));
	return c;
}

/* Flush generations of the machine: spaces, and the pCPUs above. */
extern struct tlb_machine machine_tlb;

/*
 * Has every pCPU come through the hypervisor (or slept, or run a guest) since the
 * beginning?  Whoever looked something up before that is through with it.
 */
uint64_t quiesce_begin(void);
bool must_check quiesce_done(uint64_t tag);

#define current (this_cpu()->current_vcpu)

/*
 * Make the record, stacks (with guard pages), GDT and TSS of one more pCPU.
 * NULL when memory or numbers run out.  Boot only, boot CPU only.
 */
struct cpu *cpu_create(uint32_t apic_id, uint32_t acpi_id);

/* Make this_cpu() work on the boot CPU: the very first thing. */
void cpu_boot_early(void);

/* Give the boot CPU its real stacks and segments; false when memory runs out. */
bool must_check cpu_boot_finish(uint32_t apic_id, uint32_t acpi_id);

/* Leave the present stack for c's own and call fn there. */
noreturn void cpu_run_on_stack(const struct cpu *c, void (*fn)(void));

/* Is p an address on one of c's stacks? */
bool cpu_owns_stack(const struct cpu *c, uint64_t p);

/* First C code of an application processor, on its own stack with its own page tables loaded. */
noreturn void ap_main(struct cpu *c);

#endif /* HV_X86_PERCPU_H */
