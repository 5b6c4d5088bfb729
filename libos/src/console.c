/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns the terminal: waiting for room and for input, read-ahead, BREAK. */
#include "src/console.h"

#include <libos/backtrace.h>
#include <libos/errno.h>
#include <libos/event.h>
#include <libos/thread.h>
#include <libos/time.h>
#include <string.h>

#include "abi/bulkhead.h"
#include "src/event.h"
#include "src/hypercall.h"
#include "src/thread.h"

#include <xen/sched.h>

/* How long a full console may make no progress before emergency output is dropped. */
#define STUCK_NS LIBOS_NS_PER_SEC

/* Look again after this long, should the other side forget its event. */
#define RETRY_NS (10 * LIBOS_NS_PER_MS)

static const struct console_backend *backend = &console_serial;
static struct libos_waitq readers, writers;

/* Read ahead, so that libos_console_pending() can tell. */
static char ahead[64];
static size_t ahead_from, ahead_to;

static struct {
	libos_port_t port;
	void (*fn)(void *arg);
	void *arg;
	bool bound;
} on_break;

void console_init(void)
{
	if (console_ring_init())
		backend = &console_ring;
	else
		console_serial_init();
}

void console_wake(void)
{
	libos_waitq_wake_all(&readers);
	libos_waitq_wake_all(&writers);
}

static size_t ahead_take(char *buf, size_t n)
{
	size_t have = ahead_to - ahead_from;

	if (n > have)
		n = have;
	memcpy(buf, ahead + ahead_from, n);
	ahead_from += n;
	return n;
}

size_t libos_console_read(void *buf, size_t n, uint64_t deadline_ns)
{
	size_t got = ahead_take(buf, n);

	while (got == 0 && n != 0) {
		got = backend->read(buf, n);
		if (got != 0 || deadline_ns == 0)
			break;
		if (libos_waitq_wait(&readers, deadline_ns) != 0)
			deadline_ns = 0; /* one last look */
	}
	return got;
}

bool libos_console_pending(void)
{
	if (ahead_from == ahead_to) {
		ahead_from = 0;
		ahead_to = backend->read(ahead, sizeof(ahead));
	}
	return ahead_from != ahead_to;
}

void libos_console_write(const void *buf, size_t n)
{
	const char *p = buf;

	if (!thread_can_wait()) {
		console_emergency_write(buf, n);
		return;
	}
	for (;;) {
		size_t done = backend->write(p, n);

		p += done;
		n -= done;
		if (n == 0)
			return;
		(void)libos_waitq_wait(&writers, libos_now_ns() + RETRY_NS);
	}
}

/* Whether there is a clock to measure by. */
static uint64_t now_or_zero(void)
{
	return shared_info != NULL ? libos_now_ns() : 0;
}

static void emergency_put(const char *p, size_t n)
{
	uint64_t start = now_or_zero();

	while (n != 0 && now_or_zero() - start < STUCK_NS) {
		size_t done = backend->write(p, n);

		p += done;
		n -= done;
		if (done == 0)
			(void)libos_sched_op(SCHEDOP_yield, NULL);
	}
}

void console_emergency_write(const char *buf, size_t n)
{
	const char *end = buf + n;

	while (buf < end) {
		const char *newline = memchr(buf, '\n', (size_t)(end - buf));
		size_t run = (size_t)((newline != NULL ? newline : end) - buf);

		emergency_put(buf, run);
		if (newline == NULL)
			return;
		emergency_put("\r\n", 2);
		buf = newline + 1;
	}
}

void console_drain(void)
{
	uint64_t start = now_or_zero();

	while (start != 0 && !backend->drained() && libos_now_ns() - start < STUCK_NS)
		(void)libos_sched_op(SCHEDOP_yield, NULL);
}

static void break_event(libos_port_t port, void *arg)
{
	char drop[64];

	(void)port;
	(void)arg;
	ahead_from = ahead_to = 0;
	if (on_break.fn == NULL)
		return;
	while (backend->read(drop, sizeof(drop)) == sizeof(drop))
		;
	on_break.fn(on_break.arg);
}

int libos_console_on_break(void (*fn)(void *arg), void *arg)
{
	if (!backend->has_break)
		return -LIBOS_ENOSYS;
	on_break.fn = fn;
	on_break.arg = arg;
	if (!on_break.bound) {
		if (libos_event_bind_virq(VIRQ_BULKHEAD_BREAK, break_event, NULL, &on_break.port))
			return -LIBOS_ENOSYS;
		on_break.bound = true;
	}
	return 0;
}
