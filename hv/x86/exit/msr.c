/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Model-specific registers that exit.  What is not named here does not exist:
 * #GP for reads and writes alike.  EFER is the vendor's, being part of its
 * control block.
 */
#include "errno.h"
#include "hypercall.h"
#include "vcpu.h"
#include "x86/asm.h"
#include "x86/exit/exit.h"

#define MSR_TSC		   0x010
#define MSR_BIOS_SIGN_ID   0x08b
#define MSR_HYPERCALL_PAGE 0x40000000

int exit_rdmsr(struct vcpu *v, uint32_t msr, uint64_t *value)
{
	(void)v;
	switch (msr) {
	case MSR_TSC: *value = rdtsc(); return 0;
	case MSR_BIOS_SIGN_ID:
	case MSR_HYPERCALL_PAGE: *value = 0; return 0;
	default: return -EPERM;
	}
}

int exit_wrmsr(struct vcpu *v, uint32_t msr, uint64_t value)
{
	switch (msr) {
	case MSR_HYPERCALL_PAGE: return hypercall_page_write(v->domain, value) ? -EPERM : 0;
	case MSR_BIOS_SIGN_ID: return 0;
	default: return -EPERM;
	}
}
