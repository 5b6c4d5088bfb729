/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * From the RSDP to the tables, and what the FADT and the small tables say; the
 * MADT is acpi_madt.c's, \_S5 is acpi_s5.c's.  Pure: reaches memory through
 * struct acpi_mem alone, and trusts no length before it has been checked.
 */
#include "acpi.h"
#include "acpi_parse.h"
#include "acpi_tables.h"
#include "lib/string.h"

/* No sane table is longer: a bound on what is mapped and summed up. */
#define TABLE_MAX_LEN (8u << 20)

static void note(const struct acpi_mem *mem, const char *sig, uint64_t ma, const char *what)
{
	char name[5];

	if (!mem->note)
		return;
	for (unsigned int i = 0; i < 4; i++)
		name[i] = sig[i] >= ' ' && sig[i] <= '~' ? sig[i] : '?';
	name[4] = '\0';
	mem->note(mem->ctx, name, ma, what);
}

void acpi_note(const struct acpi_tables *t, const char *sig, const char *what)
{
	note(t->mem, sig, 0, what);
}

static bool sums_to_zero(const void *p, size_t len)
{
	const uint8_t *b = p;
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *b++);
	return sum == 0;
}

/* ---- The list of tables ------------------------------------------------- */

/* A whole, checked table, or NULL with a note. */
static const struct acpi_header *table_at(struct acpi_info *info, const struct acpi_mem *mem,
					  uint64_t ma)
{
	const struct acpi_header *h = mem->map(mem->ctx, ma, sizeof(*h));
	const char *why;

	if (!h) {
		note(mem, "????", ma, "table header cannot be mapped");
		info->bad_tables++;
		return NULL;
	}
	uint32_t len = h->length;
	char sig[4];
	memcpy(sig, h->signature, sizeof(sig));
	if (len < sizeof(*h) || len > TABLE_MAX_LEN) {
		why = "length makes no sense, table ignored";
	} else {
		h = mem->map(mem->ctx, ma, len);
		if (h && sums_to_zero(h, len))
			return h;
		why = h ? "checksum is wrong, table ignored" : "table cannot be mapped";
	}
	note(mem, sig, ma, why);
	info->bad_tables++;
	return NULL;
}

static void tables_add(struct acpi_tables *t, const struct acpi_header *h, uint64_t ma)
{
	if (t->nr == ACPI_MAX_TABLES) {
		note(t->mem, h->signature, ma, "too many tables, ignored");
		return;
	}
	t->table[t->nr++] = (struct acpi_table){.header = h, .ma = ma, .len = h->length};
}

static void tables_collect(struct acpi_info *info, struct acpi_tables *t,
			   const struct acpi_header *root)
{
	bool wide = root->signature[0] == 'X';
	unsigned int size = wide ? 8 : 4;
	unsigned int nr = (root->length - (unsigned int)sizeof(*root)) / size;
	const uint8_t *entry = (const uint8_t *)(root + 1);

	if (nr > ACPI_MAX_TABLES)
		nr = ACPI_MAX_TABLES;
	for (unsigned int i = 0; i < nr; i++, entry += size) {
		uint64_t ma = 0;

		memcpy(&ma, entry, size);
		if (ma == 0)
			continue;
		const struct acpi_header *h = table_at(info, t->mem, ma);
		if (h)
			tables_add(t, h, ma);
	}
}

const struct acpi_table *acpi_find(const struct acpi_tables *t, const char *sig, size_t min_len)
{
	for (unsigned int i = 0; i < t->nr; i++) {
		if (memcmp(t->table[i].header->signature, sig, 4) != 0)
			continue;
		if (t->table[i].len >= min_len)
			return &t->table[i];
		note(t->mem, sig, t->table[i].ma, "too short, ignored");
	}
	return NULL;
}

/* ---- The root pointer --------------------------------------------------- */

static bool rsdp_valid(const struct acpi_rsdp *r)
{
	return memcmp(r->signature, "RSD PTR ", 8) == 0 && sums_to_zero(r, ACPI_RSDP_V1_LEN);
}

