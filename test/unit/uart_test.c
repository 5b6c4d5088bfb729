/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The 16550 driver against a model of the chip: FIFO depths, THRE, BREAK as
 * hardware and as QEMU report it, full rings, a transmitter that is stuck, a port
 * with nothing behind it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "errno.h"
#include "x86/uart.h"
#include "x86/uart_reg.h"

#define FIFO 16

static struct {
	bool absent, stuck, no_scratch, no_fifo, unplugged;
	uint8_t lcr, ier, scr, mcr, dll, dlm, fcr;
	struct {
		uint8_t byte;
		bool brk;
	} rx[FIFO];
	unsigned int rx_n;
	bool early_break; /* QEMU: BI is seen before its byte is at the head */
	bool overrun, thre_pending;
	unsigned int tx_n;   /* bytes in the transmit FIFO */
	unsigned int tx_lag; /* LSR reads until they are gone */
	char line[100000];   /* what went out */
	size_t line_n;
	unsigned int ios;
} chip;

static void rx_shift(void)
{
	memmove(chip.rx, chip.rx + 1, sizeof(chip.rx) - sizeof(chip.rx[0]));
	chip.rx_n--;
}

static uint8_t chip_lsr(void)
{
	uint8_t v = chip.rx_n ? UART_LSR_DR : 0;

	if (chip.unplugged)
		return 0xff;
	if (chip.early_break || (chip.rx_n && chip.rx[0].brk))
		v |= UART_LSR_BI;
	chip.early_break = false;
	chip.rx[0].brk = false; /* a read clears it, whoever reads */
	if (chip.overrun)
		v |= UART_LSR_OE;
	chip.overrun = false;
	if (chip.tx_n && !chip.stuck && chip.tx_lag-- == 0) {
		chip.tx_n = 0;
		chip.thre_pending = true;
	}
	if (chip.tx_n == 0 && !chip.stuck)
		v |= UART_LSR_THRE | UART_LSR_TEMT;
	return v;
}

static uint8_t chip_iir(void)
{
	uint8_t fifo = (chip.fcr & UART_FCR_ENABLE) && !chip.no_fifo ? UART_IIR_FIFO : 0;

	if (chip.rx_n && (chip.ier & UART_IER_ERBFI))
		return fifo | 0x04;
	if (chip.thre_pending && (chip.ier & UART_IER_ETBEI)) {
		chip.thre_pending = false;
		return fifo | 0x02;
	}
	return fifo | UART_IIR_NO_INT;
}

static uint8_t chip_in(const struct uart *u, unsigned int reg)
{
	(void)u;
	chip.ios++;
	assert_true(chip.ios < 10000000);
	if (chip.absent)
		return 0xff;
	switch (reg) {
	case UART_RBR:
		if (chip.lcr & UART_LCR_DLAB)
			return chip.dll;
		if (chip.rx_n == 0)
			return 0;
		uint8_t byte = chip.rx[0].byte;
		rx_shift();
		return byte;
	case UART_IER: return chip.ier;
	case UART_IIR: return chip_iir();
	case UART_LCR: return chip.lcr;
	case UART_MCR: return chip.mcr;
	case UART_LSR: return chip_lsr();
	case UART_SCR: return chip.no_scratch ? 0 : chip.scr;
	default: return 0;
	}
}

static void chip_out(const struct uart *u, unsigned int reg, uint8_t value)
{
	(void)u;
	chip.ios++;
	switch (reg) {
	case UART_THR:
		if (chip.lcr & UART_LCR_DLAB) {
			chip.dll = value;
			break;
		}
		assert_true(chip.tx_n < (chip.no_fifo ? 1 : FIFO)); /* else it is lost */
		assert_true(chip.line_n < sizeof(chip.line));
		chip.line[chip.line_n++] = (char)value;
		chip.tx_n++;
		chip.tx_lag = 3;
		break;
	case UART_IER:
		if (chip.lcr & UART_LCR_DLAB) {
			chip.dlm = value;
			break;
		}
		if ((value & UART_IER_ETBEI) && !(chip.ier & UART_IER_ETBEI) && chip.tx_n == 0)
			chip.thre_pending = true;
		chip.ier = value & 0xf;
		break;
	case UART_FCR: chip.fcr = value; break;
	case UART_LCR: chip.lcr = value; break;
	case UART_MCR: chip.mcr = value; break;
	case UART_SCR: chip.scr = value; break;
	default: break;
	}
}

static const struct uart_ops chip_ops = {chip_in, chip_out};
static struct uart u;

static void chip_receive(uint8_t byte)
{
	if (chip.rx_n == FIFO) {
		chip.overrun = true;
		return;
	}
	chip.rx[chip.rx_n].byte = byte;
	chip.rx[chip.rx_n++].brk = false;
}

static int fresh(void **state)
{
	(void)state;
	memset(&chip, 0, sizeof(chip));
	memset(&u, 0, sizeof(u));
	u.ops = &chip_ops;
	u.baud = 115200;
	return 0;
}

