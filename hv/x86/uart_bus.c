/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Where a UART's registers are: ports, memory, and the words of `console=`. */
#include "asm.h"
#include "errno.h"
#include "uart.h"

static uint8_t port_in(const struct uart *u, unsigned int reg)
{
	return inb((uint16_t)(u->port + (reg << u->stride_shift)));
}

static void port_out(const struct uart *u, unsigned int reg, uint8_t value)
{
	outb((uint16_t)(u->port + (reg << u->stride_shift)), value);
}

const struct uart_ops uart_port_ops = {port_in, port_out};

static uint8_t mmio_in(const struct uart *u, unsigned int reg)
{
	uint8_t __iomem *p = u->mmio + (reg << u->stride_shift);

	return u->access_size == 4 ? (uint8_t)readl(p) : readb(p);
}

static void mmio_out(const struct uart *u, unsigned int reg, uint8_t value)
{
	uint8_t __iomem *p = u->mmio + (reg << u->stride_shift);

	if (u->access_size == 4)
		writel(p, value);
	else
		writeb(p, value);
}

const struct uart_ops uart_mmio_ops = {mmio_in, mmio_out};

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* Read a number of that base up to max; false when there is none. */
static bool number(const char **s, int base, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;

	if (digit(**s) >= base)
		return false;
	while (digit(**s) < base) {
		uint64_t d = (uint64_t)digit(*(*s)++);

		if (d > max || v > (max - d) / (uint64_t)base)
			return false;
		v = v * (uint64_t)base + d;
	}
	*value = v;
	return true;
}

static bool c_number(const char **s, uint64_t max, uint64_t *value)
{
	if ((*s)[0] == '0' && ((*s)[1] == 'x' || (*s)[1] == 'X')) {
		*s += 2;
		return number(s, 16, max, value);
	}
	return number(s, 10, max, value);
}

static bool prefix(const char **s, const char *word)
{
	const char *p = *s;

	while (*word) {
		if (*p++ != *word++)
			return false;
	}
	*s = p;
	return true;
}

static bool pci_place(const char **s, struct uart_place *place)
{
	uint64_t bus, dev, fn;

	if (!number(s, 16, 0xff, &bus) || !prefix(s, ":") || !number(s, 16, 0x1f, &dev) ||
	    !prefix(s, ".") || !number(s, 8, 7, &fn))
		return false;
	place->bus = UART_PCI;
	place->pci_bus = (uint8_t)bus;
	place->pci_dev = (uint8_t)dev;
	place->pci_fn = (uint8_t)fn;
	return true;
}

static bool place_itself(const char **s, struct uart_place *place)
{
	if (prefix(s, "auto"))
		return true;
	if (prefix(s, "io:")) {
		place->bus = UART_IO;
		return c_number(s, 0xfff8, &place->address);
	}
	if (prefix(s, "mmio:")) {
		place->bus = UART_MMIO;
		return c_number(s, (1ull << 52) - PAGE_SIZE, &place->address);
	}
	return prefix(s, "pci:") && pci_place(s, place);
}

int uart_parse_place(const char *option, struct uart_place *place)
{
	const char *s = option;
	uint64_t baud = 0;

	*place = (struct uart_place){.bus = UART_AUTO};
	if (!place_itself(&s, place))
		return -EINVAL;
	if (prefix(&s, ",") && (!c_number(&s, 4000000, &baud) || baud == 0))
		return -EINVAL;
	place->baud = (uint32_t)baud;
	return *s ? -EINVAL : 0;
}
