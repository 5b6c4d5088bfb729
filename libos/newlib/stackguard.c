/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns what a function does whose canary is gone; x86/start.S makes the canary. */
#include <libos/backtrace.h>

_Noreturn void __stack_chk_fail(void);

_Noreturn void __stack_chk_fail(void)
{
	libos_panic("a stack buffer was overrun");
}
