/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The virtual LAPIC on a domain of four vCPUs with a clock that the test turns:
 * priorities, both register interfaces and their refusals, destinations, INIT and
 * SIPI, the three timer modes, and random accesses.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "errno.h"
#include "x86/apic_reg.h"
#include "x86/vlapic.h"

#define NR 4

#define REG_VER	     0x030
#define REG_PPR	     0x0a0
#define REG_LDR	     0x0d0
#define REG_DFR	     0x0e0
#define REG_IRR	     0x200
#define REG_SELF_IPI 0x3f0

#define SVR_ON	     0x1ff
#define SHORT_SELF   0x40000u
#define SHORT_ALL    0x80000u
#define SHORT_OTHERS 0xc0000u
#define LOGICAL	     0x800u
#define LOWEST	     0x100u

static struct vlapic cpu[NR];
static uint64_t now;
static struct {
	unsigned int kicks, nmis, inits, startups, arms;
	uint8_t startup_vector;
	uint64_t armed;
} seen[NR];

static unsigned int number(const struct vlapic *l)
{
	return (unsigned int)(l - cpu);
}

static uint64_t now_ns(const struct vlapic *l)
{
	(void)l;
	return now;
}

/* The guest's TSC runs at 2 GHz. */
static uint64_t tsc_to_ns(const struct vlapic *l, uint64_t tsc)
{
	(void)l;
	return tsc / 2;
}

static void arm(struct vlapic *l, uint64_t deadline_ns)
{
	seen[number(l)].armed = deadline_ns;
	seen[number(l)].arms++;
}

static struct vlapic *peer(const struct vlapic *l, unsigned int n)
{
	(void)l;
	return n < NR ? &cpu[n] : NULL;
}

static void kick(struct vlapic *target)
{
	seen[number(target)].kicks++;
}

static void nmi(struct vlapic *target)
{
	seen[number(target)].nmis++;
}

static void init(struct vlapic *target)
{
	seen[number(target)].inits++;
	vlapic_init_reset(target);
}

static void startup(struct vlapic *target, uint8_t vector)
{
	seen[number(target)].startups++;
	seen[number(target)].startup_vector = vector;
}

static const struct vlapic_host host = {now_ns, tsc_to_ns, arm, peer, kick, nmi, init, startup};

static int fresh(void **state)
{
	(void)state;
	now = 1000000;
	memset(seen, 0, sizeof(seen));
	for (unsigned int i = 0; i < NR; i++) {
		vlapic_create(&cpu[i], &host, &cpu[i], 2 * i, i == 0);
		vlapic_mmio_write(&cpu[i], APIC_SVR, 4, SVR_ON);
	}
	memset(seen, 0, sizeof(seen));
	return 0;
}

static uint32_t rd(unsigned int n, unsigned int reg)
{
	return (uint32_t)vlapic_mmio_read(&cpu[n], reg, 4);
}

static void wr(unsigned int n, unsigned int reg, uint32_t value)
{
	vlapic_mmio_write(&cpu[n], reg, 4, value);
}

static int rdmsr(unsigned int n, uint32_t msr, uint64_t *value)
{
	return vlapic_msr_read(&cpu[n], msr, value);
}

static int wrmsr(unsigned int n, uint32_t msr, uint64_t value)
{
	return vlapic_msr_write(&cpu[n], msr, value);
}

static uint32_t msr_of(unsigned int reg)
{
	return VLAPIC_MSR_X2APIC + (reg >> 4);
}

static void go_x2apic(unsigned int n)
{
	assert_int_equal(wrmsr(n, VLAPIC_MSR_APIC_BASE, cpu[n].s.base_msr | APIC_BASE_EXTD), 0);
}

/* ---- Priorities ---------------------------------------------------------- */

