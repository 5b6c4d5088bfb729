/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Completion.  Pure but for the names of domains.
 */
#include "shell/complete.h"

#include <string.h>

#include "domains.h"
#include "shell/verb.h"

/* The command that the cursor stands in, up to the cursor. */
struct place {
	char verb[24];
	size_t words;	  /* whole words before the one at the cursor */
	size_t args;	  /* of them, those that are neither verb nor option */
	const char *word; /* the one at the cursor: the rest of the text */
	size_t len;
};

/* Candidates that are put together, not found, are kept here. */
static char complete_options[VERB_OPTIONS + 2][24];
static char complete_words[8][16];

static void candidate_add(struct line_candidates *c, const struct place *p, const char *name)
{
	if (c->nr == LINE_CANDIDATES || strncmp(name, p->word, p->len) != 0)
		return;
	c->name[c->nr] = name;
	c->after[c->nr++] = ' ';
}

/* A word from text[from] to text[to] is whole. */
static void place_word(struct place *p, const char *text, size_t from, size_t to)
{
	if (!p->words && to - from < sizeof(p->verb)) {
		memcpy(p->verb, text + from, to - from);
		p->verb[to - from] = '\0';
	}
	if (p->words && text[from] != '-')
		p->args++;
	p->words++;
}

/* False where nothing is to be completed: within quotes and comments. */
static bool place_find(struct place *p, const char *text, size_t pos)
{
	size_t at = 0;

	*p = (struct place){0};
	for (;;) {
		size_t from;

		while (at < pos && strchr(" \t;&|", text[at])) {
			if (!strchr(" \t", text[at]))
				*p = (struct place){0};
			at++;
		}
		from = at;
		while (at < pos && !strchr(" \t;&|", text[at])) {
			if (strchr("'\"\\#", text[at]))
				return false;
			at++;
		}
		if (at == pos) {
			p->word = text + from;
			p->len = pos - from;
			return true;
		}
		place_word(p, text, from, at);
	}
}

static void complete_option(struct line_candidates *c, const struct place *p, const struct verb *v)
{
	size_t n = 0;

	for (const struct verb_option *opt = v->options; opt && opt->name && n < VERB_OPTIONS;
	     opt++)
		format(complete_options[n++], sizeof(complete_options[0]), "--%s", opt->name);
	format(complete_options[n++], sizeof(complete_options[0]), "--json");
	format(complete_options[n++], sizeof(complete_options[0]), "--help");
	for (size_t i = 0; i < n; i++)
		candidate_add(c, p, complete_options[i]);
}

static void complete_word(struct line_candidates *c, const struct place *p, const char *words)
{
	for (size_t n = 0; *words && n < sizeof(complete_words) / sizeof(complete_words[0]); n++) {
		size_t len = strcspn(words, "|");

		format(complete_words[n], sizeof(complete_words[0]), "%.*s", (int)len, words);
		candidate_add(c, p, complete_words[n]);
		words += len + (words[len] == '|');
	}
}

static void complete_verb(struct line_candidates *c, const struct place *p)
{
	for (const struct verb *v = verbs; v->name; v++)
		candidate_add(c, p, v->name);
}

static void complete_argument(struct line_candidates *c, const struct place *p,
			      const struct verb *v)
{
	const struct verb_arg *a = v->args;

	for (size_t n = p->args; a && a->name && !a->many && n; n--)
		a++;
	if (!a || !a->name)
		return;
	switch (a->kind) {
	case ARG_VERB: complete_verb(c, p); break;
	case ARG_WORD: complete_word(c, p, a->words); break;
	case ARG_DOMAIN:
		for (size_t i = 0; domains_name(i); i++)
			candidate_add(c, p, domains_name(i));
		break;
	case ARG_TEXT: break;
	}
}

void complete(const char *text, size_t pos, struct line_candidates *c)
{
	const struct verb *v;
	struct place p;

	*c = (struct line_candidates){0};
	if (!place_find(&p, text, pos))
		return;
	c->typed = p.len;
	if (!p.words) {
		complete_verb(c, &p);
		return;
	}
	v = verb_find(p.verb);
	if (!v)
		return;
	if (p.len && p.word[0] == '-')
		complete_option(c, &p, v);
	else
		complete_argument(c, &p, v);
}
