/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Hypercalls past the library: numbers and pointers that it would not pass on, and
 * instructions that end in the hypervisor.
 * Source: public/arch-x86/xen-x86_64.h, "Hypercall interface"; AMD APM vol. 3, "VMMCALL".
 */
#include "check.h"
#include <libos/compiler.h>

const unsigned long hostile[] = {
	0x8000000000000000ul, /* not canonical */
	0x0000800000000000ul, /* the first that is not canonical */
	0xffff800000000000ul, /* the other half */
	0xfffffffffffffff8ul, /* wraps */
	0x00007ffffffff000ul, /* canonical, mapped by nobody */
	0x0000000000000000ul, /* the guard page at nothing */
};
const unsigned int nr_hostile = ARRAY_SIZE(hostile);

static const unsigned long read_only[8] = {1};
const unsigned long read_only_address = (unsigned long)read_only;

long vmmcall(unsigned long nr, unsigned long a1, unsigned long a2, unsigned long a3)
{
	long ret;

	asm volatile("vmmcall"
		     : "=a"(ret), "+D"(a1), "+S"(a2), "+d"(a3)
		     : "a"(nr)
		     : "memory", "r8", "r9", "r10", "r11", "cc");
	return ret;
}

static uint8_t inb(uint16_t port)
{
	uint8_t v;

	asm volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static uint32_t inl(uint16_t port)
{
	uint32_t v;

	asm volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static void outb(uint16_t port, uint8_t v)
{
	asm volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

/* A domain that was given no port sees none, the hypervisor's own devices included. */
void ports_read_ones(void)
{
	static const uint16_t ports[] = {0x20,	0x40,  0x60,  0x61,  0x64,  0x70,  0x71, 0x80,
					 0x2f8, 0x3f8, 0x3fd, 0x3d4, 0xcf8, 0xcf9, 0xcfc};

	for (unsigned int i = 0; i < ARRAY_SIZE(ports); i++) {
		outb(ports[i], 0);
		check_eq(inb(ports[i]), 0xff);
	}
	check_eq(inl(0xcf8), 0xffffffff);
	outb(0xcf9, 0x06); /* would reset the machine */
}

/* Every number that is no call, small or absurd. */
void unknown_calls(void)
{
	static const unsigned long numbers[] = {
		__HYPERVISOR_set_trap_table,
		__HYPERVISOR_mmu_update,
		__HYPERVISOR_set_gdt,
		__HYPERVISOR_stack_switch,
		__HYPERVISOR_set_callbacks,
		__HYPERVISOR_fpu_taskswitch,
		__HYPERVISOR_set_debugreg,
		__HYPERVISOR_get_debugreg,
		__HYPERVISOR_update_descriptor,
		__HYPERVISOR_update_va_mapping,
		__HYPERVISOR_iret,
		__HYPERVISOR_set_segment_base,
		43,
		47,
		48,
		55,
		56,
		63,
		64,
		127,
		128,
		1000,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		0x100000000ul,
		0x100000011ul,
		0x8000000000000000ul,
		0xffffffffffffffdaul,
		0xfffffffffffffffful,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++)
		for (unsigned int j = 0; j < nr_hostile; j++)
			check_eq(vmmcall(numbers[i], hostile[j], hostile[j], hostile[j]),
				 -XEN_ENOSYS);
}

static void cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	asm volatile("cpuid"
		     : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
		     : "a"(leaf), "c"(sub));
}

/* Source: public/arch-x86/cpuid.h. */
void cpuid_leaves(void)
{
	uint32_t r[4];

	cpuid(1, 0, r);
	check(r[2] >> 31);
	check_eq(r[2] & (1u << 5), 0); /* no VMX for guests */
	cpuid(0x80000001, 0, r);
	check_eq(r[2] & (1u << 2), 0);	/* no SVM for guests */
	check_eq(r[3] & (1u << 25), 0); /* no FXSR_OPT, whose bit of EFER is refused */
	cpuid(0x40000000, 0, r);
	check(r[0] >= 0x40000002 && r[0] <= 0x400000ff);
	check_eq(r[1], 0x566e6558);
	check_eq(r[2], 0x65584d4d);
	check_eq(r[3], 0x4d4d566e);
	cpuid(0x40000001, 0, r);
	check_eq(r[0] >> 16, 4);
	cpuid(0x40000002, 0, r);
	check_eq(r[0], 1);
	check_eq(r[1], 0x40000000);
}
