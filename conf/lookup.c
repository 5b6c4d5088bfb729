/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Finding words in the schema, and the nearest one to a word that is not there.
 */
#include <string.h>

#include "schema.h"

/* Longer words are compared as far as this only. */
#define SPELL_MAX 40

const char *schema_stage_name(enum schema_stage stage)
{
	switch (stage) {
	case STAGE_BOOT: return "the control domain";
	case STAGE_GUESTS: return "guest domains";
	case STAGE_DEVICES: return "driver domains, disks and networks";
	}
	return "?";
}

const struct schema_word *schema_find(enum schema_kind kind, const char *name)
{
	for (unsigned int i = 0; i < schema_nr_words; i++) {
		const struct schema_word *w = &schema_words[i];

		if (w->kind == kind && !strcmp(w->name, name))
			return w;
	}
	return NULL;
}

bool schema_word_in_form(const struct schema_word *w, enum schema_form form)
{
	return !(w->flags & (form == FORM_BLOB ? WORD_HOST : WORD_BLOB));
}

bool schema_choice(const char *choices, const char *text, size_t len, unsigned int *index)
{
	for (unsigned int i = 0;; i++) {
		size_t n = strcspn(choices, "|");

		if (n == len && !memcmp(choices, text, n)) {
			if (index)
				*index = i;
			return true;
		}
		if (!choices[n])
			return false;
		choices += n + 1;
	}
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein's distance, one row at a time. */
unsigned int schema_distance(const char *a, const char *b, unsigned int limit)
{
	unsigned int row[SPELL_MAX + 1];
	size_t na = strnlen(a, SPELL_MAX), nb = strnlen(b, SPELL_MAX);

	for (size_t j = 0; j <= nb; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned int above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[nb] <= limit ? row[nb] : limit + 1;
}

/* A third of the letters may be wrong; two in short words' favour. */
static unsigned int spell_limit(const char *name)
{
	size_t n = strnlen(name, SPELL_MAX);

	return n < 4 ? 1 : n < 7 ? 2 : (unsigned int)(n / 3);
}

const char *schema_nearest_word(enum schema_kind kind, enum schema_form form, const char *name)
{
	unsigned int best = spell_limit(name);
	const char *found = NULL;

	for (unsigned int i = 0; i < schema_nr_words; i++) {
		const struct schema_word *w = &schema_words[i];
		unsigned int d;

		if (w->kind != kind || !schema_word_in_form(w, form))
			continue;
		d = schema_distance(name, w->name, best);
		if (d < best || (d == best && !found)) {
			best = d;
			found = w->name;
		}
	}
	return found;
}

const char *schema_nearest_choice(const char *choices, const char *text, char *buf, size_t size)
{
	unsigned int best = spell_limit(text);
	char one[SPELL_MAX + 1];
	bool found = false;

	for (;;) {
		size_t n = strcspn(choices, "|");

		if (n < sizeof(one) && n < size) {
			unsigned int d;

			memcpy(one, choices, n);
			one[n] = '\0';
			d = schema_distance(text, one, best);
			if (d < best || (d == best && !found)) {
				best = d;
				found = true;
				memcpy(buf, one, n + 1);
			}
		}
		if (!choices[n])
			return found ? buf : NULL;
		choices += n + 1;
	}
}
