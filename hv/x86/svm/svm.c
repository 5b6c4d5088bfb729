/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * AMD SVM: enabling, control blocks, the run loop and the vendor table.  What an
 * exit means stands in exit.c and, vendor-blind, in x86/exit/.
 *
 * Host state is the hypervisor's from VMLOAD on: each pCPU has one VMCB page that
 * VMSAVE filled once, since none of those registers ever changes again.
 *
 * Manual: AMD APM vol. 2, chapter 15 "Secure Virtual Machine".
 */
#include "x86/svm/svm.h"

#include "domain.h"
#include "errno.h"
#include "heap.h"
#include "hw.h"
#include "lib/string.h"
#include "printk.h"
#include "sched.h"
#include "x86/asm.h"
#include "x86/guest_walk.h"
#include "x86/paging.h"
#include "x86/percpu.h"
#include "x86/pt.h"
#include "x86/vendor.h"

#define MSR_EFER		0xc0000080
#define MSR_VM_CR		0xc0010114
#define MSR_VM_HSAVE		0xc0010117
#define EFER_SVME		(1ul << 12)
#define VM_CR_SVMDIS		(1ul << 4)
#define CPUID_SVM		(1u << 2)
#define CPUID_SVM_NP		(1u << 0)
#define CPUID_SVM_FLUSH_BY_ASID (1u << 6)
#define RFLAGS_IF		(1ul << 9)
#define RFLAGS_FIXED		2ul

#define INTERCEPTS1                                                                                \
	(INTERCEPT_INTR | INTERCEPT_NMI | INTERCEPT_SMI | INTERCEPT_INIT | INTERCEPT_RDPMC |       \
	 INTERCEPT_CPUID | INTERCEPT_INVD | INTERCEPT_HLT | INTERCEPT_INVLPGA | INTERCEPT_IOIO |   \
	 INTERCEPT_MSR | INTERCEPT_TASK | INTERCEPT_FERR | INTERCEPT_SHUTDOWN)
#define INTERCEPTS2                                                                                \
	(INTERCEPT_VMRUN | INTERCEPT_VMMCALL | INTERCEPT_VMLOAD | INTERCEPT_VMSAVE |               \
	 INTERCEPT_STGI | INTERCEPT_CLGI | INTERCEPT_SKINIT | INTERCEPT_WBINVD |                   \
	 INTERCEPT_MONITOR | INTERCEPT_MWAIT | INTERCEPT_XSETBV | INTERCEPT_RDPRU)
#define INTERCEPT_EXCEPTION_AC (1u << 17)
#define INTERCEPT_EXCEPTION_MC (1u << 18)

/* All of them set: every port and, but for those that the hardware switches, every MSR exits. */
static uint8_t iopm[3 * PAGE_SIZE] ro_after_init_bss aligned(PAGE_SIZE);
static uint8_t msrpm[2 * PAGE_SIZE] ro_after_init_bss aligned(PAGE_SIZE);

struct svm_cpu {
	maddr_t host_vmcb; /* (o) */
};

static bool svm_probe(void)
{
	struct cpuid_regs r = cpuid(0x80000000, 0);

	if (r.eax < 0x80000001 || !(cpuid(0x80000001, 0).ecx & CPUID_SVM))
		return false;
	if (rdmsr(MSR_VM_CR) & VM_CR_SVMDIS)
		hw_missing("SVM is switched off by the firmware",
			   "enable SVM (AMD-V) in the firmware's set-up", true);
	if (r.eax < 0x8000000a || !(cpuid(0x8000000a, 0).edx & CPUID_SVM_NP))
		hw_missing("nested paging (NPT)", "use a CPU with nested paging", true);
	return true;
}

static void svm_make_maps(void)
{
	static const uint32_t through[] = {
		/* FS, GS and kernel GS base, the system-call MSRs: VMLOAD and VMSAVE switch them.
		 */
		0xc0000100, 0xc0000101, 0xc0000102, 0xc0000081, 0xc0000082,
		0xc0000083, 0xc0000084, 0x174,	    0x175,	0x176,
	};

	memset(iopm, 0xff, sizeof(iopm));
	memset(msrpm, 0xff, sizeof(msrpm));
	for (unsigned int i = 0; i < ARRAY_SIZE(through); i++) {
		uint32_t m = through[i];
		uint32_t bit = m < 0x2000 ? m * 2 : 0x800 * 8 + (m - 0xc0000000) * 2;

		msrpm[bit / 8] &= (uint8_t) ~(3u << (bit % 8));
	}
}

