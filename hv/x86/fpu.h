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

/*
 * Give v, which has not run yet, the x87 and SSE state of an FXSAVE area, and read
 * it as one.  put: 0, or -EINVAL when MXCSR has a reserved bit, for which loading
 * it would be #GP.
 */
#define FPU_LEGACY_SIZE 512
int must_check fpu_put_legacy(struct vcpu *v, const void *area);
void fpu_get_legacy(const struct vcpu *v, void *area);

/* XSETBV of the running vCPU: 0, or -EINVAL for a value that a guest may not choose. */
int must_check fpu_set_xcr0(struct vcpu *v, uint64_t value);

#endif /* HV_X86_FPU_H */
