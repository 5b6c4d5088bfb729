/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Layouts of the ACPI tables, little-endian and unaligned as they lie in memory.
 * Source: ACPI Specification 6.5, 5.2 "ACPI System Description Tables"; Microsoft
 * SPCR 1.10; Intel IA-PC HPET 1.0a; PCI Firmware Specification 3.3 (MCFG).
 */
#ifndef HV_X86_ACPI_TABLES_H
#define HV_X86_ACPI_TABLES_H

#include "compiler.h"
#include "types.h"

struct acpi_rsdp {
	char signature[8]; /* "RSD PTR " */
	uint8_t checksum;  /* over the first 20 bytes */
	char oem_id[6];
	uint8_t revision; /* 2 and up have what follows rsdt */
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
	uint8_t extended_checksum;
	uint8_t reserved[3];
} packed;
#define ACPI_RSDP_V1_LEN 20
_Static_assert(sizeof(struct acpi_rsdp) == 36, "RSDP");

struct acpi_header {
	char signature[4];
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	char oem_id[6];
	char oem_table_id[8];
	uint32_t oem_revision;
	char creator_id[4];
	uint32_t creator_revision;
} packed;
_Static_assert(sizeof(struct acpi_header) == 36, "table header");

struct acpi_gas_raw {
	uint8_t space, bit_width, bit_offset, access_size;
	uint64_t address;
} packed;
_Static_assert(sizeof(struct acpi_gas_raw) == 12, "GAS");

struct acpi_fadt_raw {
	struct acpi_header header;
	uint32_t firmware_ctrl, dsdt;
	uint8_t reserved0, preferred_pm_profile;
	uint16_t sci_int;
	uint32_t smi_cmd;
	uint8_t acpi_enable, acpi_disable, s4bios_req, pstate_cnt;
	uint32_t pm1a_evt, pm1b_evt, pm1a_cnt, pm1b_cnt, pm2_cnt, pm_tmr, gpe0, gpe1;
	uint8_t pm1_evt_len, pm1_cnt_len, pm2_cnt_len, pm_tmr_len, gpe0_len, gpe1_len, gpe1_base;
	uint8_t cst_cnt;
	uint16_t p_lvl2_lat, p_lvl3_lat, flush_size, flush_stride;
	uint8_t duty_offset, duty_width, day_alrm, mon_alrm, century;
	uint16_t iapc_boot_arch;
	uint8_t reserved1;
	uint32_t flags;
	struct acpi_gas_raw reset; /* revision 2 ends with reset_value */
	uint8_t reset_value;
	uint16_t arm_boot_arch;
	uint8_t minor;
	uint64_t x_firmware_ctrl, x_dsdt;
	struct acpi_gas_raw x_pm1a_evt, x_pm1b_evt, x_pm1a_cnt, x_pm1b_cnt;
	struct acpi_gas_raw x_pm2_cnt, x_pm_tmr, x_gpe0, x_gpe1;
	struct acpi_gas_raw sleep_control, sleep_status; /* revision 5 */
} packed;
_Static_assert(offsetof(struct acpi_fadt_raw, iapc_boot_arch) == 109, "FADT");
_Static_assert(offsetof(struct acpi_fadt_raw, reset) == 116, "FADT");
_Static_assert(offsetof(struct acpi_fadt_raw, x_dsdt) == 140, "FADT");
_Static_assert(sizeof(struct acpi_fadt_raw) == 268, "FADT");

#define FADT_BOOT_LEGACY_DEVICES 0x01
#define FADT_BOOT_8042		 0x02
#define FADT_BOOT_NO_VGA	 0x04
#define FADT_BOOT_NO_CMOS_RTC	 0x20

#define FADT_PWR_BUTTON	     (1u << 4) /* set: no fixed power button */
#define FADT_TMR_VAL_EXT     (1u << 8)
#define FADT_RESET_REG_SUP   (1u << 10)
#define FADT_HW_REDUCED_ACPI (1u << 20)

struct acpi_madt_raw {
	struct acpi_header header;
	uint32_t lapic;
	uint32_t flags;
} packed;
_Static_assert(sizeof(struct acpi_madt_raw) == 44, "MADT");
#define MADT_PCAT_COMPAT 1u

