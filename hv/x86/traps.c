/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * IDT, exception reports and interrupt dispatch.
 *
 * #NMI, #DF and #MC run on stacks of their own (IST), so that they can be
 * reported whatever the state of the interrupted stack is.
 *
 * Manual: AMD APM vol. 2, "Exceptions and Interrupts"; Intel SDM vol. 3,
 * "Interrupt and Exception Handling".
 */
#include "x86/traps.h"

#include "abi/symtab.h"
#include "domain.h"
#include "errno.h"
#include "lib/string.h"
#include "panic.h"
#include "printk.h"
#include "sched.h"
#include "x86/apic.h"
#include "x86/asm.h"
#include "x86/gdt.h"
#include "x86/paging.h"
#include "x86/percpu.h"
#include "vcpu.h"

#define TRAP_DB	 1
#define TRAP_NMI 2
#define TRAP_DF	 8
#define TRAP_PF	 14
#define TRAP_MC	 18

struct idt_entry {
	uint16_t offset_low, selector;
	uint8_t ist, attr;
	uint16_t offset_mid;
	uint32_t offset_high, reserved;
};
_Static_assert(sizeof(struct idt_entry) == 16, "AMD APM vol. 2, \"64-bit IDT gate\"");

#define IDT_INTERRUPT_GATE 0x8e

struct fixup {
	uint64_t fault, resume;
};

extern const char trap_stubs[];
extern const struct fixup fixup_start[], fixup_end[];

static struct idt_entry idt[256] ro_after_init_bss aligned(16);
static void (*handlers[256])(void) ro_after_init_bss;

static const char *const names[32] = {
	"#DE divide error",
	"#DB debug",
	"NMI",
	"#BP breakpoint",
	"#OF overflow",
	"#BR bound",
	"#UD invalid opcode",
	"#NM no FPU",
	"#DF double fault",
	"vector 9",
	"#TS invalid TSS",
	"#NP segment not present",
	"#SS stack fault",
	"#GP general protection",
	"#PF page fault",
	"vector 15",
	"#MF x87",
	"#AC alignment",
	"#MC machine check",
	"#XF SIMD",
	"#VE",
	"#CP",
	"vector 22",
	"vector 23",
	"vector 24",
	"vector 25",
	"vector 26",
	"vector 27",
	"#HV",
	"#VC",
	"#SX",
	"vector 31",
};

void irq_set_handler(uint8_t vector, void (*fn)(void))
{
	handlers[vector] = fn;
}

static uint8_t ist_of(unsigned int vector)
{
	switch (vector) {
	case TRAP_NMI: return IST_NMI;
	case TRAP_DF: return IST_DF;
	case TRAP_MC: return IST_MC;
	default: return 0;
	}
}

void traps_init(void)
{
	for (unsigned int v = 0; v < 256; v++) {
		uint64_t entry = (uint64_t)(uintptr_t)trap_stubs + v * 16;

		idt[v] = (struct idt_entry){
			.offset_low = (uint16_t)entry,
			.selector = GDT_CODE,
			.ist = ist_of(v),
			.attr = IDT_INTERRUPT_GATE,
			.offset_mid = (uint16_t)(entry >> 16),
			.offset_high = (uint32_t)(entry >> 32),
		};
	}
}

