/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "domain.h"
#include "vcpu.h"
#include "x86/exit/exit.h"

void exit_nested_fault(struct vcpu *v, gaddr_t gpa, bool write, bool fetch)
{
	domain_crash(v->domain, "%s of nothing at guest address 0x%lx",
		     fetch   ? "fetch"
		     : write ? "write"
			     : "read",
		     gpa.ga);
}