enum {
	MADT_LAPIC = 0,
	MADT_IOAPIC = 1,
	MADT_OVERRIDE = 2,
	MADT_LAPIC_NMI = 4,
	MADT_LAPIC_ADDRESS = 5,
	MADT_X2APIC = 9,
	MADT_X2APIC_NMI = 10,
};

#define MADT_CPU_ENABLED	1u
#define MADT_CPU_ONLINE_CAPABLE 2u

/* MPS INTI flags; 0 in a field: as the bus does. */
#define MADT_POLARITY_MASK 0x3
#define MADT_POLARITY_HIGH 0x1
#define MADT_POLARITY_LOW  0x3
#define MADT_TRIGGER_MASK  0xc
#define MADT_TRIGGER_EDGE  0x4
#define MADT_TRIGGER_LEVEL 0xc

struct madt_lapic {
	uint8_t type, length, uid, apic_id;
	uint32_t flags;
} packed;

struct madt_ioapic {
	uint8_t type, length, id, reserved;
	uint32_t address, gsi_base;
} packed;

struct madt_override {
	uint8_t type, length, bus, source;
	uint32_t gsi;
	uint16_t flags;
} packed;

struct madt_lapic_nmi {
	uint8_t type, length, uid; /* 0xff: every CPU */
	uint16_t flags;
	uint8_t lint;
} packed;

struct madt_lapic_address {
	uint8_t type, length;
	uint16_t reserved;
	uint64_t address;
} packed;

struct madt_x2apic {
	uint8_t type, length;
	uint16_t reserved;
	uint32_t apic_id, flags, uid;
} packed;

struct madt_x2apic_nmi {
	uint8_t type, length;
	uint16_t flags;
	uint32_t uid; /* all ones: every CPU */
	uint8_t lint, reserved[3];
} packed;

_Static_assert(sizeof(struct madt_lapic) == 8, "MADT");
_Static_assert(sizeof(struct madt_ioapic) == 12, "MADT");
_Static_assert(sizeof(struct madt_override) == 10, "MADT");
_Static_assert(sizeof(struct madt_lapic_nmi) == 6, "MADT");
_Static_assert(sizeof(struct madt_lapic_address) == 12, "MADT");
_Static_assert(sizeof(struct madt_x2apic) == 16, "MADT");
_Static_assert(sizeof(struct madt_x2apic_nmi) == 12, "MADT");

struct acpi_hpet_raw {
	struct acpi_header header;
	uint32_t block_id;
	struct acpi_gas_raw base;
	uint8_t number;
	uint16_t min_tick;
	uint8_t attributes;
} packed;
_Static_assert(sizeof(struct acpi_hpet_raw) == 56, "HPET");

struct acpi_spcr_raw {
	struct acpi_header header;
	uint8_t interface, reserved0[3];
	struct acpi_gas_raw base;
	uint8_t interrupt_type, irq;
	uint32_t gsi;
	uint8_t baud, parity, stop_bits, flow_control, terminal, language;
	uint16_t pci_device, pci_vendor; /* all ones: not on PCI */
	uint8_t bus, dev, fn;
	uint32_t pci_flags;
	uint8_t segment;
	uint32_t clock;	       /* revision 3 */
	uint32_t precise_baud; /* revision 4; 0: see baud */
} packed;
_Static_assert(offsetof(struct acpi_spcr_raw, segment) == 75, "SPCR");
_Static_assert(offsetof(struct acpi_spcr_raw, precise_baud) == 80, "SPCR");
#define SPCR_MIN_LEN  76 /* up to segment */
#define SPCR_IRQ_8259 0x1
#define SPCR_IRQ_APIC 0x2

struct acpi_mcfg_entry {
	uint64_t base;
	uint16_t segment;
	uint8_t first_bus, last_bus;
	uint32_t reserved;
} packed;
_Static_assert(sizeof(struct acpi_mcfg_entry) == 16, "MCFG");
#define MCFG_ENTRIES 44

#endif /* HV_X86_ACPI_TABLES_H */
