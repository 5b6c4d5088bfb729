/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "hvm_context.h"

#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "lib/string.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/fpu.h"
#include "x86/vendor.h"

#include <xen/hvm/save.h>

#define PAT_RESET   0x0007040600070406ul
#define MAX_CONTEXT 65536u /* bytes: some records of each kind for every vCPU */

_Static_assert(sizeof(((struct hvm_hw_cpu *)0)->fpu_regs) == FPU_LEGACY_SIZE, "an FXSAVE area");

static void seg_in(struct vcpu_seg *s, uint32_t sel, uint32_t limit, uint64_t base, uint32_t ar)
{
	*s = (struct vcpu_seg){(uint16_t)sel, (uint16_t)(ar & 0xfff), limit, base};
}

static void regs_in(struct vcpu_regs *r, const struct hvm_hw_cpu *c)
{
	*r = (struct vcpu_regs){
		.rax = c->rax,
		.rbx = c->rbx,
		.rcx = c->rcx,
		.rdx = c->rdx,
		.rbp = c->rbp,
		.rsi = c->rsi,
		.rdi = c->rdi,
		.rsp = c->rsp,
		.r8 = c->r8,
		.r9 = c->r9,
		.r10 = c->r10,
		.r11 = c->r11,
		.r12 = c->r12,
		.r13 = c->r13,
		.r14 = c->r14,
		.r15 = c->r15,
	};
}

static void segs_in(struct vcpu_seg *s, const struct hvm_hw_cpu *c)
{
	seg_in(&s[SEG_CS], c->cs_sel, c->cs_limit, c->cs_base, c->cs_arbytes);
	seg_in(&s[SEG_DS], c->ds_sel, c->ds_limit, c->ds_base, c->ds_arbytes);
	seg_in(&s[SEG_ES], c->es_sel, c->es_limit, c->es_base, c->es_arbytes);
	seg_in(&s[SEG_FS], c->fs_sel, c->fs_limit, c->fs_base, c->fs_arbytes);
	seg_in(&s[SEG_GS], c->gs_sel, c->gs_limit, c->gs_base, c->gs_arbytes);
	seg_in(&s[SEG_SS], c->ss_sel, c->ss_limit, c->ss_base, c->ss_arbytes);
	seg_in(&s[SEG_TR], c->tr_sel, c->tr_limit, c->tr_base, c->tr_arbytes);
	seg_in(&s[SEG_LDTR], c->ldtr_sel, c->ldtr_limit, c->ldtr_base, c->ldtr_arbytes);
}

static void state_in(struct vcpu_state *s, const struct hvm_hw_cpu *c)
{
	*s = (struct vcpu_state){
		.version = VCPU_STATE_VERSION,
		.rip = c->rip,
		.rflags = c->rflags,
		.cr0 = c->cr0,
		.cr2 = c->cr2,
		.cr3 = c->cr3,
		.cr4 = c->cr4,
		.efer = c->msr_efer,
		.xcr0 = 1,
		.dr6 = c->dr6,
		.dr7 = c->dr7,
		.gdt_base = c->gdtr_base,
		.gdt_limit = (uint16_t)c->gdtr_limit,
		.idt_base = c->idtr_base,
		.idt_limit = (uint16_t)c->idtr_limit,
		.star = c->msr_star,
		.lstar = c->msr_lstar,
		.cstar = c->msr_cstar,
		.sfmask = c->msr_syscall_mask,
		.kernel_gs_base = c->shadow_gs,
		.sysenter_cs = c->sysenter_cs,
		.sysenter_esp = c->sysenter_esp,
		.sysenter_eip = c->sysenter_eip,
		.pat = PAT_RESET,
	};
	regs_in(&s->regs, c);
	segs_in(s->seg, c);
}

static void regs_out(struct hvm_hw_cpu *c, const struct vcpu_regs *r)
{
	c->rax = r->rax;
	c->rbx = r->rbx;
	c->rcx = r->rcx;
	c->rdx = r->rdx;
	c->rbp = r->rbp;
	c->rsi = r->rsi;
	c->rdi = r->rdi;
	c->rsp = r->rsp;
	c->r8 = r->r8;
	c->r9 = r->r9;
	c->r10 = r->r10;
	c->r11 = r->r11;
	c->r12 = r->r12;
	c->r13 = r->r13;
	c->r14 = r->r14;
	c->r15 = r->r15;
}