static int svm_cpu_enable(struct cpu *c)
{
	struct svm_cpu *sc = hv_page_alloc();
	void *hsave = hv_page_alloc();
	void *host = hv_page_alloc();

	if (!sc || !hsave || !host) {
		hv_page_free(sc);
		hv_page_free(hsave);
		hv_page_free(host);
		return -ENOMEM;
	}
	if (c->id == 0)
		svm_make_maps();
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME);
	wrmsr(MSR_VM_HSAVE, hv_va_to_maddr(hsave).ma);
	sc->host_vmcb = hv_va_to_maddr(host);
	tlb_cpu_init(&machine_tlb, &c->tlb, cpuid(0x8000000a, 0).ebx,
		     cpuid(0x8000000a, 0).edx & CPUID_SVM_FLUSH_BY_ASID);
	__asm__ volatile("vmsave" : : "a"(sc->host_vmcb.ma) : "memory");
	c->vendor = sc;
	return 0;
}

static int svm_vcpu_init(struct vcpu *v)
{
	struct svm_vcpu *sv = hv_page_alloc();
	struct vmcb *vmcb = hv_page_alloc();
	struct vmcb_control *c;

	if (!sv || !vmcb) {
		hv_page_free(sv);
		hv_page_free(vmcb);
		return -ENOMEM;
	}
	sv->vmcb = vmcb;
	sv->vmcb_ma = hv_va_to_maddr(vmcb);
	c = &vmcb->control;
	c->intercept_cr_write = 0;
	c->intercept_dr_read = c->intercept_dr_write = 0xffff;
	/*
	 * #AC whose delivery raises #AC again never ends, and lets no interrupt in: it
	 * is raised by us, an exit each time (CVE-2015-5307).  #DB, which can do the
	 * same with a breakpoint, has none to do it with while the DRs are not the guest's.
	 */
	c->intercept_exceptions = INTERCEPT_EXCEPTION_MC | INTERCEPT_EXCEPTION_AC;
	c->intercept1 = INTERCEPTS1;
	c->intercept2 = INTERCEPTS2;
	c->iopm_base = hv_image_maddr(iopm).ma;
	c->msrpm_base = hv_image_maddr(msrpm).ma;
	c->vintr = VINTR_V_MASKING;
	c->np_enable = NP_ENABLE;
	c->n_cr3 = v->domain->p2m.pt.root.ma;
	v->vendor = sv;
	return 0;
}

static void svm_vcpu_destroy(struct vcpu *v)
{
	hv_page_free(svm_vcpu(v)->vmcb);
	hv_page_free(v->vendor);
}

/*
 * An event is signalled: give the callback vector now if the guest can take it,
 * else ask to be told when it can.
 */
static void inject_callback(struct vcpu *v, struct vmcb *vmcb)
{
	struct vmcb_control *c = &vmcb->control;
	uint8_t vector = v->domain->callback_vector;

	if (!vector || (c->eventinj & EVENTINJ_VALID))
		return;
	if ((vmcb->save.rflags & RFLAGS_IF) && !(c->interrupt_shadow & INTERRUPT_SHADOW)) {
		c->eventinj = EVENTINJ_VALID | EVENTINJ_TYPE_INTR | vector;
		return;
	}
	/* A virtual interrupt that is never delivered: its window makes an exit. */
	c->vintr |= VINTR_V_IRQ | VINTR_V_IGN_TPR | (0xful << VINTR_V_PRIO_SHIFT);
	c->intercept1 |= INTERCEPT_VINTR;
}

/* Obey what tlb_enter_guest() said. */
static void flush(struct vcpu *v, struct vmcb_control *c, unsigned int todo)
{
	c->asid = v->tlb.asid;
	if (todo & TLB_FLUSH_ALL)
		c->tlb_control = TLB_CONTROL_FLUSH_ALL;
	else if (todo & TLB_FLUSH_ASID)
		c->tlb_control = TLB_CONTROL_FLUSH_ASID;
}

static void svm_vcpu_run(struct vcpu *v)
{
	struct svm_vcpu *sv = svm_vcpu(v);
	struct vmcb *vmcb = sv->vmcb;
	struct cpu *cpu = this_cpu();
	maddr_t host = ((struct svm_cpu *)cpu->vendor)->host_vmcb;

	while (!(cpu->softirq | v->paused)) {
		unsigned int todo;

		if (vcpu_event_pending(v))
			inject_callback(v, vmcb);
		vmcb->control.tlb_control = TLB_CONTROL_NONE;
		todo = tlb_enter_guest(&machine_tlb, &cpu->tlb, &v->tlb, &v->domain->p2m.tlb);
		if (unlikely(todo))
			flush(v, &vmcb->control, todo);
		vmcb->save.rax = v->regs.rax;
		svm_enter(&v->regs, sv->vmcb_ma, host);
		v->regs.rax = vmcb->save.rax;
		if (unlikely(tlb_enter_hv(&machine_tlb, &cpu->tlb)))
			hv_flush_tlb();
		svm_exit(v);
	}
}

static void put_seg(struct vmcb_seg *to, const struct vcpu_seg *from)
{
	*to = (struct vmcb_seg){from->sel, from->attr, from->limit, from->base};
}

