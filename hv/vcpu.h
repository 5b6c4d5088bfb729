/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A virtual CPU: one record of everything that it is.
 *
 * What the hardware keeps elsewhere while the vCPU is loaded is fetched and put
 * through x86/vendor.h; struct vcpu_state is the whole in one versioned piece.
 */
#ifndef HV_VCPU_H
#define HV_VCPU_H

#include "compiler.h"
#include "evtchn.h"
#include "fair.h"
#include "timer.h"
#include "tlb.h"
#include "types.h"

struct domain;

/* General registers in the order of their encoding; rsp lives with the vendor. */
struct vcpu_regs {
	union {
		struct {
			uint64_t rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi;
			uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
		};
		uint64_t gpr[16]; /* by number */
	};
};

struct vcpu_seg {
	uint16_t sel;
	uint16_t attr; /* as in the VMCB: type, S, DPL, P, AVL, L, D, G in 12 bits */
	uint32_t limit;
	uint64_t base;
};

enum seg_index { SEG_ES, SEG_CS, SEG_SS, SEG_DS, SEG_FS, SEG_GS, SEG_LDTR, SEG_TR, SEG_NR };

#define VCPU_STATE_VERSION 1

struct vcpu_state {
	uint32_t version; /* VCPU_STATE_VERSION */
	uint32_t flags;
	struct vcpu_regs regs;
	uint64_t rip, rflags;
	uint64_t cr0, cr2, cr3, cr4, efer, xcr0;
	uint64_t dr6, dr7;
	struct vcpu_seg seg[SEG_NR];
	uint64_t gdt_base, idt_base;
	uint16_t gdt_limit, idt_limit;
	uint32_t pending_event; /* EVENTINJ format, valid bit 31 */
	uint64_t pending_error;
	uint64_t star, lstar, cstar, sfmask, kernel_gs_base;
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip;
	uint64_t pat;
	uint64_t tsc_offset;
};

struct vcpu {
	/* Hot: touched at every exit. */
	struct vcpu_regs regs;	 /* [own] of the guest, while it is not in guest mode */
	struct domain *domain;	 /* (o) */
	void *vendor;		 /* (o) control block and its like, x86/<vendor>/ only */
	unsigned int id;	 /* (o) number in the domain */
	unsigned int cpu;	 /* [rq] pCPU it runs on */
	uint32_t paused;	 /* [atomic] enum vcpu_pause, 0: runnable */
	bool on_queue;		 /* [rq] */
	bool running;		 /* [rq] it is some pCPU's current */
	bool yields;		 /* [own] lets the next one go first */
	unsigned int fpu_cpu;	 /* [own] where its extended state was loaded last */
	struct fair_entity fair; /* [rq] its share */
	uint64_t serial;	 /* (o) never given twice */

	struct evtchn_vcpu evtchn; /* [evtchn lock] .info is where events are signalled */
	struct tlb_vcpu tlb;	   /* [own] */
	struct timer singleshot;   /* [own] VCPUOP_set_singleshot_timer */
	struct timer poll;	   /* [own] timeout of SCHEDOP_poll */
	uint32_t poll_port;	   /* [own] the one port polled, 0: several or none */

	/* [own] RAM on its way to a domain: see populate.c */
	struct {
		mfn_t first;
		unsigned int order;
		unsigned long cleared; /* frames */
		bool held;
	} extent;

	void *fpu;	/* (o) XSAVE area, one page */
	uint64_t xcr0;	/* [own] */
	void *info_map; /* [domain lock] hv_map_guest() of a registered vcpu_info, or NULL */
	uint64_t runstate_entry_ns; /* [rq] when the present state began */
	uint64_t runstate_time[4];  /* [rq] ns in RUNSTATE_* */
	uint64_t nr_exits;	    /* [own] */
	uint8_t runstate;	    /* [rq] RUNSTATE_* */
	bool initialised;	    /* [domain lock] it has registers to start from */
};

/* Never change after create: */
domid_t vcpu_domid(const struct vcpu *v);
unsigned int vcpu_number(const struct vcpu *v);
bool vcpu_is_control(const struct vcpu *v);
struct domain *vcpu_domain(const struct vcpu *v);

/*
 * One more vCPU for d, down, with its reset state.  Returns NULL when memory is
 * short or the vendor refuses.
 */
struct vcpu *vcpu_create(struct domain *d, unsigned int id, unsigned int cpu);

/* Free a vCPU that has been taken off its queue and that nothing refers to. */
void vcpu_destroy(struct vcpu *v);

/* Start as a PVH guest does: 32-bit, no paging.  Source: docs/misc/pvh, "PVH Specification". */
void vcpu_start_pvh(struct vcpu *v, uint32_t eip, uint32_t start_info);

/* Times in each state up to now.  Takes the lock of v's run queue. */
struct vcpu_runstate_info;
void vcpu_runstate(const struct vcpu *v, struct vcpu_runstate_info *info);

/*
 * SCHEDOP_poll: from begin on, any event of the polled ports or v->poll's timer
 * lets v, the running vCPU, go on; it stops at the end of this exit.  end: go on
 * at once.
 */
void vcpu_poll_begin(struct vcpu *v);
void vcpu_poll_end(struct vcpu *v);

/* Write v's time record (pvclock) where its guest looks for it. */
void vcpu_update_time(struct vcpu *v);

/* Is an event signalled that the guest has not taken note of? */
static inline bool vcpu_event_pending(const struct vcpu *v)
{
	const struct vcpu_info *info = v->evtchn.info;

	return __atomic_load_n(&info->evtchn_upcall_pending, __ATOMIC_ACQUIRE) != 0;
}

#endif /* HV_VCPU_H */
