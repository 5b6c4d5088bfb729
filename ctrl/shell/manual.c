/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * shellman: prints the manual page of the shell, from the table of verbs and what
 * stands here about the rest.  Runs on the build host; the handlers that the table
 * names are not linked into it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/verb.h"

static void page_write(struct out *o, const char *buf, size_t len)
{
	(void)o;
	if (fwrite(buf, 1, len, stdout) != len) {
		perror("shellman");
		exit(1);
	}
}

static struct out page = {page_write};

/* Text for mdoc: no macro, no escape, every sentence on a line of its own. */
static void page_text(const char *text)
{
	for (const char *p = text; *p; p++) {
		bool start = p == text || p[-1] == '\n';

		if (start && (*p == '.' || *p == '\''))
			out_puts(&page, "\\&");
		if (*p == '\\')
			out_puts(&page, "\\e");
		else if (*p == '-')
			out_puts(&page, "\\-");
		else if (p[0] == '\n' && p[1] == '\n')
			out_puts(&page, "\n.Pp\n"), p++;
		else if (*p == ' ' && p != text && p[-1] == '.')
			out_putc(&page, '\n');
		else
			out_putc(&page, *p);
	}
	out_putc(&page, '\n');
}

static void page_synopsis(const struct verb *v)
{
	out_printf(&page, ".It Ic %s Oo Fl Fl json Oc", v->name);
	for (const struct verb_option *opt = v->options; opt && opt->name; opt++) {
		if (opt->letter)
			out_printf(&page, " Oo Fl %c", opt->letter);
		else
			out_printf(&page, " Oo Fl Fl %s", opt->name);
		if (opt->value)
			out_printf(&page, " Ar %s", opt->value);
		out_puts(&page, " Oc");
	}
	for (const struct verb_arg *a = v->args; a && a->name; a++) {
		out_printf(&page, "%s Ar %s%s%s", a->optional ? " Oo" : "",
			   a->kind == ARG_WORD ? a->words : a->name, a->many ? " ..." : "",
			   a->optional ? " Oc" : "");
	}
	out_putc(&page, '\n');
}

static void page_options(const struct verb *v)
{
	if (!v->options)
		return;
	out_puts(&page, ".Bl -tag -width Ds -compact\n");
	for (const struct verb_option *opt = v->options; opt->name; opt++) {
		out_puts(&page, ".It");
		if (opt->letter)
			out_printf(&page, " Fl %c ,", opt->letter);
		out_printf(&page, " Fl Fl %s", opt->name);
		if (opt->value)
			out_printf(&page, " Ar %s", opt->value);
		out_putc(&page, '\n');
		page_text(opt->help);
		if (opt->role > v->role)
			out_puts(&page, "(role full)\n");
	}
	out_puts(&page, ".El\n");
}

static void page_verbs(void)
{
	out_puts(&page, ".Sh VERBS\n"
			"Every verb takes\n.Fl Fl json ,\nto answer with one line of JSON, and\n"
			".Fl h , Fl Fl help .\n"
			"Options may stand before or after arguments;\n.Fl Fl\nends them.\n"
			".Bl -tag -width Ds\n");
	for (const struct verb *v = verbs; v->name; v++) {
		page_synopsis(v);
		page_text(v->text);
		if (v->role == ROLE_FULL)
			out_puts(&page, "Needs the role full.\n");
		page_options(v);
	}
	out_puts(&page, ".El\n");
}

