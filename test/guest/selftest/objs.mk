# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
guests += libos-selftest
guest-libos-selftest-objs := $(addprefix test/guest/selftest/,selftest.o threads.o clocks.o memory.o events.o clib.o faults.o count.o)

# The same under a name that makes it count.
guests += libos-count
guest-libos-count-objs := $(guest-libos-selftest-objs)

# Every caller is to be seen in the backtrace.
CFLAGS-test/guest/selftest/faults.o := -fno-optimize-sibling-calls
