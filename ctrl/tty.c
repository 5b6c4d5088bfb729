/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The serial line as the shell sees it.
 *
 * Owns what has been typed and not yet read.  All but tty_break() runs in the
 * shell's thread; tty_break() is a handler and only sets flags and wakes nobody:
 * the reader looks up at least every TTY_LOOK_NS.
 */
#include "tty.h"

#include <string.h>

#include <libos/console.h>
#include <libos/thread.h>
#include <libos/time.h>

#include "supervisor.h"

#define TTY_LOOK_NS (LIBOS_NS_PER_SEC / 5)
#define TTY_SIZE    16384 /* typed ahead while a verb runs; a power of two */
#define CTRL_C	    0x03

static struct {
	unsigned char buf[TTY_SIZE];
	size_t prod, cons; /* count up for ever */
	bool breaking;	   /* a BREAK that tty_getc() has not told yet */
	bool running;	   /* between tty_begin() and tty_end() */
	bool interrupted;  /* ^C or BREAK since tty_begin() */
} tty;

static void tty_break(void *arg)
{
	(void)arg;
	tty.breaking = true;
	tty.interrupted = true;
	tty.cons = tty.prod;
}

void tty_init(void)
{
	/* A line without BREAK is a line all the same. */
	(void)!libos_console_on_break(tty_break, NULL);
}

/* Take in what there is, or wait for it until deadline_ns. */
static void tty_fill(uint64_t deadline_ns)
{
	unsigned char piece[256];
	size_t room = TTY_SIZE - (tty.prod - tty.cons);
	size_t n = room < sizeof(piece) ? room : sizeof(piece);

	if (!n)
		return;
	n = libos_console_read(piece, n, deadline_ns);
	for (size_t i = 0; i < n; i++) {
		tty.buf[tty.prod++ % TTY_SIZE] = piece[i];
		if (tty.running && piece[i] == CTRL_C) {
			tty.cons = tty.prod;
			tty.interrupted = true;
		}
	}
}

int tty_getc(uint64_t deadline_ns)
{
	for (;;) {
		uint64_t now = libos_now_ns();
		uint64_t look = now + TTY_LOOK_NS;

		supervisor_alive(CRITICAL_SHELL);
		if (tty.breaking) {
			tty.breaking = false;
			return TTY_BREAK;
		}
		if (tty.cons != tty.prod)
			return tty.buf[tty.cons++ % TTY_SIZE];
		if (now >= deadline_ns)
			return TTY_TIMEOUT;
		tty_fill(look < deadline_ns ? look : deadline_ns);
	}
}

void tty_begin(void)
{
	tty.running = true;
	tty.interrupted = false;
}

void tty_end(void)
{
	tty.running = false;
}

bool tty_interrupted(void)
{
	/* Handlers, that of BREAK too, run when a thread lets them. */
	libos_yield();
	while (libos_console_pending() && tty.prod - tty.cons < TTY_SIZE)
		tty_fill(0);
	return tty.interrupted;
}

/* ---- output ----------------------------------------------------------------- */

static void tty_write(struct out *o, const char *buf, size_t len)
{
	const char *end;

	(void)o;
	supervisor_alive(CRITICAL_SHELL);
	if (tty.running && tty_interrupted())
		return;
	for (; (end = memchr(buf, '\n', len)); len -= (size_t)(end + 1 - buf), buf = end + 1) {
		libos_console_write(buf, (size_t)(end - buf));
		libos_console_write("\r\n", 2);
	}
	libos_console_write(buf, len);
}

struct out *tty_out(void)
{
	static struct out out = {tty_write};

	return &out;
}
