/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The guest's extended state: x87, SSE, AVX.  The hypervisor uses none of it, so
 * it stays loaded until another vCPU runs here; it is switched eagerly then.
 * Manual: Intel SDM vol. 1, "Managing State Using the XSAVE Feature Set".
 */
#ifndef HV_X86_FPU_H
#define HV_X86_FPU_H

#include "compiler.h"
#include "types.h"

struct vcpu;

/* Let guests use what this CPU has; each CPU once. */
void fpu_init_cpu(void);

/* Reset state for v; v->fpu is a cleared page. */
void fpu_init_vcpu(struct vcpu *v);

/*
 * Keep v's state in its record when it stops running; it stays loaded as well.
 * Load v's record.
 */
void fpu_save(struct vcpu *v);
void fpu_load(struct vcpu *v);

/* XSETBV of the running vCPU: 0, or -EINVAL for a value that a guest may not choose. */
int must_check fpu_set_xcr0(struct vcpu *v, uint64_t value);

#endif /* HV_X86_FPU_H */
