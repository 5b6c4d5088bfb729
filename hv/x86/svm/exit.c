/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * SVM's exit switch: takes apart what the VMCB says, calls what it means, steps
 * over the instruction.  Lengths are those of the unprefixed encodings where the
 * CPU does not report the next rip.
 *
 * Manual: AMD APM vol. 2, Appendix C; 15.9 "Instruction Intercepts".
 */
#include "x86/svm/svm.h"

#include "domain.h"
#include "errno.h"
#include "sched.h"
#include "x86/asm.h"
#include "x86/exit/exit.h"
#include "x86/percpu.h"
#include "x86/fpu.h"
#include "x86/pat.h"
#include "x86/traps.h"

#define RFLAGS_IF    (1ul << 9)
#define CR4_OSXSAVE  (1ul << 18)
#define EFER_SCE     (1ul << 0)
#define EFER_LME     (1ul << 8)
#define EFER_LMA     (1ul << 10)
#define EFER_NXE     (1ul << 11)
#define EFER_SVME    (1ul << 12)
#define CR0_PG	     (1ul << 31)
#define MSR_EFER     0xc0000080
#define MSR_PAT	     0x277
#define CS_ATTR_LONG (1u << 9)
#define NPF_WRITE    (1ul << 1)
#define NPF_FETCH    (1ul << 4)

#define VECTOR_UD 6
#define VECTOR_GP 13
#define VECTOR_AC 17

void svm_skip(struct vcpu *v, unsigned int len)
{
	struct vmcb *vmcb = svm_vcpu(v)->vmcb;

	vmcb->save.rip += len;
	vmcb->control.interrupt_shadow &= ~INTERRUPT_SHADOW;
}

static bool vector_has_error(uint8_t vector)
{
	return (0x60227d00u >> vector) & 1;
}

void svm_inject_exception(struct vcpu *v, uint8_t vector, uint32_t error_code)
{
	struct vmcb_control *c = &svm_vcpu(v)->vmcb->control;

	c->eventinj = EVENTINJ_VALID | EVENTINJ_TYPE_EXCEPTION | vector;
	if (vector_has_error(vector))
		c->eventinj |= EVENTINJ_ERROR_VALID | (uint64_t)error_code << 32;
}

static int write_efer(struct vmcb *vmcb, uint64_t value)
{
	const uint64_t allowed = EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE;
	uint64_t old = vmcb->save.efer;

	if (value & ~allowed)
		return -EPERM;
	if ((vmcb->save.cr0 & CR0_PG) && ((value ^ old) & EFER_LME))
		return -EPERM;
	vmcb->save.efer = (value & ~EFER_LMA) | (old & EFER_LMA) | EFER_SVME;
	return 0;
}

static int write_pat(struct vmcb *vmcb, uint64_t value)
{
	if (!pat_is_valid(value))
		return -EPERM;
	vmcb->save.g_pat = value;
	return 0;
}

static void exit_msr(struct vcpu *v, struct vmcb *vmcb)
{
	uint32_t msr = (uint32_t)v->regs.rcx;
	uint64_t value = (uint32_t)v->regs.rax | v->regs.rdx << 32;
	bool write = vmcb->control.exitinfo1 & 1;
	int rc = 0;

	if (msr == MSR_EFER && write)
		rc = write_efer(vmcb, value);
	else if (msr == MSR_EFER)
		value = vmcb->save.efer & ~EFER_SVME;
	else if (msr == MSR_PAT && write)
		rc = write_pat(vmcb, value);
	else if (msr == MSR_PAT)
		value = vmcb->save.g_pat;
	else
		rc = write ? exit_wrmsr(v, msr, value) : exit_rdmsr(v, msr, &value);
	if (rc) {
		svm_inject_exception(v, VECTOR_GP, 0);
		return;
	}
	if (!write) {
		v->regs.rax = (uint32_t)value;
		v->regs.rdx = value >> 32;
	}
	svm_skip(v, 2);
}

static void exit_ioio(struct vcpu *v, struct vmcb *vmcb)
{
	uint64_t info = vmcb->control.exitinfo1;
	unsigned int size = info & IOIO_SIZE8 ? 1 : info & IOIO_SIZE16 ? 2 : 4;

	/* Of a string instruction, nobody answers either: its memory stays as it is. */
	if (!(info & IOIO_STRING))
		exit_pio(v, (uint16_t)(info >> IOIO_PORT_SHIFT), size, info & IOIO_IN);
	vmcb->save.rip = vmcb->control.exitinfo2;
	vmcb->control.interrupt_shadow &= ~INTERRUPT_SHADOW;
}

