# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
hv-objs += $(patsubst %,hv/x86/%.o, \
	boot entry acpi acpi_init acpi_madt acpi_s5 apic decode fpu frametable gdt guestmap hw ioapic mb2 paging \
	pci percpu power pt pt_format smp smp_trampoline time time_reference time_sync timescale \
	traps uart uart_bus uart_find vendor watchdog watchdog_i6300esb watchdog_tco window)
hv-objs += $(patsubst %,hv/x86/exit/%.o,cpuid hlt hypercall mmio msr pio)
hv-objs += $(patsubst %,hv/x86/svm/%.o,enter exit report svm)
