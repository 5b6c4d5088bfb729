/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What VMRUN says nothing about: why it refused a control block.  Each rule of
 * the manual is looked at, and the broken ones are named.
 *
 * Manual: AMD APM vol. 2, 15.5.1 "Basic Operation", "Canonicalization and
 * Consistency Checks".
 */
#include "domain.h"
#include "printk.h"
#include "x86/svm/svm.h"

#define CR0_CD	  (1ul << 30)
#define CR0_NW	  (1ul << 29)
#define CR0_PE	  1ul
#define CR0_PG	  (1ul << 31)
#define CR4_PAE	  (1ul << 5)
#define EFER_LME  (1ul << 8)
#define EFER_SVME (1ul << 12)
#define CS_L	  (1u << 9)
#define CS_D	  (1u << 10)

void svm_report_invalid(struct vcpu *v)
{
	const struct vmcb *m = svm_vcpu(v)->vmcb;
	const struct vmcb_save *s = &m->save;
	bool lme_pg = (s->efer & EFER_LME) && (s->cr0 & CR0_PG);
	const struct {
		bool broken;
		const char *rule;
	} rules[] = {
		{!(s->efer & EFER_SVME), "EFER.SVME is clear"},
		{!(s->cr0 & CR0_CD) && (s->cr0 & CR0_NW), "CR0.NW without CR0.CD"},
		{s->cr0 >> 32, "CR0 above bit 31"},
		{s->dr6 >> 32, "DR6 above bit 31"},
		{s->dr7 >> 32, "DR7 above bit 31"},
		{lme_pg && !(s->cr4 & CR4_PAE), "long mode without CR4.PAE"},
		{lme_pg && !(s->cr0 & CR0_PE), "long mode without CR0.PE"},
		{lme_pg && (s->cs.attr & CS_L) && (s->cs.attr & CS_D), "CS.L with CS.D"},
		{!(m->control.intercept2 & INTERCEPT_VMRUN), "VMRUN is not intercepted"},
		{!m->control.asid, "ASID is 0"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].broken)
			printk("VMRUN refused: %s\n", rules[i].rule);
	domain_crash(v->domain, "VMRUN refused its state");
}
