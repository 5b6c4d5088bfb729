/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "vcpu.h"
#include "x86/exit/exit.h"

void exit_pio(struct vcpu *v, uint16_t port, unsigned int size, bool in)
{
	(void)port;
	if (!in)
		return;
	/* A 32-bit IN clears the upper half of rax, shorter ones leave the rest alone. */
	if (size == 4)
		v->regs.rax = 0xffffffff;
	else
		v->regs.rax |= (1ul << (size * 8)) - 1;
}
