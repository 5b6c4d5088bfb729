/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* See uart_find.h. */
#include "errno.h"
#include "paging.h"
#include "pci.h"
#include "printk.h"
#include "uart_find.h"

#define COM1	     0x3f8
#define DEFAULT_BAUD 115200

/* Space of the largest register file we know: eight registers four bytes apart. */
#define MMIO_LEN 32

static int try_port(struct uart *u, uint64_t port, uint32_t baud)
{
	u->ops = &uart_port_ops;
	u->port = (uint16_t)port;
	u->stride_shift = 0;
	u->baud = baud;
	return uart_init(u);
}

static int try_mmio(struct uart *u, unsigned int stride_shift, unsigned int access_size)
{
	u->stride_shift = (uint8_t)stride_shift;
	u->access_size = (uint8_t)access_size;
	return uart_init(u);
}

/* SPCR may say how the registers lie; else bytes side by side, then words of four. */
static int try_memory(struct uart *u, uint64_t address, uint32_t baud, const struct acpi_gas *gas)
{
	u->ops = &uart_mmio_ops;
	u->mmio = hv_map_mmio(maddr(address), MMIO_LEN);
	u->baud = baud;
	if (!u->mmio)
		return -ENOMEM;
	if (gas && gas->access_size == 3)
		return try_mmio(u, 2, 4);
	if (gas)
		return try_mmio(u, gas->bit_width == 32 ? 2 : gas->bit_width == 16 ? 1 : 0, 1);
	if (try_mmio(u, 0, 1) == 0)
		return 0;
	return try_mmio(u, 2, 4);
}

static int try_pci(struct uart *u, const struct uart_place *p, uint32_t baud)
{
	sbdf_t f = sbdf(0, p->pci_bus, p->pci_dev, p->pci_fn);
	uint32_t bar = pci_read32(f, PCI_BAR0);
	uint16_t command = pci_read16(f, PCI_COMMAND);

	if (pci_read16(f, PCI_VENDOR_ID) == 0xffff)
		return -ENODEV;
	pci_write16(f, PCI_COMMAND, command | PCI_COMMAND_IO | PCI_COMMAND_MEMORY);
	if (bar & 1)
		return (bar & 0xfffc) ? try_port(u, bar & 0xfffc, baud) : -ENODEV;
	maddr_t ma = pci_bar_mem(f, 0);
	return ma.ma ? try_memory(u, ma.ma, baud, NULL) : -ENODEV;
}

static bool spcr_is(const struct acpi_spcr *spcr, uint8_t space, uint64_t address)
{
	return spcr->present && spcr->base.space == space && spcr->base.address == address;
}

static int try_place(struct uart *u, const struct uart_place *p)
{
	const struct acpi_spcr *spcr = &acpi_info.spcr;
	uint32_t baud = p->baud ? p->baud : DEFAULT_BAUD;

	switch (p->bus) {
	case UART_IO: return try_port(u, p->address, baud);
	case UART_MMIO:
		return try_memory(u, p->address, baud,
				  spcr_is(spcr, ACPI_SPACE_MEMORY, p->address) ? &spcr->base
									       : NULL);
	case UART_PCI: return try_pci(u, p, baud);
	case UART_AUTO: break;
	}
	return -ENODEV;
}

static void name_it(struct uart_found *found, uint32_t baud)
{
	const struct uart_place *p = &found->place;
	char at[24] = "none", rate[12] = "";

	if (p->bus == UART_IO)
		hv_snprintf(at, sizeof(at), "io:0x%x", (unsigned int)p->address);
	else if (p->bus == UART_MMIO)
		hv_snprintf(at, sizeof(at), "mmio:0x%llx", (unsigned long long)p->address);
	else if (p->bus == UART_PCI)
		hv_snprintf(at, sizeof(at), "pci:%02x:%02x.%x", p->pci_bus, p->pci_dev, p->pci_fn);
	if (p->bus != UART_AUTO && baud)
		hv_snprintf(rate, sizeof(rate), ",%u", baud);
	hv_snprintf(found->name, sizeof(found->name), "%s%s", at, rate);
}

