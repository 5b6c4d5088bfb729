/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* ACPI on the real machine: the parser's window onto memory, and registers. */
#include "acpi.h"
#include "asm.h"
#include "paging.h"
#include "pci.h"
#include "printk.h"

/* ACPI's registers in memory are few, and shutdown must not have to map any. */
#define MAX_MAPPED 16

struct acpi_info acpi_info ro_after_init;

static struct {
	uint64_t address;
	void __iomem *va;
} mapped[MAX_MAPPED]; /* boot CPU fills it during boot, read afterwards */

static const void *map_firmware(void *ctx, uint64_t ma, size_t len)
{
	(void)ctx;
	if (ma + len < ma || ma + len > 1ull << 52)
		return NULL;
	return hv_map_ro(maddr(ma), len);
}

static void say(void *ctx, const char *sig, uint64_t ma, const char *what)
{
	(void)ctx;
	if (ma)
		printk("ACPI: %s at 0x%llx: %s\n", sig, (unsigned long long)ma, what);
	else
		printk("ACPI: %s: %s\n", sig, what);
}

/* Without a MADT the boot CPU is all there is. */
static void invent_boot_cpu(void)
{
	acpi_info.cpu[0] = (struct acpi_cpu){.apic_id = cpuid(1, 0).ebx >> 24, .enabled = true};
	acpi_info.nr_cpus = 1;
}

void acpi_init(maddr_t rsdp)
{
	static const struct acpi_mem mem = {.map = map_firmware, .note = say};
	unsigned int enabled = 0;

	acpi_parse(&acpi_info, &mem, rsdp);
	if (!acpi_info.present)
		printk("ACPI: no tables found: one CPU, legacy devices\n");
	if (acpi_info.nr_cpus == 0)
		invent_boot_cpu();
	for (unsigned int i = 0; i < acpi_info.nr_cpus; i++)
		enabled += acpi_info.cpu[i].enabled;
	printk("ACPI: %s, %u CPUs of %u, %u I/O APICs%s%s%s\n",
	       acpi_info.present ? acpi_info.oem : "none", enabled, acpi_info.nr_cpus,
	       acpi_info.nr_ioapics, acpi_info.hpet.ma ? ", HPET" : "",
	       acpi_info.fadt.hw_reduced ? ", hardware-reduced" : "",
	       acpi_info.s5_present ? "" : ", no \\_S5");
	if (acpi_info.cpus_dropped)
		printk("ACPI: MADT lists %u CPUs beyond the %u supported\n", acpi_info.cpus_dropped,
		       ACPI_MAX_CPUS);
}

static void __iomem *register_va(const struct acpi_gas *reg)
{
	unsigned int i;

	for (i = 0; i < MAX_MAPPED && mapped[i].va; i++) {
		if (mapped[i].address == reg->address)
			return mapped[i].va;
	}
	if (i == MAX_MAPPED)
		return NULL;
	mapped[i].address = reg->address;
	mapped[i].va = hv_map_mmio(maddr(reg->address), 4);
	return mapped[i].va;
}

/* Configuration space of bus 0, as the GAS packs it. */
static sbdf_t register_sbdf(const struct acpi_gas *reg)
{
	return sbdf(0, 0, (unsigned int)(reg->address >> 32) & 0x1f,
		    (unsigned int)(reg->address >> 16) & 7);
}

static uint32_t read_memory(const struct acpi_gas *reg, unsigned int bits)
{
	void __iomem *va = register_va(reg);

	if (!va)
		return ~0u;
	return bits == 8 ? readb(va) : bits == 16 ? readw(va) : readl(va);
}

static uint32_t read_port(const struct acpi_gas *reg, unsigned int bits)
{
	uint16_t port = (uint16_t)reg->address;

	return bits == 8 ? inb(port) : bits == 16 ? inw(port) : inl(port);
}

uint32_t acpi_gas_read(const struct acpi_gas *reg, unsigned int bits)
{
	if (reg->address == 0)
		return ~0u;
	switch (reg->space) {
	case ACPI_SPACE_MEMORY: return read_memory(reg, bits);
	case ACPI_SPACE_IO: return read_port(reg, bits);
	case ACPI_SPACE_PCI:
		return pci_read8(register_sbdf(reg), (unsigned int)reg->address & 0xff);
	default: return ~0u;
	}
}

static void write_memory(const struct acpi_gas *reg, unsigned int bits, uint32_t value)
{
	void __iomem *va = register_va(reg);

	if (!va)
		return;
	if (bits == 8)
		writeb(va, (uint8_t)value);
	else if (bits == 16)
		writew(va, (uint16_t)value);
	else
		writel(va, value);
}

static void write_port(const struct acpi_gas *reg, unsigned int bits, uint32_t value)
{
	uint16_t port = (uint16_t)reg->address;

	if (bits == 8)
		outb(port, (uint8_t)value);
	else if (bits == 16)
		outw(port, (uint16_t)value);
	else
		outl(port, value);
}

void acpi_gas_write(const struct acpi_gas *reg, unsigned int bits, uint32_t value)
{
	if (reg->address == 0)
		return;
	switch (reg->space) {
	case ACPI_SPACE_MEMORY: write_memory(reg, bits, value); break;
	case ACPI_SPACE_IO: write_port(reg, bits, value); break;
	case ACPI_SPACE_PCI:
		pci_write8(register_sbdf(reg), (unsigned int)reg->address & 0xff, (uint8_t)value);
		break;
	default: break;
	}
}
