/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The registers, as a guest sees them: by offset in the page (xAPIC), or by MSR
 * (x2APIC), where reserved bits and wrong directions are #GP.
 * Source: Intel SDM vol. 3, "Local APIC Register Address Map", "x2APIC Register Address Space".
 */
#include "errno.h"
#include "vlapic_priv.h"

#define VLAPIC_VER	 0x030
#define VLAPIC_APR	 0x090
#define VLAPIC_PPR	 0x0a0
#define VLAPIC_LDR	 0x0d0
#define VLAPIC_DFR	 0x0e0
#define VLAPIC_TMR	 0x180
#define VLAPIC_IRR	 0x200
#define VLAPIC_LVT_THERM 0x330
#define VLAPIC_SELF_IPI	 0x3f0

/* Integrated APIC, six LVT entries. */
#define VERSION (0x14u | (VLAPIC_NR_LVT - 1) << 16)

#define SVR_MASK   0x1ffu
#define TDCR_MASK  0xbu
#define ICR_MASK   0x000ccfffu /* of the lower half; delivery status reads 0 */
#define LVT_STATUS 0x1000u

/* Writable bits of each LVT entry. */
static const uint32_t lvt_mask[VLAPIC_NR_LVT] = {
	[VLAPIC_LVT_TIMER] = 0x700ff, [VLAPIC_LVT_THERMAL] = 0x107ff, [VLAPIC_LVT_PERF] = 0x107ff,
	[VLAPIC_LVT_LINT0] = 0x1a7ff, [VLAPIC_LVT_LINT1] = 0x1a7ff,   [VLAPIC_LVT_ERROR] = 0x100ff,
};

/* One of the eight words at base, or -1. */
static int word_at(unsigned int offset, unsigned int base)
{
	return offset >= base && offset < base + 0x80 ? (int)((offset - base) >> 4) : -1;
}

/* The LVT entry at offset, or -1. */
static int lvt_at(unsigned int offset)
{
	return offset >= APIC_LVT_TIMER && offset <= APIC_LVT_ERROR
		       ? (int)((offset - APIC_LVT_TIMER) >> 4)
		       : -1;
}

static uint32_t read_words(const struct vlapic *l, unsigned int offset)
{
	int word;

	if ((word = word_at(offset, APIC_ISR)) >= 0)
		return l->s.isr[word];
	if ((word = word_at(offset, VLAPIC_IRR)) >= 0)
		return __atomic_load_n(&l->s.irr[word], __ATOMIC_ACQUIRE);
	if ((word = lvt_at(offset)) >= 0)
		return l->s.lvt[word];
	return 0; /* TMR: everything is edge-triggered; and what is not there */
}

/* Any register but ICR in x2APIC mode; offset is a multiple of 16. */
static uint32_t read_register(const struct vlapic *l, unsigned int offset)
{
	switch (offset) {
	case APIC_ID: return vlapic_x2apic(l) ? l->s.id : l->s.id << 24;
	case VLAPIC_VER: return VERSION;
	case APIC_TPR: return l->s.tpr;
	case VLAPIC_PPR: return vlapic_ppr(l);
	case VLAPIC_LDR: return l->s.ldr;
	case VLAPIC_DFR: return l->s.dfr;
	case APIC_SVR: return l->s.svr;
	case APIC_ESR: return l->s.esr;
	case APIC_ICR: return (uint32_t)l->s.icr;
	case APIC_ICR_HIGH: return (uint32_t)(l->s.icr >> 32);
	case APIC_TMICT: return l->s.tmict;
	case APIC_TMCCT: return vlapic_timer_count(l);
	case APIC_TDCR: return l->s.tdcr;
	default: return read_words(l, offset);
	}
}

static void write_svr(struct vlapic *l, uint32_t value)
{
	l->s.svr = value & SVR_MASK;
	if (value & APIC_SVR_ENABLE)
		return;
	for (unsigned int i = 0; i < VLAPIC_NR_LVT; i++)
		l->s.lvt[i] |= APIC_LVT_MASKED;
}

static void write_lvt(struct vlapic *l, unsigned int which, uint32_t value)
{
	value &= lvt_mask[which];
	if (!(l->s.svr & APIC_SVR_ENABLE))
		value |= APIC_LVT_MASKED;
	if (which == VLAPIC_LVT_TIMER)
		vlapic_timer_write_lvt(l, value);
	else
		l->s.lvt[which] = value;
}

/* What was seen since the last write becomes readable. */
static void write_esr(struct vlapic *l)
{
	l->s.esr = __atomic_exchange_n(&l->s.esr_pending, 0, __ATOMIC_ACQ_REL);
}

static void write_lvt_at(struct vlapic *l, unsigned int offset, uint32_t value)
{
	int which = lvt_at(offset);

	if (which >= 0)
		write_lvt(l, (unsigned int)which, value);
}

