/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The thread at the serial line: bytes to lines, lines to verbs.
 */
#include "shell/shell.h"

#include <libos/thread.h>

#include "boot.h"
#include "shell/complete.h"
#include "supervisor.h"
#include "tty.h"

#define HISTORY_SIZE 16384

static bool shell_interrupted(void)
{
	return tty_interrupted();
}

struct shell shell = {.interrupted = shell_interrupted};

static struct line shell_line;
static struct history shell_history;
static char shell_history_buf[HISTORY_SIZE];

/* A BREAK may mean that somebody else is at the line now, with another terminal. */
static void shell_break(void)
{
	line_terminal(&shell_line, false, OUT_COLUMNS);
	shell.status = STATUS_INTERRUPTED;
	out_putc(shell.out, '\n');
}

/* Read a line into shell_line; false if there is none to be run. */
static bool shell_read(void)
{
	line_begin(&shell_line, SHELL_PROMPT);
	boot_mark_prompt();
	for (;;) {
		int c = tty_getc(LIBOS_FOREVER);

		if (c == TTY_BREAK) {
			shell_break();
			return false;
		}
		switch (line_feed(&shell_line, (unsigned char)c)) {
		case LINE_MORE: break;
		case LINE_DONE: return true;
		case LINE_EOF: return false;
		case LINE_INTERRUPT: shell.status = STATUS_INTERRUPTED; return false;
		case LINE_TOO_LONG:
			out_printf(shell.out, "the line is longer than %d bytes: not run\n",
				   LINE_SIZE - 1);
			shell.status = STATUS_USAGE;
			return false;
		}
	}
}

void shell_thread(void *arg)
{
	(void)arg;
	shell.out = tty_out();
	shell.line = &shell_line;
	history_init(&shell_history, shell_history_buf, sizeof(shell_history_buf));
	line_init(&shell_line, shell.out, &shell_history, complete);
	for (;;) {
		if (!shell_read())
			continue;
		history_add(&shell_history, shell_line.text);
		tty_begin();
		shell_run(&shell, shell_line.text);
		tty_end();
		if (shell.status == STATUS_INTERRUPTED && tty_interrupted())
			out_puts(shell.out, "^C\n");
	}
}
