# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# The table of host unit tests; unit.mk says what the words mean.  A test is
# named for the file it proves.

# --- hv: page tables, flushes, events ---------------------------------------

unit-tests   += pt
unit-pt-srcs := hv/x86/pt.c hv/x86/pt_format.c

# --- hv: platform (ACPI, PCI, timers, console) ------------------------------

# --- hv: everything else ----------------------------------------------------

# --- conf -------------------------------------------------------------------

# --- libos ------------------------------------------------------------------

# --- ctrl -------------------------------------------------------------------
