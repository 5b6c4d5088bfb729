/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Walking the frames of a stack that may be damaged. */
#ifndef LIBOS_SRC_BACKTRACE_H
#define LIBOS_SRC_BACKTRACE_H

#include <stdint.h>

/*
 * Print pc, then the callers that the frame pointer fp leads to.  A function that has
 * no frame, and a call to nowhere, left its caller where sp points to: that is printed
 * after pc if it looks like one.  pc 0: only what fp leads to.
 */
void backtrace_print(uint64_t pc, uint64_t sp, uint64_t fp);

#endif /* LIBOS_SRC_BACKTRACE_H */