static void power_up(void **state)
{
	struct vlapic l;

	(void)state;
	vlapic_create(&l, &host, NULL, 6, false);
	assert_int_equal(vlapic_mmio_read(&l, APIC_ID, 4), 6u << 24);
	assert_int_equal(vlapic_mmio_read(&l, REG_VER, 4), 0x50014);
	assert_int_equal(vlapic_mmio_read(&l, APIC_SVR, 4), 0xff);
	assert_int_equal(vlapic_mmio_read(&l, REG_DFR, 4), 0xffffffff);
	for (unsigned int reg = APIC_LVT_TIMER; reg <= APIC_LVT_ERROR; reg += 0x10)
		assert_int_equal(vlapic_mmio_read(&l, reg, 4), APIC_LVT_MASKED);
	assert_true(vlapic_claims(&l, gaddr(0xfee00000)));
	assert_true(vlapic_claims(&l, gaddr(0xfee00fff)));
	assert_false(vlapic_claims(&l, gaddr(0xfee01000)));
	assert_false(vlapic_claims(&l, gaddr(0xfedfffff)));
	assert_true(l.s.wait_sipi);
	/* dropped while software-disabled */
	vlapic_raise(&l, 0x40);
	assert_int_equal(vlapic_pending(&l), -1);
}

static void highest_first_and_nested(void **state)
{
	(void)state;
	vlapic_raise(&cpu[0], 0x31);
	vlapic_raise(&cpu[0], 0x52);
	vlapic_raise(&cpu[0], 0x51);
	assert_int_equal(seen[0].kicks, 3);
	assert_int_equal(vlapic_accept(&cpu[0]), 0x52);
	assert_int_equal(vlapic_pending(&cpu[0]), -1); /* 51h is of the same class */
	assert_int_equal(rd(0, REG_PPR), 0x50);
	vlapic_raise(&cpu[0], 0x60);
	assert_int_equal(vlapic_accept(&cpu[0]), 0x60);
	assert_int_equal(vlapic_accept(&cpu[0]), -1);
	wr(0, APIC_EOI, 0);
	assert_int_equal(vlapic_accept(&cpu[0]), -1);
	wr(0, APIC_EOI, 0);
	assert_int_equal(vlapic_accept(&cpu[0]), 0x51);
	wr(0, APIC_EOI, 0);
	assert_int_equal(vlapic_accept(&cpu[0]), 0x31);
	wr(0, APIC_EOI, 0);
	wr(0, APIC_EOI, 0);
	assert_int_equal(rd(0, REG_PPR), 0);
}

static void task_priority_holds_back(void **state)
{
	(void)state;
	vlapic_raise(&cpu[0], 0x45);
	wr(0, APIC_TPR, 0x4f);
	assert_int_equal(vlapic_pending(&cpu[0]), -1);
	assert_int_equal(rd(0, REG_PPR), 0x4f);
	assert_int_equal(vlapic_get_cr8(&cpu[0]), 4);
	vlapic_set_cr8(&cpu[0], 3);
	assert_int_equal(rd(0, APIC_TPR), 0x30);
	assert_int_equal(vlapic_pending(&cpu[0]), 0x45);
}

/* Every vector: raised, seen in IRR, accepted, seen in ISR, ended. */
static void every_vector(void **state)
{
	(void)state;
	for (unsigned int v = 16; v < 256; v++) {
		unsigned int word = v / 32 * 0x10;

		vlapic_raise(&cpu[0], (uint8_t)v);
		assert_int_equal(rd(0, REG_IRR + word), 1u << (v % 32));
		assert_int_equal(vlapic_accept(&cpu[0]), v);
		assert_int_equal(rd(0, REG_IRR + word), 0);
		assert_int_equal(rd(0, APIC_ISR + word), 1u << (v % 32));
		wr(0, APIC_EOI, 0);
		assert_int_equal(rd(0, APIC_ISR + word), 0);
	}
}

static void low_vectors_are_errors(void **state)
{
	(void)state;
	wr(0, APIC_LVT_ERROR, 0xfe);
	vlapic_raise(&cpu[0], 15);
	assert_int_equal(rd(0, APIC_ESR), 0);
	wr(0, APIC_ESR, 0);
	assert_int_equal(rd(0, APIC_ESR), 0x40);
	assert_int_equal(vlapic_accept(&cpu[0]), 0xfe);
	wr(0, APIC_ESR, 0);
	assert_int_equal(rd(0, APIC_ESR), 0);
	/* an error entry with a bad vector of its own does not go round in circles */
	wr(0, APIC_LVT_ERROR, 0x05);
	vlapic_raise(&cpu[0], 3);
	wr(0, APIC_ESR, 0);
	assert_int_equal(rd(0, APIC_ESR), 0x40);
}

