/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The ACPI parser on tables made here: what a PC has, what a board without legacy
 * hardware has, and thousands of damaged ones.  Tables lie in buffers of exactly
 * their size, so that ASan sees each byte read beyond what was mapped.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "x86/acpi.h"
#include "x86/acpi_tables.h"

#define MAX_REGIONS 64
#define MAX_COPIES  512

/* ---- Memory: regions at made-up addresses -------------------------------- */

static struct {
	uint64_t ma;
	size_t len;
	uint8_t *data;
} regions[MAX_REGIONS];
static unsigned int nr_regions;
static void *copies[MAX_COPIES];
static unsigned int nr_copies, nr_notes;

/* A mapping is a copy of its own, exactly as long as was asked for. */
static const void *map(void *ctx, uint64_t ma, size_t len)
{
	(void)ctx;
	for (unsigned int i = 0; i < nr_regions; i++) {
		if (ma < regions[i].ma || ma - regions[i].ma > regions[i].len ||
		    len > regions[i].len - (ma - regions[i].ma))
			continue;
		assert_true(nr_copies < MAX_COPIES);
		void *p = malloc(len);
		memcpy(p, regions[i].data + (ma - regions[i].ma), len);
		copies[nr_copies++] = p;
		return p;
	}
	return NULL;
}

static void count_note(void *ctx, const char *sig, uint64_t ma, const char *what)
{
	(void)ctx;
	(void)ma;
	assert_int_equal(strlen(sig), 4);
	assert_non_null(what);
	nr_notes++;
}

static const struct acpi_mem mem = {.map = map, .note = count_note};

static void forget_copies(void)
{
	while (nr_copies)
		free(copies[--nr_copies]);
}

static int clean(void **state)
{
	(void)state;
	forget_copies();
	while (nr_regions)
		free(regions[--nr_regions].data);
	nr_notes = 0;
	return 0;
}

static uint8_t *place(uint64_t ma, const void *data, size_t len)
{
	uint8_t *p = malloc(len);

	memcpy(p, data, len);
	regions[nr_regions].ma = ma;
	regions[nr_regions].len = len;
	regions[nr_regions++].data = p;
	return p;
}

static uint8_t sum(const void *p, size_t len)
{
	const uint8_t *b = p;
	uint8_t s = 0;

	while (len--)
		s = (uint8_t)(s + *b++);
	return s;
}

/* ---- Tables -------------------------------------------------------------- */

/* Give buf a header with that signature and the right checksum. */
static void seal(void *buf, const char *sig, uint32_t len, uint8_t revision)
{
	struct acpi_header *h = buf;

	memcpy(h->signature, sig, 4);
	h->length = len;
	h->revision = revision;
	h->checksum = 0;
	h->checksum = (uint8_t)-sum(buf, len);
}

#define ROOT 0x7fe0000ull
#define RSDP 0x7fd0000ull

static uint64_t table_ma[16];
static unsigned int nr_tables;

static uint8_t *table(const char *sig, void *buf, uint32_t len, uint8_t revision)
{
	uint64_t ma = 0x7f00000ull + nr_tables * 0x4000;

	seal(buf, sig, len, revision);
	table_ma[nr_tables++] = ma;
	return place(ma, buf, len);
}

static void root(bool xsdt)
{
	uint8_t buf[36 + 16 * 8] = {0};
	unsigned int size = xsdt ? 8 : 4;
	uint32_t len = 36 + nr_tables * size;
	struct acpi_rsdp r = {.revision = xsdt ? 2 : 0, .length = 36};

	for (unsigned int i = 0; i < nr_tables; i++)
		memcpy(buf + 36 + i * size, &table_ma[i], size);
	seal(buf, xsdt ? "XSDT" : "RSDT", len, 1);
	place(ROOT, buf, len);
	memcpy(r.signature, "RSD PTR ", 8);
	memcpy(r.oem_id, "TESTER", 6);
	r.rsdt = xsdt ? 0 : (uint32_t)ROOT;
	r.xsdt = xsdt ? ROOT : 0;
	r.checksum = (uint8_t)-sum(&r, 20);
	r.extended_checksum = (uint8_t)-sum(&r, 36);
	place(RSDP, &r, xsdt ? 36 : 20);
	nr_tables = 0;
}

