/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the GDT, the TSS, the IDT and the fault report.  All exceptions run on one
 * stack of their own (IST 1), so that a thread that ran out of stack can be named.
 * Source: AMD APM vol. 2, 4.8 "Long-Mode Segment Descriptors", 8.2 "Vectors",
 * 8.9.4 "Interrupt-Stack Table".
 */
#include "x86/traps.h"

#include <libos/backtrace.h>
#include <libos/compiler.h>
#include <libos/mem.h>

#include "src/backtrace.h"
#include "src/panic.h"
#include "src/thread.h"
#include "x86/asm.h"

#define SEL_CODE 0x08
#define SEL_TSS	 0x10

#define NR_EXCEPTIONS	32
#define TRAP_STUB_BYTES 16
#define TRAP_STACK_SIZE 8192

#define TRAP_DF 8
#define TRAP_GP 13
#define TRAP_PF 14

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t iopb;
} __attribute__((__packed__));
_Static_assert(sizeof(struct tss) == 104, "AMD APM vol. 2, figure 12-8");

struct gate {
	uint16_t offset0;
	uint16_t selector;
	uint8_t ist;
	uint8_t type;
	uint16_t offset1;
	uint32_t offset2;
	uint32_t reserved;
};
_Static_assert(sizeof(struct gate) == 16, "AMD APM vol. 2, figure 4-24");

#define GATE_INTERRUPT 0x8e

struct table_desc {
	uint16_t limit;
	uint64_t base;
} __attribute__((__packed__));

extern const char trap_stubs[], upcall_entry[];
_Noreturn void trap_fatal(const struct trap_frame *f);

static struct {
	char guard[LIBOS_PAGE_SIZE];
	char stack[TRAP_STACK_SIZE];
} trap_stack __attribute__((__section__(".bss.trap_stack"), __aligned__(4096), __used__));

static struct tss tss;
static uint64_t gdt[4] = {0, 0x00af9b000000ffff};
static struct gate idt[NR_EXCEPTIONS + 1];
_Static_assert(UPCALL_VECTOR == NR_EXCEPTIONS, "the last gate");

static const char *const trap_names[NR_EXCEPTIONS] = {
	[0] = "divide error",
	[1] = "debug",
	[2] = "NMI",
	[3] = "breakpoint",
	[4] = "overflow",
	[5] = "bound range",
	[6] = "invalid opcode",
	[7] = "device not available",
	[TRAP_DF] = "double fault",
	[10] = "invalid TSS",
	[11] = "segment not present",
	[12] = "stack fault",
	[TRAP_GP] = "general protection",
	[TRAP_PF] = "page fault",
	[16] = "x87 floating point",
	[17] = "alignment check",
	[18] = "machine check",
	[19] = "SIMD floating point",
};

static void gate_set(unsigned int vector, const char *entry, uint8_t ist)
{
	uintptr_t a = (uintptr_t)entry;

	idt[vector] = (struct gate){
		.offset0 = (uint16_t)a,
		.selector = SEL_CODE,
		.ist = ist,
		.type = GATE_INTERRUPT,
		.offset1 = (uint16_t)(a >> 16),
		.offset2 = (uint32_t)(a >> 32),
	};
}

void traps_init(void)
{
	struct table_desc gdtr = {sizeof(gdt) - 1, (uintptr_t)gdt};
	struct table_desc idtr = {sizeof(idt) - 1, (uintptr_t)idt};
	uintptr_t t = (uintptr_t)&tss;

	tss.ist[0] = (uintptr_t)(trap_stack.stack + TRAP_STACK_SIZE);
	tss.iopb = sizeof(tss);
	gdt[2] = (sizeof(tss) - 1) | (t & 0xffffff) << 16 | UINT64_C(0x89) << 40 |
		 (t >> 24 & 0xff) << 56;
	gdt[3] = t >> 32;
	for (unsigned int i = 0; i < NR_EXCEPTIONS; i++)
		gate_set(i, trap_stubs + i * TRAP_STUB_BYTES, 1);
	gate_set(UPCALL_VECTOR, upcall_entry, 0);

	__asm__ volatile("lgdt %0; lidt %1; ltr %2"
			 :
			 : "m"(gdtr), "m"(idtr), "r"((uint16_t)SEL_TSS));
}

uintptr_t traps_guard_page(void)
{
	return (uintptr_t)trap_stack.guard;
}

static void trap_describe_page_fault(const struct trap_frame *f, uint64_t cr2)
{
	const char *owner = thread_of_guard(cr2);

	if (owner != NULL)
		libos_emergency_printf("stack overflow of thread %s (0x%lx)\n", owner, cr2);
	else if (f->vector == TRAP_PF)
		libos_emergency_printf("cannot %s 0x%lx: %s%s\n",
				       f->error & 0x10 ? "execute"
				       : f->error & 2  ? "write"
						       : "read",
				       cr2, f->error & 1 ? "not allowed" : "nothing there",
				       cr2 < LIBOS_PAGE_SIZE ? " (null pointer)" : "");
}

/* Called by x86/entry.S on the trap stack. */
void trap_fatal(const struct trap_frame *f)
{
	uint64_t cr2 = read_cr2();
	const char *name = f->vector < NR_EXCEPTIONS ? trap_names[f->vector] : NULL;

	panic_enter();
	libos_emergency_printf("\nFAULT: %s (vector %lu, error 0x%lx) in thread %s\n",
			       name ? name : "reserved exception", f->vector, f->error,
			       libos_thread_name(NULL));
	if (f->vector == TRAP_PF || f->vector == TRAP_DF)
		trap_describe_page_fault(f, cr2);
	libos_emergency_printf("rip %016lx  rsp %016lx  rflags %08lx\n", f->rip, f->rsp, f->rflags);
	libos_emergency_printf("rax %016lx  rbx %016lx  rcx %016lx\n", f->rax, f->rbx, f->rcx);
	libos_emergency_printf("rdx %016lx  rsi %016lx  rdi %016lx\n", f->rdx, f->rsi, f->rdi);
	libos_emergency_printf("rbp %016lx  r8  %016lx  r9  %016lx\n", f->rbp, f->r8, f->r9);
	libos_emergency_printf("r10 %016lx  r11 %016lx  r12 %016lx\n", f->r10, f->r11, f->r12);
	libos_emergency_printf("r13 %016lx  r14 %016lx  r15 %016lx\n", f->r13, f->r14, f->r15);
	libos_emergency_printf("cr2 %016lx  cr3 %016lx\n", cr2, read_cr3());
	backtrace_print(f->rip, f->rsp, f->rbp);
	panic_end();
}
