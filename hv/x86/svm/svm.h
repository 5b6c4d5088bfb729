/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* What the SVM files share.  Nothing outside this folder includes it. */
#ifndef HV_X86_SVM_SVM_H
#define HV_X86_SVM_SVM_H

#include "types.h"
#include "vcpu.h"
#include "x86/svm/vmcb.h"

struct svm_vcpu {
	struct vmcb *vmcb; /* (o) page of the heap */
	maddr_t vmcb_ma;   /* (o) */
};

static inline struct svm_vcpu *svm_vcpu(const struct vcpu *v)
{
	return v->vendor;
}

/* Enter the guest of sv once, with interrupts off before and after. */
void svm_enter(struct vcpu_regs *regs, maddr_t vmcb, maddr_t host_vmcb);

/* Deal with the exit that v's VMCB describes. */
void svm_exit(struct vcpu *v);

/* Set rip behind an instruction of len bytes and end its shadow. */
void svm_skip(struct vcpu *v, unsigned int len);

/* VMRUN refused the control block: say which of its rules was broken, and end the domain. */
void svm_report_invalid(struct vcpu *v);

void svm_inject_exception(struct vcpu *v, uint8_t vector, uint32_t error_code);

#endif /* HV_X86_SVM_SVM_H */
