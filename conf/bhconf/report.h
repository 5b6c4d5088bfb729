/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Complaints about a source, for people and editors:
 *	FILE:LINE: error: NODE: WORD: what is wrong; what would be right
 * and below it the line itself.
 */
#ifndef BHCONF_REPORT_H
#define BHCONF_REPORT_H

#include "../manifest.h"
#include "places.h"

struct mistyped;

struct report {
	FILE *out;
	const char *manifest;	     /* named where a complaint has no place of its own */
	const struct places *places; /* of what counts; may be NULL */
	const struct places *source; /* with labels; may be NULL */
	unsigned int errors;
	bool unresolved;	   /* dtc left references as they are: nothing is said of them */
	struct mistyped *mistyped; /* words of which no more need be said */
	struct manifest_errs errs; /* sends what the checker says here */
};

void report_init(struct report *r, const char *manifest, FILE *out);
void report_end(struct report *r);

/* One more error, about word (or NULL) of the node at path (or NULL). */
void report_error(struct report *r, const char *path, const char *word, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * Complain about every value that was written as another type than its word has,
 * which the compiled tree no longer tells.  What the checker has to say about
 * its bytes is not said then.
 */
void report_types(struct report *r, const struct manifest *m);

#endif /* BHCONF_REPORT_H */
