/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * MADT: CPUs, I/O APICs, and how interrupts are wired.  Pure.
 * Source: ACPI Specification 6.5, 5.2.12 "Multiple APIC Description Table (MADT)".
 */
#include "acpi_parse.h"

/* x2APIC entries repeat CPUs that have an old one on some boards. */
static bool cpu_known(const struct acpi_info *info, uint32_t apic_id)
{
	for (unsigned int i = 0; i < info->nr_cpus; i++) {
		if (info->cpu[i].apic_id == apic_id)
			return true;
	}
	return false;
}

static void add_cpu(struct acpi_info *info, uint32_t apic_id, uint32_t uid, uint32_t flags)
{
	if (cpu_known(info, apic_id))
		return;
	if (info->nr_cpus == ACPI_MAX_CPUS) {
		info->cpus_dropped++;
		return;
	}
	info->cpu[info->nr_cpus++] = (struct acpi_cpu){
		.apic_id = apic_id,
		.uid = uid,
		.enabled = flags & MADT_CPU_ENABLED,
		.online_capable = !(flags & MADT_CPU_ENABLED) && (flags & MADT_CPU_ONLINE_CAPABLE),
	};
}

static void add_ioapic(struct acpi_info *info, const struct madt_ioapic *e)
{
	if (info->nr_ioapics == ACPI_MAX_IOAPICS || e->address == 0)
		return;
	info->ioapic[info->nr_ioapics++] = (struct acpi_ioapic){
		.address = maddr(e->address), .gsi_base = e->gsi_base, .id = e->id};
}

/* What a line does that leaves a field to its bus: ISA rises, the SCI is level and low. */
static struct acpi_irq wiring(const struct acpi_info *info, uint8_t isa, uint32_t gsi,
			      uint16_t flags)
{
	bool sci = info->fadt.present && !info->fadt.hw_reduced && isa == info->fadt.sci_int;
	struct acpi_irq irq = {.gsi = gsi, .level = sci, .active_low = sci};

	if (flags & MADT_TRIGGER_MASK)
		irq.level = (flags & MADT_TRIGGER_MASK) == MADT_TRIGGER_LEVEL;
	if (flags & MADT_POLARITY_MASK)
		irq.active_low = (flags & MADT_POLARITY_MASK) == MADT_POLARITY_LOW;
	return irq;
}

static void add_override(struct acpi_info *info, const struct madt_override *e)
{
	if (info->nr_overrides == ACPI_MAX_OVERRIDES)
		return;
	info->override[info->nr_overrides++] = (struct acpi_override){
		.isa = e->source, .irq = wiring(info, e->source, e->gsi, e->flags)};
}

static void add_nmi(struct acpi_info *info, uint32_t uid, uint8_t lint, uint16_t flags)
{
	if (info->nr_nmis == ACPI_MAX_NMIS || lint > 1)
		return;
	info->nmi[info->nr_nmis++] = (struct acpi_lapic_nmi){
		.uid = uid,
		.lint = lint,
		.level = (flags & MADT_TRIGGER_MASK) == MADT_TRIGGER_LEVEL,
		.active_low = (flags & MADT_POLARITY_MASK) == MADT_POLARITY_LOW,
	};
}

static size_t entry_size(uint8_t type)
{
	switch (type) {
	case MADT_LAPIC: return sizeof(struct madt_lapic);
	case MADT_IOAPIC: return sizeof(struct madt_ioapic);
	case MADT_OVERRIDE: return sizeof(struct madt_override);
	case MADT_LAPIC_NMI: return sizeof(struct madt_lapic_nmi);
	case MADT_LAPIC_ADDRESS: return sizeof(struct madt_lapic_address);
	case MADT_X2APIC: return sizeof(struct madt_x2apic);
	case MADT_X2APIC_NMI: return sizeof(struct madt_x2apic_nmi);
	default: return 2;
	}
}

static void add_lapic(struct acpi_info *info, const struct madt_lapic *e)
{
	if (e->apic_id != 0xff)
		add_cpu(info, e->apic_id, e->uid, e->flags);
}

static void add_x2apic(struct acpi_info *info, const struct madt_x2apic *e)
{
	if (e->apic_id != 0xffffffff)
		add_cpu(info, e->apic_id, e->uid, e->flags);
}

static void add_entry(struct acpi_info *info, const uint8_t *p)
{
	const struct madt_lapic_nmi *nmi = (const struct madt_lapic_nmi *)p;
	const struct madt_x2apic_nmi *x2nmi = (const struct madt_x2apic_nmi *)p;

	switch (p[0]) {
	case MADT_LAPIC: add_lapic(info, (const struct madt_lapic *)p); break;
	case MADT_IOAPIC: add_ioapic(info, (const struct madt_ioapic *)p); break;
	case MADT_OVERRIDE: add_override(info, (const struct madt_override *)p); break;
	case MADT_LAPIC_NMI:
		add_nmi(info, nmi->uid == 0xff ? 0xffffffff : nmi->uid, nmi->lint, nmi->flags);
		break;
	case MADT_LAPIC_ADDRESS:
		info->lapic = maddr(((const struct madt_lapic_address *)p)->address);
		break;
	case MADT_X2APIC: add_x2apic(info, (const struct madt_x2apic *)p); break;
	case MADT_X2APIC_NMI: add_nmi(info, x2nmi->uid, x2nmi->lint, x2nmi->flags); break;
	default: break;
	}
}

void acpi_parse_madt(struct acpi_info *info, const struct acpi_tables *t)
{
	const struct acpi_table *table = acpi_find(t, "APIC", sizeof(struct acpi_madt_raw));

	if (!table)
		return;
	const struct acpi_madt_raw *madt = (const struct acpi_madt_raw *)table->header;
	const uint8_t *p = (const uint8_t *)(madt + 1);
	size_t left = table->len - sizeof(*madt);

	info->lapic = maddr(madt->lapic);
	info->pcat_compat = madt->flags & MADT_PCAT_COMPAT;
	while (left >= 2) {
		if (p[1] < 2 || p[1] > left) {
			acpi_note(t, "APIC",
				  "an entry's length makes no sense, the rest is ignored");
			return;
		}
		if (p[1] >= entry_size(p[0]))
			add_entry(info, p);
		else
			acpi_note(t, "APIC", "an entry is too short, ignored");
		left -= p[1];
		p += p[1];
	}
}

struct acpi_irq acpi_isa_irq(const struct acpi_info *info, uint8_t isa)
{
	for (unsigned int i = 0; i < info->nr_overrides; i++) {
		if (info->override[i].isa == isa)
			return info->override[i].irq;
	}
	return wiring(info, isa, isa, 0);
}
