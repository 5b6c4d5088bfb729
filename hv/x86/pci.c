/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Configuration space.  CF8h/CFCh for the first 256 bytes of segment 0, since
 * every firmware has tested that path; MCFG for all else, and on boards without
 * legacy hardware.  Lock: pci_lock, over the pair of ports and the windows' table.
 */
#include "acpi.h"
#include "asm.h"
#include "paging.h"
#include "pci.h"
#include "spinlock.h"

#define PCI_ADDRESS	   0xcf8
#define PCI_ADDRESS_ENABLE 0x80000000u
#define PCI_DATA	   0xcfc

#define PCI_HEADER_MULTI     0x80
#define PCI_HEADER_TYPE_MASK 0x7f
#define PCI_HEADER_BRIDGE    0x01

#define ECAM_BUS_LEN 0x100000u

/* Buses whose MCFG window has been mapped: few are ever asked for. */
#define MAX_WINDOWS 64

static struct {
	uint16_t segment;
	uint8_t bus;
	uint8_t __iomem *va;
} windows[MAX_WINDOWS]; /* [pci_lock], filled from the front */
static struct spinlock pci_lock = SPINLOCK_INIT;

static maddr_t ecam_bus(unsigned int segment, unsigned int bus)
{
	for (unsigned int i = 0; i < acpi_info.nr_ecam; i++) {
		const struct acpi_ecam *e = &acpi_info.ecam[i];

		if (e->segment == segment && bus >= e->first_bus && bus <= e->last_bus)
			return maddr(e->base.ma + (uint64_t)bus * ECAM_BUS_LEN);
	}
	return maddr(0);
}

static uint8_t __iomem *ecam_window(sbdf_t f)
{
	unsigned int i;

	for (i = 0; i < MAX_WINDOWS && windows[i].va; i++) {
		if (windows[i].segment == sbdf_seg(f) && windows[i].bus == sbdf_bus(f))
			return windows[i].va;
	}
	maddr_t ma = ecam_bus(sbdf_seg(f), sbdf_bus(f));
	if (i == MAX_WINDOWS || ma.ma == 0)
		return NULL;
	windows[i].segment = (uint16_t)sbdf_seg(f);
	windows[i].bus = (uint8_t)sbdf_bus(f);
	windows[i].va = hv_map_mmio(ma, ECAM_BUS_LEN);
	return windows[i].va;
}

static uint8_t __iomem *ecam_register(sbdf_t f, unsigned int reg)
{
	uint8_t __iomem *bus = ecam_window(f);

	return bus ? bus + ((f.sbdf & 0xff) << 12 | (reg & 0xfff)) : NULL;
}

/* Aim CFCh at the register; false where only MCFG reaches. */
static bool cf8_select(sbdf_t f, unsigned int reg)
{
	if (sbdf_seg(f) || reg > 0xff || acpi_info.fadt.hw_reduced)
		return false;
	outl(PCI_ADDRESS, PCI_ADDRESS_ENABLE | (f.sbdf & 0xffff) << 8 | (reg & 0xfc));
	return true;
}

uint8_t pci_read8(sbdf_t f, unsigned int reg)
{
	uint8_t v = 0xff;

	spin_lock(&pci_lock);
	if (cf8_select(f, reg)) {
		v = inb((uint16_t)(PCI_DATA + (reg & 3)));
	} else {
		uint8_t __iomem *p = ecam_register(f, reg);

		if (p)
			v = readb(p);
	}
	spin_unlock(&pci_lock);
	return v;
}

uint16_t pci_read16(sbdf_t f, unsigned int reg)
{
	uint16_t v = 0xffff;

	spin_lock(&pci_lock);
	if (cf8_select(f, reg)) {
		v = inw((uint16_t)(PCI_DATA + (reg & 2)));
	} else {
		uint8_t __iomem *p = ecam_register(f, reg);

		if (p)
			v = readw(p);
	}
	spin_unlock(&pci_lock);
	return v;
}

uint32_t pci_read32(sbdf_t f, unsigned int reg)
{
	uint32_t v = 0xffffffff;

	spin_lock(&pci_lock);
	if (cf8_select(f, reg)) {
		v = inl(PCI_DATA);
	} else {
		uint8_t __iomem *p = ecam_register(f, reg);

		if (p)
			v = readl(p);
	}
	spin_unlock(&pci_lock);
	return v;
}

