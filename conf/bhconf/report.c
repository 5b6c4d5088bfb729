/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Complaints at their places in the source.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "dts.h"
#include "memory.h"
#include "report.h"

struct mistyped {
	const struct place *place;
	struct mistyped *next;
};

static bool is_mistyped(const struct report *r, const char *path, const char *word)
{
	const struct mistyped *t = path && word ? r->mistyped : NULL;

	while (t && (strcmp(t->place->path, path) != 0 || strcmp(t->place->word, word) != 0))
		t = t->next;
	return t;
}

static void note_mistyped(struct report *r, const struct place *place)
{
	struct mistyped *t = xalloc(sizeof(*t));

	t->place = place;
	t->next = r->mistyped;
	r->mistyped = t;
}

/* The line that a complaint is about, as it stands in its file. */
static void show_line(FILE *out, const struct place *p)
{
	char *line = NULL;
	size_t room = 0;
	FILE *f = fopen(p->file, "r");

	for (unsigned int i = 0; f && i < p->line; i++) {
		if (getline(&line, &room, f) < 0) {
			fclose(f);
			f = NULL;
		}
	}
	if (f && line) {
		line[strcspn(line, "\r\n")] = '\0';
		fprintf(out, "    %s\n", line + strspn(line, " \t"));
	}
	if (f)
		fclose(f);
	free(line);
}

/*
 * A reference that dtc could not follow: name the label, and one that is near.
 * What the macros for sizes leave behind is an and, "&0xffffffff", no label.
 */
static void explain_labels(const struct report *r, const struct place *p)
{
	for (const char *at = strchr(p->value, '&'); at; at = strchr(at + 1, '&')) {
		size_t n = strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					  "0123456789_");
		char *label = xstrndup(at + 1, n);
		const char *near = places_nearest_label(r->source, label);

		if (n && !(*label >= '0' && *label <= '9') && !places_label(r->source, label))
			fprintf(r->out, " (no node has the label \"%s\"%s%s%s)", label,
				near ? ", did you mean <&" : "", near ? near : "",
				near ? ">?" : "");
		free(label);
	}
}

static bool is_reference(const char *word)
{
	for (unsigned int i = 0; word && i < schema_nr_words; i++) {
		if (schema_words[i].targets && !strcmp(schema_words[i].name, word))
			return true;
	}
	return false;
}

static void report_text(void *arg, const char *path, const char *word, const char *text)
{
	struct report *r = arg;
	const struct place *p = NULL, *written = NULL;

	if (is_mistyped(r, path, word) || (r->unresolved && is_reference(word)))
		return;
	r->errors++;
	if (path && r->places)
		p = places_find(r->places, path, word);
	if (path && word && r->source)
		written = places_find_word(r->source, path, word);
	if (p)
		fprintf(r->out, "%s:%u: ", p->file, p->line);
	else
		fprintf(r->out, "%s: ", r->manifest);
	fprintf(r->out, "error: %s%s%s%s%s", path ? path : "", path ? ": " : "", word ? word : "",
		word ? ": " : "", text);
	if (written)
		explain_labels(r, written);
	fputc('\n', r->out);
	if (p)
		show_line(r->out, p);
}

void report_init(struct report *r, const char *manifest, FILE *out)
{
	*r = (struct report){.out = out, .manifest = manifest};
	r->errs = (struct manifest_errs){.report = report_text, .arg = r};
}

void report_end(struct report *r)
{
	while (r->mistyped) {
		struct mistyped *t = r->mistyped;

		r->mistyped = t->next;
		free(t);
	}
	r->places = NULL;
	r->source = NULL;
}

void report_error(struct report *r, const char *path, const char *word, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvprintf(format, args);
	va_end(args);
	report_text(r, path, word, text);
	free(text);
}

/* What a value of each type is written with. */
static unsigned int sorts_of(enum schema_type type)
{
	switch (type) {
	case TYPE_FLAG: return 0;
	case TYPE_U32:
	case TYPE_U64:
	case TYPE_CELLS:
	case TYPE_REF:
	case TYPE_REFS: return DTS_CELLS;
	case TYPE_BYTES: return DTS_BYTES;
	case TYPE_STRING:
	case TYPE_STRINGS:
	case TYPE_CHOICE:
	case TYPE_FILE:
	case TYPE_LOCATION:
	case TYPE_PATH:
	case TYPE_PCI_ID:
	case TYPE_PCI_CLASS:
	case TYPE_CPUS:
	case TYPE_ESCAPE:
	case TYPE_LABEL: return DTS_STRING;
	case NR_TYPES: break;
	}
	return 0;
}

static const char *sort_name(unsigned int sorts)
{
	switch (sorts) {
	case 0: return "nothing";
	case DTS_STRING: return "a string";
	case DTS_CELLS: return "cells";
	case DTS_BYTES: return "bytes";
	default: return "a mixture";
	}
}

struct type_walk {
	struct report *r;
	const struct manifest *m;
	int node;
	const char *path;
};

static void check_type(void *arg, const struct place *p)
{
	struct type_walk *walk = arg;
	const struct schema_word *w;
	unsigned int right;
	char syntax[128];

	if (strcmp(p->path, walk->path) != 0)
		return;
	w = schema_find(walk->m->nodes[walk->node].kind, p->word);
	if (!w || p->sorts == (right = sorts_of(w->type)))
		return;
	report_error(walk->r, p->path, p->word,
		     "is written as %s where there should be %s; right would be: %s",
		     sort_name(p->sorts), sort_name(right),
		     check_syntax(w, syntax, sizeof(syntax)));
	note_mistyped(walk->r, p);
}

void report_types(struct report *r, const struct manifest *m)
{
	for (unsigned int i = 0; r->places && i < m->nr_nodes; i++) {
		char path[MANIFEST_PATH_MAX];
		struct type_walk walk = {r, m, (int)i,
					 manifest_path(m, (int)i, path, sizeof(path))};

		places_each_word(r->places, check_type, &walk);
	}
}
