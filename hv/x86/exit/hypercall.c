/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Where a hypercall's number and arguments are found, by the caller's mode.  Source:
 * <xen/arch-x86/xen-x86_64.h>. */
#include "hypercall.h"

#include "errno.h"
#include "vcpu.h"
#include "x86/exit/exit.h"

bool exit_hypercall(struct vcpu *v, unsigned int cpl, bool long_mode)
{
	struct vcpu_regs *r = &v->regs;
	long rc;

	if (cpl) {
		rc = -EPERM;
	} else if (long_mode) {
		const uint64_t args[HYPERCALL_ARGS] = {r->rdi, r->rsi, r->rdx, r->r10, r->r8};

		rc = hypercall_dispatch(v, r->rax, args);
	} else {
		/* No call has a 32-bit form: the structures would be misread. */
		rc = -ENOSYS;
	}
	if (rc == HYPERCALL_AGAIN)
		return false;
	r->rax = long_mode ? (uint64_t)rc : (uint32_t)rc;
	return true;
}
