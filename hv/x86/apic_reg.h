/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Registers of the local APIC, as offsets in the xAPIC page; x2APIC's MSR is
 * X2APIC_MSR + offset / 16.  Source: Intel SDM vol. 3, "Local APIC Register Address Map".
 */
#ifndef HV_X86_APIC_REG_H
#define HV_X86_APIC_REG_H

#define MSR_APIC_BASE	  0x01b
#define APIC_BASE_BSP	  (1ull << 8)
#define APIC_BASE_EXTD	  (1ull << 10)
#define APIC_BASE_EN	  (1ull << 11)
#define APIC_BASE_ADDRESS 0x000ffffffffff000ull
#define MSR_TSC_DEADLINE  0x6e0
#define X2APIC_MSR	  0x800

#define APIC_ID	       0x020
#define APIC_TPR       0x080
#define APIC_EOI       0x0b0
#define APIC_SVR       0x0f0
#define APIC_ISR       0x100 /* eight registers */
#define APIC_ESR       0x280
#define APIC_ICR       0x300
#define APIC_ICR_HIGH  0x310 /* xAPIC only */
#define APIC_LVT_TIMER 0x320
#define APIC_LVT_PERF  0x340
#define APIC_LVT_LINT0 0x350
#define APIC_LVT_LINT1 0x360
#define APIC_LVT_ERROR 0x370
#define APIC_TMICT     0x380
#define APIC_TMCCT     0x390
#define APIC_TDCR      0x3e0

#define APIC_SVR_ENABLE 0x100

#define APIC_LVT_NMI	      0x00400
#define APIC_LVT_ACTIVE_LOW   0x02000
#define APIC_LVT_LEVEL	      0x08000
#define APIC_LVT_MASKED	      0x10000
#define APIC_LVT_TSC_DEADLINE 0x40000

#define APIC_ICR_NMI	      0x00400
#define APIC_ICR_INIT	      0x00500
#define APIC_ICR_STARTUP      0x00600
#define APIC_ICR_BUSY	      0x01000
#define APIC_ICR_ASSERT	      0x04000
#define APIC_ICR_ALL_BUT_SELF 0xc0000

#define APIC_TDCR_BY_1 0xb

#define CPUID_1_EDX_APIC	 (1u << 9)
#define CPUID_1_ECX_X2APIC	 (1u << 21)
#define CPUID_1_ECX_TSC_DEADLINE (1u << 24)

#endif /* HV_X86_APIC_REG_H */