static void segs_out(struct hvm_hw_cpu *c, const struct vcpu_seg *s)
{
	c->cs_sel = s[SEG_CS].sel;
	c->cs_limit = s[SEG_CS].limit;
	c->cs_base = s[SEG_CS].base;
	c->cs_arbytes = s[SEG_CS].attr;
	c->ds_sel = s[SEG_DS].sel;
	c->ds_limit = s[SEG_DS].limit;
	c->ds_base = s[SEG_DS].base;
	c->ds_arbytes = s[SEG_DS].attr;
	c->es_sel = s[SEG_ES].sel;
	c->es_limit = s[SEG_ES].limit;
	c->es_base = s[SEG_ES].base;
	c->es_arbytes = s[SEG_ES].attr;
	c->fs_sel = s[SEG_FS].sel;
	c->fs_limit = s[SEG_FS].limit;
	c->fs_base = s[SEG_FS].base;
	c->fs_arbytes = s[SEG_FS].attr;
	c->gs_sel = s[SEG_GS].sel;
	c->gs_limit = s[SEG_GS].limit;
	c->gs_base = s[SEG_GS].base;
	c->gs_arbytes = s[SEG_GS].attr;
	c->ss_sel = s[SEG_SS].sel;
	c->ss_limit = s[SEG_SS].limit;
	c->ss_base = s[SEG_SS].base;
	c->ss_arbytes = s[SEG_SS].attr;
	c->tr_sel = s[SEG_TR].sel;
	c->tr_limit = s[SEG_TR].limit;
	c->tr_base = s[SEG_TR].base;
	c->tr_arbytes = s[SEG_TR].attr;
	c->ldtr_sel = s[SEG_LDTR].sel;
	c->ldtr_limit = s[SEG_LDTR].limit;
	c->ldtr_base = s[SEG_LDTR].base;
	c->ldtr_arbytes = s[SEG_LDTR].attr;
}

static void state_out(struct hvm_hw_cpu *c, const struct vcpu_state *s)
{
	*c = (struct hvm_hw_cpu){
		.rip = s->rip,
		.rflags = s->rflags,
		.cr0 = s->cr0,
		.cr2 = s->cr2,
		.cr3 = s->cr3,
		.cr4 = s->cr4,
		.msr_efer = s->efer,
		.dr6 = s->dr6,
		.dr7 = s->dr7,
		.gdtr_base = s->gdt_base,
		.gdtr_limit = s->gdt_limit,
		.idtr_base = s->idt_base,
		.idtr_limit = s->idt_limit,
		.msr_star = s->star,
		.msr_lstar = s->lstar,
		.msr_cstar = s->cstar,
		.msr_syscall_mask = s->sfmask,
		.shadow_gs = s->kernel_gs_base,
		.sysenter_cs = s->sysenter_cs,
		.sysenter_esp = s->sysenter_esp,
		.sysenter_eip = s->sysenter_eip,
		.flags = XEN_X86_FPU_INITIALISED,
	};
	regs_out(c, &s->regs);
	segs_out(c, s->seg);
}

static long load_cpu(struct domain *d, uint32_t instance, uint64_t record)
{
	struct hvm_hw_cpu cpu;
	struct vcpu_state state;
	struct vcpu *v;

	if (instance >= d->max_vcpus || !d->vcpu[instance])
		return -EINVAL;
	v = d->vcpu[instance];
	if (get_guest(&cpu, record))
		return -EFAULT;
	if (cpu.flags & ~XEN_X86_FPU_INITIALISED)
		return -EINVAL;
	if ((cpu.flags & XEN_X86_FPU_INITIALISED) && fpu_put_legacy(v, cpu.fpu_regs))
		return -EINVAL;
	state_in(&state, &cpu);
	vendor->set_state(v, &state);
	v->initialised = true;
	vcpu_unpause(v, PAUSE_DOWN);
	return 0;
}

/* One record, of which desc has been read; at is where its body lies. */
static long load_record(struct domain *d, const struct hvm_save_descriptor *desc, uint64_t at)
{
	switch (desc->typecode) {
	case HVM_SAVE_CODE(HEADER): return desc->length == HVM_SAVE_LENGTH(HEADER) ? 0 : -EINVAL;
	case HVM_SAVE_CODE(MTRR): return desc->length == HVM_SAVE_LENGTH(MTRR) ? 0 : -EINVAL;
	case HVM_SAVE_CODE(CPU):
		if (desc->length != sizeof(struct hvm_hw_cpu))
			return -EINVAL;
		return load_cpu(d, desc->instance, at);
	default: return -EINVAL;
	}
}

long hvm_context_load(struct domain *d, uint64_t buf, uint32_t size)
{
	uint32_t at = 0;

	if (d->has_run)
		return -EBUSY;
	if (size > MAX_CONTEXT)
		return -EINVAL;
	while (size - at >= sizeof(struct hvm_save_descriptor)) {
		struct hvm_save_descriptor desc;
		long rc;

		if (get_guest(&desc, buf + at))
			return -EFAULT;
		at += (uint32_t)sizeof(desc);
		if (desc.typecode == HVM_SAVE_CODE(END))
			return desc.length ? -EINVAL : 0;
		if (desc.length > size - at)
			return -EINVAL;
		rc = load_record(d, &desc, buf + at);
		if (rc)
			return rc;
		at += desc.length;
	}
	return -EINVAL;
}

long hvm_context_read_cpu(const struct domain *d, uint32_t instance, uint64_t buf, uint64_t size)
{
	struct vcpu_state state;
	struct hvm_hw_cpu cpu;
	const struct vcpu *v;

	if (instance >= d->max_vcpus || !d->vcpu[instance])
		return -ENOENT;
	if (size < sizeof(cpu))
		return -ENOBUFS;
	v = d->vcpu[instance];
	if (v->running)
		return -EBUSY;
	vendor->get_state(v, &state);
	state_out(&cpu, &state);
	fpu_get_legacy(v, cpu.fpu_regs);
	return put_guest(buf, &cpu) ? -EFAULT : 0;
}