/* ---- Registers ----------------------------------------------------------- */

static void odd_accesses_do_nothing(void **state)
{
	(void)state;
	wr(0, APIC_TPR, 0x20);
	vlapic_mmio_write(&cpu[0], APIC_TPR, 1, 0x50);
	vlapic_mmio_write(&cpu[0], APIC_TPR, 8, 0x50);
	vlapic_mmio_write(&cpu[0], APIC_TPR + 4, 4, 0x50);
	vlapic_mmio_write(&cpu[0], APIC_TPR + 1, 4, 0x50);
	assert_int_equal(rd(0, APIC_TPR), 0x20);
	assert_int_equal(vlapic_mmio_read(&cpu[0], APIC_TPR, 8), 0);
	assert_int_equal(vlapic_mmio_read(&cpu[0], APIC_TPR + 4, 4), 0);
	assert_int_equal(vlapic_mmio_read(&cpu[0], APIC_TPR + 2, 4), 0);
	assert_int_equal(vlapic_mmio_read(&cpu[0], REG_VER + 2, 1), 5);
	assert_int_equal(vlapic_mmio_read(&cpu[0], REG_VER, 2), 0x14);
}

static void software_disable_masks(void **state)
{
	(void)state;
	wr(0, APIC_LVT_TIMER, 0x30);
	assert_int_equal(rd(0, APIC_LVT_TIMER), 0x30);
	wr(0, APIC_SVR, 0xff);
	assert_int_equal(rd(0, APIC_LVT_TIMER), APIC_LVT_MASKED | 0x30);
	wr(0, APIC_LVT_TIMER, 0x31);
	assert_int_equal(rd(0, APIC_LVT_TIMER), APIC_LVT_MASKED | 0x31);
}

static void modes_go_one_way_round(void **state)
{
	uint64_t base = VLAPIC_BASE | APIC_BASE_BSP, v;

	(void)state;
	assert_int_equal(rdmsr(0, VLAPIC_MSR_APIC_BASE, &v), 0);
	assert_int_equal(v, base | APIC_BASE_EN);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_APIC_BASE, base | APIC_BASE_EXTD), -EPERM);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_APIC_BASE, 0xfed00000 | APIC_BASE_BSP | APIC_BASE_EN),
			 -EPERM);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_APIC_BASE, VLAPIC_BASE | APIC_BASE_EN), -EPERM);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_APIC_BASE, base | APIC_BASE_EN | 1), -EPERM);
	go_x2apic(0);
	assert_false(vlapic_claims(&cpu[0], gaddr(VLAPIC_BASE)));
	assert_int_equal(wrmsr(0, VLAPIC_MSR_APIC_BASE, base | APIC_BASE_EN), -EPERM);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_APIC_BASE, base), 0);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_APIC_BASE, base | APIC_BASE_EN | APIC_BASE_EXTD),
			 -EPERM);
	assert_int_equal(rdmsr(0, msr_of(APIC_ID), &v), -EPERM);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_APIC_BASE, base | APIC_BASE_EN), 0);
	assert_int_equal(rd(0, APIC_SVR), 0xff); /* reset by the disabling */
}