static struct acpi_info info;

static void parse(void)
{
	acpi_parse(&info, &mem, maddr(RSDP));
}

#define DSDT_MA 0x7e00000ull

static void dsdt(const uint8_t *aml, size_t len)
{
	uint8_t buf[256] = {0};

	memcpy(buf + 36, aml, len);
	seal(buf, "DSDT", (uint32_t)(36 + len), 2);
	place(DSDT_MA, buf, 36 + len);
}

/* Name (\_S5, Package (4) {5, 5, 0, 0}) between other things */
static const uint8_t s5_aml[] = {0x10, 0x05, 'A',  'B', 0x08, '_', 'S', '5', '_', 0x12,
				 0x08, 0x04, 0x0a, 5,	0x0a, 5,   0,	0,   0xa3};

static struct acpi_fadt_raw pc_fadt(void)
{
	return (struct acpi_fadt_raw){
		.dsdt = (uint32_t)DSDT_MA,
		.sci_int = 9,
		.smi_cmd = 0xb2,
		.acpi_enable = 2,
		.pm1a_evt = 0x600,
		.pm1a_cnt = 0x604,
		.pm_tmr = 0x608,
		.gpe0 = 0x620,
		.pm1_evt_len = 4,
		.pm_tmr_len = 4,
		.gpe0_len = 16,
		.century = 0x32,
		.iapc_boot_arch = FADT_BOOT_8042,
		.flags = FADT_RESET_REG_SUP,
		.reset = {.space = 1, .bit_width = 8, .address = 0xcf9},
		.reset_value = 0xf,
	};
}

struct madt_buf {
	uint8_t bytes[1024];
	size_t len;
};

static void madt_add(struct madt_buf *m, const void *entry, size_t len)
{
	if (m->len == 0)
		m->len = sizeof(struct acpi_madt_raw);
	memcpy(m->bytes + m->len, entry, len);
	m->len += len;
}

static void madt_cpu(struct madt_buf *m, uint8_t id, uint32_t flags)
{
	struct madt_lapic e = {
		.type = MADT_LAPIC, .length = 8, .uid = id, .apic_id = id, .flags = flags};

	madt_add(m, &e, sizeof(e));
}

static void madt_override(struct madt_buf *m, uint8_t source, uint32_t gsi, uint16_t flags)
{
	struct madt_override e = {
		.type = MADT_OVERRIDE, .length = 10, .source = source, .gsi = gsi, .flags = flags};

	madt_add(m, &e, sizeof(e));
}

static uint8_t *madt_table(struct madt_buf *m)
{
	struct acpi_madt_raw *raw = (struct acpi_madt_raw *)m->bytes;

	raw->lapic = 0xfee00000;
	raw->flags = MADT_PCAT_COMPAT;
	return table("APIC", m->bytes, (uint32_t)m->len, 3);
}

static void pc_madt(void)
{
	struct madt_buf m = {0};
	struct madt_ioapic io = {.type = MADT_IOAPIC, .length = 12, .id = 4, .address = 0xfec00000};
	struct madt_lapic_nmi nmi = {.type = MADT_LAPIC_NMI, .length = 6, .uid = 0xff, .lint = 1};

	madt_cpu(&m, 0, 1);
	madt_cpu(&m, 1, 1);
	madt_cpu(&m, 2, 0);
	madt_cpu(&m, 3, 2);
	madt_cpu(&m, 0xff, 1);
	madt_add(&m, &io, sizeof(io));
	madt_override(&m, 0, 2, 0);
	madt_override(&m, 9, 9, MADT_TRIGGER_LEVEL | MADT_POLARITY_HIGH);
	madt_add(&m, &nmi, sizeof(nmi));
	madt_table(&m);
}

static void pc(bool xsdt)
{
	struct acpi_fadt_raw fadt = pc_fadt();
	struct acpi_hpet_raw hpet = {.base = {.address = 0xfed00000}};
	uint8_t mcfg[60] = {0};
	struct acpi_mcfg_entry e = {.base = 0xb0000000, .last_bus = 255};

	dsdt(s5_aml, sizeof(s5_aml));
	table("FACP", &fadt, 244, 3);
	pc_madt();
	table("HPET", &hpet, sizeof(hpet), 1);
	memcpy(mcfg + 44, &e, sizeof(e));
	table("MCFG", mcfg, sizeof(mcfg), 1);
	root(xsdt);
}

