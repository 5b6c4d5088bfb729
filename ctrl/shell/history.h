/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The lines that were run, newest first, as many as fit.
 */
#ifndef CTRL_SHELL_HISTORY_H
#define CTRL_SHELL_HISTORY_H

#include <stddef.h>

struct history {
	char *buf; /* strings one after the other, oldest first */
	size_t size;
	size_t len;
};

void history_init(struct history *h, char *buf, size_t size);

/* An empty line, a repetition of the last, and one that is too long are not kept. */
void history_add(struct history *h, const char *line);

/* The line `back` steps ago, 0 for the newest, or NULL.  Valid until the next add. */
const char *history_get(const struct history *h, size_t back);

#endif /* CTRL_SHELL_HISTORY_H */