static void x2apic_msrs(void **state)
{
	uint64_t v;

	(void)state;
	assert_int_equal(rdmsr(3, msr_of(APIC_ID), &v), -EPERM); /* xAPIC mode: no MSRs */
	go_x2apic(3);
	assert_int_equal(rdmsr(3, msr_of(APIC_ID), &v), 0);
	assert_int_equal(v, 6);
	assert_int_equal(rdmsr(3, msr_of(REG_LDR), &v), 0);
	assert_int_equal(v, 1u << 6);
	/* one-way and absent ones */
	assert_int_equal(wrmsr(3, msr_of(APIC_ID), 6), -EPERM);
	assert_int_equal(wrmsr(3, msr_of(REG_LDR), 0), -EPERM);
	assert_int_equal(wrmsr(3, msr_of(REG_PPR), 0), -EPERM);
	assert_int_equal(rdmsr(3, msr_of(APIC_EOI), &v), -EPERM);
	assert_int_equal(rdmsr(3, msr_of(REG_SELF_IPI), &v), -EPERM);
	assert_int_equal(rdmsr(3, msr_of(REG_DFR), &v), -EPERM);
	assert_int_equal(rdmsr(3, msr_of(APIC_ICR_HIGH), &v), -EPERM);
	assert_int_equal(wrmsr(3, msr_of(APIC_ICR_HIGH), 0), -EPERM);
	assert_int_equal(rdmsr(3, 0x8ff, &v), -EPERM);
	assert_int_equal(rdmsr(3, 0x840, &v), -EPERM);
	/* reserved bits */
	assert_int_equal(wrmsr(3, msr_of(APIC_EOI), 1), -EPERM);
	assert_int_equal(wrmsr(3, msr_of(APIC_ESR), 1), -EPERM);
	assert_int_equal(wrmsr(3, msr_of(APIC_TPR), 0x100), -EPERM);
	assert_int_equal(wrmsr(3, msr_of(APIC_TPR), 1ull << 32), -EPERM);
	assert_int_equal(wrmsr(3, msr_of(APIC_ICR), 1u << 13), -EPERM);
	assert_int_equal(wrmsr(3, msr_of(REG_SELF_IPI), 0x141), -EPERM);
	/* and the good cases */
	assert_int_equal(wrmsr(3, msr_of(APIC_TPR), 0x10), 0);
	assert_int_equal(wrmsr(3, msr_of(REG_SELF_IPI), 0x41), 0);
	assert_int_equal(vlapic_accept(&cpu[3]), 0x41);
	assert_int_equal(wrmsr(3, msr_of(APIC_EOI), 0), 0);
	assert_int_equal(wrmsr(3, msr_of(APIC_LVT_LINT0), APIC_LVT_MASKED), 0);
	assert_int_equal(wrmsr(3, msr_of(APIC_ICR), 0x200000045ull), 0);
	assert_int_equal(rdmsr(3, msr_of(APIC_ICR), &v), 0);
	assert_int_equal(v, 0x200000045ull);
	assert_int_equal(vlapic_pending(&cpu[1]), 0x45);
}

static void which_msrs(void **state)
{
	(void)state;
	assert_true(vlapic_has_msr(0x1b) && vlapic_has_msr(0x6e0));
	assert_true(vlapic_has_msr(0x800) && vlapic_has_msr(0x8ff));
	assert_false(vlapic_has_msr(0x7ff) || vlapic_has_msr(0x900) || vlapic_has_msr(0x1c));
}

/* ---- Destinations -------------------------------------------------------- */

/* Bit n: vCPU n has vector 0x40 pending; they are forgotten. */
static unsigned int who(void)
{
	unsigned int set = 0;

	for (unsigned int i = 0; i < NR; i++) {
		if (vlapic_accept(&cpu[i]) == 0x40)
			set |= 1u << i;
		memset(cpu[i].s.isr, 0, sizeof(cpu[i].s.isr));
	}
	return set;
}

static unsigned int sent(unsigned int from, uint32_t dest, uint32_t low)
{
	wr(from, APIC_ICR_HIGH, dest << 24);
	wr(from, APIC_ICR, low | APIC_ICR_ASSERT | 0x40);
	return who();
}

static void physical_and_shorthand(void **state)
{
	(void)state;
	assert_int_equal(sent(0, 4, 0), 1 << 2);
	assert_int_equal(sent(0, 0, 0), 1 << 0);
	assert_int_equal(sent(0, 5, 0), 0);
	assert_int_equal(sent(0, 0xff, 0), 0xf);
	assert_int_equal(sent(1, 0, SHORT_SELF), 1 << 1);
	assert_int_equal(sent(1, 0, SHORT_ALL), 0xf);
	assert_int_equal(sent(1, 0, SHORT_OTHERS), 0xd);
}