static const struct acpi_rsdp *rsdp_scan(const struct acpi_mem *mem, uint64_t ma, size_t len)
{
	const uint8_t *p = mem->map(mem->ctx, ma, len);

	for (size_t off = 0; p && off + sizeof(struct acpi_rsdp) <= len; off += 16) {
		const struct acpi_rsdp *r = (const struct acpi_rsdp *)(p + off);

		if (rsdp_valid(r))
			return r;
	}
	return NULL;
}

/* Where a BIOS puts it: the first kilobyte of the EBDA, then the BIOS area. */
static const struct acpi_rsdp *rsdp_search(const struct acpi_mem *mem)
{
	const uint8_t *ebda_segment = mem->map(mem->ctx, 0x40e, 2);
	const struct acpi_rsdp *r = NULL;

	if (ebda_segment) {
		uint32_t ebda = (uint32_t)(ebda_segment[0] | ebda_segment[1] << 8) << 4;

		if (ebda >= 0x400 && ebda <= 0x9fc00)
			r = rsdp_scan(mem, ebda, 1024);
	}
	return r ? r : rsdp_scan(mem, 0xe0000, 0x20000);
}

static const struct acpi_rsdp *rsdp_get(const struct acpi_mem *mem, maddr_t rsdp)
{
	if (rsdp.ma == 0)
		return rsdp_search(mem);
	const struct acpi_rsdp *r = mem->map(mem->ctx, rsdp.ma, ACPI_RSDP_V1_LEN);
	if (r && rsdp_valid(r) && r->revision >= 2)
		r = mem->map(mem->ctx, rsdp.ma, sizeof(*r));
	if (r && rsdp_valid(r))
		return r;
	note(mem, "RSDP", rsdp.ma, "signature or checksum is wrong, ignored");
	return NULL;
}

/* The XSDT where there is a good one, else the RSDT. */
static const struct acpi_header *root_get(struct acpi_info *info, const struct acpi_mem *mem,
					  const struct acpi_rsdp *r)
{
	const struct acpi_header *root = NULL;

	if (r->revision >= 2 && r->length >= sizeof(*r) && sums_to_zero(r, sizeof(*r)) && r->xsdt)
		root = table_at(info, mem, r->xsdt);
	if (root && memcmp(root->signature, "XSDT", 4) == 0)
		return root;
	root = r->rsdt ? table_at(info, mem, r->rsdt) : NULL;
	return root && memcmp(root->signature, "RSDT", 4) == 0 ? root : NULL;
}

/* ---- FADT --------------------------------------------------------------- */

static struct acpi_gas gas_get(const struct acpi_gas_raw *raw)
{
	return (struct acpi_gas){.space = raw->space,
				 .bit_width = raw->bit_width,
				 .bit_offset = raw->bit_offset,
				 .access_size = raw->access_size,
				 .address = raw->address};
}

/* The extended register where the table has one, else the port of old. */
static struct acpi_gas gas_or_port(const struct acpi_gas_raw *extended, uint32_t port,
				   unsigned int bytes)
{
	if (extended->address && extended->space <= ACPI_SPACE_IO)
		return gas_get(extended);
	return (struct acpi_gas){.space = ACPI_SPACE_IO,
				 .bit_width = (uint8_t)(bytes * 8),
				 .address = port & 0xffff};
}