static void write_register(struct vlapic *l, unsigned int offset, uint32_t value)
{
	switch (offset) {
	case APIC_TPR: l->s.tpr = value & 0xff; break;
	case APIC_EOI: vlapic_eoi(l); break;
	case APIC_SVR: write_svr(l, value); break;
	case APIC_ESR: write_esr(l); break;
	case APIC_TMICT: vlapic_timer_write_count(l, value); break;
	case APIC_TDCR: vlapic_timer_write_divide(l, value & TDCR_MASK); break;
	default: write_lvt_at(l, offset, value); break;
	}
}

/* ---- xAPIC: the page ---------------------------------------------------- */

uint64_t vlapic_mmio_read(struct vlapic *l, unsigned int offset, unsigned int size)
{
	unsigned int within = offset & 15;

	if (within + size > 4)
		return 0;
	return (read_register(l, offset & ~15u) >> (8 * within)) & ((1ull << (8 * size)) - 1);
}

static void write_icr(struct vlapic *l, uint32_t low)
{
	l->s.icr = (l->s.icr & 0xffffffff00000000ull) | (low & ICR_MASK);
	vlapic_send(l, l->s.icr);
}

void vlapic_mmio_write(struct vlapic *l, unsigned int offset, unsigned int size, uint64_t value)
{
	uint32_t v = (uint32_t)value;

	if (size != 4 || (offset & 15))
		return;
	switch (offset) {
	case VLAPIC_LDR: l->s.ldr = v & 0xff000000; break;
	case VLAPIC_DFR: l->s.dfr = v | 0x0fffffff; break;
	case APIC_ICR_HIGH: l->s.icr = (uint32_t)l->s.icr | (uint64_t)(v & 0xff000000) << 32; break;
	case APIC_ICR: write_icr(l, v); break;
	default: write_register(l, offset, v); break;
	}
}

/* ---- x2APIC: MSRs ------------------------------------------------------- */

bool vlapic_has_msr(uint32_t msr)
{
	return msr == VLAPIC_MSR_APIC_BASE || msr == VLAPIC_MSR_TSC_DEADLINE ||
	       msr - VLAPIC_MSR_X2APIC < 0x100;
}

static bool readable(unsigned int offset)
{
	switch (offset) {
	case APIC_ID:
	case VLAPIC_VER:
	case APIC_TPR:
	case VLAPIC_PPR:
	case VLAPIC_LDR:
	case APIC_SVR:
	case APIC_ESR:
	case APIC_ICR:
	case APIC_TMICT:
	case APIC_TMCCT:
	case APIC_TDCR: return true;
	default:
		return lvt_at(offset) >= 0 || word_at(offset, APIC_ISR) >= 0 ||
		       word_at(offset, VLAPIC_TMR) >= 0 || word_at(offset, VLAPIC_IRR) >= 0;
	}
}

/* Bits that may be set in a write; 0 with *exists false where there is nothing to write to. */
static uint64_t writable(unsigned int offset, bool *exists)
{
	*exists = true;
	switch (offset) {
	case APIC_TPR:
	case VLAPIC_SELF_IPI: return 0xff;
	case APIC_EOI:
	case APIC_ESR: return 0;
	case APIC_SVR: return SVR_MASK;
	case APIC_ICR: return 0xffffffff00000000ull | ICR_MASK;
	case APIC_TMICT: return 0xffffffff;
	case APIC_TDCR: return TDCR_MASK;
	default: break;
	}
	*exists = lvt_at(offset) >= 0;
	return *exists ? lvt_mask[lvt_at(offset)] | LVT_STATUS : 0;
}

int vlapic_msr_read(struct vlapic *l, uint32_t msr, uint64_t *value)
{
	unsigned int offset = (msr - VLAPIC_MSR_X2APIC) << 4;

	if (msr == VLAPIC_MSR_APIC_BASE) {
		*value = l->s.base_msr;
		return 0;
	}
	if (msr == VLAPIC_MSR_TSC_DEADLINE) {
		*value = l->s.deadline_tsc;
		return 0;
	}
	if (!vlapic_x2apic(l) || offset >= VLAPIC_LEN || !readable(offset))
		return -EPERM;
	*value = offset == APIC_ICR ? l->s.icr : read_register(l, offset);
	return 0;
}

static int x2apic_write(struct vlapic *l, unsigned int offset, uint64_t value)
{
	bool exists;

	if (value & ~writable(offset, &exists) || !exists)
		return -EPERM;
	if (offset == APIC_ICR) {
		l->s.icr = value;
		vlapic_send(l, value);
	} else if (offset == VLAPIC_SELF_IPI) {
		vlapic_raise(l, (uint8_t)value);
	} else {
		write_register(l, offset, (uint32_t)value);
	}
	return 0;
}

int vlapic_msr_write(struct vlapic *l, uint32_t msr, uint64_t value)
{
	unsigned int offset = (msr - VLAPIC_MSR_X2APIC) << 4;

	if (msr == VLAPIC_MSR_APIC_BASE)
		return vlapic_write_base(l, value);
	if (msr == VLAPIC_MSR_TSC_DEADLINE) {
		vlapic_timer_write_deadline(l, value);
		return 0;
	}
	if (!vlapic_x2apic(l) || offset >= VLAPIC_LEN)
		return -EPERM;
	return x2apic_write(l, offset, value);
}