static void logical_flat_and_cluster(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR; i++)
		wr(i, REG_LDR, 1u << (24 + i));
	assert_int_equal(sent(0, 0x6, LOGICAL), 0x6);
	assert_int_equal(sent(0, 0xff, LOGICAL), 0xf);
	assert_int_equal(sent(0, 0x10, LOGICAL), 0);
	for (unsigned int i = 0; i < NR; i++) {
		wr(i, REG_DFR, 0x0fffffff);
		wr(i, REG_LDR, (i / 2) << 28 | 1u << (24 + i % 2));
	}
	assert_int_equal(sent(0, 0x03, LOGICAL), 0x3);
	assert_int_equal(sent(0, 0x12, LOGICAL), 0x8);
	assert_int_equal(sent(0, 0x23, LOGICAL), 0);
}

static void logical_x2apic(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR; i++)
		go_x2apic(i);
	assert_int_equal(wrmsr(0, msr_of(APIC_ICR), 0x14ull << 32 | LOGICAL | 0x40), 0);
	assert_int_equal(who(), 1 << 1 | 1 << 2); /* IDs 2 and 4 */
	assert_int_equal(wrmsr(0, msr_of(APIC_ICR), 0x10014ull << 32 | LOGICAL | 0x40), 0);
	assert_int_equal(who(), 0);
	assert_int_equal(wrmsr(0, msr_of(APIC_ICR), 0xffffffffull << 32 | 0x40), 0);
	assert_int_equal(who(), 0xf);
	assert_int_equal(wrmsr(0, msr_of(APIC_ICR), 0xffull << 32 | 0x40), 0);
	assert_int_equal(who(), 0);
}

static void lowest_priority_is_one(void **state)
{
	(void)state;
	wr(0, APIC_TPR, 0x20);
	wr(1, APIC_TPR, 0x30);
	wr(2, APIC_TPR, 0x10);
	wr(3, APIC_TPR, 0x20);
	assert_int_equal(sent(0, 0xff, LOWEST), 1 << 2);
	wr(2, APIC_SVR, 0xff);
	assert_int_equal(sent(0, 0xff, LOWEST), 1 << 0);
	assert_int_equal(sent(0, 9, LOWEST), 0);
}

static void illegal_vector_is_not_sent(void **state)
{
	(void)state;
	wr(0, APIC_ICR_HIGH, 2 << 24);
	wr(0, APIC_ICR, 7);
	wr(0, APIC_ESR, 0);
	assert_int_equal(rd(0, APIC_ESR), 0x20);
	assert_int_equal(seen[1].kicks, 0);
}

static void init_and_startup(void **state)
{
	(void)state;
	wr(0, APIC_ICR_HIGH, 2 << 24);
	wr(0, APIC_ICR, APIC_ICR_INIT | APIC_ICR_ASSERT | 0x8000);
	wr(0, APIC_ICR, APIC_ICR_INIT | 0x8000); /* de-assert */
	assert_int_equal(seen[1].inits, 1);
	assert_int_equal(rd(1, APIC_SVR), 0xff);
	wr(0, APIC_ICR, APIC_ICR_STARTUP | 0x9a);
	wr(0, APIC_ICR, APIC_ICR_STARTUP | 0x9b);
	assert_int_equal(seen[1].startups, 1);
	assert_int_equal(seen[1].startup_vector, 0x9a);
	/* nobody else heard of it, and the running one ignores a SIPI */
	wr(1, APIC_ICR_HIGH, 0);
	wr(1, APIC_ICR, APIC_ICR_STARTUP | 1);
	assert_int_equal(seen[0].startups + seen[2].startups + seen[3].startups, 0);
	/* INIT to all others, the sender stays */
	wr(0, APIC_ICR, APIC_ICR_INIT | APIC_ICR_ASSERT | SHORT_ALL);
	assert_true(seen[0].inits == 0 && seen[1].inits == 2 && seen[2].inits == 1 &&
		    seen[3].inits == 1);
}

static void nmi_goes_by(void **state)
{
	(void)state;
	wr(0, APIC_ICR, APIC_ICR_NMI | SHORT_OTHERS);
	assert_true(!seen[0].nmis && seen[1].nmis == 1 && seen[2].nmis == 1 && seen[3].nmis == 1);
	wr(0, APIC_ICR, 0x200 | SHORT_OTHERS); /* SMI */
	wr(0, APIC_ICR, 0x300 | SHORT_OTHERS); /* reserved */
	assert_int_equal(who(), 0);
}

