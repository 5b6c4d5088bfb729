/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Short lists of sentences: what is wrong, what is unsafe.
 */
#ifndef CTRL_PROBLEMS_H
#define CTRL_PROBLEMS_H

#include <stddef.h>

#define PROBLEMS_MAX  16
#define PROBLEMS_SIZE 256 /* longest sentence, and its '\0' */

struct problems {
	size_t nr; /* also of those that did not fit */
	char text[PROBLEMS_MAX][PROBLEMS_SIZE];
};

/* Add a sentence.  Of those that do not fit only the number is kept. */
void problems_add(struct problems *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Sentence i, or NULL behind the last. */
const char *problems_get(const struct problems *p, size_t i);

#endif /* CTRL_PROBLEMS_H */
