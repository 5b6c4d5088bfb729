/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The console's three parts put together: log ring, UART, and who is told.  How
 * a UART is found is x86/uart_find.c's business.  Lock: console_lock, over the
 * ring and the UART; not taken after console_emergency().
 */
#include "console.h"
#include "logring.h"
#include "printk.h"
#include "spinlock.h"
#include "x86/ioapic.h"
#include "x86/percpu.h"
#include "x86/traps.h"
#include "x86/uart.h"
#include "x86/uart_find.h"

#define LOG_SIZE 65536u

/*
 * Polls without a single byte leaving before the UART is given up, once and for all that
 * waits: a port read takes about a microsecond, and the slowest line (1200 baud) needs 130 ms
 * for what fills a FIFO.  The rest is for emulators, whose host may look elsewhere for a second:
 * 100 ms were not enough for a crash's last words on a busy one.
 */
#define PATIENCE 3000000ul

static char log_buf[LOG_SIZE];
static struct log_ring console_log = {.buf = log_buf, .size = LOG_SIZE};
static struct spinlock console_lock = SPINLOCK_INIT;
static struct uart uart;
static struct uart_found uart_found; /* (o) after console_init_acpi() */
static enum { POLL_OUTPUT, BY_INTERRUPT, BY_POLL } mode;
static bool emergency;
static bool want_room;

/* Queue text with `\n` as `\r\n`, waiting for room where there is none. */
static void queue_text(const char *s, size_t n, unsigned long patience)
{
	uint8_t chunk[128];

	while (n) {
		size_t len = 0;

		while (n && len < sizeof(chunk) - 1) {
			if (*s == '\n')
				chunk[len++] = '\r';
			chunk[len++] = (uint8_t)*s++;
			n--;
		}
		uart_drain(&uart, len, patience);
		uart_write(&uart, chunk, len);
	}
	if (mode == POLL_OUTPUT || emergency)
		uart_drain(&uart, UART_TX_SIZE, patience);
}

/* What was said before there was a line to say it on. */
static void replay_log(void)
{
	uint32_t index = console_log.start;
	char chunk[64];
	size_t n;

	while ((n = log_ring_get(&console_log, &index, chunk, sizeof(chunk))) != 0)
		queue_text(chunk, n, PATIENCE);
}

static void use_uart(bool ok)
{
	if (ok)
		replay_log();
}

void console_init_early(const char *option)
{
	spin_lock(&console_lock);
	int rc = uart_find_option(option, &uart, &uart_found);
	use_uart(rc == 0);
	spin_unlock(&console_lock);
	if (!uart_found.understood)
		printk("console: option \"%s\" not understood, taken as auto\n", option);
	else if (rc && !uart_found.deferred)
		printk("console: no UART answers at %s, looking for another\n", uart_found.name);
}

void console_init_acpi(void)
{
	spin_lock(&console_lock);
	bool had_one = uart.present;
	int rc = uart_find_acpi(&uart, &uart_found);
	if (!had_one)
		use_uart(rc == 0);
	spin_unlock(&console_lock);
}

static void tell(unsigned int events, bool room)
{
	if (events & UART_EV_BREAK)
		console_notify(CONSOLE_BREAK);
	if (events & UART_EV_INPUT)
		console_notify(CONSOLE_INPUT);
	if (room)
		console_notify(CONSOLE_ROOM);
}

static void serve(void)
{
	bool room = false;

	spin_lock(&console_lock);
	unsigned int events = uart_service(&uart);
	if (want_room && uart_tx_room(&uart) >= UART_TX_SIZE / 2) {
		want_room = false;
		room = true;
	}
	spin_unlock(&console_lock);
	tell(events, room);
}

void console_init_irq(void)
{
	bool irq = uart.present && uart_found.has_irq;

	if (irq) {
		irq_set_handler(VECTOR_UART, serve);
		irq = !ioapic_route(uart_found.irq, VECTOR_UART, this_cpu()->apic_id);
	}
	spin_lock(&console_lock);
	mode = irq ? BY_INTERRUPT : BY_POLL;
	uart_start(&uart, irq);
	spin_unlock(&console_lock);
	if (irq)
		printk("console: %s, GSI %u\n", uart_found.name, uart_found.irq.gsi);
	else
		printk("console: %s%s\n", uart_found.name, uart.present ? ", polled" : "");
}

bool console_polled(void)
{
	return mode == BY_POLL && uart.present;
}

void console_poll(void)
{
	if (uart.present)
		serve();
}

const char *console_name(void)
{
	return uart_found.name;
}

void console_write(const char *s, size_t n)
{
	if (emergency) {
		log_ring_put(&console_log, s, n);
		queue_text(s, n, PATIENCE);
		return;
	}
	spin_lock(&console_lock);
	log_ring_put(&console_log, s, n);
	queue_text(s, n, PATIENCE);
	spin_unlock(&console_lock);
}

size_t console_write_guest(const char *buf, size_t n)
{
	spin_lock(&console_lock);
	size_t taken = uart_write(&uart, (const uint8_t *)buf, n);
	if (taken < n)
		want_room = true;
	spin_unlock(&console_lock);
	return taken;
}

size_t console_read_guest(char *buf, size_t n)
{
	spin_lock(&console_lock);
	size_t got = uart_read(&uart, (uint8_t *)buf, n);
	spin_unlock(&console_lock);
	return got;
}

size_t console_log_read(uint32_t *index, char *buf, size_t n)
{
	spin_lock(&console_lock);
	size_t got = log_ring_get(&console_log, index, buf, n);
	spin_unlock(&console_lock);
	return got;
}

uint32_t console_log_start(void)
{
	return console_log.start;
}

void console_log_clear(void)
{
	spin_lock(&console_lock);
	log_ring_clear(&console_log);
	spin_unlock(&console_lock);
}

void console_emergency(void)
{
	if (emergency)
		return;
	emergency = true;
	if (!uart.present && uart_found.deferred)
		use_uart(uart_find_last_resort(&uart, &uart_found) == 0);
	uart_drain(&uart, UART_TX_SIZE, PATIENCE);
}

void console_flush(void)
{
	if (!emergency)
		spin_lock(&console_lock);
	uart_drain(&uart, UART_TX_SIZE, PATIENCE);
	uart_wait_sent(&uart, PATIENCE);
	if (!emergency)
		spin_unlock(&console_lock);
}
