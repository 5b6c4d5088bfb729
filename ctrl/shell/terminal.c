/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Asking the terminal.  Source: ECMA-48, 8.3.14 CPR and 8.3.35 DSR.
 */
#include "shell/terminal.h"

#include <libos/time.h>

#include "tty.h"

#define ASK_WAIT_NS (LIBOS_NS_PER_SEC / 2)

/* Read "ESC [ row ; column R" and return column, or 0 if anything else or nothing comes. */
static unsigned int terminal_read_position(void)
{
	uint64_t deadline = libos_now_ns() + ASK_WAIT_NS;
	unsigned int number = 0;

	for (const char *begin = "\033["; *begin; begin++) {
		if (tty_getc(deadline) != *begin)
			return 0;
	}
	for (int digits = 0; digits < 16; digits++) {
		int c = tty_getc(deadline);

		if (c == 'R')
			return number;
		if (c == ';')
			number = 0;
		else if (c >= '0' && c <= '9')
			number = number * 10 + (unsigned int)(c - '0');
		else
			return 0;
	}
	return 0;
}

struct terminal terminal_ask(void)
{
	struct terminal t = {.ansi = false, .columns = OUT_COLUMNS};
	unsigned int columns;

	/* Save the cursor, go as far right as there is, ask where that is, go back. */
	out_puts(tty_out(), "\0337\033[999C\033[6n\0338");
	columns = terminal_read_position();
	if (columns >= 20 && columns <= 999)
		t = (struct terminal){.ansi = true, .columns = columns};
	return t;
}
