/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The one table behind which AMD and Intel differ.  Picked once, before the
 * second CPU starts; read-only after.  Nothing above this line of the tree names
 * a vendor's structure.
 *
 * vcpu_run() stays on the vendor's side with the exit switch; what an exit means
 * is x86/exit/'s, called directly.
 */
#ifndef HV_X86_VENDOR_H
#define HV_X86_VENDOR_H

#include "compiler.h"
#include "types.h"
#include "vcpu.h"

struct cpu;
struct guest_paging;
struct pt_format;

struct vendor_ops {
	const char *name;		       /* "AMD SVM", "Intel VT-x" */
	const struct pt_format *nested_format; /* of the p2m */
	uint8_t hypercall_insn[3];	       /* what a guest executes to call us */

	/*
	 * Is this the CPU's vendor?  Then name each missing feature through
	 * hw_missing() and return; nothing is enabled yet.
	 */
	bool (*probe)(void);

	/* Turn virtualisation on for the running CPU c.  0 or -ENOMEM, -ENODEV (firmware locked
	 * it). */
	int (*cpu_enable)(struct cpu *c);

	/* Make, free v->vendor. */
	int (*vcpu_init)(struct vcpu *v);
	void (*vcpu_destroy)(struct vcpu *v);

	/* Run v, the current vCPU of this CPU, until a softirq is raised or it is paused. */
	void (*vcpu_run)(struct vcpu *v);

	/* The whole record, while v does not run. */
	void (*get_state)(const struct vcpu *v, struct vcpu_state *s);
	void (*set_state)(struct vcpu *v, const struct vcpu_state *s);

	/* For copies from and to guest-virtual addresses, while v is at an exit. */
	void (*get_paging)(const struct vcpu *v, struct guest_paging *p);

	/* Step over the instruction of len bytes that the exit came from. */
	void (*skip)(struct vcpu *v, unsigned int len);

	/* Raise an exception at the next entry; error_code is used where the vector has one. */
	void (*inject_exception)(struct vcpu *v, uint8_t vector, uint32_t error_code);
};

extern const struct vendor_ops *vendor; /* (o) */
extern const struct vendor_ops svm_ops;

/* Pick the table.  NULL: neither vendor's extensions are here. */
const struct vendor_ops *vendor_probe(void);

#endif /* HV_X86_VENDOR_H */