void traps_init_cpu(void)
{
	struct packed {
		uint16_t limit;
		uint64_t base;
	} idtr = {sizeof(idt) - 1, (uint64_t)(uintptr_t)idt};

	gdt_load(this_cpu());
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

static void print_address(const char *what, uint64_t addr)
{
	uint64_t offset;
	const char *name = symtab_lookup(&program_symtab, addr, &offset);

	printk("%s %016lx %s+0x%lx\n", what, addr, name ? name : "?", name ? offset : 0);
}

/* Is [p, p + 16) on a stack of this CPU?  The frame chain is not trusted further. */
static bool on_stack(uint64_t p)
{
	return (p & 7) == 0 && p >= DIRECTMAP_BASE && cpu_owns_stack(this_cpu(), p) &&
	       cpu_owns_stack(this_cpu(), p + 15);
}

void backtrace(uint64_t rip, uint64_t rbp)
{
	print_address("  at", rip);
	for (unsigned int i = 0; i < 24 && on_stack(rbp); i++) {
		const uint64_t *frame = (const uint64_t *)rbp;

		/* A return address may be the first of the next function. */
		print_address("  by", frame[1] - 1);
		if (frame[0] <= rbp)
			break;
		rbp = frame[0];
	}
}

static void print_frame(const struct trap_frame *f)
{
	const struct vcpu *v = current;

	printk("CPU %u, %s, error %lx, cr2 %016lx\n", this_cpu()->id,
	       f->vector < 32 ? names[f->vector] : "interrupt", f->error, read_cr2());
	if (v)
		printk("running domain %u vCPU %u\n", vcpu_domid(v), vcpu_number(v));
	printk("rip %016lx rsp %016lx rflags %08lx\n", f->rip, f->rsp, f->rflags);
	printk("rax %016lx rbx %016lx rcx %016lx\n", f->rax, f->rbx, f->rcx);
	printk("rdx %016lx rsi %016lx rdi %016lx\n", f->rdx, f->rsi, f->rdi);
	printk("rbp %016lx r8  %016lx r9  %016lx\n", f->rbp, f->r8, f->r9);
	printk("r10 %016lx r11 %016lx r12 %016lx\n", f->r10, f->r11, f->r12);
	printk("r13 %016lx r14 %016lx r15 %016lx\n", f->r13, f->r14, f->r15);
	backtrace(f->rip, f->rbp);
}

static bool fixed_up(struct trap_frame *f)
{
	for (const struct fixup *x = fixup_start; x < fixup_end; x++) {
		if (x->fault == f->rip) {
			f->rip = x->resume;
			return true;
		}
	}
	return false;
}

/*
 * An exception that nobody expected.  While no lock is held on behalf of a guest
 * other than the control domain, what the guest asked for is undone by ending
 * that guest; anything else ends the hypervisor.
 */
static void unexpected(struct trap_frame *f)
{
	struct vcpu *v = current;
	bool contained = v && !vcpu_is_control(v) && !this_cpu()->locks_held &&
			 !ist_of((unsigned int)f->vector);

	if (!contained) {
		panic_begin();
		print_frame(f);
		panic("unexpected exception\n");
	}
	print_frame(f);
	domain_crash(vcpu_domain(v), "the hypervisor faulted on its behalf");
	sched_restart();
}

#define MSR_MCG_CAP	0x179
#define MSR_MCG_STATUS	0x17a
#define MSR_MC0_STATUS	0x401
#define MCI_STATUS_VAL	(1ul << 63)
#define MCI_STATUS_PCC	(1ul << 57)
#define MCG_STATUS_MCIP (1ul << 2)

/* Print and clear the banks; true when this CPU's own context is not to be trusted any more. */
static bool print_machine_check(void)
{
	uint64_t cap, status;
	bool corrupt = false;

	if (rdmsr_safe(MSR_MCG_CAP, &cap))
		return true;
	for (uint32_t i = 0; i < (cap & 0xff); i++) {
		if (rdmsr_safe(MSR_MC0_STATUS + i * 4, &status) || !(status & MCI_STATUS_VAL))
			continue;
		printk("CPU %u: machine check, bank %u, status %016lx\n", this_cpu()->id, i,
		       status);
		corrupt |= (status & MCI_STATUS_PCC) != 0;
		if (wrmsr_safe(MSR_MC0_STATUS + i * 4, 0))
			corrupt = true;
	}
	if (wrmsr_safe(MSR_MCG_STATUS, 0))
		corrupt = true;
	return corrupt;
}

void machine_check(struct vcpu *v)
{
	if (print_machine_check())
		panic("machine check: the processor's context is corrupt\n");
	domain_crash(vcpu_domain(v), "a machine check hit it");
}

static void interrupt(struct trap_frame *f)
{
	void (*fn)(void) = handlers[f->vector];
	struct cpu *c = this_cpu();

	if (f->vector == VECTOR_SPURIOUS)
		return;
	/* Asleep, this pCPU counted as holding no translation; the handler may need a fresh one. */
	if (c->tlb.running == TLB_IDLE && tlb_enter_hv(&machine_tlb, &c->tlb))
		hv_flush_tlb();
	if (fn)
		fn();
	apic_eoi();
}

void trap_dispatch(struct trap_frame *f);

void trap_dispatch(struct trap_frame *f)
{
	if (f->vector >= 32) {
		interrupt(f);
		return;
	}
	if (f->vector == TRAP_NMI && panic_is_on())
		halt_forever();
	if (f->vector == TRAP_NMI) {
		/* With a lock held, it may be the console's. */
		if (!this_cpu()->locks_held)
			printk("CPU %u: NMI without a known reason, ignored\n", this_cpu()->id);
		return;
	}
	if (fixed_up(f))
		return;
	if (f->vector == TRAP_MC) {
		panic_begin(); /* from here on printk() takes no lock */
		print_machine_check();
	}
	unexpected(f);
}
