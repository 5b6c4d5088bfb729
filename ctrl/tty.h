/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The serial line as the shell sees it: bytes typed ahead, ^C and BREAK, and an
 * output that ends lines as terminals want it.
 */
#ifndef CTRL_TTY_H
#define CTRL_TTY_H

#include <stdbool.h>
#include <stdint.h>

#include "shell/out.h"

enum { TTY_TIMEOUT = -1, TTY_BREAK = -2 };

/* Take BREAK over.  Before anything else here. */
void tty_init(void);

/* Where output goes; '\n' becomes "\r\n". */
struct out *tty_out(void);

/*
 * The next byte, TTY_TIMEOUT at system time deadline_ns, or TTY_BREAK, once for
 * each BREAK, after which everything typed before it is gone.
 */
int tty_getc(uint64_t deadline_ns);

/*
 * A verb begins and ends to run.  In between ^C and BREAK interrupt it: what was
 * typed before them is dropped, as a terminal driver does, and so is all output.
 */
void tty_begin(void);
void tty_end(void);

/* Whether what runs, or ran last, was interrupted. */
bool tty_interrupted(void);

#endif /* CTRL_TTY_H */
