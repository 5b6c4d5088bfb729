/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the firmware's static tables say.  No AML is ever interpreted: \_S5 is
 * found by its bytes.  acpi.c parses and is pure (tables through a callback);
 * acpi_tables.h has the layouts.
 *
 * Everything here is set by acpi_init() and constant after it.
 * Source: ACPI Specification 6.5, chapters 5 and 16; SPCR, MCFG, HPET by their own documents.
 */
#ifndef HV_X86_ACPI_H
#define HV_X86_ACPI_H

#include "compiler.h"
#include "types.h"

#define ACPI_MAX_CPUS	   256
#define ACPI_MAX_IOAPICS   16
#define ACPI_MAX_OVERRIDES 32
#define ACPI_MAX_NMIS	   16
#define ACPI_MAX_ECAM	   16

/* A register anywhere: Generic Address Structure. */
struct acpi_gas {
	uint8_t space;	   /* ACPI_SPACE_* */
	uint8_t bit_width; /* of the register, as the table says it */
	uint8_t bit_offset;
	uint8_t access_size; /* 0 undefined, 1 byte, 2 word, 3 dword, 4 qword */
	uint64_t address;    /* 0: there is no such register */
};
#define ACPI_SPACE_MEMORY 0
#define ACPI_SPACE_IO	  1
#define ACPI_SPACE_PCI	  2 /* address: device << 32 | function << 16 | offset, bus 0 */

struct acpi_cpu {
	uint32_t apic_id;
	uint32_t uid;
	bool enabled;	     /* usable now */
	bool online_capable; /* not now, but may be plugged in */
};

struct acpi_ioapic {
	maddr_t address;
	uint32_t gsi_base;
	uint8_t id;
};

/* How an ISA interrupt is wired; see acpi_isa_irq(). */
struct acpi_irq {
	uint32_t gsi;
	bool level;	 /* else edge */
	bool active_low; /* else high */
};

struct acpi_override {
	uint8_t isa;
	struct acpi_irq irq;
};

/* Which LINT pin of which CPU (uid; all ones: each) is NMI. */
struct acpi_lapic_nmi {
	uint32_t uid;
	uint8_t lint;
	bool level, active_low;
};

struct acpi_ecam {
	maddr_t base; /* of bus 0, whatever first_bus is */
	uint16_t segment;
	uint8_t first_bus, last_bus;
};

struct acpi_fadt {
	bool present;
	bool hw_reduced;     /* no PM1, no PM timer, no SCI */
	bool legacy_devices; /* IAPC_BOOT_ARCH, and true when the table is too old to say */
	bool has_8042;
	bool no_vga, no_cmos_rtc;
	bool fixed_power_button;
	bool pm_timer_32bit;
	uint16_t sci_int;
	uint16_t smi_cmd;		    /* port, 0: ACPI mode is always on */
	uint8_t acpi_enable;		    /* value for smi_cmd */
	uint8_t century;		    /* CMOS index, 0: none */
	struct acpi_gas pm1a_evt, pm1b_evt; /* status; enable register follows at evt_len / 2 */
	uint8_t pm1_evt_len;
	struct acpi_gas pm1a_cnt, pm1b_cnt;
	struct acpi_gas pm_timer; /* address 0: none */
	struct acpi_gas gpe0, gpe1;
	uint8_t gpe0_len, gpe1_len;
	struct acpi_gas reset;
	uint8_t reset_value; /* meaningful when reset.address is not 0 */
	struct acpi_gas sleep_control, sleep_status;
};

struct acpi_spcr {
	bool present;
	bool pci;	       /* bus, dev, fn are valid */
	struct acpi_gas base;  /* address 0: console redirection is off */
	uint8_t interface;     /* 0 16550, 1 16450; others are not ours */
	bool isa_irq, gsi_irq; /* which of the two are valid */
	uint8_t irq;
	uint32_t gsi;
	uint32_t baud; /* 0: leave it as the firmware set it */
	uint8_t bus, dev, fn;
};

struct acpi_info {
	bool present; /* false: no usable RSDP; the rest is empty */
	char oem[7];  /* of the RSDP, terminated */
	unsigned int nr_cpus;
	struct acpi_cpu cpu[ACPI_MAX_CPUS];
	unsigned int cpus_dropped; /* beyond ACPI_MAX_CPUS */
	maddr_t lapic;		   /* physical base of the xAPIC page */
	bool pcat_compat;	   /* 8259s exist and want masking */
	unsigned int nr_ioapics;
	struct acpi_ioapic ioapic[ACPI_MAX_IOAPICS];
	unsigned int nr_overrides;
	struct acpi_override override[ACPI_MAX_OVERRIDES];
	unsigned int nr_nmis;
	struct acpi_lapic_nmi nmi[ACPI_MAX_NMIS];
	struct acpi_fadt fadt;
	bool s5_present;
	uint8_t s5_typ_a, s5_typ_b; /* SLP_TYPa, SLP_TYPb */
	maddr_t hpet;		    /* ma 0: none */
	struct acpi_spcr spcr;
	unsigned int nr_ecam;
	struct acpi_ecam ecam[ACPI_MAX_ECAM];
	maddr_t dmar, ivrs; /* whole tables, checksums verified; ma 0: none */
	uint32_t dmar_len, ivrs_len;
	unsigned int bad_tables; /* refused: length or checksum */
};

extern struct acpi_info acpi_info; /* (o) by acpi_init() */

/*
 * Fill acpi_info from the RSDP at that address (0: look for it where a BIOS puts
 * it).  Damaged tables are left out and named in the log; a machine without any
 * ACPI gets one CPU and legacy defaults.  panic() never.
 */
void acpi_init(maddr_t rsdp);

/* How a table's bytes are reached: len bytes at ma, or NULL when that is impossible. */
struct acpi_mem {
	const void *(*map)(void *ctx, uint64_t ma, size_t len);
	void *ctx;
	/* A remark for the log, one line without '\n'; may be NULL. */
	void (*note)(void *ctx, const char *sig, uint64_t ma, const char *what);
};

/* The pure part of acpi_init(): *info is overwritten.  Reads nothing outside of what mem maps. */
void acpi_parse(struct acpi_info *info, const struct acpi_mem *mem, maddr_t rsdp);

/* Wiring of ISA interrupt n: by override, or GSI n, edge, active high. */
struct acpi_irq acpi_isa_irq(const struct acpi_info *info, uint8_t isa);

/* Read or write a register of 8, 16 or 32 bits in memory or I/O space.  Boot or
 * shutdown only (memory is mapped on first use).  All-ones or nothing when impossible. */
uint32_t acpi_gas_read(const struct acpi_gas *reg, unsigned int bits);
void acpi_gas_write(const struct acpi_gas *reg, unsigned int bits, uint32_t value);

#endif /* HV_X86_ACPI_H */
