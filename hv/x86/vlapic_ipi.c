/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Interrupts from one vCPU to others of its domain: who is meant, and what is to
 * happen there.  Runs on the sender.
 * Source: Intel SDM vol. 3, "Issuing Interprocessor Interrupts", "Determining IPI Destination".
 */
#include "vlapic_priv.h"

#define ICR_MODE(icr)	   ((uint32_t)(icr)&0x700)
#define ICR_FIXED	   0x000
#define ICR_LOWEST	   0x100
#define ICR_LOGICAL	   0x00800u
#define ICR_ASSERT_LEVEL   0x08000u
#define ICR_SHORTHAND(icr) (((uint32_t)(icr) >> 18) & 3)

enum { SHORT_NONE, SHORT_SELF, SHORT_ALL, SHORT_OTHERS };

#define XAPIC_ALL  0xffu
#define X2APIC_ALL 0xffffffffu
#define DFR_FLAT   0xfu

/* What is addressed, in the sender's format. */
struct destination {
	uint32_t dest;
	bool x2apic, logical;
	unsigned int shorthand;
};

static struct destination destination_of(const struct vlapic *l, uint64_t icr)
{
	bool x2apic = vlapic_x2apic(l);

	return (struct destination){
		.dest = x2apic ? (uint32_t)(icr >> 32) : (uint32_t)(icr >> 56),
		.x2apic = x2apic,
		.logical = icr & ICR_LOGICAL,
		.shorthand = ICR_SHORTHAND(icr),
	};
}

static bool logical_match_xapic(const struct vlapic *target, uint32_t dest)
{
	uint32_t mine = target->s.ldr >> 24;

	if (target->s.dfr >> 28 == DFR_FLAT)
		return mine & dest;
	return mine >> 4 == dest >> 4 && (mine & dest & 0xf);
}

static bool logical_match(const struct vlapic *target, const struct destination *d)
{
	if (!vlapic_x2apic(target))
		return logical_match_xapic(target, d->dest & 0xff);
	return target->s.ldr >> 16 == d->dest >> 16 && (target->s.ldr & d->dest & 0xffff);
}

static bool is_meant(const struct vlapic *sender, const struct vlapic *target,
		     const struct destination *d)
{
	switch (d->shorthand) {
	case SHORT_SELF: return target == sender;
	case SHORT_ALL: return true;
	case SHORT_OTHERS: return target != sender;
	default: break;
	}
	if (d->dest == (d->x2apic ? X2APIC_ALL : XAPIC_ALL))
		return true;
	return d->logical ? logical_match(target, d) : target->s.id == d->dest;
}

/* A second INIT before the first was answered changes nothing. */
static void send_init(const struct vlapic *sender, struct vlapic *target)
{
	if (target == sender)
		return;
	__atomic_store_n(&target->s.wait_sipi, 1, __ATOMIC_RELEASE);
	target->host->init(target);
}

/* Of the two SIPIs that are usual the first one counts. */
static void send_startup(struct vlapic *target, uint8_t vector)
{
	if (__atomic_exchange_n(&target->s.wait_sipi, 0, __ATOMIC_ACQ_REL))
		target->host->startup(target, vector);
}

static void deliver(const struct vlapic *sender, struct vlapic *target, uint64_t icr)
{
	switch (ICR_MODE(icr)) {
	case ICR_FIXED:
	case ICR_LOWEST: vlapic_raise(target, (uint8_t)icr); break;
	case APIC_ICR_NMI: target->host->nmi(target); break;
	case APIC_ICR_INIT: send_init(sender, target); break;
	case APIC_ICR_STARTUP: send_startup(target, (uint8_t)icr); break;
	default: break; /* SMI and what is reserved: there is nobody to hear it */
	}
}

/* Lowest priority: one of those meant, the one with the lowest TPR. */
static void deliver_lowest(struct vlapic *l, const struct destination *d, uint64_t icr)
{
	struct vlapic *target, *best = NULL;

	for (unsigned int i = 0; (target = l->host->peer(l, i)) != NULL; i++) {
		if (!is_meant(l, target, d) || !vlapic_software_enabled(target))
			continue;
		if (!best || target->s.tpr < best->s.tpr)
			best = target;
	}
	if (best)
		deliver(l, best, icr);
}

static bool illegal_vector(uint64_t icr)
{
	return ICR_MODE(icr) <= ICR_LOWEST && (icr & 0xff) < 16;
}

void vlapic_send(struct vlapic *l, uint64_t icr)
{
	struct destination d = destination_of(l, icr);
	struct vlapic *target;

	if (illegal_vector(icr)) {
		vlapic_error(l, VLAPIC_ESR_SEND_ILLEGAL);
		return;
	}
	/* INIT's de-assert was for APICs that had a bus of their own. */
	if (ICR_MODE(icr) == APIC_ICR_INIT && (icr & ICR_ASSERT_LEVEL) && !(icr & APIC_ICR_ASSERT))
		return;
	if (ICR_MODE(icr) == ICR_LOWEST) {
		deliver_lowest(l, &d, icr);
		return;
	}
	for (unsigned int i = 0; (target = l->host->peer(l, i)) != NULL; i++) {
		if (is_meant(l, target, &d))
			deliver(l, target, icr);
	}
}
