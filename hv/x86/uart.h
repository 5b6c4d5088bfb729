/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A 16550 and what is like it: registers at I/O ports, in memory, or behind a
 * PCI function.  The driver proper (uart.c) reaches its registers through two
 * functions and is pure; rings belong to it, the lock to its caller.
 * Source: National Semiconductor PC16550D datasheet.
 */
#ifndef HV_X86_UART_H
#define HV_X86_UART_H

#include "compiler.h"
#include "types.h"

#define UART_RX_SIZE 16384u /* powers of two */
#define UART_TX_SIZE 16384u

struct uart;

struct uart_ops {
	uint8_t (*in)(const struct uart *u, unsigned int reg);
	void (*out)(const struct uart *u, unsigned int reg, uint8_t value);
};

struct uart {
	const struct uart_ops *ops;
	uint16_t port;	       /* (o) */
	uint8_t stride_shift;  /* (o) register n is at n << stride_shift */
	uint8_t access_size;   /* (o) bytes a memory access: 1 or 4 */
	uint8_t __iomem *mmio; /* (o) */
	uint32_t baud;	       /* (o) 0: as the firmware left it */
	unsigned int fifo;     /* (o) depth of the transmit FIFO */
	bool present;	       /* false: written bytes vanish */
	bool irq;	       /* interrupts are in use */
	bool dead;	       /* stopped taking bytes; tried again on each interrupt */
	uint8_t ier;
	uint8_t lsr_kept; /* OE and BI that a read for other ends has taken from the device */
	uint32_t rx_prod, rx_cons, tx_prod, tx_cons;
	uint32_t rx_lost, overruns, breaks;
	uint8_t rx[UART_RX_SIZE];
	uint8_t tx[UART_TX_SIZE];
};

/* What uart_interrupt() and uart_poll() saw. */
#define UART_EV_INPUT 0x1u
#define UART_EV_BREAK 0x2u /* rx holds only what came after it */
#define UART_EV_SENT  0x4u /* bytes left the transmit ring */

/* Probe and set up for polled output; u->ops, baud and place are filled in.  -ENODEV: nothing
 * answers. */
int must_check uart_init(struct uart *u);

/* Receive from now on; with irq also raise interrupts both ways. */
void uart_start(struct uart *u, bool irq);

/* Serve the device until it has nothing more to say; bounded.  Returns UART_EV_*. */
unsigned int uart_service(struct uart *u);

/* Queue up to n bytes, start the transmitter; returns how many fitted. */
size_t uart_write(struct uart *u, const uint8_t *buf, size_t n);

/* Take up to n received bytes. */
size_t uart_read(struct uart *u, uint8_t *buf, size_t n);

size_t uart_tx_room(const struct uart *u);

/*
 * Push queued bytes out by polling until at least `room` bytes are free.  Gives up, and marks
 * the UART dead, when the transmitter takes nothing for `spins` polls.
 */
void uart_drain(struct uart *u, size_t room, unsigned long spins);

/* Wait until the last bit of what was drained is on the line, at most `spins` polls. */
void uart_wait_sent(const struct uart *u, unsigned long spins);

/* Registers at ports and in memory. */
extern const struct uart_ops uart_port_ops, uart_mmio_ops;

/* Where a UART is: `console=` taken apart.  Pure. */
enum uart_bus { UART_AUTO, UART_IO, UART_MMIO, UART_PCI };
struct uart_place {
	enum uart_bus bus;
	uint64_t address; /* port or machine address */
	uint8_t pci_bus, pci_dev, pci_fn;
	uint32_t baud; /* 0: not given */
};

/* 0, or -EINVAL: not `auto | io:PORT | mmio:ADDR | pci:BB:DD.F` with an optional `,BAUD`. */
int must_check uart_parse_place(const char *option, struct uart_place *place);

#endif /* HV_X86_UART_H */