/* ---- A PC ---------------------------------------------------------------- */

static void check_pc(void)
{
	assert_true(info.present);
	assert_string_equal(info.oem, "TESTER");
	assert_int_equal(info.nr_cpus, 4);
	assert_true(info.cpu[0].enabled && info.cpu[1].enabled);
	assert_true(!info.cpu[2].enabled && !info.cpu[2].online_capable);
	assert_true(!info.cpu[3].enabled && info.cpu[3].online_capable);
	assert_int_equal(info.nr_ioapics, 1);
	assert_int_equal(info.ioapic[0].address.ma, 0xfec00000);
	assert_int_equal(info.nr_nmis, 1);
	assert_int_equal(info.nmi[0].uid, 0xffffffff);
	assert_int_equal(info.fadt.sci_int, 9);
	assert_int_equal(info.fadt.pm1a_cnt.address, 0x604);
	assert_int_equal(info.fadt.pm_timer.address, 0x608);
	assert_int_equal(info.fadt.reset.address, 0xcf9);
	assert_int_equal(info.fadt.reset_value, 0xf);
	assert_true(info.fadt.has_8042 && info.fadt.legacy_devices && info.fadt.fixed_power_button);
	assert_true(info.s5_present);
	assert_true(info.s5_typ_a == 5 && info.s5_typ_b == 5);
	assert_int_equal(info.hpet.ma, 0xfed00000);
	assert_int_equal(info.nr_ecam, 1);
	assert_int_equal(info.ecam[0].last_bus, 255);
	assert_int_equal(info.bad_tables, 0);
}

static void a_pc_by_xsdt(void **state)
{
	(void)state;
	pc(true);
	parse();
	check_pc();
	assert_int_equal(nr_notes, 0);
}

static void a_pc_by_rsdt(void **state)
{
	(void)state;
	pc(false);
	parse();
	check_pc();
}

static void wiring(void **state)
{
	(void)state;
	pc(true);
	parse();
	struct acpi_irq irq = acpi_isa_irq(&info, 0);
	assert_true(irq.gsi == 2 && !irq.level && !irq.active_low);
	irq = acpi_isa_irq(&info, 9);
	assert_true(irq.gsi == 9 && irq.level && !irq.active_low);
	irq = acpi_isa_irq(&info, 4);
	assert_true(irq.gsi == 4 && !irq.level && !irq.active_low);
}

static void sci_without_override_is_level_low(void **state)
{
	struct acpi_fadt_raw fadt = pc_fadt();
	struct madt_buf m = {0};

	(void)state;
	madt_cpu(&m, 0, 1);
	madt_override(&m, 10, 20, 0);
	madt_table(&m);
	fadt.sci_int = 10;
	table("FACP", &fadt, 244, 3);
	root(true);
	parse();
	struct acpi_irq irq = acpi_isa_irq(&info, 10);
	assert_true(irq.gsi == 20 && irq.level && irq.active_low);
}

static void x2apic_entries(void **state)
{
	struct madt_buf m = {0};
	struct madt_x2apic x = {
		.type = MADT_X2APIC, .length = 16, .apic_id = 0x1234, .flags = 1, .uid = 77};
	struct madt_x2apic again = {
		.type = MADT_X2APIC, .length = 16, .apic_id = 1, .flags = 1, .uid = 1};
	struct madt_lapic_address a = {
		.type = MADT_LAPIC_ADDRESS, .length = 12, .address = 0x1fee00000};

	(void)state;
	madt_cpu(&m, 1, 1);
	madt_add(&m, &x, sizeof(x));
	madt_add(&m, &again, sizeof(again));
	madt_add(&m, &a, sizeof(a));
	madt_table(&m);
	root(true);
	parse();
	assert_int_equal(info.nr_cpus, 2);
	assert_true(info.cpu[1].apic_id == 0x1234 && info.cpu[1].uid == 77 && info.cpu[1].enabled);
	assert_int_equal(info.lapic.ma, 0x1fee00000);
}

