/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Options and arguments of one command, sorted by the verb table.  Pure.
 * Source: POSIX.1-2017, 12.2 "Utility Syntax Guidelines"; long options as GNU.
 */
#include "shell/verb.h"

#include <string.h>

static void command_say(struct command *c, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void command_say(struct command *c, const char *fmt, va_list ap)
{
	char why[256];
	struct out_string s;
	struct json j;

	if (!c->json) {
		out_printf(c->out, "%s: ", c->verb->name);
		out_vprintf(c->out, fmt, ap);
		out_putc(c->out, '\n');
		return;
	}
	out_string_init(&s, why, sizeof(why));
	out_vprintf(&s.out, fmt, ap);
	json_start(&j, c->out);
	json_string(&j, "error", why);
	json_finish(&j);
}

int command_fail(struct command *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	command_say(c, fmt, ap);
	va_end(ap);
	return STATUS_FAILED;
}

int command_misuse(struct command *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	command_say(c, fmt, ap);
	va_end(ap);
	if (!c->json) {
		out_puts(c->out, "usage: ");
		verb_usage(c->verb, c->out);
		out_putc(c->out, '\n');
	}
	return STATUS_USAGE;
}

const char *command_option(const struct command *c, const char *name)
{
	for (size_t i = 0; c->verb->options && c->verb->options[i].name; i++) {
		if (strcmp(c->verb->options[i].name, name) == 0)
			return c->value[i];
	}
	return NULL;
}

/* ---- usage ------------------------------------------------------------------ */

void verb_usage(const struct verb *v, struct out *o)
{
	out_printf(o, "%s [--json]", v->name);
	for (const struct verb_option *opt = v->options; opt && opt->name; opt++) {
		if (opt->letter)
			out_printf(o, " [-%c", opt->letter);
		else
			out_printf(o, " [--%s", opt->name);
		out_printf(o, opt->value ? " %s]" : "]", opt->value);
	}
	for (const struct verb_arg *a = v->args; a && a->name; a++)
		out_printf(o, a->optional ? " [%s%s]" : " %s%s",
			   a->kind == ARG_WORD ? a->words : a->name, a->many ? "..." : "");
}

/* ---- options ---------------------------------------------------------------- */

static int option_set(struct command *c, const struct verb_option *opt, const char *value)
{
	if (opt->role > c->role)
		return command_fail(
			c, "--%s is refused: the manifest gives this shell the role operator",
			opt->name);
	c->value[opt - c->verb->options] = value;
	return STATUS_OK;
}

/* "--name", "--name=value" or "--name value"; *next moves past a value taken. */
static int option_long(struct command *c, const char *word, char ***next)
{
	size_t len = strcspn(word, "=");
	const char *value = word[len] ? word + len + 1 : NULL;

	if (!value && strcmp(word, "json") == 0) {
		c->json = true;
		return STATUS_OK;
	}
	if (!value && strcmp(word, "help") == 0) {
		c->help = true;
		return STATUS_OK;
	}
	for (const struct verb_option *opt = c->verb->options; opt && opt->name; opt++) {
		if (strncmp(opt->name, word, len) != 0 || opt->name[len])
			continue;
		if (!opt->value && value)
			return command_misuse(c, "--%s takes no value", opt->name);
		if (opt->value && !value)
			value = *(*next)++;
		if (opt->value && !value)
			return command_misuse(c, "--%s needs %s", opt->name, opt->value);
		return option_set(c, opt, opt->value ? value : "");
	}
	return command_misuse(c, "unknown option --%.*s", (int)len, word);
}

/* "-n", "-cn", "-n5" or "-n 5" */
static int option_letters(struct command *c, const char *word, char ***next)
{
	for (; *word; word++) {
		const struct verb_option *opt = c->verb->options;
		int status;

		if (*word == 'h') {
			c->help = true;
			continue;
		}
		while (opt && opt->name && opt->letter != *word)
			opt++;
		if (!opt || !opt->name)
			return command_misuse(c, "unknown option -%c", *word);
		if (opt->value) {
			const char *value = word[1] ? word + 1 : *(*next)++;

			if (!value)
				return command_misuse(c, "-%c needs %s", *word, opt->value);
			return option_set(c, opt, value);
		}
		status = option_set(c, opt, "");
		if (status)
			return status;
	}
	return STATUS_OK;
}

/* A word of a verbatim verb that is none of its options is text, and so is all after it. */
static bool option_known(const struct command *c, const char *word)
{
	if (strcmp(word, "--json") == 0 || strcmp(word, "--help") == 0)
		return true;
	for (const struct verb_option *opt = c->verb->options; opt && opt->name; opt++) {
		if ((word[1] == opt->letter && !word[2]) ||
		    (word[1] == '-' && strcmp(word + 2, opt->name) == 0))
			return true;
	}
	return false;
}

/* ---- arguments -------------------------------------------------------------- */

static bool words_contain(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; *words; words += strcspn(words, "|"), words += *words == '|') {
		if (len == strcspn(words, "|") && strncmp(words, word, len) == 0)
			return true;
	}
	return false;
}

static int command_check_args(struct command *c)
{
	const struct verb_arg *a = c->verb->args;
	int n = 0;

	for (; a && a->name && n < c->argc; n++) {
		if (a->kind == ARG_WORD && !words_contain(a->words, c->argv[n]))
			return command_misuse(c, "'%s' is none of %s", c->argv[n], a->words);
		if (!a->many)
			a++;
	}
	if (n < c->argc)
		return command_misuse(c, "'%s' is one argument too many", c->argv[n]);
	if (a && a->name && !a->optional && !(a->many && n))
		return command_misuse(c, "%s is missing", a->name);
	return STATUS_OK;
}

int command_parse(struct command *c, int argc, char **argv)
{
	char **next = argv + 1;
	bool text = false;
	int status = STATUS_OK;

	c->argc = 0;
	c->argv = argv + 1; /* arguments move down over the options */
	/* How errors are to be told must be known before the first of them. */
	for (int i = 1; i < argc && !c->verb->verbatim && strcmp(argv[i], "--") != 0; i++)
		c->json |= strcmp(argv[i], "--json") == 0;
	while (*next && !status) {
		char *word = *next++;

		if (text || word[0] != '-' || !word[1] ||
		    (c->verb->verbatim && !option_known(c, word))) {
			text |= c->verb->verbatim;
			c->argv[c->argc++] = word;
		} else if (strcmp(word, "--") == 0) {
			text = true;
		} else if (word[1] == '-') {
			status = option_long(c, word + 2, &next);
		} else {
			status = option_letters(c, word + 1, &next);
		}
	}
	c->argv[c->argc] = NULL;
	if (status || c->help)
		return status;
	return command_check_args(c);
}
