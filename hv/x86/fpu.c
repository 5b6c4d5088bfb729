/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "x86/fpu.h"

#include "errno.h"
#include "lib/string.h"
#include "vcpu.h"
#include "x86/asm.h"

#define CR0_MP		       (1ul << 1)
#define CR0_EM		       (1ul << 2)
#define CR0_TS		       (1ul << 3)
#define CR4_OSFXSR	       (1ul << 9)
#define CR4_OSXMMEX	       (1ul << 10)
#define CR4_OSXSAVE	       (1ul << 18)
#define CPUID_XSAVE	       (1u << 26)
#define CPUID_EBX_AMD	       0x68747541u /* "Auth" */
#define CPUID_EBX_HYGON	       0x6f677948u /* "Hygo" */
#define CPUID_RSTR_FP_ERR_PTRS (1u << 2)
#define XCR0_X87	       1ul
#define XCR0_SSE	       2ul
#define XCR0_AVX	       4ul
#define XCR0_GUEST	       (XCR0_X87 | XCR0_SSE | XCR0_AVX)
#define FCW_RESET	       0x37f
#define MXCSR_RESET	       0x1f80
#define MXCSR_OFFSET	       24
#define MXCSR_MASK	       0xffffu
#define XSTATE_BV_OFFSET       512

static bool have_xsave ro_after_init_bss;
static bool leaks_pointers ro_after_init_bss;
static uint64_t xcr0_allowed ro_after_init_bss; /* what the CPU has of XCR0_GUEST */

static void write_xcr0(uint64_t value)
{
	__asm__ volatile("xsetbv" : : "c"(0), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

/*
 * AMD's CPUs load the pointers to the last instruction and operand only with an
 * exception pending, but for those that say otherwise; else the previous guest's
 * stay.
 */
static bool pointers_stay(void)
{
	struct cpuid_regs vendor = cpuid(0, 0);
	bool amd = vendor.ebx == CPUID_EBX_AMD || vendor.ebx == CPUID_EBX_HYGON;

	return amd && (cpuid(0x80000000, 0).eax < 0x80000008 ||
		       !(cpuid(0x80000008, 0).ebx & CPUID_RSTR_FP_ERR_PTRS));
}

void fpu_init_cpu(void)
{
	uint64_t cr4 = read_cr4() | CR4_OSFXSR | CR4_OSXMMEX;

	write_cr0((read_cr0() | CR0_MP) & ~(CR0_EM | CR0_TS));
	have_xsave = cpuid(1, 0).ecx & CPUID_XSAVE;
	if (have_xsave) {
		cr4 |= CR4_OSXSAVE;
		xcr0_allowed = cpuid(0xd, 0).eax & XCR0_GUEST;
	}
	write_cr4(cr4);
	if (have_xsave)
		write_xcr0(xcr0_allowed);
	leaks_pointers = pointers_stay();
}

void fpu_init_vcpu(struct vcpu *v)
{
	*(uint16_t *)v->fpu = FCW_RESET;
	*(uint32_t *)((char *)v->fpu + MXCSR_OFFSET) = MXCSR_RESET;
	v->xcr0 = XCR0_X87;
}

/* All components are moved whatever the guest enabled: XCR0 is widened for that long. */
static void widen(const struct vcpu *v)
{
	if (have_xsave && v->xcr0 != xcr0_allowed)
		write_xcr0(xcr0_allowed);
}

static void narrow(const struct vcpu *v)
{
	if (have_xsave && v->xcr0 != xcr0_allowed)
		write_xcr0(v->xcr0);
}

void fpu_save(struct vcpu *v)
{
	widen(v);
	if (have_xsave)
		__asm__ volatile("xsave64 (%0)" : : "r"(v->fpu), "a"(~0u), "d"(~0u) : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" : : "r"(v->fpu) : "memory");
	narrow(v);
}

/* A load of our own takes the pointers' place. */
static void forget_pointers(void)
{
	static const uint32_t nothing;

	__asm__ volatile("fnclex; emms; fildl %0" : : "m"(nothing));
}

void fpu_load(struct vcpu *v)
{
	if (have_xsave)
		write_xcr0(xcr0_allowed);
	if (leaks_pointers)
		forget_pointers();
	if (have_xsave)
		__asm__ volatile("xrstor64 (%0)" : : "r"(v->fpu), "a"(~0u), "d"(~0u) : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" : : "r"(v->fpu) : "memory");
	narrow(v);
}

int fpu_put_legacy(struct vcpu *v, const void *area)
{
	uint32_t mxcsr;
	uint64_t *in_use = (uint64_t *)((char *)v->fpu + XSTATE_BV_OFFSET);

	memcpy(&mxcsr, (const char *)area + MXCSR_OFFSET, sizeof(mxcsr));
	if (mxcsr & ~MXCSR_MASK)
		return -EINVAL;
	memcpy(v->fpu, area, FPU_LEGACY_SIZE);
	/* Else XRSTOR takes the reset state for both. */
	*in_use |= XCR0_X87 | XCR0_SSE;
	return 0;
}

void fpu_get_legacy(const struct vcpu *v, void *area)
{
	memcpy(area, v->fpu, FPU_LEGACY_SIZE);
}

int fpu_set_xcr0(struct vcpu *v, uint64_t value)
{
	if (!have_xsave || !(value & XCR0_X87) || (value & ~xcr0_allowed))
		return -EINVAL;
	if ((value & XCR0_AVX) && !(value & XCR0_SSE))
		return -EINVAL;
	v->xcr0 = value;
	write_xcr0(value);
	return 0;
}
