/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The end, in order: one CPU speaks, the others stop, then the manifest's choice. */
#ifndef HV_PANIC_H
#define HV_PANIC_H

#include "compiler.h"
#include "types.h"

/*
 * Claim the console for this CPU's last words and stop the others; a CPU that
 * comes second halts here.  panic() does it by itself: call it only to print
 * something before.
 */
void panic_begin(void);

/* Has a CPU panicked? */
bool panic_is_on(void);

/* Reboot or halt, as the option ctrl-on-crash says. */
noreturn void machine_give_up(void);

#endif /* HV_PANIC_H */
