/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Between the files of the virtual LAPIC; nobody else's business. */
#ifndef HV_X86_VLAPIC_PRIV_H
#define HV_X86_VLAPIC_PRIV_H

#include "apic_reg.h"
#include "vlapic.h"

#define VLAPIC_ESR_SEND_ILLEGAL	   0x20u
#define VLAPIC_ESR_RECEIVE_ILLEGAL 0x40u

#define VLAPIC_LVT_TIMER_MODE	  0x60000u
#define VLAPIC_LVT_TIMER_PERIODIC 0x20000u
#define VLAPIC_LVT_TIMER_DEADLINE 0x40000u

static inline bool vlapic_x2apic(const struct vlapic *l)
{
	return l->s.base_msr & APIC_BASE_EXTD;
}

static inline bool vlapic_software_enabled(const struct vlapic *l)
{
	return (l->s.base_msr & APIC_BASE_EN) && (l->s.svr & APIC_SVR_ENABLE);
}

uint32_t vlapic_ppr(const struct vlapic *l);
void vlapic_eoi(struct vlapic *l);
int must_check vlapic_write_base(struct vlapic *l, uint64_t value);

/* Report an error: into ESR at the guest's next write to it, and by LVT. */
void vlapic_error(struct vlapic *l, uint32_t esr_bit);

/* Raise the interrupt of an LVT entry, if it lets one through. */
void vlapic_lvt_fire(struct vlapic *l, enum vlapic_lvt which);

/* Carry out a command written to ICR: destination in the upper half, in the sender's format. */
void vlapic_send(struct vlapic *l, uint64_t icr);

/* The timer's registers. */
void vlapic_timer_write_count(struct vlapic *l, uint32_t count);
uint32_t vlapic_timer_count(const struct vlapic *l);
void vlapic_timer_write_divide(struct vlapic *l, uint32_t tdcr);
void vlapic_timer_write_lvt(struct vlapic *l, uint32_t lvt);
void vlapic_timer_write_deadline(struct vlapic *l, uint64_t tsc);
void vlapic_timer_stop(struct vlapic *l);

#endif /* HV_X86_VLAPIC_PRIV_H */
