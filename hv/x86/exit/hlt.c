/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "domain.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/exit/exit.h"

void exit_hlt(struct vcpu *v, bool interrupts)
{
	/* With interrupts off nothing can end it: that is how a kernel gives up a CPU for good. */
	if (!interrupts) {
		vcpu_pause(v, PAUSE_DOWN);
		domain_check_stopped(v->domain);
		return;
	}
	vcpu_block(v);
}