/* ---- Timer --------------------------------------------------------------- */

static void one_shot(void **state)
{
	(void)state;
	wr(0, APIC_TDCR, 0x3); /* by 16 */
	wr(0, APIC_LVT_TIMER, 0x30);
	wr(0, APIC_TMICT, 1000);
	assert_int_equal(seen[0].armed, now + 16000);
	now += 8000;
	assert_int_equal(rd(0, APIC_TMCCT), 500);
	vlapic_timer_expired(&cpu[0]); /* early */
	assert_int_equal(vlapic_pending(&cpu[0]), -1);
	assert_int_equal(seen[0].armed, now + 8000);
	now += 8000;
	assert_int_equal(rd(0, APIC_TMCCT), 0);
	vlapic_timer_expired(&cpu[0]);
	assert_int_equal(vlapic_accept(&cpu[0]), 0x30);
	assert_int_equal(seen[0].armed, 0);
	vlapic_timer_expired(&cpu[0]);
	assert_int_equal(rd(0, REG_IRR + 0x10), 0);
	wr(0, APIC_TMICT, 5);
	wr(0, APIC_TMICT, 0); /* stops it */
	assert_int_equal(seen[0].armed, 0);
}

static void dividers(void **state)
{
	static const struct {
		uint32_t tdcr, by;
	} t[] = {{0, 2}, {1, 4}, {2, 8}, {3, 16}, {8, 32}, {9, 64}, {10, 128}, {11, 1}};

	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		wr(0, APIC_TDCR, t[i].tdcr);
		wr(0, APIC_TMICT, 100);
		assert_int_equal(seen[0].armed, now + 100ull * t[i].by);
		assert_int_equal(rd(0, APIC_TMCCT), 100);
	}
	wr(0, APIC_TMICT, 0xffffffff);
	assert_int_equal(rd(0, APIC_TMCCT), 0xffffffff);
	wr(0, APIC_TDCR, 0); /* what is left goes on, half as fast */
	assert_int_equal(rd(0, APIC_TMCCT), 0xffffffff);
	assert_int_equal(seen[0].armed, now + 2 * 0xffffffffull);
}

static void periodic(void **state)
{
	(void)state;
	wr(0, APIC_TDCR, 0xb);
	wr(0, APIC_LVT_TIMER, 0x20030);
	wr(0, APIC_TMICT, 100000);
	uint64_t first = now + 100000;
	assert_int_equal(seen[0].armed, first);
	now = first + 10;
	vlapic_timer_expired(&cpu[0]);
	assert_int_equal(vlapic_accept(&cpu[0]), 0x30);
	assert_int_equal(seen[0].armed, first + 100000); /* no drift */
	now = first + 750000;
	vlapic_timer_expired(&cpu[0]);
	assert_int_equal(seen[0].armed, first + 800000); /* missed ones are gone */
	/* a period of 1 ns is slowed down */
	wr(0, APIC_TMICT, 1);
	now += 100;
	vlapic_timer_expired(&cpu[0]);
	assert_true(seen[0].armed > now + 10000);
}

static void masked_timer_counts_in_silence(void **state)
{
	(void)state;
	wr(0, APIC_TDCR, 0xb);
	wr(0, APIC_LVT_TIMER, APIC_LVT_MASKED | 0x30);
	wr(0, APIC_TMICT, 100);
	assert_int_equal(rd(0, APIC_TMCCT), 100);
	now += 100;
	vlapic_timer_expired(&cpu[0]);
	assert_int_equal(vlapic_pending(&cpu[0]), -1);
}