static void fadt_registers(struct acpi_fadt *f, const struct acpi_fadt_raw *raw)
{
	f->sci_int = raw->sci_int;
	f->smi_cmd = (uint16_t)raw->smi_cmd;
	f->acpi_enable = raw->acpi_enable;
	f->pm1_evt_len = raw->pm1_evt_len;
	f->gpe0_len = raw->gpe0_len;
	f->gpe1_len = raw->gpe1_len;
	f->pm1a_evt = gas_or_port(&raw->x_pm1a_evt, raw->pm1a_evt, 4);
	f->pm1b_evt = gas_or_port(&raw->x_pm1b_evt, raw->pm1b_evt, 4);
	f->pm1a_cnt = gas_or_port(&raw->x_pm1a_cnt, raw->pm1a_cnt, 2);
	f->pm1b_cnt = gas_or_port(&raw->x_pm1b_cnt, raw->pm1b_cnt, 2);
	f->gpe0 = gas_or_port(&raw->x_gpe0, raw->gpe0, raw->gpe0_len);
	f->gpe1 = gas_or_port(&raw->x_gpe1, raw->gpe1, raw->gpe1_len);
	if (raw->pm_tmr_len == 4)
		f->pm_timer = gas_or_port(&raw->x_pm_tmr, raw->pm_tmr, 4);
}

/*
 * LEGACY_DEVICES is believed where it matters, on hardware-reduced boards; on
 * others firmware is known to leave it clear beside a COM1 that works.
 */
static void fadt_flags(struct acpi_fadt *f, const struct acpi_fadt_raw *raw)
{
	bool says = raw->header.revision >= 2;

	f->hw_reduced = raw->header.revision >= 5 && (raw->flags & FADT_HW_REDUCED_ACPI);
	f->legacy_devices = !f->hw_reduced || (raw->iapc_boot_arch & FADT_BOOT_LEGACY_DEVICES);
	f->has_8042 = !says || (raw->iapc_boot_arch & FADT_BOOT_8042);
	f->no_vga = says && (raw->iapc_boot_arch & FADT_BOOT_NO_VGA);
	f->no_cmos_rtc = says && (raw->iapc_boot_arch & FADT_BOOT_NO_CMOS_RTC);
	f->fixed_power_button = !f->hw_reduced && !(raw->flags & FADT_PWR_BUTTON);
	f->pm_timer_32bit = raw->flags & FADT_TMR_VAL_EXT;
	f->century = raw->century < 0x80 ? raw->century : 0;
}

/* A copy, zero beyond the table's end: old revisions are shorter. */
static void fadt_parse(struct acpi_info *info, struct acpi_tables *t)
{
	const struct acpi_table *table =
		acpi_find(t, "FACP", offsetof(struct acpi_fadt_raw, reset));
	struct acpi_fadt_raw raw = {0};
	struct acpi_fadt *f = &info->fadt;

	if (!table)
		return;
	memcpy(&raw, table->header, MIN(table->len, sizeof(raw)));
	f->present = true;
	fadt_flags(f, &raw);
	if (!f->hw_reduced)
		fadt_registers(f, &raw);
	if ((raw.flags & FADT_RESET_REG_SUP) &&
	    table->len > offsetof(struct acpi_fadt_raw, reset_value)) {
		f->reset = gas_get(&raw.reset);
		f->reset_value = raw.reset_value;
	}
	if (raw.header.revision >= 5) {
		f->sleep_control = gas_get(&raw.sleep_control);
		f->sleep_status = gas_get(&raw.sleep_status);
	}
	uint64_t dsdt = raw.x_dsdt ? raw.x_dsdt : raw.dsdt;
	const struct acpi_header *h = dsdt ? table_at(info, t->mem, dsdt) : NULL;
	if (h)
		tables_add(t, h, dsdt);
}

/* ---- The small ones ----------------------------------------------------- */

static void hpet_parse(struct acpi_info *info, const struct acpi_tables *t)
{
	const struct acpi_table *table = acpi_find(t, "HPET", sizeof(struct acpi_hpet_raw));

	if (!table)
		return;
	const struct acpi_hpet_raw *raw = (const struct acpi_hpet_raw *)table->header;
	if (raw->base.space == ACPI_SPACE_MEMORY)
		info->hpet = maddr(raw->base.address);
}

static uint32_t spcr_baud(uint8_t code)
{
	switch (code) {
	case 3: return 9600;
	case 4: return 19200;
	case 6: return 57600;
	case 7: return 115200;
	default: return 0;
	}
}