static void started(bool irq)
{
	assert_int_equal(uart_init(&u), 0);
	uart_start(&u, irq);
}

static void sets_the_line_up(void **state)
{
	(void)state;
	u.baud = 9600;
	assert_int_equal(uart_init(&u), 0);
	assert_int_equal(chip.dll | chip.dlm << 8, 12);
	assert_int_equal(chip.lcr, UART_LCR_8N1);
	assert_true(chip.mcr & UART_MCR_OUT2);
	assert_int_equal(u.fifo, 16);
	assert_int_equal(chip.ier, 0);
}

static void leaves_the_rate_alone(void **state)
{
	(void)state;
	chip.dll = 77;
	u.baud = 0;
	assert_int_equal(uart_init(&u), 0);
	assert_int_equal(chip.dll, 77);
}

static void absent_is_seen(void **state)
{
	(void)state;
	chip.absent = true;
	assert_int_equal(uart_init(&u), -ENODEV);
	assert_int_equal(uart_write(&u, (const uint8_t *)"abc", 3), 3);
	uart_drain(&u, UART_TX_SIZE, 100);
	assert_int_equal(uart_service(&u), 0);
	assert_true(chip.ios < 10);
}

static void an_8250_will_do(void **state)
{
	(void)state;
	chip.no_scratch = true;
	chip.no_fifo = true;
	started(false);
	assert_int_equal(u.fifo, 1);
	uart_write(&u, (const uint8_t *)"hello", 5);
	uart_drain(&u, UART_TX_SIZE, 100);
	assert_memory_equal(chip.line, "hello", 5);
}

static void sends_by_polling(void **state)
{
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text));
	started(false);
	assert_int_equal(uart_write(&u, (uint8_t *)text, sizeof(text)), sizeof(text));
	uart_drain(&u, UART_TX_SIZE, 100);
	assert_int_equal(chip.line_n, sizeof(text));
	assert_int_equal(chip.ier, 0);
}