static void exit_vmmcall(struct vcpu *v, struct vmcb *vmcb)
{
	bool long_mode = (vmcb->save.efer & EFER_LMA) && (vmcb->save.cs.attr & CS_ATTR_LONG);

	if (exit_hypercall(v, vmcb->save.cpl, long_mode))
		svm_skip(v, 3);
}

static void exit_xsetbv(struct vcpu *v, struct vmcb *vmcb)
{
	uint64_t value = (uint32_t)v->regs.rax | v->regs.rdx << 32;

	if (vmcb->save.cpl || (uint32_t)v->regs.rcx || fpu_set_xcr0(v, value))
		svm_inject_exception(v, VECTOR_GP, 0);
	else
		svm_skip(v, 3);
}

/* The window that inject_callback() asked for is open. */
static void exit_vintr(struct vmcb *vmcb)
{
	vmcb->control.vintr &= ~VINTR_V_IRQ;
	vmcb->control.intercept1 &= ~INTERCEPT_VINTR;
}

static void exit_unknown(struct vcpu *v, const struct vmcb *vmcb)
{
	uint64_t code = vmcb->control.exitcode;

	if (code >= VMCB_EXIT_DR0_READ && code <= VMCB_EXIT_DR15_WRITE) {
		svm_inject_exception(v, VECTOR_UD, 0);
		return;
	}
	domain_crash(v->domain, "exit 0x%lx (info 0x%lx 0x%lx) at 0x%lx has no meaning", code,
		     vmcb->control.exitinfo1, vmcb->control.exitinfo2, vmcb->save.rip);
}

static void exit_npf(struct vcpu *v, const struct vmcb_control *c)
{
	/* The access was the delivery's, of an IDT or a stack in a hole, not the instruction's at
	 * rip. */
	if (c->exitintinfo & EVENTINJ_VALID) {
		domain_crash(v->domain, "an event could not be delivered: nothing at 0x%lx",
			     c->exitinfo2);
		return;
	}
	exit_nested_fault(v, gaddr(c->exitinfo2), c->exitinfo1 & NPF_WRITE,
			  c->exitinfo1 & NPF_FETCH);
}

void svm_exit(struct vcpu *v)
{
	struct vmcb *vmcb = svm_vcpu(v)->vmcb;
	struct vmcb_control *c = &vmcb->control;

	v->nr_exits++;
	/* What was being delivered when the exit came is delivered again. */
	c->eventinj = c->exitintinfo & EVENTINJ_VALID ? c->exitintinfo : 0;
	switch (c->exitcode) {
	case VMCB_EXIT_VMMCALL: exit_vmmcall(v, vmcb); break;
	case VMCB_EXIT_INTR: irq_window(); break;
	case VMCB_EXIT_NMI:
	case VMCB_EXIT_SMI:
	case VMCB_EXIT_INIT: irq_window(); break;
	case VMCB_EXIT_VINTR: exit_vintr(vmcb); break;
	case VMCB_EXIT_HLT:
		svm_skip(v, 1);
		exit_hlt(v, vmcb->save.rflags & RFLAGS_IF);
		break;
	case VMCB_EXIT_CPUID:
		exit_cpuid(v, vmcb->save.cr4 & CR4_OSXSAVE);
		svm_skip(v, 2);
		break;
	case VMCB_EXIT_MSR: exit_msr(v, vmcb); break;
	case VMCB_EXIT_IOIO: exit_ioio(v, vmcb); break;
	case VMCB_EXIT_NPF: exit_npf(v, c); break;
	case VMCB_EXIT_XSETBV: exit_xsetbv(v, vmcb); break;
	case VMCB_EXIT_INVD:
	case VMCB_EXIT_WBINVD: svm_skip(v, 2); break;
	case VMCB_EXIT_RDPMC: svm_inject_exception(v, VECTOR_GP, 0); break;
	case VMCB_EXIT_EXCEPTION_AC: svm_inject_exception(v, VECTOR_AC, 0); break;
	case VMCB_EXIT_EXCEPTION_MC: machine_check(v); break;
	case VMCB_EXIT_SHUTDOWN: domain_crash(v->domain, "triple fault"); break;
	case VMCB_EXIT_INVALID: svm_report_invalid(v); break;
	case VMCB_EXIT_INVLPGA:
	case VMCB_EXIT_VMRUN:
	case VMCB_EXIT_VMLOAD:
	case VMCB_EXIT_VMSAVE:
	case VMCB_EXIT_STGI:
	case VMCB_EXIT_CLGI:
	case VMCB_EXIT_SKINIT:
	case VMCB_EXIT_RDPRU:
	case VMCB_EXIT_MONITOR:
	case VMCB_EXIT_MWAIT: svm_inject_exception(v, VECTOR_UD, 0); break;
	default: exit_unknown(v, vmcb);
	}
}
