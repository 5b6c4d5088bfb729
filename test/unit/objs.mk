# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# The table of host unit tests; unit.mk says what the words mean.  A test is
# named for the file it proves.

# --- hv: page tables, flushes, events ---------------------------------------

unit-tests   += pt
unit-pt-srcs := hv/x86/pt.c hv/x86/pt_format.c

evtchn-srcs       := hv/evtchn.c hv/evtchn_table.c hv/evtchn_pending.c hv/evtchn_fifo.c
unit-tests        += evtchn
unit-evtchn-srcs  := $(evtchn-srcs)
unit-evtchn-extra := test/unit/evtchn_world.c

# --- hv: platform (ACPI, PCI, timers, console) ------------------------------

unit-tests	      += logring
unit-logring-srcs     := hv/logring.c

unit-tests	      += timescale
unit-timescale-srcs   := hv/x86/timescale.c

unit-tests	      += uart
unit-uart-srcs	      := hv/x86/uart.c hv/x86/uart_bus.c

unit-tests		   += watchdog_calc
unit-watchdog_calc-cflags := -iquote hv

unit-tests	 += acpi
unit-acpi-srcs	 := hv/x86/acpi.c hv/x86/acpi_madt.c hv/x86/acpi_s5.c

# --- hv: everything else ----------------------------------------------------

# --- conf -------------------------------------------------------------------

# --- libos ------------------------------------------------------------------

# --- ctrl -------------------------------------------------------------------
