/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The 16550 itself: probing, FIFOs, rings, BREAK.  Where its registers are is
 * uart_bus.c's business; the lock is the caller's.
 */
#include "errno.h"
#include "uart.h"
#include "uart_reg.h"

/* No device needs more turns in one go than its FIFOs are deep, many times over. */
#define SERVICE_TURNS 4096u

/* Bytes that may stand in the receive FIFO before the BREAK's own. */
#define BREAK_BACKLOG 256u

static uint8_t uart_in(const struct uart *u, unsigned int reg)
{
	return u->ops->in(u, reg);
}

static void uart_out(const struct uart *u, unsigned int reg, uint8_t value)
{
	u->ops->out(u, reg, value);
}

static bool uart_holds(const struct uart *u, unsigned int reg, uint8_t value)
{
	uart_out(u, reg, value);
	return uart_in(u, reg) == value;
}

static bool uart_answers(const struct uart *u)
{
	if (uart_in(u, UART_LSR) == 0xff)
		return false;
	uart_out(u, UART_LCR, UART_LCR_8N1);
	if (uart_holds(u, UART_SCR, 0x5a) && uart_holds(u, UART_SCR, 0xa5))
		return true;
	/* The 8250 has no scratch register; the low half of IER can always be read back. */
	bool answers = uart_holds(u, UART_IER, UART_IER_ELSI) && uart_holds(u, UART_IER, 0);
	uart_out(u, UART_IER, 0);
	return answers;
}

static void uart_set_baud(const struct uart *u)
{
	uint32_t divisor = u->baud < UART_CLOCK_BAUD ? UART_CLOCK_BAUD / u->baud : 1;

	if (divisor > 0xffff)
		divisor = 0xffff;
	uart_out(u, UART_LCR, UART_LCR_8N1 | UART_LCR_DLAB);
	uart_out(u, UART_DLL, (uint8_t)divisor);
	uart_out(u, UART_DLM, (uint8_t)(divisor >> 8));
	uart_out(u, UART_LCR, UART_LCR_8N1);
}

int uart_init(struct uart *u)
{
	u->present = false;
	if (!uart_answers(u))
		return -ENODEV;
	uart_out(u, UART_IER, 0);
	u->ier = 0;
	if (u->baud)
		uart_set_baud(u);
	uart_out(u, UART_FCR,
		 UART_FCR_ENABLE | UART_FCR_CLEAR_RX | UART_FCR_CLEAR_TX | UART_FCR_TRIGGER_8);
	u->fifo = (uart_in(u, UART_IIR) & UART_IIR_FIFO) == UART_IIR_FIFO ? 16 : 1;
	uart_out(u, UART_MCR, UART_MCR_DTR | UART_MCR_RTS | UART_MCR_OUT2);
	u->present = true;
	u->dead = false;
	return 0;
}

static uint32_t tx_pending(const struct uart *u)
{
	return u->tx_prod - u->tx_cons;
}

size_t uart_tx_room(const struct uart *u)
{
	return UART_TX_SIZE - tx_pending(u);
}

static void tx_forget(struct uart *u)
{
	u->tx_cons = u->tx_prod;
}

/* The holding register is empty: THRE speaks for the whole FIFO. */
static void tx_fill(struct uart *u)
{
	for (unsigned int i = 0; i < u->fifo && tx_pending(u); i++)
		uart_out(u, UART_THR, u->tx[u->tx_cons++ % UART_TX_SIZE]);
	u->dead = false;
}

/* ETBEI is on exactly while bytes wait. */
static void tx_update_ier(struct uart *u)
{
	uint8_t ier = UART_IER_ERBFI | UART_IER_ELSI;

	if (!u->irq)
		return;
	if (tx_pending(u))
		ier |= UART_IER_ETBEI;
	if (ier == u->ier)
		return;
	u->ier = ier;
	uart_out(u, UART_IER, ier);
}

static void rx_put(struct uart *u, uint8_t byte)
{
	if (u->rx_prod - u->rx_cons == UART_RX_SIZE)
		u->rx_lost++;
	else
		u->rx[u->rx_prod++ % UART_RX_SIZE] = byte;
}

/*
 * LSR, for whatever end: a read clears the error bits in the device, so those that
 * the receiver lives by are kept for it.
 */
