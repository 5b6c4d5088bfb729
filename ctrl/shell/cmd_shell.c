/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Verbs about the shell itself.
 */
#include "shell/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "shell/help.h"
#include "shell/shell.h"
#include "shell/terminal.h"

int cmd_help(struct command *c)
{
	const struct verb *v;
	const struct verb *near;

	if (!c->argc) {
		if (c->json)
			help_all_json(c->out, c->role);
		else
			help_all(c->out, c->role);
		return STATUS_OK;
	}
	v = verb_find(c->argv[0]);
	if (!v) {
		near = verb_near(c->argv[0]);
		return command_fail(c, near ? "no verb '%s'; did you mean '%s'?" : "no verb '%s'%s",
				    c->argv[0], near ? near->name : "");
	}
	if (c->json)
		help_verb_json(c->out, v);
	else
		help_verb(c->out, v);
	return STATUS_OK;
}

static void echo_json(struct command *c)
{
	struct json j;

	json_start(&j, c->out);
	json_string_open(&j, "text");
	for (int i = 0; i < c->argc; i++) {
		if (i)
			json_string_part(&j, " ", 1);
		json_string_part(&j, c->argv[i], strlen(c->argv[i]));
	}
	json_string_close(&j);
	json_finish(&j);
}

int cmd_echo(struct command *c)
{
	if (c->json) {
		echo_json(c);
		return STATUS_OK;
	}
	for (int i = 0; i < c->argc; i++) {
		out_puts(c->out, i ? " " : "");
		out_puts(c->out, c->argv[i]);
	}
	if (!command_option(c, "no-newline"))
		out_putc(c->out, '\n');
	return STATUS_OK;
}

/* ---- run -------------------------------------------------------------------- */

/* An output that goes into a JSON string. */
struct out_quoted {
	struct out out;
	struct json *json;
};

static void out_quoted_write(struct out *o, const char *buf, size_t len)
{
	json_string_part(((struct out_quoted *)o)->json, buf, len);
}

static int run_json(struct command *c)
{
	struct shell *sh = c->shell;
	struct out *was = sh->out;
	struct json j;
	struct out_quoted quoted = {.out = {out_quoted_write}, .json = &j};

	json_start(&j, c->out);
	json_string_open(&j, "output");
	sh->out = &quoted.out;
	shell_run(sh, c->argc ? c->argv[0] : "");
	sh->out = was;
	json_string_close(&j);
	json_signed(&j, "status", sh->status);
	json_finish(&j);
	return sh->status;
}

int cmd_run(struct command *c)
{
	const char *marker = c->shell->marker;

	if (c->json)
		return run_json(c);
	if (marker)
		out_puts(c->out, marker);
	shell_run(c->shell, c->argc ? c->argv[0] : "");
	if (marker)
		out_printf(c->out, "%s %d\n", marker, c->shell->status);
	return c->shell->status;
}

/* ---- terminal --------------------------------------------------------------- */

static int terminal_show(struct command *c)
{
	const struct line *l = c->shell->line;
	const char *kind = l && l->ansi ? "ansi" : "dumb";
	unsigned int columns = l ? l->columns : OUT_COLUMNS;
	struct json j;

	if (c->json) {
		json_start(&j, c->out);
		json_string(&j, "terminal", kind);
		json_unsigned(&j, "columns", columns);
		json_finish(&j);
	} else {
		out_printf(c->out, "%s, %u columns\n", kind, columns);
	}
	return STATUS_OK;
}

int cmd_terminal(struct command *c)
{
	const char *given = command_option(c, "columns");
	struct line *l = c->shell->line;
	struct terminal t;

	if (!l)
		return command_fail(c, "there is no terminal here");
	t = (struct terminal){.ansi = l->ansi, .columns = l->columns};
	if (c->argc && strcmp(c->argv[0], "auto") == 0)
		t = terminal_ask();
	else if (c->argc)
		t.ansi = strcmp(c->argv[0], "ansi") == 0;
	if (given) {
		char *end;
		unsigned long n = strtoul(given, &end, 10);

		if (*end || end == given || n < 20 || n > 1000)
			return command_misuse(c, "columns are a number from 20 to 1000");
		t.columns = (unsigned int)n;
	}
	line_terminal(l, t.ansi, t.columns);
	return terminal_show(c);
}
