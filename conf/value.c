/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The value of one word: its length, its range, its spelling.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "syntax.h"

const char *check_syntax(const struct schema_word *w, char *buf, size_t size)
{
	static const char *const samples[NR_TYPES] = {
		[TYPE_FLAG] = "",
		[TYPE_U32] = " = <N>",
		[TYPE_U64] = " = <MB(N)>",
		[TYPE_CELLS] = " = <N ...>",
		[TYPE_BYTES] = " = [00 ...]",
		[TYPE_STRING] = " = \"text\"",
		[TYPE_STRINGS] = " = \"text\"",
		[TYPE_CHOICE] = " = ",
		[TYPE_REF] = " = <&label>",
		[TYPE_REFS] = " = <&label ...>",
		[TYPE_FILE] = " = \"file\"",
		[TYPE_LOCATION] = " = \"io:0x3f8\"",
		[TYPE_PATH] = " = \"00:1c.0/00.0\"",
		[TYPE_PCI_ID] = " = \"8086:10d3\"",
		[TYPE_PCI_CLASS] = " = \"0108\"",
		[TYPE_CPUS] = " = \"0-1,3\"",
		[TYPE_ESCAPE] = " = \"^]\"",
		[TYPE_LABEL] = " = \"name\"",
	};
	size_t used = (size_t)snprintf(buf, size, "%s%s", w->name, samples[w->type]);

	for (const char *c = w->type == TYPE_CHOICE ? w->choices : ""; *c && used < size;) {
		size_t n = strcspn(c, "|");

		used += (size_t)snprintf(buf + used, size - used, "\"%.*s\"%s", (int)n, c,
					 c[n] ? " or " : "");
		c += n + (c[n] != 0);
	}
	if (used < size)
		snprintf(buf + used, size - used, ";");
	return buf;
}

static bool refuse(const struct manifest *m, int node, const struct schema_word *w,
		   struct manifest_errs *errs, const char *what)
{
	char right[128];

	manifest_complain(errs, m, node, w->name, "%s; right would be: %s", what,
			  check_syntax(w, right, sizeof(right)));
	return false;
}

static bool check_length(const struct manifest *m, int node, const struct schema_word *w,
			 size_t len, size_t right, const char *what, struct manifest_errs *errs)
{
	char text[96];

	if (len == right)
		return true;
	snprintf(text, sizeof(text), "%zu bytes long where %s", len, what);
	return refuse(m, node, w, errs, text);
}

static bool check_range(const struct manifest *m, int node, const struct schema_word *w,
			uint64_t number, struct manifest_errs *errs)
{
	const char *unit = w->unit ? w->unit : "";

	if (!w->max || (number >= w->min && number <= w->max))
		return true;
	manifest_complain(errs, m, node, w->name,
			  "%" PRIu64 " is out of range; right would be %" PRIu64 " to %" PRIu64
			  "%s%s",
			  number, w->min, w->max, *unit ? " " : "", unit);
	return false;
}

/* Exactly so many of each bytes; the schema has no lists of varying length but references. */
static bool check_count(const struct manifest *m, int node, const struct schema_word *w, size_t len,
			size_t each, const char *what, struct manifest_errs *errs)
{
	if (len == each * w->min)
		return true;
	manifest_complain(errs, m, node, w->name, "%zu bytes long; right would be %" PRIu64 " %s",
			  len, w->min, what);
	return false;
}

static bool check_choice(const struct manifest *m, int node, const struct schema_word *w,
			 const char *text, struct manifest_errs *errs)
{
	char what[160], buf[48];
	const char *near;

	if (schema_choice(w->choices, text, strlen(text), NULL))
		return true;
	near = schema_nearest_choice(w->choices, text, buf, sizeof(buf));
	snprintf(what, sizeof(what), "\"%.40s\" is not among its values%s%s%s", text,
		 near ? ", did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return refuse(m, node, w, errs, what);
}

static bool check_text(const struct manifest *m, int node, const struct schema_word *w,
		       const char *text, struct manifest_errs *errs)
{
	size_t n = strlen(text);

	if (n < w->min || (w->max && n > w->max)) {
		manifest_complain(errs, m, node, w->name,
				  "%zu characters long; right would be %" PRIu64 " to %" PRIu64, n,
				  w->min, w->max);
		return false;
	}
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || (unsigned char)*text == 0x7f)
			return refuse(m, node, w, errs, "contains control characters");
	}
	return true;
}

/* One string, no more and no less; then what its type wants of it. */
static bool check_string(const struct manifest *m, int node, const struct schema_word *w,
			 const char *text, size_t len, struct manifest_errs *errs)
{
	char what[160];

	if (len == 0 || text[len - 1] || strlen(text) != len - 1)
		return refuse(m, node, w, errs, "is not one string");
	if (w->type == TYPE_CHOICE)
		return check_choice(m, node, w, text, errs);
	if (!syntax_check(w->type, text)) {
		snprintf(what, sizeof(what), "\"%.80s\" is not %s", text, syntax_what(w->type));
		return refuse(m, node, w, errs, what);
	}
	return check_text(m, node, w, text, errs);
}

static bool check_strings(const struct manifest *m, int node, const struct schema_word *w,
			  const char *text, size_t len, struct manifest_errs *errs)
{
	if (len == 0 || text[len - 1])
		return refuse(m, node, w, errs, "is not a list of strings");
	return true;
}

bool check_value(const struct manifest *m, int node, const struct schema_word *w, const void *value,
		 size_t len, struct manifest_errs *errs)
{
	switch (w->type) {
	case TYPE_FLAG: return check_length(m, node, w, len, 0, "no value belongs", errs);
	case TYPE_U32:
		return check_length(m, node, w, len, 4, "one cell belongs", errs) &&
		       check_range(m, node, w, manifest_number(m, node, w->name), errs);
	case TYPE_U64:
		return check_length(m, node, w, len, 8, "a 64-bit size belongs", errs) &&
		       check_range(m, node, w, manifest_number(m, node, w->name), errs);
	case TYPE_CELLS: return check_count(m, node, w, len, 4, "cells", errs);
	case TYPE_BYTES: return check_count(m, node, w, len, 1, "bytes", errs);
	case TYPE_STRINGS: return check_strings(m, node, w, value, len, errs);
	case TYPE_REF: return check_length(m, node, w, len, 4, "one reference belongs", errs);
	case TYPE_REFS:
		if (len > 0 && len % 4 == 0)
			return true;
		return refuse(m, node, w, errs, "is not a list of references");
	case TYPE_FILE:
		if (m->form == FORM_BLOB)
			return check_length(m, node, w, len, 4, "a module index belongs", errs);
		return check_string(m, node, w, value, len, errs);
	case TYPE_STRING:
	case TYPE_CHOICE:
	case TYPE_LOCATION:
	case TYPE_PATH:
	case TYPE_PCI_ID:
	case TYPE_PCI_CLASS:
	case TYPE_CPUS:
	case TYPE_ESCAPE:
	case TYPE_LABEL: return check_string(m, node, w, value, len, errs);
	case NR_TYPES: break;
	}
	return false;
}
