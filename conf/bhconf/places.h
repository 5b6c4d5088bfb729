/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Where in the source each node and property of a manifest is, and what a later
 * block overrode.
 */
#ifndef BHCONF_PLACES_H
#define BHCONF_PLACES_H

#include <stdio.h>

struct place {
	char *path;
	char *word; /* NULL: the node itself */
	char *file;
	unsigned int line;
	unsigned int sorts; /* DTS_*, of a property */
	char *value;	    /* as written, of a property */
	struct place *next; /* in its hash chain */
};

struct places;

/* Read dtc's annotated output: everything that counts, at its place. */
struct places *places_read(const char *annotated);

/*
 * Read cpp's output and note to log every property that is set a second time,
 * with both places.  Returns all that was read, labels included.
 */
struct places *places_read_source(const char *preprocessed, FILE *log);

/* The place of a word (NULL: of the node), or of the nearest node above; or NULL. */
const struct place *places_find(const struct places *places, const char *path, const char *word);

/* The place of exactly this word, or NULL. */
const struct place *places_find_word(const struct places *places, const char *path,
				     const char *word);

/* The path of a label, or NULL; and the nearest spelling of a label that is not there. */
const char *places_label(const struct places *places, const char *label);
const char *places_nearest_label(const struct places *places, const char *label);

/* Call fn for each property. */
void places_each_word(const struct places *places, void (*fn)(void *arg, const struct place *p),
		      void *arg);

void places_free(struct places *places);

#endif /* BHCONF_PLACES_H */
