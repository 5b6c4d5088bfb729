/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The local APIC.  No lock: each CPU touches its own. */
#include "acpi.h"
#include "apic.h"
#include "apic_reg.h"
#include "asm.h"
#include "paging.h"
#include "printk.h"
#include "time.h"
#include "traps.h"

/* Polls of a busy ICR: far longer than any bus message takes. */
#define ICR_PATIENCE 100000u

static bool x2apic ro_after_init;
static bool tsc_deadline ro_after_init;
static uint8_t __iomem *xapic ro_after_init;
static uint64_t ns_to_count ro_after_init; /* time_scale_inverse() of the timer's rate */
static bool error_seen;

uint32_t apic_timer_khz ro_after_init;

static uint32_t apic_read(unsigned int reg)
{
	if (x2apic)
		return (uint32_t)rdmsr(X2APIC_MSR + (reg >> 4));
	return readl(xapic + reg);
}

static void apic_write(unsigned int reg, uint32_t value)
{
	if (x2apic)
		wrmsr(X2APIC_MSR + (reg >> 4), value);
	else
		writel(xapic + reg, value);
}

bool apic_is_x2apic(void)
{
	return x2apic;
}

uint32_t apic_id(void)
{
	uint32_t id = apic_read(APIC_ID);

	return x2apic ? id : id >> 24;
}

void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

/* ESR holds what happened before it is written. */
static void error_interrupt(void)
{
	apic_write(APIC_ESR, 0);
	uint32_t esr = apic_read(APIC_ESR);

	if (error_seen)
		return;
	error_seen = true;
	printk("APIC %u: error status 0x%x (said once)\n", apic_id(), esr);
}

/* The pins that the MADT calls NMI; whatever else they were, nobody here serves it. */
static void lint_init(uint32_t uid)
{
	uint32_t lint[2] = {APIC_LVT_MASKED, APIC_LVT_MASKED};

	for (unsigned int i = 0; i < acpi_info.nr_nmis; i++) {
		const struct acpi_lapic_nmi *nmi = &acpi_info.nmi[i];

		if (nmi->uid == uid || nmi->uid == 0xffffffff)
			lint[nmi->lint] =
				APIC_LVT_NMI | (nmi->active_low ? APIC_LVT_ACTIVE_LOW : 0);
	}
	apic_write(APIC_LVT_LINT0, lint[0]);
	apic_write(APIC_LVT_LINT1, lint[1]);
}

static uint32_t acpi_uid(uint32_t id)
{
	for (unsigned int i = 0; i < acpi_info.nr_cpus; i++) {
		if (acpi_info.cpu[i].apic_id == id)
			return acpi_info.cpu[i].uid;
	}
	return 0;
}

/* Interrupts that the firmware took and never ended would block ours. */
static void end_leftovers(void)
{
	for (unsigned int i = 0; i < 256; i++) {
		uint32_t in_service = 0;

		for (unsigned int reg = 0; reg < 8; reg++)
			in_service |= apic_read(APIC_ISR + reg * 0x10);
		if (!in_service)
			return;
		apic_eoi();
	}
}

static void timer_init(void)
{
	apic_write(APIC_TMICT, 0);
	apic_write(APIC_TDCR, APIC_TDCR_BY_1);
	apic_write(APIC_LVT_TIMER, VECTOR_TIMER | (tsc_deadline ? APIC_LVT_TSC_DEADLINE : 0));
	/* The mode must have taken effect before the deadline MSR is written. */
	__asm__ volatile("mfence" : : : "memory");
}

void apic_init_ap(void)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	wrmsr(MSR_APIC_BASE, base | APIC_BASE_EN);
	if (x2apic)
		wrmsr(MSR_APIC_BASE, base | APIC_BASE_EN | APIC_BASE_EXTD);
	apic_write(APIC_SVR, APIC_SVR_ENABLE | VECTOR_SPURIOUS);
	apic_write(APIC_TPR, 0);
	lint_init(acpi_uid(apic_id()));
	apic_write(APIC_LVT_PERF, APIC_LVT_MASKED);
	apic_write(APIC_ESR, 0);
	apic_write(APIC_LVT_ERROR, VECTOR_APIC_ERROR);
	end_leftovers();
	timer_init();
}

/* The 8259s stay silent; all interrupts come through I/O APICs. */
static void mask_8259s(void)
{
	if (!acpi_info.pcat_compat)
		return;
	outb(0x21, 0xff);
	outb(0xa1, 0xff);
}