static void get_seg(struct vcpu_seg *to, const struct vmcb_seg *from)
{
	*to = (struct vcpu_seg){from->sel, from->attr, from->limit, from->base};
}

static void svm_set_state(struct vcpu *v, const struct vcpu_state *s)
{
	struct vmcb *vmcb = svm_vcpu(v)->vmcb;
	struct vmcb_save *g = &vmcb->save;
	struct vmcb_seg *const seg[SEG_NR] = {&g->es, &g->cs, &g->ss,	&g->ds,
					      &g->fs, &g->gs, &g->ldtr, &g->tr};

	for (unsigned int i = 0; i < SEG_NR; i++)
		put_seg(seg[i], &s->seg[i]);
	g->gdtr = (struct vmcb_seg){.limit = s->gdt_limit, .base = s->gdt_base};
	g->idtr = (struct vmcb_seg){.limit = s->idt_limit, .base = s->idt_base};
	g->cpl = (s->seg[SEG_SS].attr >> 5) & 3;
	v->regs = s->regs;
	g->rsp = s->regs.rsp;
	g->rip = s->rip;
	g->rflags = s->rflags | RFLAGS_FIXED;
	g->cr0 = s->cr0;
	g->cr2 = s->cr2;
	g->cr3 = s->cr3;
	g->cr4 = s->cr4;
	g->efer = s->efer | EFER_SVME;
	g->dr6 = s->dr6;
	g->dr7 = s->dr7;
	g->star = s->star;
	g->lstar = s->lstar;
	g->cstar = s->cstar;
	g->sfmask = s->sfmask;
	g->kernel_gs_base = s->kernel_gs_base;
	g->sysenter_cs = s->sysenter_cs;
	g->sysenter_esp = s->sysenter_esp;
	g->sysenter_eip = s->sysenter_eip;
	g->g_pat = s->pat;
	v->xcr0 = s->xcr0;
	vmcb->control.tsc_offset = s->tsc_offset;
	vmcb->control.eventinj = s->pending_event | s->pending_error << 32;
}

static void svm_get_state(const struct vcpu *v, struct vcpu_state *s)
{
	const struct vmcb *vmcb = svm_vcpu(v)->vmcb;
	const struct vmcb_save *g = &vmcb->save;
	const struct vmcb_seg *const seg[SEG_NR] = {&g->es, &g->cs, &g->ss,   &g->ds,
						    &g->fs, &g->gs, &g->ldtr, &g->tr};

	*s = (struct vcpu_state){
		.version = VCPU_STATE_VERSION,
		.regs = v->regs,
		.rip = g->rip,
		.rflags = g->rflags,
		.cr0 = g->cr0,
		.cr2 = g->cr2,
		.cr3 = g->cr3,
		.cr4 = g->cr4,
		.efer = g->efer & ~EFER_SVME,
		.xcr0 = v->xcr0,
		.dr6 = g->dr6,
		.dr7 = g->dr7,
		.gdt_base = g->gdtr.base,
		.idt_base = g->idtr.base,
		.gdt_limit = (uint16_t)g->gdtr.limit,
		.idt_limit = (uint16_t)g->idtr.limit,
		.pending_event = (uint32_t)vmcb->control.eventinj,
		.pending_error = vmcb->control.eventinj >> 32,
		.star = g->star,
		.lstar = g->lstar,
		.cstar = g->cstar,
		.sfmask = g->sfmask,
		.kernel_gs_base = g->kernel_gs_base,
		.sysenter_cs = g->sysenter_cs,
		.sysenter_esp = g->sysenter_esp,
		.sysenter_eip = g->sysenter_eip,
		.pat = g->g_pat,
		.tsc_offset = vmcb->control.tsc_offset,
	};
	s->regs.rsp = g->rsp;
	for (unsigned int i = 0; i < SEG_NR; i++)
		get_seg(&s->seg[i], seg[i]);
}

static void svm_get_paging(const struct vcpu *v, struct guest_paging *p)
{
	const struct vmcb_save *g = &svm_vcpu(v)->vmcb->save;

	*p = (struct guest_paging){.cr0 = g->cr0, .cr3 = g->cr3, .cr4 = g->cr4, .efer = g->efer};
}

const struct vendor_ops svm_ops = {
	.name = "AMD SVM",
	.nested_format = &pt_format_npt,
	.hypercall_insn = {0x0f, 0x01, 0xd9}, /* VMMCALL */
	.probe = svm_probe,
	.cpu_enable = svm_cpu_enable,
	.vcpu_init = svm_vcpu_init,
	.vcpu_destroy = svm_vcpu_destroy,
	.vcpu_run = svm_vcpu_run,
	.get_state = svm_get_state,
	.set_state = svm_set_state,
	.get_paging = svm_get_paging,
	.skip = svm_skip,
	.inject_exception = svm_inject_exception,
};
