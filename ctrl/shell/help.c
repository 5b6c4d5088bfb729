/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Help.  Pure: written from the verb table alone.
 */
#include "shell/help.h"

#define HELP_INDENT  2
#define HELP_COLUMN  13 /* where the explanation of a verb begins */
#define HELP_OPTIONS 22 /* where that of an option does */

const char *role_name(enum role role)
{
	switch (role) {
	case ROLE_OFF: return "off";
	case ROLE_OPERATOR: return "operator";
	case ROLE_FULL: return "full";
	}
	return "?";
}

void help_all(struct out *o, enum role role)
{
	for (const struct verb *v = verbs; v->name; v++)
		out_printf(o, "%-*s%s%s\n", HELP_COLUMN, v->name, v->brief,
			   v->role > role ? " (refused)" : "");
	out_putc(o, '\n');
	out_wrap(o,
		 "help VERB tells more. Every verb takes --json and sets $?. Commands are joined "
		 "by ; && ||, quoted by ' \" \\. Tab completes, the arrow keys go back in the "
		 "history, ^C drops the line, a BREAK always comes back here.",
		 0, 0);
	out_putc(o, '\n');
	if (role == ROLE_OPERATOR)
		out_puts(o, "This shell has the role operator: it looks and changes nothing.\n");
}

static void help_option(struct out *o, char letter, const char *name, const char *value,
			const char *text)
{
	char left[64];
	size_t len;

	if (letter)
		len = format(left, sizeof(left), "-%c, --%s", letter, name);
	else
		len = format(left, sizeof(left), "    --%s", name);
	if (value && len < sizeof(left))
		format(left + len, sizeof(left) - len, " %s", value);
	out_printf(o, "%*s%-*s", HELP_INDENT, "", HELP_OPTIONS - HELP_INDENT, left);
	out_wrap(o, text, HELP_OPTIONS, HELP_OPTIONS);
	out_putc(o, '\n');
}

void help_verb(struct out *o, const struct verb *v)
{
	out_puts(o, "usage: ");
	verb_usage(v, o);
	out_printf(o, "\n\n%*s", HELP_INDENT, "");
	out_wrap(o, v->text, HELP_INDENT, HELP_INDENT);
	out_puts(o, "\n\n");
	for (const struct verb_option *opt = v->options; opt && opt->name; opt++)
		help_option(o, opt->letter, opt->name, opt->value, opt->help);
	help_option(o, '\0', "json", NULL, "answer with one line of JSON");
	help_option(o, 'h', "help", NULL, "this text");
	if (v->role == ROLE_FULL)
		out_puts(o, "\n  Refused in a shell of role operator.\n");
}

static void help_json_usage(struct json *j, const struct verb *v)
{
	struct out_string s;
	char usage[128];

	out_string_init(&s, usage, sizeof(usage));
	verb_usage(v, &s.out);
	json_string(j, "name", v->name);
	json_string(j, "usage", usage);
	json_string(j, "brief", v->brief);
	json_string(j, "role", role_name(v->role));
}

void help_all_json(struct out *o, enum role role)
{
	struct json j;

	json_start(&j, o);
	json_string(&j, "role", role_name(role));
	json_array(&j, "verbs");
	for (const struct verb *v = verbs; v->name; v++) {
		json_object(&j, NULL);
		help_json_usage(&j, v);
		json_end(&j);
	}
	json_finish(&j);
}

void help_verb_json(struct out *o, const struct verb *v)
{
	struct json j;

	json_start(&j, o);
	help_json_usage(&j, v);
	json_string(&j, "text", v->text);
	json_array(&j, "options");
	for (const struct verb_option *opt = v->options; opt && opt->name; opt++) {
		json_object(&j, NULL);
		json_string(&j, "name", opt->name);
		json_string(&j, "value", opt->value);
		json_string(&j, "help", opt->help);
		json_end(&j);
	}
	json_finish(&j);
}
