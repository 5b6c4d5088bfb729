/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Running a line: its commands one by one, $? in between.  Pure but for malloc()
 * and what the verbs do.
 */
#include "shell/shell.h"

#include <stdlib.h>
#include <string.h>

#include "shell/help.h"
#include "shell/words.h"

static bool argv_has_json(char **argv)
{
	for (; *argv; argv++) {
		if (strcmp(*argv, "--json") == 0)
			return true;
	}
	return false;
}

/* A sentence about something that is no verb: as people or as JSON read it. */
static int shell_refuse(struct shell *sh, int status, bool as_json, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static int shell_refuse(struct shell *sh, int status, bool as_json, const char *fmt, ...)
{
	char why[192];
	struct out_string s;
	struct json j;
	va_list ap;

	out_string_init(&s, why, sizeof(why));
	va_start(ap, fmt);
	out_vprintf(&s.out, fmt, ap);
	va_end(ap);
	if (as_json) {
		json_start(&j, sh->out);
		json_string(&j, "error", why);
		json_finish(&j);
	} else {
		out_printf(sh->out, "%s\n", why);
	}
	return status;
}

static int shell_unknown(struct shell *sh, char **argv)
{
	const struct verb *near = verb_near(argv[0]);
	bool as_json = argv_has_json(argv);

	if (near)
		return shell_refuse(sh, STATUS_UNKNOWN, as_json,
				    "%.64s: unknown verb; did you mean '%s'?", argv[0], near->name);
	return shell_refuse(sh, STATUS_UNKNOWN, as_json,
			    "%.64s: unknown verb; 'help' lists those there are", argv[0]);
}

/* Length of "NAME=" at the start of word, or 0. */
static size_t assignment(const char *word)
{
	size_t len =
		strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

	return len && (word[0] < '0' || word[0] > '9') && word[len] == '=' ? len + 1 : 0;
}

static int shell_command(struct shell *sh, int argc, char **argv)
{
	struct command c = {.out = sh->out, .role = sh->role, .shell = sh};
	int status;

	/* Test frameworks put one variable before `run`, which alone reads it. */
	sh->marker = NULL;
	for (; assignment(argv[0]) && argc > 1; argc--, argv++) {
		if (strncmp(argv[0], "MARKER=", assignment(argv[0])) == 0)
			sh->marker = argv[0] + assignment(argv[0]);
	}
	c.verb = verb_find(argv[0]);
	if (!c.verb)
		return shell_unknown(sh, argv);
	status = command_parse(&c, argc, argv);
	if (status)
		return status;
	if (c.help) {
		if (c.json)
			help_verb_json(c.out, c.verb);
		else
			help_verb(c.out, c.verb);
		return STATUS_OK;
	}
	if (c.verb->role > c.role)
		return command_fail(&c,
				    "refused: the manifest gives this shell the role %s, "
				    "which changes nothing",
				    role_name(c.role));
	return c.verb->run(&c);
}

static void shell_commands(struct shell *sh, struct words *w)
{
	enum words_link link;
	int argc;

	while ((argc = words_next(w, sh->status, &link)) > 0) {
		if ((link == WORDS_AND && sh->status) || (link == WORDS_OR && !sh->status))
			continue;
		sh->status = shell_command(sh, argc, w->argv);
		if (sh->interrupted && sh->interrupted()) {
			sh->status = STATUS_INTERRUPTED;
			return;
		}
	}
}

void shell_run(struct shell *sh, const char *line)
{
	size_t len = strlen(line);
	size_t size = 2 * len + 2;
	size_t max = len / 2 + 2;
	char **argv = malloc(max * sizeof(*argv) + size);
	struct words w;

	if (!argv || sh->depth == SHELL_DEPTH) {
		sh->status = shell_refuse(sh, STATUS_FAILED, false, "shell: %s",
					  argv ? "run is nested too deep" : "out of memory");
		free(argv);
		return;
	}
	words_init(&w, line, (char *)(argv + max), size, argv, max);
	if (words_check(&w)) {
		sh->status = shell_refuse(sh, STATUS_USAGE, false, "syntax error%s%s%s: %s",
					  w.mark[0] ? " at '" : "", w.mark, w.mark[0] ? "'" : "",
					  w.error);
	} else {
		sh->depth++;
		shell_commands(sh, &w);
		sh->depth--;
	}
	free(argv);
}
