# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
guests += calls
guest-calls-objs += test/guest/calls/main.o test/guest/calls/raw.o test/guest/calls/version.o
guest-calls-objs += test/guest/calls/memory.o test/guest/calls/evtchn.o test/guest/calls/grant.o test/guest/calls/sched.o
guest-calls-objs += test/guest/calls/hvm.o test/guest/calls/control.o test/guest/calls/hostile.o
guest-calls-objs += test/guest/calls/life.o
CFLAGS-test/guest/calls/control.o += -D__XEN_TOOLS__
CFLAGS-test/guest/calls/life.o += -D__XEN_TOOLS__

guests += fault
guest-fault-objs += test/guest/fault.o