static void spcr_parse(struct acpi_info *info, const struct acpi_tables *t)
{
	const struct acpi_table *table = acpi_find(t, "SPCR", SPCR_MIN_LEN);
	struct acpi_spcr_raw raw = {0};

	if (!table)
		return;
	memcpy(&raw, table->header, MIN(table->len, sizeof(raw)));
	info->spcr = (struct acpi_spcr){
		.present = true,
		.base = gas_get(&raw.base),
		.interface = raw.interface,
		.isa_irq = (raw.interrupt_type & SPCR_IRQ_8259) && raw.irq < 16,
		.gsi_irq = raw.interrupt_type & SPCR_IRQ_APIC,
		.irq = raw.irq,
		.gsi = raw.gsi,
		.baud = raw.header.revision >= 4 && raw.precise_baud ? raw.precise_baud
								     : spcr_baud(raw.baud),
		.pci = raw.pci_device != 0xffff && raw.pci_vendor != 0xffff,
		.bus = raw.bus,
		.dev = raw.dev,
		.fn = raw.fn,
	};
}

static void mcfg_parse(struct acpi_info *info, const struct acpi_tables *t)
{
	const struct acpi_table *table = acpi_find(t, "MCFG", MCFG_ENTRIES);

	if (!table)
		return;
	const uint8_t *p = (const uint8_t *)table->header;
	for (uint32_t off = MCFG_ENTRIES; table->len - off >= sizeof(struct acpi_mcfg_entry);
	     off += (uint32_t)sizeof(struct acpi_mcfg_entry)) {
		const struct acpi_mcfg_entry *e = (const struct acpi_mcfg_entry *)(p + off);

		if (e->base == 0 || (e->base & 0xfffff) || e->first_bus > e->last_bus ||
		    info->nr_ecam == ACPI_MAX_ECAM) {
			acpi_note(t, "MCFG", "an entry makes no sense or is one too many, ignored");
			continue;
		}
		info->ecam[info->nr_ecam++] = (struct acpi_ecam){.base = maddr(e->base),
								 .segment = e->segment,
								 .first_bus = e->first_bus,
								 .last_bus = e->last_bus};
	}
}

static void iommu_tables(struct acpi_info *info, const struct acpi_tables *t)
{
	const struct acpi_table *dmar = acpi_find(t, "DMAR", 48);
	const struct acpi_table *ivrs = acpi_find(t, "IVRS", 48);

	if (dmar) {
		info->dmar = maddr(dmar->ma);
		info->dmar_len = dmar->len;
	}
	if (ivrs) {
		info->ivrs = maddr(ivrs->ma);
		info->ivrs_len = ivrs->len;
	}
}

/* Without the blanks that fill it up. */
static void copy_oem(char *to, const char *from)
{
	size_t len = 6;

	while (len && (from[len - 1] == ' ' || from[len - 1] == '\0'))
		len--;
	for (size_t i = 0; i < len; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[len] = '\0';
}

void acpi_parse(struct acpi_info *info, const struct acpi_mem *mem, maddr_t rsdp)
{
	static struct acpi_tables tables; /* too large for a boot stack */

	memset(info, 0, sizeof(*info));
	tables.mem = mem;
	tables.nr = 0;
	/* What holds on a PC without any tables. */
	info->lapic = maddr(0xfee00000);
	info->pcat_compat = true;
	info->fadt.legacy_devices = true;
	info->fadt.has_8042 = true;

	const struct acpi_rsdp *r = rsdp_get(mem, rsdp);
	const struct acpi_header *root = r ? root_get(info, mem, r) : NULL;
	if (!root)
		return;
	info->present = true;
	copy_oem(info->oem, r->oem_id);
	tables_collect(info, &tables, root);
	fadt_parse(info, &tables);
	acpi_parse_madt(info, &tables);
	acpi_parse_s5(info, &tables);
	hpet_parse(info, &tables);
	spcr_parse(info, &tables);
	mcfg_parse(info, &tables);
	iommu_tables(info, &tables);
}