static void more_cpus_than_we_hold(void **state)
{
	static uint8_t buf[44 + 300 * 16];

	(void)state;
	for (unsigned int i = 0; i < 300; i++) {
		struct madt_x2apic x = {
			.type = MADT_X2APIC, .length = 16, .apic_id = i, .flags = 1};

		memcpy(buf + 44 + i * 16, &x, 16);
	}
	table("APIC", buf, sizeof(buf), 3);
	root(true);
	parse();
	assert_int_equal(info.nr_cpus, ACPI_MAX_CPUS);
	assert_int_equal(info.cpus_dropped, 300 - ACPI_MAX_CPUS);
}

/* ---- A board without legacy hardware ------------------------------------- */

static void hardware_reduced(void **state)
{
	struct acpi_fadt_raw fadt = {
		.x_dsdt = DSDT_MA,
		.flags = FADT_HW_REDUCED_ACPI | FADT_RESET_REG_SUP,
		.pm1a_evt = 0x600, /* meaningless here, and not to be believed */
		.pm_tmr = 0x608,
		.pm_tmr_len = 4,
		.iapc_boot_arch = FADT_BOOT_NO_VGA | FADT_BOOT_NO_CMOS_RTC,
		.reset = {.space = 0, .bit_width = 8, .address = 0xfed80000},
		.reset_value = 1,
		.sleep_control = {.space = 0, .bit_width = 8, .address = 0xfed80008},
		.sleep_status = {.space = 0, .bit_width = 8, .address = 0xfed80009},
	};

	(void)state;
	dsdt(s5_aml, sizeof(s5_aml));
	table("FACP", &fadt, sizeof(fadt), 5);
	root(true);
	parse();
	assert_true(info.fadt.hw_reduced);
	assert_false(info.fadt.legacy_devices);
	assert_false(info.fadt.has_8042);
	assert_false(info.fadt.fixed_power_button);
	assert_true(info.fadt.no_vga && info.fadt.no_cmos_rtc);
	assert_int_equal(info.fadt.pm1a_evt.address, 0);
	assert_int_equal(info.fadt.pm_timer.address, 0);
	assert_int_equal(info.fadt.sleep_control.address, 0xfed80008);
	assert_true(info.s5_present);
}

static void first_fadt_is_short(void **state)
{
	struct acpi_fadt_raw fadt = pc_fadt();

	(void)state;
	dsdt(s5_aml, sizeof(s5_aml));
	table("FACP", &fadt, 116, 1);
	root(false);
	parse();
	assert_int_equal(info.fadt.reset.address, 0);
	assert_true(info.fadt.has_8042);
	assert_int_equal(info.fadt.pm1a_cnt.address, 0x604);
	assert_true(info.s5_present);
}

static void no_acpi_at_all(void **state)
{
	(void)state;
	acpi_parse(&info, &mem, maddr(0));
	assert_false(info.present);
	assert_int_equal(info.nr_cpus, 0);
	assert_true(info.fadt.legacy_devices && info.fadt.has_8042 && info.pcat_compat);
	assert_int_equal(info.lapic.ma, 0xfee00000);
}

static void rsdp_in_the_bios_area(void **state)
{
	static uint8_t bios[0x20000];
	uint8_t none[2] = {0};

	(void)state;
	pc(true);
	memcpy(bios + 0x1230, regions[nr_regions - 1].data, 36);
	place(0xe0000, bios, sizeof(bios));
	place(0x40e, none, 2);
	acpi_parse(&info, &mem, maddr(0));
	check_pc();
}

/* ---- SPCR ---------------------------------------------------------------- */

static void spcr_memory_mapped(void **state)
{
	struct acpi_spcr_raw raw = {
		.interface = 0x12,
		.base = {.space = 0, .bit_width = 32, .access_size = 3, .address = 0xfedc9000},
		.interrupt_type = SPCR_IRQ_APIC,
		.gsi = 3,
		.baud = 7,
		.pci_device = 0xffff,
		.pci_vendor = 0xffff,
	};

	(void)state;
	table("SPCR", &raw, 80, 2);
	root(true);
	parse();
	assert_true(info.spcr.present && !info.spcr.pci);
	assert_int_equal(info.spcr.base.address, 0xfedc9000);
	assert_true(info.spcr.gsi_irq && !info.spcr.isa_irq && info.spcr.gsi == 3);
	assert_int_equal(info.spcr.baud, 115200);
}

