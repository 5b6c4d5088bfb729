/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A guest's local APIC: registers by MMIO (xAPIC) and MSR (x2APIC), interrupts
 * between vCPUs, INIT and SIPI, the timer.  Pure: clocks, timers and the other
 * vCPUs are reached through struct vlapic_host.
 *
 * One vCPU's LAPIC is touched by that vCPU alone, save for what others may send
 * it: bits of irr and wait_sipi, which are atomic, and what an interrupt's
 * destination is compared with, which is read without order.
 * Source: Intel SDM vol. 3, "Advanced Programmable Interrupt Controller (APIC)".
 */
#ifndef HV_X86_VLAPIC_H
#define HV_X86_VLAPIC_H

#include "compiler.h"
#include "types.h"

#define VLAPIC_BASE 0xfee00000ull
#define VLAPIC_LEN  0x1000ull

/* MSRs that belong here: these two and [X2APIC_MSR, X2APIC_MSR + 0x100). */
#define VLAPIC_MSR_APIC_BASE	0x01b
#define VLAPIC_MSR_TSC_DEADLINE 0x6e0
#define VLAPIC_MSR_X2APIC	0x800

enum vlapic_lvt {
	VLAPIC_LVT_TIMER,
	VLAPIC_LVT_THERMAL,
	VLAPIC_LVT_PERF,
	VLAPIC_LVT_LINT0,
	VLAPIC_LVT_LINT1,
	VLAPIC_LVT_ERROR,
	VLAPIC_NR_LVT
};

/* The whole state, to be saved and restored as it is. */
struct vlapic_state {
	uint64_t base_msr; /* IA32_APIC_BASE */
	uint32_t id;	   /* also the x2APIC ID; constant */
	uint32_t tpr, ldr, dfr, svr, esr, esr_pending;
	uint64_t icr;
	uint32_t lvt[VLAPIC_NR_LVT];
	uint32_t tmict, tdcr;
	uint32_t isr[8], irr[8]; /* irr: [atomic] */
	uint32_t wait_sipi;	 /* [atomic] INIT has come, SIPI has not */
	uint64_t deadline_ns;	 /* system time at which the timer ends, 0: not counting */
	uint64_t deadline_tsc;	 /* as the guest wrote it, 0: none */
};

struct vlapic_host;

struct vlapic {
	const struct vlapic_host *host; /* (o) */
	void *owner;			/* (o) the host's: the vCPU */
	struct vlapic_state s;
};

struct vlapic_host {
	uint64_t (*now_ns)(const struct vlapic *l);
	/* The guest's TSC now; and system time at which it will stand at tsc (past: any time up to
	 * now). */
	uint64_t (*tsc_to_ns)(const struct vlapic *l, uint64_t tsc);
	/* Call vlapic_timer_expired() at that system time, once; 0: never mind. */
	void (*arm)(struct vlapic *l, uint64_t deadline_ns);
	/* The domain's LAPICs by number; NULL beyond the last. */
	struct vlapic *(*peer)(const struct vlapic *l, unsigned int n);
	/* target has something new to look at: vlapic_pending() on its own CPU, soon. */
	void (*kick)(struct vlapic *target);
	void (*nmi)(struct vlapic *target);
	/* INIT: stop the vCPU, give it its reset state, vlapic_init_reset() it on its own CPU. */
	void (*init)(struct vlapic *target);
	/* SIPI, once after each INIT: real mode at vector << 12. */
	void (*startup)(struct vlapic *target, uint8_t vector);
};

/* Power-up: enabled, xAPIC mode, software-disabled; vCPU 0 is the boot CPU and runs, others wait
 * for SIPI. */
void vlapic_create(struct vlapic *l, const struct vlapic_host *host, void *owner, uint32_t id,
		   bool boot_cpu);

/* What INIT does to it: all but ID and mode as at power-up. */
void vlapic_init_reset(struct vlapic *l);

/* Does an access to gpa belong to this LAPIC now (enabled, xAPIC mode)? */
bool vlapic_claims(const struct vlapic *l, gaddr_t gpa);

/* offset below VLAPIC_LEN, size 1 to 8.  Odd accesses read zero and write nothing, as hardware
 * allows itself. */
uint64_t vlapic_mmio_read(struct vlapic *l, unsigned int offset, unsigned int size);
void vlapic_mmio_write(struct vlapic *l, unsigned int offset, unsigned int size, uint64_t value);

/* True if msr is one of ours at all. */
bool vlapic_has_msr(uint32_t msr);

/* 0, or -EPERM: #GP.  The register does not exist in this mode, is one-way, or a reserved bit is
 * set. */
int must_check vlapic_msr_read(struct vlapic *l, uint32_t msr, uint64_t *value);
int must_check vlapic_msr_write(struct vlapic *l, uint32_t msr, uint64_t value);

/* CR8. */
uint64_t vlapic_get_cr8(const struct vlapic *l);
void vlapic_set_cr8(struct vlapic *l, uint64_t cr8);

/*
 * Have an edge-triggered interrupt pending; any CPU.  Dropped while the LAPIC is
 * disabled; a vector below 16 is an error in the target's ESR.  Kicks.
 */
void vlapic_raise(struct vlapic *target, uint8_t vector);

/* The vector that the CPU would take now if its flags allow, or -1. */
int vlapic_pending(const struct vlapic *l);

/* The CPU takes it: vlapic_pending()'s vector goes into service and is returned; -1 as there. */
int vlapic_accept(struct vlapic *l);

/* host->arm()'s moment has come; early is harmless. */
void vlapic_timer_expired(struct vlapic *l);

/* Arm the host's timer anew: after a restore, or on another CPU. */
void vlapic_timer_resume(struct vlapic *l);

#endif /* HV_X86_VLAPIC_H */