static void sends_by_interrupt(void **state)
{
	char text[5000];
	unsigned int turns = 0;

	(void)state;
	for (unsigned int i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	started(true);
	assert_int_equal(uart_write(&u, (uint8_t *)text, sizeof(text)), sizeof(text));
	while (chip.ier & UART_IER_ETBEI) {
		uart_service(&u);
		assert_true(++turns < 10000);
	}
	assert_int_equal(chip.line_n, sizeof(text));
	assert_memory_equal(chip.line, text, sizeof(text));
	assert_int_equal(chip.ier, UART_IER_ERBFI | UART_IER_ELSI);
}

static void full_ring_takes_no_more(void **state)
{
	static uint8_t text[UART_TX_SIZE + 100];

	(void)state;
	started(true);
	chip.tx_n = 1;
	chip.tx_lag = 1000000;
	assert_int_equal(uart_write(&u, text, sizeof(text)), UART_TX_SIZE);
	assert_int_equal(uart_write(&u, text, 1), 0);
	assert_int_equal(uart_tx_room(&u), 0);
}

static void stuck_transmitter_is_given_up(void **state)
{
	(void)state;
	started(false);
	chip.stuck = true;
	uart_write(&u, (const uint8_t *)"abc", 3);
	uart_drain(&u, UART_TX_SIZE, 1000);
	assert_true(u.dead);
	assert_true(chip.ios < 1100);
	/* it costs next to nothing from now on */
	chip.ios = 0;
	assert_int_equal(uart_write(&u, (const uint8_t *)"def", 3), 3);
	uart_drain(&u, UART_TX_SIZE, 1000);
	assert_true(chip.ios < 5);
	/* and comes back by itself */
	chip.stuck = false;
	assert_int_equal(uart_write(&u, (const uint8_t *)"ghi", 3), 3);
	assert_false(u.dead);
	assert_memory_equal(chip.line, "ghi", 3);
}

static void unplugged_ends_the_service(void **state)
{
	(void)state;
	started(true);
	chip.unplugged = true;
	assert_int_equal(uart_service(&u), 0);
	uart_drain(&u, UART_TX_SIZE, 1000);
}

static void paste_of_4_kib_is_lossless(void **state)
{
	uint8_t out[4096];

	(void)state;
	started(true);
	for (unsigned int i = 0; i < 4096; i += 16) {
		for (unsigned int k = 0; k < 16; k++)
			chip_receive((uint8_t)((i + k) % 251 + 1));
		assert_int_equal(uart_service(&u), UART_EV_INPUT);
	}
	assert_int_equal(uart_read(&u, out, sizeof(out)), 4096);
	for (unsigned int i = 0; i < 4096; i++)
		assert_int_equal(out[i], i % 251 + 1);
	assert_int_equal(u.overruns, 0);
	assert_int_equal(u.rx_lost, 0);
}

static void full_receive_ring_counts(void **state)
{
	(void)state;
	started(true);
	for (unsigned int i = 0; i < UART_RX_SIZE + 32; i++) {
		chip_receive('x');
		uart_service(&u);
	}
	assert_int_equal(u.rx_lost, 32);
}

static void break_drops_what_came_before(void **state)
{
	uint8_t out[16];

	(void)state;
	started(true);
	chip_receive('a');
	uart_service(&u);
	chip_receive('b');
	chip_receive(0);
	chip.rx[1].brk = true;
	chip_receive('c');
	assert_int_equal(uart_service(&u), UART_EV_BREAK | UART_EV_INPUT);
	assert_int_equal(uart_read(&u, out, sizeof(out)), 1);
	assert_int_equal(out[0], 'c');
	assert_int_equal(u.breaks, 1);
}

static void break_seen_early(void **state)
{
	uint8_t out[16];

	(void)state;
	started(true);
	chip_receive('a');
	chip_receive('b');
	chip_receive(0);
	chip_receive('c');
	chip.early_break = true;
	assert_int_equal(uart_service(&u), UART_EV_BREAK | UART_EV_INPUT);
	assert_int_equal(uart_read(&u, out, sizeof(out)), 1);
	assert_int_equal(out[0], 'c');
}

static void break_alone(void **state)
{
	(void)state;
	started(true);
	chip_receive('a');
	uart_service(&u);
	chip_receive(0);
	chip.rx[0].brk = true;
	assert_int_equal(uart_service(&u), UART_EV_BREAK);
	assert_int_equal(uart_read(&u, (uint8_t[4]){0}, 4), 0);
}

/* Whoever writes looks at LSR as well, and takes the bit away from the receiver. */
static void break_survives_a_write(void **state)
{
	(void)state;
	started(true);
	chip_receive('a');
	chip_receive(0);
	chip.early_break = true;
	assert_int_equal(uart_write(&u, (const uint8_t *)"x", 1), 1);
	assert_int_equal(uart_service(&u) & UART_EV_BREAK, UART_EV_BREAK);
	assert_int_equal(uart_read(&u, (uint8_t[4]){0}, 4), 0);
	assert_int_equal(u.breaks, 1);
}

static void endless_input_is_bounded(void **state)
{
	(void)state;
	started(true);
	/* a device that always has a byte: DR never goes away */
	chip.rx_n = FIFO;
	for (unsigned int i = 0; i < 100; i++) {
		chip.rx_n = FIFO;
		chip.ios = 0;
		uart_service(&u);
		assert_true(chip.ios < 20000);
	}
}

static void places_are_understood(void **state)
{
	struct uart_place p;

	(void)state;
	assert_int_equal(uart_parse_place("auto", &p), 0);
	assert_int_equal(p.bus, UART_AUTO);
	assert_int_equal(uart_parse_place("auto,9600", &p), 0);
	assert_int_equal(p.baud, 9600);
	assert_int_equal(uart_parse_place("io:0x3f8,115200", &p), 0);
	assert_true(p.bus == UART_IO && p.address == 0x3f8 && p.baud == 115200);
	assert_int_equal(uart_parse_place("io:1016", &p), 0);
	assert_true(p.address == 1016 && p.baud == 0);
	assert_int_equal(uart_parse_place("mmio:0xfedc9000", &p), 0);
	assert_true(p.bus == UART_MMIO && p.address == 0xfedc9000);
	assert_int_equal(uart_parse_place("pci:03:1f.7,57600", &p), 0);
	assert_true(p.bus == UART_PCI && p.pci_bus == 3 && p.pci_dev == 0x1f && p.pci_fn == 7);
}

static void nonsense_places_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"io",
		"io:",
		"io:0x",
		"io:0x10000",
		"io:0x3f8,",
		"io:0x3f8,0",
		"io:0x3f8 ",
		"io:0x3f8,1x",
		"pci:0:20.0",
		"pci:0:1f.8",
		"pci:00:1f",
		"pci:100:0.0",
		"mmio:xyz",
		"com1",
		"autox",
		"auto,",
		"io:99999999999999999999999",
		"mmio:0xffffffffffffffff",
		"io:0x3f8,99999999999999999999",
		"IO:0x3f8",
		"pci:00.1f.0",
	};
	struct uart_place p;

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(uart_parse_place(bad[i], &p), -EINVAL);
}

#define TEST(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sets_the_line_up),
		TEST(leaves_the_rate_alone),
		TEST(absent_is_seen),
		TEST(an_8250_will_do),
		TEST(sends_by_polling),
		TEST(sends_by_interrupt),
		TEST(full_ring_takes_no_more),
		TEST(stuck_transmitter_is_given_up),
		TEST(unplugged_ends_the_service),
		TEST(paste_of_4_kib_is_lossless),
		TEST(full_receive_ring_counts),
		TEST(break_drops_what_came_before),
		TEST(break_seen_early),
		TEST(break_alone),
		TEST(break_survives_a_write),
		TEST(endless_input_is_bounded),
		TEST(places_are_understood),
		TEST(nonsense_places_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