static void tsc_deadline(void **state)
{
	uint64_t v;

	(void)state;
	assert_int_equal(wrmsr(0, VLAPIC_MSR_TSC_DEADLINE, 5000000), 0); /* other mode: ignored */
	assert_int_equal(rdmsr(0, VLAPIC_MSR_TSC_DEADLINE, &v), 0);
	assert_int_equal(v, 0);
	wr(0, APIC_LVT_TIMER, 0x40030);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_TSC_DEADLINE, 5000000), 0);
	assert_int_equal(seen[0].armed, 2500000);
	wr(0, APIC_TMICT, 7); /* no count in this mode */
	assert_int_equal(seen[0].armed, 2500000);
	assert_int_equal(rd(0, APIC_TMCCT), 0);
	now = 2500000;
	vlapic_timer_expired(&cpu[0]);
	assert_int_equal(vlapic_accept(&cpu[0]), 0x30);
	assert_int_equal(rdmsr(0, VLAPIC_MSR_TSC_DEADLINE, &v), 0);
	assert_int_equal(v, 0);
	/* the past is now */
	assert_int_equal(wrmsr(0, VLAPIC_MSR_TSC_DEADLINE, 1), 0);
	assert_true(seen[0].armed >= 1 && seen[0].armed <= now);
	assert_int_equal(wrmsr(0, VLAPIC_MSR_TSC_DEADLINE, 0), 0);
	assert_int_equal(seen[0].armed, 0);
	/* leaving the mode disarms */
	assert_int_equal(wrmsr(0, VLAPIC_MSR_TSC_DEADLINE, 9000000), 0);
	wr(0, APIC_LVT_TIMER, 0x30);
	assert_int_equal(seen[0].armed, 0);
}

static void init_stops_the_timer(void **state)
{
	(void)state;
	wr(1, APIC_LVT_TIMER, 0x30);
	wr(1, APIC_TMICT, 1000);
	vlapic_init_reset(&cpu[1]);
	assert_int_equal(seen[1].armed, 0);
	vlapic_timer_resume(&cpu[1]);
	assert_int_equal(seen[1].armed, 0);
}

/* ---- Anything goes ------------------------------------------------------- */

static uint32_t seed = 2463534242u;

static uint32_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

static void check(const struct vlapic *l, uint32_t id)
{
	assert_int_equal(l->s.id, id);
	assert_int_equal(l->s.irr[0] & 0xffff, 0);
	assert_int_equal(l->s.isr[0] & 0xffff, 0);
	assert_true(l->s.tpr <= 0xff);
	int pending = vlapic_pending(l);
	assert_true(pending == -1 || pending >= 16);
}

static void random_accesses(void **state)
{
	uint64_t v;

	(void)state;
	for (unsigned int i = 0; i < 400000; i++) {
		unsigned int n = rnd() % NR;
		struct vlapic *l = &cpu[n];

		switch (rnd() % 8) {
		case 0: vlapic_mmio_write(l, rnd() % 0x1000, 1u << (rnd() % 4), rnd()); break;
		case 1: vlapic_mmio_write(l, rnd() % 0x40 * 0x10, 4, rnd() & (rnd() | 0xff)); break;
		case 2: (void)vlapic_mmio_read(l, rnd() % 0x1000, 1u << (rnd() % 4)); break;
		case 3: (void)!wrmsr(n, 0x800 + rnd() % 0x100, rnd() & rnd()); break;
		case 4: (void)!rdmsr(n, 0x800 + rnd() % 0x100, &v); break;
		case 5:
			(void)!wrmsr(n, rnd() & 1 ? 0x6e0 : 0x1b, l->s.base_msr ^ (rnd() & 0xc00));
			break;
		case 6:
			now += rnd() % 100000;
			vlapic_timer_expired(l);
			break;
		default: (void)vlapic_accept(l); break;
		}
		check(l, 2 * n);
	}
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(power_up),
		TEST(highest_first_and_nested),
		TEST(task_priority_holds_back),
		TEST(every_vector),
		TEST(low_vectors_are_errors),
		TEST(odd_accesses_do_nothing),
		TEST(software_disable_masks),
		TEST(modes_go_one_way_round),
		TEST(x2apic_msrs),
		TEST(which_msrs),
		TEST(physical_and_shorthand),
		TEST(logical_flat_and_cluster),
		TEST(logical_x2apic),
		TEST(lowest_priority_is_one),
		TEST(illegal_vector_is_not_sent),
		TEST(init_and_startup),
		TEST(nmi_goes_by),
		TEST(one_shot),
		TEST(dividers),
		TEST(periodic),
		TEST(masked_timer_counts_in_silence),
		TEST(tsc_deadline),
		TEST(init_stops_the_timer),
		TEST(random_accesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