void pci_write8(sbdf_t f, unsigned int reg, uint8_t v)
{
	spin_lock(&pci_lock);
	if (cf8_select(f, reg)) {
		outb((uint16_t)(PCI_DATA + (reg & 3)), v);
	} else {
		uint8_t __iomem *p = ecam_register(f, reg);

		if (p)
			writeb(p, v);
	}
	spin_unlock(&pci_lock);
}

void pci_write16(sbdf_t f, unsigned int reg, uint16_t v)
{
	spin_lock(&pci_lock);
	if (cf8_select(f, reg)) {
		outw((uint16_t)(PCI_DATA + (reg & 2)), v);
	} else {
		uint8_t __iomem *p = ecam_register(f, reg);

		if (p)
			writew(p, v);
	}
	spin_unlock(&pci_lock);
}

void pci_write32(sbdf_t f, unsigned int reg, uint32_t v)
{
	spin_lock(&pci_lock);
	if (cf8_select(f, reg)) {
		outl(PCI_DATA, v);
	} else {
		uint8_t __iomem *p = ecam_register(f, reg);

		if (p)
			writel(p, v);
	}
	spin_unlock(&pci_lock);
}

static bool answers(sbdf_t f)
{
	return pci_read16(f, PCI_VENDOR_ID) != 0xffff;
}

static void mark(uint32_t *buses, unsigned int bus)
{
	buses[bus / 32] |= 1u << (bus % 32);
}

/* Firmware gave every bridge the range of buses behind it. */
static void mark_behind(sbdf_t f, uint32_t *buses)
{
	if ((pci_read8(f, PCI_HEADER_TYPE) & PCI_HEADER_TYPE_MASK) == PCI_HEADER_BRIDGE)
		mark(buses, pci_read8(f, PCI_SECONDARY));
}

static bool visit_device(unsigned int bus, unsigned int dev, uint32_t *buses,
			 bool (*visit)(sbdf_t f, void *ctx), void *ctx)
{
	if (!answers(sbdf(0, bus, dev, 0)))
		return false;
	unsigned int fns =
		pci_read8(sbdf(0, bus, dev, 0), PCI_HEADER_TYPE) & PCI_HEADER_MULTI ? 8 : 1;
	for (unsigned int fn = 0; fn < fns; fn++) {
		sbdf_t f = sbdf(0, bus, dev, fn);

		if (!answers(f))
			continue;
		mark_behind(f, buses);
		if (visit(f, ctx))
			return true;
	}
	return false;
}

bool pci_for_each(bool (*visit)(sbdf_t f, void *ctx), void *ctx)
{
	uint32_t buses[8] = {1};

	for (unsigned int bus = 0; bus < 256; bus++) {
		if (!(buses[bus / 32] & 1u << (bus % 32)))
			continue;
		for (unsigned int dev = 0; dev < 32; dev++) {
			if (visit_device(bus, dev, buses, visit, ctx))
				return true;
		}
	}
	return false;
}

struct wanted {
	uint32_t id;
	sbdf_t found;
};

static bool has_id(sbdf_t f, void *ctx)
{
	struct wanted *w = ctx;

	w->found = f;
	return pci_read32(f, PCI_VENDOR_ID) == w->id;
}

bool pci_find(uint16_t vendor, uint16_t device, sbdf_t *f)
{
	struct wanted w = {.id = (uint32_t)device << 16 | vendor};

	if (!pci_for_each(has_id, &w))
		return false;
	*f = w.found;
	return true;
}

unsigned int pci_find_cap(sbdf_t f, uint8_t cap_id)
{
	if (!(pci_read16(f, PCI_STATUS) & PCI_STATUS_CAP))
		return 0;
	unsigned int at = pci_read8(f, PCI_CAP_PTR) & 0xfc;
	for (unsigned int n = 0; at >= 0x40 && n < 48; n++) {
		if (pci_read8(f, at) == cap_id)
			return at;
		at = pci_read8(f, at + 1) & 0xfc;
	}
	return 0;
}

maddr_t pci_bar_mem(sbdf_t f, unsigned int bar)
{
	uint32_t low = pci_read32(f, PCI_BAR0 + 4 * bar), high = 0;

	if ((low & 1) || low == 0xffffffff)
		return maddr(0);
	if ((low & 6) == 4 && bar < 5)
		high = pci_read32(f, PCI_BAR0 + 4 * (bar + 1));
	return maddr((uint64_t)high << 32 | (low & ~0xfu));
}
