/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What a guest sees of the CPU: a table of leaves with the bits that pass
 * through.  A leaf or a bit that is not named reads zero.
 *
 * Manual: AMD APM vol. 3, Appendix E; Intel SDM vol. 2, "CPUID"; Xen's leaves:
 * xen/arch-x86/cpuid.h.
 */
#include "domain.h"
#include "vcpu.h"
#include "x86/asm.h"
#include "x86/exit/exit.h"
#include "x86/time.h"

#include <xen/arch-x86/cpuid.h>

#define XEN_LEAVES  0x40000000u
#define ANY_SUBLEAF 0xffffffffu

struct policy {
	uint32_t leaf, subleaf;
	struct cpuid_regs mask; /* bits of the CPU that the guest may see */
};

#define ALL 0xffffffffu

static const struct policy policy[] = {
	{0x00000000, ANY_SUBLEAF, {ALL, ALL, ALL, ALL}},
	/* SSE3 PCLMUL SSSE3 FMA CX16 SSE4.1 SSE4.2 MOVBE POPCNT AES XSAVE AVX F16C RDRAND;
	 * FPU VME DE PSE TSC MSR PAE CX8 SEP PGE CMOV PAT PSE36 CLFSH MMX FXSR SSE SSE2 */
	{0x00000001, ANY_SUBLEAF, {ALL, 0x0000ff00, 0x76d83203, 0x078ba97f}},
	{0x00000002, ANY_SUBLEAF, {ALL, ALL, ALL, ALL}},
	{0x00000004, ANY_SUBLEAF, {0x00003fff, ALL, ALL, ALL}},
	/* FSGSBASE BMI1 AVX2 SMEP BMI2 ERMS RDSEED ADX SMAP CLFLUSHOPT CLWB SHA; UMIP */
	{0x00000007, 0, {0, 0x219c03a9, 0x00000004, 0}},
	{0x0000000d, 0, {0x00000007, ALL, ALL, 0}},
	{0x0000000d, 1, {0x00000007, 0, 0, 0}},
	{0x0000000d, 2, {ALL, ALL, 0, 0}},
	{0x80000000, ANY_SUBLEAF, {ALL, ALL, ALL, ALL}},
	/* LAHF ABM SSE4A MISALIGNSSE 3DNOWPREFETCH; SYSCALL NX MMXEXT PAGE1GB LM */
	{0x80000001, ANY_SUBLEAF, {ALL, 0, 0x000001e1, 0x24500800}},
	{0x80000002, ANY_SUBLEAF, {ALL, ALL, ALL, ALL}},
	{0x80000003, ANY_SUBLEAF, {ALL, ALL, ALL, ALL}},
	{0x80000004, ANY_SUBLEAF, {ALL, ALL, ALL, ALL}},
	{0x80000005, ANY_SUBLEAF, {ALL, ALL, ALL, ALL}},
	{0x80000006, ANY_SUBLEAF, {ALL, ALL, ALL, ALL}},
	{0x80000007, ANY_SUBLEAF, {0, 0, 0, 0x00000100}}, /* invariant TSC */
	{0x80000008, ANY_SUBLEAF, {0x0000ffff, 0, 0, 0}},
};

#define MAX_BASIC    0x0du
#define MAX_EXTENDED 0x80000008u

#define LEAF1_ECX_OSXSAVE    (1u << 27)
#define LEAF1_ECX_HYPERVISOR (1u << 31)

static struct cpuid_regs xen_leaf(const struct vcpu *v, uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_regs r = {0};

	switch (leaf) {
	case XEN_LEAVES:
		return (struct cpuid_regs){XEN_LEAVES + 4, XEN_CPUID_SIGNATURE_EBX,
					   XEN_CPUID_SIGNATURE_ECX, XEN_CPUID_SIGNATURE_EDX};
	case XEN_LEAVES + 1: r.eax = 4u << 16 | 17; break;
	case XEN_LEAVES + 2:
		r.eax = 1;	    /* one hypercall page */
		r.ebx = XEN_LEAVES; /* set by this MSR */
		break;
	case XEN_LEAVES + 3:
		if (subleaf == 0) {
			r.eax = 1u << 1; /* the host's TSC is safe */
			r.ebx = 2;	 /* never emulated */
			r.ecx = tsc_khz;
			r.edx = v->domain->incarnation;
		} else if (subleaf == 1) {
			r.ecx = time_scale.tsc_to_system_mul;
			r.edx = (uint32_t)time_scale.tsc_shift;
		} else if (subleaf == 2) {
			r.eax = tsc_khz;
		}
		break;
	case XEN_LEAVES + 4:
		r.eax = XEN_HVM_CPUID_VCPU_ID_PRESENT | XEN_HVM_CPUID_DOMID_PRESENT;
		r.ebx = v->id;
		r.ecx = v->domain->domid;
		break;
	default: break;
	}
	return r;
}

static struct cpuid_regs filtered(uint32_t leaf, uint32_t subleaf)
{
	for (size_t i = 0; i < ARRAY_SIZE(policy); i++) {
		const struct policy *p = &policy[i];
		struct cpuid_regs r;

		if (p->leaf != leaf || (p->subleaf != ANY_SUBLEAF && p->subleaf != subleaf))
			continue;
		r = cpuid(leaf, subleaf);
		r.eax &= p->mask.eax;
		r.ebx &= p->mask.ebx;
		r.ecx &= p->mask.ecx;
		r.edx &= p->mask.edx;
		return r;
	}
	return (struct cpuid_regs){0};
}

static struct cpuid_regs guest_leaf(const struct vcpu *v, uint32_t leaf, uint32_t subleaf,
				    bool osxsave)
{
	struct cpuid_regs r;

	if (leaf >= XEN_LEAVES && leaf < XEN_LEAVES + 0x100)
		return xen_leaf(v, leaf, subleaf);
	r = filtered(leaf, subleaf);
	switch (leaf) {
	case 0: r.eax = MIN(r.eax, MAX_BASIC); break;
	case 1:
		r.ebx |= 1u << 16 | (v->id * 2) << 24; /* one logical CPU; APIC id */
		r.ecx |= LEAF1_ECX_HYPERVISOR | (osxsave ? LEAF1_ECX_OSXSAVE : 0);
		break;
	case 0x80000000: r.eax = MIN(r.eax, MAX_EXTENDED); break;
	default: break;
	}
	return r;
}

void exit_cpuid(struct vcpu *v, bool osxsave)
{
	struct cpuid_regs r = guest_leaf(v, (uint32_t)v->regs.rax, (uint32_t)v->regs.rcx, osxsave);

	v->regs.rax = r.eax;
	v->regs.rbx = r.ebx;
	v->regs.rcx = r.ecx;
	v->regs.rdx = r.edx;
}
