/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What stands at the other end of the serial line.
 */
#ifndef CTRL_SHELL_TERMINAL_H
#define CTRL_SHELL_TERMINAL_H

#include <stdbool.h>

struct terminal {
	bool ansi; /* understands ECMA-48 control sequences */
	unsigned int columns;
};

/*
 * Ask it, and wait half a second for an answer: no answer, no control sequences.
 * This is the one place that sends any without having been told that it may.
 */
struct terminal terminal_ask(void);

#endif /* CTRL_SHELL_TERMINAL_H */
