/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The map from paths and words to places in the source, filled by the scanner.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../schema.h"
#include "dts.h"
#include "memory.h"
#include "places.h"

#define BUCKETS	  1024
#define MAX_DEPTH 32

struct label {
	char *name;
	char *path;
	struct label *next;
};

struct places {
	struct place *buckets[BUCKETS];
	struct label *labels;
	FILE *log; /* where overriding is noted; NULL: nowhere */
	char *stack[MAX_DEPTH];
	unsigned int depth;
};

static unsigned int hash(const char *path, const char *word)
{
	unsigned int h = 5381;

	for (; *path; path++)
		h = h * 33 + (unsigned char)*path;
	for (; word && *word; word++)
		h = h * 33 + (unsigned char)*word;
	return h % BUCKETS;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static struct place *lookup(const struct places *ps, const char *path, const char *word)
{
	struct place *p = ps->buckets[hash(path, word)];

	while (p && (strcmp(p->path, path) != 0 || !same(p->word, word)))
		p = p->next;
	return p;
}

static struct place *add(struct places *ps, const char *path, const char *word)
{
	struct place *p = xalloc(sizeof(*p)), **bucket = &ps->buckets[hash(path, word)];

	p->path = xstrdup(path);
	p->word = word ? xstrdup(word) : NULL;
	p->next = *bucket;
	*bucket = p;
	return p;
}

static void release(struct place *p)
{
	free(p->path);
	free(p->word);
	free(p->file);
	free(p->value);
	free(p);
}

/* Forget a word of a node; without a word all of the node and what is below it. */
static void forget(struct places *ps, const char *path, const char *word)
{
	size_t n = strlen(path);

	for (unsigned int i = 0; i < BUCKETS; i++) {
		for (struct place **link = &ps->buckets[i]; *link;) {
			struct place *p = *link;
			bool below =
				!strncmp(p->path, path, n) && (!p->path[n] || p->path[n] == '/');

			if (word ? !strcmp(p->path, path) && same(p->word, word) : below) {
				*link = p->next;
				release(p);
			} else {
				link = &p->next;
			}
		}
	}
}

static const char *here(const struct places *ps)
{
	return ps->depth ? ps->stack[ps->depth - 1] : "";
}

/* The path of a node that is called name where the scan is. */
static char *path_of(const struct places *ps, const char *name)
{
	const char *path;

	if (name[0] == '/')
		return xstrdup("/");
	if (name[0] == '&' && name[1] == '{')
		return xstrdup(name + 2);
	if (name[0] == '&') {
		path = places_label(ps, name + 1);
		return xstrdup(path ? path : name);
	}
	return xprintf("%s/%s", strcmp(here(ps), "/") != 0 ? here(ps) : "", name);
}

static void note_label(struct places *ps, const char *name, const char *path)
{
	struct label *l = xalloc(sizeof(*l));

	l->name = xstrdup(name);
	l->path = xstrdup(path);
	l->next = ps->labels;
	ps->labels = l;
}

static void on_enter(void *arg, const char *name, const char *label, const struct dts_place *at)
{
	struct places *ps = arg;
	char *path = path_of(ps, name);

	if (label)
		note_label(ps, label, path);
	if (!lookup(ps, path, NULL)) {
		struct place *p = add(ps, path, NULL);

		p->file = xstrndup(at->file, at->file_len);
		p->line = at->line;
	}
	if (ps->depth < MAX_DEPTH)
		ps->stack[ps->depth++] = path;
	else
		free(path);
}

static void on_leave(void *arg)
{
	struct places *ps = arg;

	if (ps->depth)
		free(ps->stack[--ps->depth]);
}

static void on_prop(void *arg, const char *name, unsigned int sorts, const char *value,
		    const struct dts_place *at)
{
	struct places *ps = arg;
	struct place *p = lookup(ps, here(ps), name);

	if (p && ps->log)
		fprintf(ps->log, "%.*s:%u: note: %s: %s: overrides what %s:%u says\n",
			(int)at->file_len, at->file, at->line, here(ps), name, p->file, p->line);
	if (!p)
		p = add(ps, here(ps), name);
	free(p->file);
	free(p->value);
	p->file = xstrndup(at->file, at->file_len);
	p->line = at->line;
	p->sorts = sorts;
	p->value = xstrdup(value);
}

static void on_delete_node(void *arg, const char *name)
{
	struct places *ps = arg;
	char *path = path_of(ps, name);

	forget(ps, path, NULL);
	free(path);
}

static void on_delete_prop(void *arg, const char *name)
{
	struct places *ps = arg;

	forget(ps, here(ps), name);
}

static struct places *scan(const char *text, FILE *log)
{
	struct places *ps = xalloc(sizeof(*ps));
	struct dts_events events = {
		.arg = ps,
		.enter = on_enter,
		.leave = on_leave,
		.prop = on_prop,
		.delete_node = on_delete_node,
		.delete_prop = on_delete_prop,
	};

	ps->log = log;
	dts_scan(text, &events);
	while (ps->depth)
		on_leave(ps);
	return ps;
}

struct places *places_read(const char *annotated)
{
	return scan(annotated, NULL);
}

struct places *places_read_source(const char *preprocessed, FILE *log)
{
	return scan(preprocessed, log);
}

const struct place *places_find_word(const struct places *ps, const char *path, const char *word)
{
	return lookup(ps, path, word);
}

const struct place *places_find(const struct places *ps, const char *path, const char *word)
{
	const struct place *p = word ? lookup(ps, path, word) : NULL;
	char *above = xstrdup(path);

	while (!p) {
		char *slash = strrchr(above, '/');

		p = lookup(ps, *above ? above : "/", NULL);
		if (!slash || !*above)
			break;
		*slash = '\0';
	}
	free(above);
	return p;
}

const char *places_label(const struct places *ps, const char *label)
{
	for (const struct label *l = ps->labels; l; l = l->next) {
		if (!strcmp(l->name, label))
			return l->path;
	}
	return NULL;
}

const char *places_nearest_label(const struct places *ps, const char *label)
{
	unsigned int best = 2;
	const char *found = NULL;

	for (const struct label *l = ps->labels; l; l = l->next) {
		unsigned int d = schema_distance(label, l->name, best);

		if (d < best || (d == best && !found)) {
			best = d;
			found = l->name;
		}
	}
	return found;
}

void places_each_word(const struct places *ps, void (*fn)(void *arg, const struct place *p),
		      void *arg)
{
	for (unsigned int i = 0; i < BUCKETS; i++) {
		for (const struct place *p = ps->buckets[i]; p; p = p->next) {
			if (p->word)
				fn(arg, p);
		}
	}
}

void places_free(struct places *ps)
{
	for (unsigned int i = 0; ps && i < BUCKETS; i++) {
		for (struct place *p = ps->buckets[i], *next; p; p = next) {
			next = p->next;
			release(p);
		}
	}
	for (struct label *l = ps ? ps->labels : NULL, *next; l; l = next) {
		next = l->next;
		free(l->name);
		free(l->path);
		free(l);
	}
	free(ps);
}