static uint8_t lsr_read(struct uart *u)
{
	uint8_t lsr = uart_in(u, UART_LSR);

	if (lsr != 0xff)
		u->lsr_kept |= lsr & (UART_LSR_OE | UART_LSR_BI);
	return lsr;
}

/* LSR for the receiver, with what was kept; 0xff when the device has gone. */
static uint8_t lsr_take(struct uart *u)
{
	uint8_t lsr = uart_in(u, UART_LSR);

	if (lsr == 0xff)
		return lsr;
	lsr |= u->lsr_kept;
	u->lsr_kept = 0;
	return lsr;
}

/*
 * Everything up to and including the BREAK's zero byte is dropped.  BI belongs
 * to the byte at the head of the FIFO, so that is the very next one; QEMU sets it
 * at once, with older bytes still in front.
 */
static void rx_break(struct uart *u)
{
	for (unsigned int i = 0; i < BREAK_BACKLOG; i++) {
		if (uart_in(u, UART_RBR) == 0 || !(uart_in(u, UART_LSR) & UART_LSR_DR))
			break;
	}
	u->rx_cons = u->rx_prod;
	u->breaks++;
}

static unsigned int rx_one(struct uart *u, uint8_t lsr)
{
	if (lsr & UART_LSR_OE)
		u->overruns++;
	if (lsr & UART_LSR_BI) {
		rx_break(u);
		return UART_EV_BREAK;
	}
	rx_put(u, uart_in(u, UART_RBR));
	return UART_EV_INPUT;
}

unsigned int uart_service(struct uart *u)
{
	unsigned int events = 0;

	if (!u->present)
		return 0;
	for (unsigned int i = 0; i < SERVICE_TURNS; i++) {
		uint8_t lsr = lsr_take(u);

		if (lsr == 0xff) /* unplugged */
			break;
		if (lsr & (UART_LSR_DR | UART_LSR_BI)) {
			unsigned int ev = rx_one(u, lsr);

			if (ev == UART_EV_BREAK)
				events &= ~UART_EV_INPUT;
			events |= ev;
		} else if ((lsr & UART_LSR_THRE) && tx_pending(u)) {
			tx_fill(u);
			events |= UART_EV_SENT;
		} else if (uart_in(u, UART_IIR) & UART_IIR_NO_INT) {
			/* The line is low now: an edge-triggered pin can rise again. */
			break;
		}
	}
	tx_update_ier(u);
	return events;
}

void uart_start(struct uart *u, bool irq)
{
	if (!u->present)
		return;
	u->irq = irq;
	if (irq)
		tx_update_ier(u);
}

size_t uart_write(struct uart *u, const uint8_t *buf, size_t n)
{
	uint8_t lsr;

	if (!u->present)
		return n;
	lsr = lsr_read(u);
	if (lsr == 0xff || (u->dead && !(lsr & UART_LSR_THRE)))
		return n;
	if (n > uart_tx_room(u))
		n = uart_tx_room(u);
	for (size_t i = 0; i < n; i++)
		u->tx[u->tx_prod++ % UART_TX_SIZE] = buf[i];
	if (lsr & UART_LSR_THRE)
		tx_fill(u);
	tx_update_ier(u);
	return n;
}

size_t uart_read(struct uart *u, uint8_t *buf, size_t n)
{
	size_t done = 0;

	while (done < n && u->rx_cons != u->rx_prod)
		buf[done++] = u->rx[u->rx_cons++ % UART_RX_SIZE];
	return done;
}

void uart_drain(struct uart *u, size_t room, unsigned long spins)
{
	unsigned long idle = 0;

	while (u->present && uart_tx_room(u) < room) {
		uint8_t lsr = lsr_read(u);

		if (lsr == 0xff || ++idle > spins) {
			u->dead = true;
			tx_forget(u);
		} else if (lsr & UART_LSR_THRE) {
			tx_fill(u);
			idle = 0;
		}
	}
	tx_update_ier(u);
}

void uart_wait_sent(const struct uart *u, unsigned long spins)
{
	if (!u->present || u->dead)
		return;
	while (spins-- && !(uart_in(u, UART_LSR) & UART_LSR_TEMT))
		;
}
