/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * bulkhead-manifest(5): the chapters about nodes and words are the schema's
 * tables, what stands around them is mantext.c.
 * Source: mdoc(7).
 */
#include <inttypes.h>
#include <string.h>

#include "../check.h"
#include "man.h"
#include "mantext.h"

/* Text for a line of its own: nothing in it may look like a request. */
static void put_text(FILE *f, const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", f);
	for (; *s; s++) {
		switch (*s) {
		case '\\': fputs("\\e", f); break;
		case '"': fputs("\\(dq", f); break;
		case '^': fputs("\\(ha", f); break;
		case '~': fputs("\\(ti", f); break;
		default: fputc(*s, f); break;
		}
	}
}

/* A sentence of its own line in the source, as mdoc likes it. */
static void put_line(FILE *f, const char *s)
{
	put_text(f, s);
	fputc('\n', f);
}

/* One argument of a macro. */
static void put_argument(FILE *f, const char *s)
{
	fputs(" \"", f);
	put_text(f, s);
	fputc('"', f);
}

static void put_size(FILE *f, uint64_t number, const char *unit)
{
	static const char *const larger[] = {"KiB", "MiB", "GiB", "TiB"};
	unsigned int step = 0;

	if (unit && !strcmp(unit, "KiB")) {
		for (; number && number % 1024 == 0 && step < 3; step++)
			number /= 1024;
		unit = larger[step];
	}
	fprintf(f, "%" PRIu64 "%s%s", number, unit ? " " : "", unit ? unit : "");
}

static void put_range(FILE *f, const struct schema_word *w)
{
	if (!w->max || (w->type != TYPE_U32 && w->type != TYPE_U64))
		return;
	fputs("From ", f);
	put_size(f, w->min, w->unit);
	fputs(" to ", f);
	put_size(f, w->max, w->unit);
	fputs(".\n", f);
}

static void put_default(FILE *f, const struct schema_word *w)
{
	if (w->flags & WORD_REQUIRED)
		fputs("Must be given.\n", f);
	if (!(w->flags & WORD_DEFAULT))
		return;
	fputs("The default is ", f);
	if (w->text && !*w->text)
		fputs("an empty string", f);
	else if (w->text)
		put_text(f, w->text);
	else
		put_size(f, w->number, w->unit);
	fputs(".\n", f);
}

static void put_targets(FILE *f, const struct schema_word *w)
{
	const char *comma = "";

	if (!w->targets)
		return;
	fputs("Refers to a ", f);
	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS; k++) {
		if (!(w->targets & KIND_BIT(k)))
			continue;
		fprintf(f, "%s%s", comma, schema_nodes[k].title);
		comma = " or a ";
	}
	fputs(" node.\n", f);
}

static void put_stage(FILE *f, enum schema_stage stage, enum schema_stage of_node)
{
	if (stage <= SCHEMA_STAGE_NOW || stage == of_node)
		return;
	fprintf(f, "Refused by this release: comes with %s.\n", schema_stage_name(stage));
}

static void put_word(FILE *f, const struct schema_word *w)
{
	char syntax[128];

	fputs(".It Li", f);
	put_argument(f, w->flags & WORD_BLOB ? w->name : check_syntax(w, syntax, sizeof(syntax)));
	fputc('\n', f);
	put_line(f, w->doc);
	put_range(f, w);
	put_default(f, w);
	put_targets(f, w);
	if (w->flags & WORD_HOST)
		fputs("For the build host; the target does not see it.\n", f);
	put_stage(f, w->stage, schema_nodes[w->kind].stage);
}

/* "this|that" as: this or that. */
static void put_choices(FILE *f, const char *choices)
{
	for (const char * or = "\n"; *choices; or = "\nor\n") {
		size_t n = strcspn(choices, "|");

		fprintf(f, "%s.Li %.*s", or, (int)n, choices);
		choices += n + (choices[n] == '|');
	}
}

/* "Exactly one, called chosen, in the root node." */
static void put_node_place(FILE *f, const struct schema_node *n)
{
	if (n->parent == KIND_NONE) {
		fputs("The node\n.Li / .\n", f);
		return;
	}
	if (n->min == 1 && n->max == 1)
		fputs("Exactly one", f);
	else if (n->max)
		fprintf(f, "Up to %u", n->max);
	else
		fputs("Any number", f);
	if (n->name)
		fprintf(f, ", called\n.Li %s ,\n", n->name);
	else
		fputs(" of any name ", f);
	fprintf(f, "in the %s node", schema_nodes[n->parent].title);
	if (n->compatible) {
		fputs(", with\n.Li", f);
		put_argument(f, "compatible");
		fputs("\nnaming", f);
		put_choices(f, n->compatible);
	}
	fputs(n->compatible ? " .\n" : ".\n", f);
}

static void put_node(FILE *f, enum schema_kind kind)
{
	const struct schema_node *n = &schema_nodes[kind];
	bool listed = false;

	fprintf(f, ".Ss The %s node\n", n->title);
	put_line(f, n->doc);
	put_node_place(f, n);
	put_stage(f, n->stage, STAGE_BOOT);
	for (unsigned int i = 0; i < schema_nr_words; i++) {
		const struct schema_word *w = &schema_words[i];

		/* What compatible says is said above. */
		if (w->kind != kind || w->type == TYPE_STRINGS)
			continue;
		if (!listed)
			fputs(".Bl -tag -width Ds\n", f);
		listed = true;
		put_word(f, w);
	}
	if (listed)
		fputs(".El\n", f);
}

int man_print(FILE *f)
{
	fputs(mantext_head, f);
	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS; k++) {
		if (schema_nodes[k].forms & FORM_SOURCE)
			put_node(f, k);
	}
	fputs(mantext_blob, f);
	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS; k++) {
		if (!(schema_nodes[k].forms & FORM_SOURCE) && k != KIND_NONE)
			put_node(f, k);
	}
	fputs(mantext_tail, f);
	return ferror(f) ? 1 : 0;
}