static void spcr_precise_rate(void **state)
{
	struct acpi_spcr_raw raw = {.base = {.space = 1, .bit_width = 8, .address = 0x3f8},
				    .interrupt_type = SPCR_IRQ_8259 | SPCR_IRQ_APIC,
				    .irq = 4,
				    .gsi = 4,
				    .precise_baud = 1500000};

	(void)state;
	table("SPCR", &raw, sizeof(raw), 4);
	root(true);
	parse();
	assert_int_equal(info.spcr.baud, 1500000);
	assert_true(info.spcr.isa_irq && info.spcr.irq == 4);
}

/* ---- \_S5 ---------------------------------------------------------------- */

static bool s5(const void *aml, size_t len)
{
	struct acpi_fadt_raw fadt = pc_fadt();

	clean(NULL);
	dsdt(aml, len);
	table("FACP", &fadt, 244, 3);
	root(true);
	parse();
	return info.s5_present;
}

#define S5(...) s5((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))
#define S5_NAME 0x08, '_', 'S', '5', '_'

static void s5_as_compilers_write_it(void **state)
{
	(void)state;
	assert_true(S5(S5_NAME, 0x12, 0x06, 0x04, 0, 0, 0, 0)); /* QEMU */
	assert_int_equal(info.s5_typ_a, 0);
	assert_true(S5(S5_NAME, 0x12, 0x06, 0x04, 1, 0x0a, 2, 0, 0));
	assert_true(info.s5_typ_a == 1 && info.s5_typ_b == 2);
	assert_true(S5(0x08, '\\', '_', 'S', '5', '_', 0x12, 0x08, 0x04, 0x0a, 7, 0x0a, 7, 0, 0));
	assert_int_equal(info.s5_typ_a, 7);
	assert_true(
		S5(S5_NAME, 0x12, 0x49, 0x00, 0x02, 0x0b, 5, 0, 0x0c, 6, 0, 0, 0)); /* long forms */
	assert_true(info.s5_typ_a == 5 && info.s5_typ_b == 6);
	assert_true(S5(S5_NAME, 0x12, 0x03, 0x01, 0x0a, 5)); /* one element */
	assert_true(info.s5_typ_a == 5 && info.s5_typ_b == 0);
}

static void s5_that_is_none(void **state)
{
	(void)state;
	assert_false(S5(0xa3));
	assert_false(
		S5('_', 'S', '5', '_', 0x12, 0x06, 0x04, 0, 0, 0, 0)); /* a reference, no name */
	assert_false(S5(S5_NAME, 0x14, 0x06, 0x04, 0, 0, 0, 0));       /* a method */
	assert_false(S5(S5_NAME, 0x12, 0x06, 0x00, 0, 0, 0, 0));       /* empty */
	assert_false(S5(S5_NAME, 0x12, 0x06, 0x04, 0x0a, 8, 0, 0));    /* beyond three bits */
	assert_false(S5(S5_NAME, 0x12, 0x06, 0x04, 0x0b, 5, 1));       /* likewise */
	assert_false(S5(S5_NAME, 0x12, 0x06, 0x04, 0xff, 0xff));
	assert_false(S5(S5_NAME, 0x12, 0x06, 0x04, 'P', 'M', '1', '_'));
}

static void s5_cut_short(void **state)
{
	(void)state;
	for (size_t len = 0; len < 15; len++)
		assert_false(s5(s5_aml, len));
	assert_true(s5(s5_aml, 16));
}

static void s5_in_an_ssdt(void **state)
{
	uint8_t ssdt[36 + sizeof(s5_aml)] = {0};

	(void)state;
	memcpy(ssdt + 36, s5_aml, sizeof(s5_aml));
	table("SSDT", ssdt, sizeof(ssdt), 2);
	root(true);
	parse();
	assert_true(info.s5_present);
}

/* ---- Damage -------------------------------------------------------------- */

static void bad_checksum_is_named_and_left_out(void **state)
{
	(void)state;
	pc(true);
	for (unsigned int i = 0; i < nr_regions; i++) {
		if (memcmp(regions[i].data, "HPET", 4) == 0)
			regions[i].data[40]++;
	}
	parse();
	assert_int_equal(info.hpet.ma, 0);
	assert_int_equal(info.bad_tables, 1);
	assert_int_equal(nr_notes, 1);
	assert_int_equal(info.nr_cpus, 4);
}

