/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A command line taken apart as a POSIX shell does it.
 *
 * Known: blanks, ';', '&&', '||', '#', quotes ' and ", '\', "$?" and "${?}".
 * What a POSIX shell has beyond that (pipes, redirection, variables,
 * substitution) is refused by name instead of being taken for text.
 * Source: POSIX.1-2017, Shell Command Language, 2.2, 2.3, 2.5.2, 2.9.3.
 */
#ifndef CTRL_SHELL_WORDS_H
#define CTRL_SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* What parts a command from the one before it, and so says whether it runs. */
enum words_link {
	WORDS_ALWAYS, /* first, or after ';' */
	WORDS_AND,    /* after '&&': if the last one was 0 */
	WORDS_OR,     /* after '||': if the last one was not */
};

/* A place in a line, and the room that one command's words are put into. */
struct words {
	const char *at;	      /* rest of the line */
	enum words_link link; /* before the command at `at` */
	char *buf;	      /* where the words go */
	size_t size;
	char **argv;	   /* always ends with NULL */
	size_t max;	   /* entries of argv */
	const char *error; /* why words_next() gave up: a sentence without a full stop */
	char mark[3];	   /* the operator that the error is about, or "" */
};

/*
 * Set out at the start of line, which stays in use.  size of 2 * strlen(line) + 2
 * and max of strlen(line) / 2 + 2 are enough for whatever stands in it.
 */
void words_init(struct words *w, const char *line, char *buf, size_t size, char **argv, size_t max);

/*
 * Take the next command: its words are in w->argv, how it hangs together with
 * the one before in *link.  status is what "$?" stands for.
 *
 * Returns the number of words, 0 at the end of the line (a comment or nothing
 * is left), or
 *   -EINVAL  w->error says what is wrong with the line
 */
int words_next(struct words *w, int status, enum words_link *link);

/* Walk the whole line without running anything: 0, or -EINVAL as above. */
int words_check(struct words *w);

#endif /* CTRL_SHELL_WORDS_H */