void apic_init_bsp(void)
{
	struct cpuid_regs leaf1 = cpuid(1, 0);
	uint64_t base = rdmsr(MSR_APIC_BASE);

	if (!(leaf1.edx & CPUID_1_EDX_APIC))
		panic("CPUID: no local APIC (leaf 1 EDX 0x%x)\n", leaf1.edx);
	mask_8259s();
	x2apic = leaf1.ecx & CPUID_1_ECX_X2APIC;
	tsc_deadline = leaf1.ecx & CPUID_1_ECX_TSC_DEADLINE;
	if (!x2apic)
		xapic = hv_map_mmio(maddr(base & APIC_BASE_ADDRESS), PAGE_SIZE);
	if (!x2apic && !xapic)
		panic("APIC: cannot map 0x%llx\n", (unsigned long long)(base & APIC_BASE_ADDRESS));
	irq_set_handler(VECTOR_APIC_ERROR, error_interrupt);
	apic_init_ap();
}

/* ---- Timer -------------------------------------------------------------- */

const char *apic_timer_name(void)
{
	return tsc_deadline ? "tsc-deadline" : "lapic one-shot";
}

bool apic_timer_needs_calibration(void)
{
	return !tsc_deadline;
}

void apic_timer_set_khz(uint32_t khz)
{
	apic_timer_khz = khz;
	ns_to_count = time_scale_inverse(khz);
}

void apic_timer_calibrate_start(void)
{
	apic_write(APIC_LVT_TIMER, APIC_LVT_MASKED | VECTOR_TIMER);
	apic_write(APIC_TMICT, 0xffffffff);
}

uint32_t apic_timer_count(void)
{
	return apic_read(APIC_TMCCT);
}

void apic_timer_calibrate_stop(void)
{
	timer_init();
}

void apic_timer_arm_ns(uint64_t deadline)
{
	uint64_t now = system_time_ns();
	uint64_t ns = deadline > now ? deadline - now : 0;

	if (ns > 1ull << 40) /* 18 minutes: early is allowed */
		ns = 1ull << 40;
	if (tsc_deadline) {
		wrmsr(MSR_TSC_DEADLINE, rdtsc() + time_ns_to_tsc(ns));
		return;
	}
	uint64_t count = time_scale_ticks(ns_to_count, ns) + 1;
	apic_write(APIC_TMICT, count > 0xffffffff ? 0xffffffff : (uint32_t)count);
}

void apic_timer_disarm(void)
{
	if (tsc_deadline)
		wrmsr(MSR_TSC_DEADLINE, 0);
	else
		apic_write(APIC_TMICT, 0);
}

/* ---- Interrupts between CPUs -------------------------------------------- */

static void wait_icr(void)
{
	for (unsigned int i = 0; i < ICR_PATIENCE && (apic_read(APIC_ICR) & APIC_ICR_BUSY); i++)
		cpu_relax();
}

static void send(uint32_t id, uint32_t command)
{
	if (x2apic) {
		/* Unlike a store to the page, WRMSR does not wait for earlier stores to be seen. */
		__asm__ volatile("mfence; lfence" : : : "memory");
		wrmsr(X2APIC_MSR + (APIC_ICR >> 4), (uint64_t)id << 32 | command);
		return;
	}
	wait_icr();
	apic_write(APIC_ICR_HIGH, id << 24);
	apic_write(APIC_ICR, command);
}

void apic_send_ipi(uint32_t id, uint8_t vector)
{
	send(id, APIC_ICR_ASSERT | vector);
}

void apic_send_init(uint32_t id)
{
	send(id, APIC_ICR_ASSERT | APIC_ICR_INIT);
}

void apic_send_startup(uint32_t id, uint8_t page)
{
	send(id, APIC_ICR_ASSERT | APIC_ICR_STARTUP | page);
}

void apic_send_nmi_all_but_self(void)
{
	if (!x2apic && !xapic)
		return;
	if (x2apic)
		wrmsr(X2APIC_MSR + (APIC_ICR >> 4),
		      APIC_ICR_ALL_BUT_SELF | APIC_ICR_ASSERT | APIC_ICR_NMI);
	else
		apic_write(APIC_ICR, APIC_ICR_ALL_BUT_SELF | APIC_ICR_ASSERT | APIC_ICR_NMI);
}