int uart_find_option(const char *option, struct uart *u, struct uart_found *found)
{
	int rc = -EAGAIN;

	found->understood = !option || uart_parse_place(option, &found->place) == 0;
	if (!found->understood || !option)
		found->place = (struct uart_place){.bus = UART_AUTO};
	if (found->place.bus != UART_AUTO)
		rc = try_place(u, &found->place);
	found->deferred = rc != 0;
	name_it(found, u->baud);
	return rc;
}

int uart_find_last_resort(struct uart *u, struct uart_found *found)
{
	found->place = (struct uart_place){.bus = UART_IO, .address = COM1};
	int rc = try_place(u, &found->place);
	if (rc)
		found->place.bus = UART_AUTO;
	name_it(found, u->baud);
	return rc;
}

static bool spcr_usable(const struct acpi_spcr *spcr)
{
	return spcr->present && spcr->base.address &&
	       (spcr->interface <= 1 || spcr->interface == 0x12) &&
	       (spcr->base.space == ACPI_SPACE_IO || spcr->base.space == ACPI_SPACE_MEMORY);
}

/* The firmware's own console; a rate that it leaves open stays as it set it. */
static int try_spcr(struct uart *u, struct uart_found *found)
{
	const struct acpi_spcr *spcr = &acpi_info.spcr;
	uint32_t baud = found->place.baud ? found->place.baud : spcr->baud;

	if (!spcr_usable(spcr))
		return -ENODEV;
	found->place.address = spcr->base.address;
	if (spcr->base.space == ACPI_SPACE_IO) {
		found->place.bus = UART_IO;
		return try_port(u, spcr->base.address, baud);
	}
	found->place.bus = UART_MMIO;
	return try_memory(u, spcr->base.address, baud, &spcr->base);
}

static int try_com1(struct uart *u, struct uart_found *found)
{
	if (!acpi_info.fadt.legacy_devices)
		return -ENODEV;
	found->place.bus = UART_IO;
	found->place.address = COM1;
	return try_place(u, &found->place);
}

/* A GSI beyond ISA's that is not described: as PCI wires them. */
static struct acpi_irq gsi_irq(uint32_t gsi)
{
	if (gsi < 16)
		return acpi_isa_irq(&acpi_info, (uint8_t)gsi);
	return (struct acpi_irq){.gsi = gsi, .level = true, .active_low = true};
}

static void find_irq(struct uart_found *found)
{
	const struct acpi_spcr *spcr = &acpi_info.spcr;
	const struct uart_place *p = &found->place;
	uint8_t space = p->bus == UART_IO ? ACPI_SPACE_IO : ACPI_SPACE_MEMORY;

	if (p->bus != UART_AUTO && p->bus != UART_PCI && spcr_is(spcr, space, p->address) &&
	    (spcr->gsi_irq || spcr->isa_irq)) {
		found->irq =
			spcr->gsi_irq ? gsi_irq(spcr->gsi) : acpi_isa_irq(&acpi_info, spcr->irq);
		found->has_irq = true;
	} else if (p->bus == UART_IO && (p->address == 0x3f8 || p->address == 0x3e8)) {
		found->irq = acpi_isa_irq(&acpi_info, 4);
		found->has_irq = true;
	} else if (p->bus == UART_IO && (p->address == 0x2f8 || p->address == 0x2e8)) {
		found->irq = acpi_isa_irq(&acpi_info, 3);
		found->has_irq = true;
	}
}

int uart_find_acpi(struct uart *u, struct uart_found *found)
{
	int rc = 0;

	if (!u->present) {
		rc = try_spcr(u, found);
		if (rc)
			rc = try_com1(u, found);
		if (rc)
			found->place.bus = UART_AUTO;
		name_it(found, u->baud);
	}
	found->deferred = false;
	find_irq(found);
	return rc;
}
