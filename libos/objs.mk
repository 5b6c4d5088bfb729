# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
libos-objs += libos/x86/start.o libos/x86/entry.o libos/x86/traps.o libos/x86/paging.o
libos-objs += libos/src/boot.o libos/src/startinfo.o
libos-objs += libos/src/memory.o libos/src/pages.o libos/src/vspace.o
libos-objs += libos/src/hypercall.o libos/src/strerror.o libos/src/power.o
libos-objs += libos/src/event.o libos/src/evscan.o
libos-objs += libos/src/thread.o libos/src/mutex.o
libos-objs += libos/src/clock.o libos/src/pvclock.o libos/src/timerheap.o
libos-objs += libos/src/console.o libos/src/console_ring.o libos/src/console_serial.o
libos-objs += libos/src/panic.o libos/src/format.o libos/src/backtrace.o
libos-objs += libos/newlib/syscalls.o libos/newlib/locks.o libos/newlib/stackguard.o
