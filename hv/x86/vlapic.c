/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The virtual LAPIC's heart: what is pending, in service and let through, and the
 * state's beginnings.  Registers as a guest addresses them are vlapic_access.c's,
 * interrupts between vCPUs vlapic_ipi.c's, the timer vlapic_timer.c's.
 */
#include "errno.h"
#include "vlapic_priv.h"

#define PRIORITY(vector) ((uint32_t)(vector) >> 4)
#define FIRST_VECTOR	 16

/* ---- 256 bits in eight words -------------------------------------------- */

static int highest(const uint32_t *words)
{
	for (int i = 7; i >= 0; i--) {
		uint32_t w = __atomic_load_n(&words[i], __ATOMIC_ACQUIRE);

		if (w)
			return i * 32 + 31 - __builtin_clz(w);
	}
	return -1;
}

static uint32_t bit(int vector)
{
	return 1u << ((unsigned int)vector % 32);
}

/* ---- Priorities --------------------------------------------------------- */

/* PPR: what is in service or TPR, whichever has the higher class. */
static uint32_t processor_priority(const struct vlapic *l)
{
	int isr = highest(l->s.isr);

	if (isr >= 0 && PRIORITY(isr) > PRIORITY(l->s.tpr))
		return PRIORITY(isr) << 4;
	return l->s.tpr;
}

uint32_t vlapic_ppr(const struct vlapic *l)
{
	return processor_priority(l);
}

int vlapic_pending(const struct vlapic *l)
{
	int vector = vlapic_software_enabled(l) ? highest(l->s.irr) : -1;

	if (vector < 0 || PRIORITY(vector) <= PRIORITY(processor_priority(l)))
		return -1;
	return vector;
}

int vlapic_accept(struct vlapic *l)
{
	int vector = vlapic_pending(l);

	if (vector < 0)
		return -1;
	__atomic_and_fetch(&l->s.irr[vector / 32], ~bit(vector), __ATOMIC_ACQ_REL);
	l->s.isr[vector / 32] |= bit(vector);
	return vector;
}

void vlapic_eoi(struct vlapic *l)
{
	int vector = highest(l->s.isr);

	if (vector >= 0)
		l->s.isr[vector / 32] &= ~bit(vector);
}

uint64_t vlapic_get_cr8(const struct vlapic *l)
{
	return l->s.tpr >> 4;
}

void vlapic_set_cr8(struct vlapic *l, uint64_t cr8)
{
	l->s.tpr = (uint32_t)(cr8 & 0xf) << 4;
}

/* ---- Coming in ---------------------------------------------------------- */

static void pend(struct vlapic *target, uint8_t vector)
{
	__atomic_or_fetch(&target->s.irr[vector / 32], bit(vector), __ATOMIC_ACQ_REL);
	target->host->kick(target);
}

/* An error entry whose own vector is bad stays silent. */
void vlapic_error(struct vlapic *l, uint32_t esr_bit)
{
	uint32_t before = __atomic_fetch_or(&l->s.esr_pending, esr_bit, __ATOMIC_ACQ_REL);
	uint32_t lvt = l->s.lvt[VLAPIC_LVT_ERROR];

	if (!(before & esr_bit) && !(lvt & APIC_LVT_MASKED) && (lvt & 0xff) >= FIRST_VECTOR)
		pend(l, (uint8_t)lvt);
}

void vlapic_raise(struct vlapic *target, uint8_t vector)
{
	if (!vlapic_software_enabled(target))
		return;
	if (vector < FIRST_VECTOR)
		vlapic_error(target, VLAPIC_ESR_RECEIVE_ILLEGAL);
	else
		pend(target, vector);
}

void vlapic_lvt_fire(struct vlapic *l, enum vlapic_lvt which)
{
	if (!(l->s.lvt[which] & APIC_LVT_MASKED))
		vlapic_raise(l, (uint8_t)l->s.lvt[which]);
}

/* ---- Beginnings --------------------------------------------------------- */

void vlapic_init_reset(struct vlapic *l)
{
	uint64_t base_msr = l->s.base_msr;
	uint32_t id = l->s.id, wait = __atomic_load_n(&l->s.wait_sipi, __ATOMIC_ACQUIRE);

	vlapic_timer_stop(l);
	l->s = (struct vlapic_state){
		.base_msr = base_msr, .id = id, .dfr = 0xffffffff, .svr = 0xff, .wait_sipi = wait};
	for (unsigned int i = 0; i < VLAPIC_NR_LVT; i++)
		l->s.lvt[i] = APIC_LVT_MASKED;
	if (vlapic_x2apic(l))
		l->s.ldr = (id >> 4) << 16 | 1u << (id & 15);
}

void vlapic_create(struct vlapic *l, const struct vlapic_host *host, void *owner, uint32_t id,
		   bool boot_cpu)
{
	l->host = host;
	l->owner = owner;
	l->s = (struct vlapic_state){
		.base_msr = VLAPIC_BASE | APIC_BASE_EN | (boot_cpu ? APIC_BASE_BSP : 0),
		.id = id,
		.wait_sipi = !boot_cpu,
	};
	vlapic_init_reset(l);
}

/*
 * IA32_APIC_BASE: the mode may go disabled -> xAPIC -> x2APIC and from both to
 * disabled; the page stays where it is.
 */
int vlapic_write_base(struct vlapic *l, uint64_t value)
{
	uint64_t old = l->s.base_msr, modes = APIC_BASE_EN | APIC_BASE_EXTD;

	if ((value & ~modes) != (old & ~modes))
		return -EPERM;
	if ((value & modes) == APIC_BASE_EXTD)
		return -EPERM;
	if ((old & APIC_BASE_EXTD) && (value & modes) == APIC_BASE_EN)
		return -EPERM;
	if (!(old & APIC_BASE_EN) && (value & APIC_BASE_EXTD))
		return -EPERM;
	l->s.base_msr = value;
	if (!(value & APIC_BASE_EN))
		vlapic_init_reset(l);
	else if (value & APIC_BASE_EXTD)
		l->s.ldr = (l->s.id >> 4) << 16 | 1u << (l->s.id & 15);
	return 0;
}

bool vlapic_claims(const struct vlapic *l, gaddr_t gpa)
{
	return (l->s.base_msr & (APIC_BASE_EN | APIC_BASE_EXTD)) == APIC_BASE_EN &&
	       gpa.ga - VLAPIC_BASE < VLAPIC_LEN;
}
