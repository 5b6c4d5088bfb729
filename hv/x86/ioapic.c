/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* I/O APICs.  Lock: ioapic_lock, over each one's index register. */
#include "asm.h"
#include "errno.h"
#include "ioapic.h"
#include "paging.h"
#include "printk.h"
#include "spinlock.h"

#define IOAPIC_REGSEL 0x00
#define IOAPIC_WIN    0x10
#define IOAPIC_LEN    0x20

#define IOAPIC_VER    0x01
#define IOAPIC_RTE(n) (0x10 + 2 * (n))

#define RTE_ACTIVE_LOW 0x02000
#define RTE_LEVEL      0x08000
#define RTE_MASKED     0x10000

struct ioapic {
	uint8_t __iomem *regs; /* (o) NULL: could not be mapped, or is not there */
	uint32_t gsi_base;     /* (o) */
	uint32_t pins;	       /* (o) */
};

static struct ioapic ioapics[ACPI_MAX_IOAPICS] ro_after_init;
static struct spinlock ioapic_lock = SPINLOCK_INIT;

static uint32_t ioapic_read(const struct ioapic *io, uint32_t reg)
{
	writel(io->regs + IOAPIC_REGSEL, reg);
	return readl(io->regs + IOAPIC_WIN);
}

static void ioapic_write(const struct ioapic *io, uint32_t reg, uint32_t value)
{
	writel(io->regs + IOAPIC_REGSEL, reg);
	writel(io->regs + IOAPIC_WIN, value);
}

static void ioapic_setup(struct ioapic *io, const struct acpi_ioapic *from)
{
	io->regs = hv_map_mmio(from->address, IOAPIC_LEN);
	io->gsi_base = from->gsi_base;
	if (!io->regs)
		return;
	uint32_t version = ioapic_read(io, IOAPIC_VER);
	if (version == 0xffffffff) {
		printk("IOAPIC: nothing answers at 0x%llx\n", (unsigned long long)from->address.ma);
		io->regs = NULL;
		return;
	}
	io->pins = ((version >> 16) & 0xff) + 1;
	for (uint32_t pin = 0; pin < io->pins; pin++)
		ioapic_write(io, IOAPIC_RTE(pin), RTE_MASKED);
}

void ioapic_init(void)
{
	for (unsigned int i = 0; i < acpi_info.nr_ioapics; i++)
		ioapic_setup(&ioapics[i], &acpi_info.ioapic[i]);
}

static const struct ioapic *ioapic_of(uint32_t gsi)
{
	for (unsigned int i = 0; i < ACPI_MAX_IOAPICS; i++) {
		const struct ioapic *io = &ioapics[i];

		if (io->regs && gsi >= io->gsi_base && gsi - io->gsi_base < io->pins)
			return io;
	}
	return NULL;
}

int ioapic_route(struct acpi_irq irq, uint8_t vector, uint32_t apic_id)
{
	const struct ioapic *io = ioapic_of(irq.gsi);
	uint32_t low = vector;

	if (!io)
		return -ENODEV;
	if (apic_id > 0xfe)
		return -ERANGE;
	if (irq.level)
		low |= RTE_LEVEL;
	if (irq.active_low)
		low |= RTE_ACTIVE_LOW;
	uint32_t reg = IOAPIC_RTE(irq.gsi - io->gsi_base);
	spin_lock(&ioapic_lock);
	ioapic_write(io, reg, low | RTE_MASKED);
	ioapic_write(io, reg + 1, apic_id << 24);
	ioapic_write(io, reg, low);
	spin_unlock(&ioapic_lock);
	return 0;
}

static void ioapic_set_mask(uint32_t gsi, bool masked)
{
	const struct ioapic *io = ioapic_of(gsi);

	if (!io)
		return;
	uint32_t reg = IOAPIC_RTE(gsi - io->gsi_base);
	spin_lock(&ioapic_lock);
	uint32_t low = ioapic_read(io, reg);
	ioapic_write(io, reg, masked ? low | RTE_MASKED : low & ~(uint32_t)RTE_MASKED);
	spin_unlock(&ioapic_lock);
}

void ioapic_mask(uint32_t gsi)
{
	ioapic_set_mask(gsi, true);
}

void ioapic_unmask(uint32_t gsi)
{
	ioapic_set_mask(gsi, false);
}