/* REUSE-IgnoreStart: what follows is the licence of the page, not of this file. */
static const char before[] =
	".\\\" SPDX-"
	"FileCopyrightText: The Bulkhead authors\n"
	".\\\" SPDX-"
	"License-Identifier: MIT\n"
	".\\\" Made by shellman from ctrl/shell/verbs.c and manual.c; do not edit.\n"
	".Dd November 22, 2026\n"
	".Dt BULKHEAD-SHELL 7\n"
	".Os Bulkhead\n"
	".Sh NAME\n"
	".Nm bulkhead-shell\n"
	".Nd the control shell at the serial line\n"
	".Sh DESCRIPTION\n"
	"The control domain of Bulkhead talks to a person, or to a script, at the serial console\n"
	"(115200 baud, 8 bits, no parity, unless the manifest says otherwise).\n"
	"Its prompt is\n"
	".Dq Li \"bulkhead> \" .\n"
	"Its verbs are those of\n"
	".Xr xl 1\n"
	"where that has one.\n"
	".Pp\n"
	"A serial BREAK always comes back to a fresh prompt: whatever runs or has been typed is\n"
	"dropped.\n"
	".Ss Roles\n"
	"The manifest's word\n"
	".Li shell\n"
	"says what the person at the line may do.\n"
	".Bl -tag -width operator\n"
	".It Li full\n"
	"Everything.\n"
	".It Li operator\n"
	"Look, and change nothing.\n"
	"The verbs and options below that need the role full are refused.\n"
	".It Li off\n"
	"There is no shell; the console carries messages only.\n"
	".El\n"
	".Pp\n"
	"When the manifest itself is broken, no domain is started, what is wrong is listed at "
	"boot\n"
	"and by\n"
	".Ic info ,\n"
	"and the role is operator.\n"
	".Ss Command lines\n"
	"A line is taken apart as a POSIX shell does it: blanks part words;\n"
	".Li \\(aq...\\(aq ,\n"
	".Li \\(dq...\\(dq\n"
	"and\n"
	".Li \\e\n"
	"quote;\n"
	".Li #\n"
	"begins a comment;\n"
	".Li \\&; ,\n"
	".Li &&\n"
	"and\n"
	".Li ||\n"
	"part commands;\n"
	".Li $?\n"
	"is the status of the last one.\n"
	"There are no variables, pipes, redirections, jobs or substitutions: a line that asks for "
	"one\n"
	"is refused as a whole, with the reason.\n"
	"A line may be 8191 bytes long; a longer one is not run.\n"
	".Ss Editing\n"
	".Bl -tag -width \"^A, ^E, Home, End\" -compact\n"
	".It ^B, ^F, Left, Right\n"
	"one character back, forth\n"
	".It M-b, M-f, Ctrl-arrows\n"
	"one word back, forth\n"
	".It ^A, ^E, Home, End\n"
	"to the start, the end of the line\n"
	".It ^P, ^N, Up, Down\n"
	"older, newer line of the history\n"
	".It Backspace, ^D, Delete\n"
	"remove the character before, under the cursor\n"
	".It ^W, M-Backspace, M-d\n"
	"kill the word before (by blanks, by letters), behind the cursor\n"
	".It ^U, ^K\n"
	"kill to the start, to the end of the line\n"
	".It ^Y\n"
	"put back what was killed\n"
	".It ^T\n"
	"swap two characters\n"
	".It Tab\n"
	"complete a verb, its options, words and names of domains; again: list them\n"
	".It ^L\n"
	"show the line anew\n"
	".It ^C\n"
	"drop the line, or end the verb that runs\n"
	".El\n"
	".Ss Terminals\n"
	"Nothing is assumed about what is at the other end: the shell draws with printing "
	"characters\n"
	"and backspaces alone, so that a script sees its line echoed as it sent it.\n"
	"The verb\n"
	".Ic terminal\n"
	"says that there is more.\n";
/* REUSE-IgnoreEnd */

static const char after[] = ".Sh EXIT STATUS\n"
			    ".Bl -tag -width 127 -compact\n"
			    ".It 0\n"
			    "done\n"
			    ".It 1\n"
			    "failed, or refused in this role\n"
			    ".It 2\n"
			    "wrong options, arguments or quoting\n"
			    ".It 127\n"
			    "unknown verb\n"
			    ".It 130\n"
			    "interrupted by ^C or BREAK\n"
			    ".El\n"
			    ".Sh JSON\n"
			    "With\n"
			    ".Fl Fl json\n"
			    "each verb prints one object on one line.\n"
			    "Keys are lower case, their words joined by\n"
			    ".Sq - ,\n"
			    "a unit last, as in\n"
			    ".Li memory-free-kib .\n"
			    "Keys may be added, none will be renamed.\n"
			    "A verb that fails prints an object with the key\n"
			    ".Li error .\n"
			    ".Sh EXAMPLES\n"
			    "As labgrid's UBootDriver does it, with\n"
			    ".Li \"bulkhead> \"\n"
			    "for its prompt:\n"
			    ".Pp\n"
			    ".Dl bulkhead> echo \\(aqab\\(aq\\(aqcd\\(aq; list; echo \\(dq$?\\(dq; "
			    "echo \\(aqab\\(aq\\(aqcd\\(aq;\n"
			    ".Sh SEE ALSO\n"
			    ".Xr xl 1 ,\n"
			    ".Xr bulkhead-manifest 5\n";

int main(void)
{
	out_puts(&page, before);
	page_verbs();
	out_puts(&page, after);
	return 0;
}
