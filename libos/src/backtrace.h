/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Walking the frames of a stack that may be damaged. */
#ifndef LIBOS_SRC_BACKTRACE_H
#define LIBOS_SRC_BACKTRACE_H

#include <stdint.h>

/* Print pc (left out if 0), then the callers that the frame pointer fp leads to. */
void backtrace_print(uint64_t pc, uint64_t fp);

#endif /* LIBOS_SRC_BACKTRACE_H */
