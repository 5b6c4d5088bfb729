/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The shell: lines are run here, whoever typed them.
 */
#ifndef CTRL_SHELL_SHELL_H
#define CTRL_SHELL_SHELL_H

#include "shell/line.h"
#include "shell/verb.h"

#define SHELL_PROMPT "bulkhead> "

/* How deep `run` may go into itself. */
#define SHELL_DEPTH 4

struct shell {
	struct out *out;
	enum role role;
	int status;		   /* $? */
	bool (*interrupted)(void); /* ^C or BREAK: stop between commands */
	struct line *line;	   /* the editor, for `terminal`; or NULL */
	const char *marker;	   /* MARKER=... before the command that runs now, or NULL */
	unsigned int depth;
};

/* The one at the serial line. */
extern struct shell shell;

/* Run a line; $? ends up in sh->status. */
void shell_run(struct shell *sh, const char *line);

/* The thread at the serial line; arg is not used. */
void shell_thread(void *arg);

#endif /* CTRL_SHELL_SHELL_H */