static void bad_rsdp(void **state)
{
	(void)state;
	pc(true);
	regions[nr_regions - 1].data[9] ^= 1;
	parse();
	assert_false(info.present);
	assert_int_equal(nr_notes, 1);
}

static void madt_entry_of_length_zero(void **state)
{
	struct madt_buf m = {0};
	uint8_t stop[8] = {0, 0};

	(void)state;
	madt_cpu(&m, 0, 1);
	madt_add(&m, stop, sizeof(stop));
	madt_cpu(&m, 1, 1);
	madt_table(&m);
	root(true);
	parse();
	assert_int_equal(info.nr_cpus, 1);
	assert_int_equal(nr_notes, 1);
}

static void madt_entries_too_short_or_long(void **state)
{
	struct madt_buf m = {0};
	uint8_t shorty[3] = {MADT_LAPIC, 3, 0}, unknown[5] = {0x7f, 5},
		longer[2] = {MADT_IOAPIC, 200};

	(void)state;
	madt_add(&m, shorty, sizeof(shorty));
	madt_add(&m, unknown, sizeof(unknown));
	madt_cpu(&m, 5, 1);
	madt_add(&m, longer, sizeof(longer));
	madt_table(&m);
	root(true);
	parse();
	assert_int_equal(info.nr_cpus, 1);
	assert_int_equal(info.nr_ioapics, 0);
	assert_int_equal(nr_notes, 2);
}

static void table_lengths_that_lie(void **state)
{
	static const uint32_t lengths[] = {0, 35, 0x7fffffff, 0xffffffff};

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		clean(NULL);
		pc(true);
		for (unsigned int k = 0; k < nr_regions; k++) {
			if (memcmp(regions[k].data, "APIC", 4) == 0)
				memcpy(regions[k].data + 4, &lengths[i], 4);
		}
		parse();
		assert_int_equal(info.nr_cpus, 0);
		assert_int_equal(info.bad_tables, 1);
	}
}

static uint32_t seed = 1;

static uint32_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* Flip bytes anywhere, half of the time with the checksum made right again. */
static void damage(void)
{
	unsigned int r = rnd() % nr_regions;
	uint8_t *p = regions[r].data;
	size_t len = regions[r].len;

	for (unsigned int n = rnd() % 4 + 1; n; n--)
		p[rnd() % len] = (uint8_t)rnd();
	if (rnd() % 2 || regions[r].ma == RSDP)
		return;
	uint32_t claimed;
	memcpy(&claimed, p + 4, 4);
	if (claimed > len || claimed < 36) {
		claimed = (uint32_t)len;
		memcpy(p + 4, &claimed, 4);
	}
	p[9] = 0;
	p[9] = (uint8_t)-sum(p, claimed);
}

static void random_damage_never_hurts(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		clean(NULL);
		pc(i & 1);
		for (unsigned int n = rnd() % 6 + 1; n; n--)
			damage();
		parse();
		assert_true(info.nr_cpus <= ACPI_MAX_CPUS);
		assert_true(info.s5_typ_a <= 7 && info.s5_typ_b <= 7);
	}
}

#define TEST(f) cmocka_unit_test_teardown(f, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pc_by_xsdt),
		TEST(a_pc_by_rsdt),
		TEST(wiring),
		TEST(sci_without_override_is_level_low),
		TEST(x2apic_entries),
		TEST(more_cpus_than_we_hold),
		TEST(hardware_reduced),
		TEST(first_fadt_is_short),
		TEST(no_acpi_at_all),
		TEST(rsdp_in_the_bios_area),
		TEST(spcr_memory_mapped),
		TEST(spcr_precise_rate),
		TEST(s5_as_compilers_write_it),
		TEST(s5_that_is_none),
		TEST(s5_cut_short),
		TEST(s5_in_an_ssdt),
		TEST(bad_checksum_is_named_and_left_out),
		TEST(bad_rsdp),
		TEST(madt_entry_of_length_zero),
		TEST(madt_entries_too_short_or_long),
		TEST(table_lengths_that_lie),
		TEST(random_damage_never_hurts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
