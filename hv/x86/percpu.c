/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Records and stacks of pCPUs.  The boot CPU starts on boot.S's stack with a
 * static record and moves to a real stack in main.c.
 */
#include "x86/percpu.h"

#include "heap.h"
#include "x86/asm.h"
#include "x86/gdt.h"
#include "x86/paging.h"

#define STACK_PAGES	4
#define IST_STACK_PAGES 1
#define MSR_GS_BASE	0xc0000101

static struct cpu boot_cpu = {.self = &boot_cpu};

struct cpu *cpus[MAX_CPUS] ro_after_init = {&boot_cpu};
unsigned int nr_cpus ro_after_init = 1;
struct tlb_machine machine_tlb;

extern const char boot_stack_top[];

void cpu_boot_early(void)
{
	boot_cpu.stack_top = (void *)(uintptr_t)boot_stack_top;
	wrmsr(MSR_GS_BASE, (uint64_t)(uintptr_t)&boot_cpu);
}

bool cpu_owns_stack(const struct cpu *c, uint64_t p)
{
	if (p < c->stack_span_end && p >= c->stack_span_start)
		return true;
	return p < (uint64_t)(uintptr_t)boot_stack_top &&
	       p >= (uint64_t)(uintptr_t)boot_stack_top - 8192;
}

void cpu_run_on_stack(const struct cpu *c, void (*fn)(void))
{
	__asm__ volatile("mov %0, %%rsp\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "call *%1"
			 :
			 : "r"(c->stack_top), "r"(fn)
			 : "memory");
	__builtin_unreachable();
}

uint64_t quiesce_begin(void)
{
	return __atomic_add_fetch(&machine_tlb.clock, 1, __ATOMIC_SEQ_CST);
}

bool quiesce_done(uint64_t tag)
{
	for (unsigned int i = 0; i < machine_tlb.nr_cpus; i++) {
		const struct tlb_cpu *c = machine_tlb.cpu[i];

		if (!__atomic_load_n(&c->running, __ATOMIC_SEQ_CST) &&
		    __atomic_load_n(&c->seen, __ATOMIC_SEQ_CST) < tag)
			return false;
	}
	return true;
}

static bool make_stacks(struct cpu *c)
{
	void *ist[IST_NR];
	void *top = hv_stack_alloc(STACK_PAGES);

	if (!top)
		return false;
	c->stack_top = top;
	c->stack_span_start = (uint64_t)(uintptr_t)top - STACK_PAGES * PAGE_SIZE;
	for (unsigned int i = 0; i < IST_NR; i++) {
		ist[i] = hv_stack_alloc(IST_STACK_PAGES);
		if (!ist[i])
			return false;
		c->stack_span_end = (uint64_t)(uintptr_t)ist[i];
	}
	gdt_init(c, ist);
	return true;
}

bool cpu_boot_finish(uint32_t apic_id, uint32_t acpi_id)
{
	boot_cpu.apic_id = apic_id;
	boot_cpu.acpi_id = acpi_id;
	return make_stacks(&boot_cpu);
}

struct cpu *cpu_create(uint32_t apic_id, uint32_t acpi_id)
{
	static unsigned int next = 1;
	struct cpu *c;

	if (next == MAX_CPUS)
		return NULL;
	c = hv_page_alloc();
	if (!c)
		return NULL;
	*c = (struct cpu){.self = c, .id = next, .apic_id = apic_id, .acpi_id = acpi_id};
	if (!make_stacks(c)) {
		hv_page_free(c);
		return NULL;
	}
	cpus[next++] = c;
	return c;
}
