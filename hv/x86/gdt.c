/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Manual: AMD APM vol. 2, "Legacy Segment Descriptors", "64-Bit Task State Segment". */
#include "x86/gdt.h"

#include "x86/asm.h"
#include "x86/percpu.h"

#define MSR_GS_BASE 0xc0000101

/* Accessed and, once loaded, busy: the CPU has no reason to write them again. */
#define DESC_CODE64 0x00af9b000000fffful
#define DESC_DATA   0x00cf93000000fffful
#define DESC_TSS    0x0000890000000000ul

struct packed tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3, iomap_base;
};
_Static_assert(sizeof(struct tss) == 104, "AMD APM vol. 2, \"64-Bit Task State Segment\"");

static struct {
	uint64_t gdt[5];
	struct tss tss;
} aligned(8) segments[MAX_CPUS] ro_after_init_bss;

void gdt_init(const struct cpu *c, void *const ist[IST_NR])
{
	struct tss *tss = &segments[c->id].tss;
	uint64_t *gdt = segments[c->id].gdt;
	uint64_t base = (uint64_t)(uintptr_t)tss;

	for (unsigned int i = 0; i < IST_NR; i++)
		tss->ist[i] = (uint64_t)(uintptr_t)ist[i];
	tss->rsp[0] = (uint64_t)(uintptr_t)c->stack_top;
	tss->iomap_base = sizeof(*tss);
	gdt[GDT_CODE / 8] = DESC_CODE64;
	gdt[GDT_DATA / 8] = DESC_DATA;
	gdt[GDT_TSS / 8] =
		DESC_TSS | (sizeof(*tss) - 1) | (base & 0xffffff) << 16 | (base & 0xff000000) << 32;
	gdt[GDT_TSS / 8 + 1] = base >> 32;
}

void gdt_load(struct cpu *c)
{
	struct packed {
		uint16_t limit;
		uint64_t base;
	} gdtr = {sizeof(segments[0].gdt) - 1, (uint64_t)(uintptr_t)segments[c->id].gdt};

	__asm__ volatile("lgdt %0\n\t"
			 "push %1\n\t"
			 "lea 1f(%%rip), %%rax\n\t"
			 "push %%rax\n\t"
			 "lretq\n"
			 "1:\n\t"
			 "mov %2, %%ds\n\t"
			 "mov %2, %%es\n\t"
			 "mov %2, %%ss\n\t"
			 "mov %3, %%fs\n\t"
			 "mov %3, %%gs\n\t"
			 "ltr %4\n\t"
			 "lldt %w3"
			 :
			 : "m"(gdtr), "i"(GDT_CODE), "r"(GDT_DATA), "r"(0), "r"((uint16_t)GDT_TSS)
			 : "rax", "memory");
	wrmsr(MSR_GS_BASE, (uint64_t)(uintptr_t)c);
}
