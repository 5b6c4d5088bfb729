/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Whether a manifest makes sense: the checks that need no file and no machine,
 * the same on the build host and on the target.
 */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include "manifest.h"

/*
 * Check all of an opened manifest and complain about everything that is wrong.
 *
 * stage is what the target acts on: SCHEMA_STAGE_NOW, or STAGE_ALL to check
 * what later stages will act on.
 * Returns true when there was nothing to complain about.
 */
bool manifest_check(const struct manifest *m, enum schema_stage stage, struct manifest_errs *errs);

/* One part of it each, in this order; the later ones skip what the earlier ones refused. */
void check_words(const struct manifest *m, enum schema_stage stage, struct manifest_errs *errs);
void check_refs(const struct manifest *m, struct manifest_errs *errs);
void check_names(const struct manifest *m, struct manifest_errs *errs);
void check_claims(const struct manifest *m, struct manifest_errs *errs);
void check_cycles(const struct manifest *m, struct manifest_errs *errs);
void check_fit(const struct manifest *m, struct manifest_errs *errs);

/*
 * Check the value (len bytes, at value) of word w of node.
 * Returns true when there was nothing to complain about.
 */
bool check_value(const struct manifest *m, int node, const struct schema_word *w, const void *value,
		 size_t len, struct manifest_errs *errs);

/* What to write for the word, "memory = <MB(8)>;"; returns buf. */
const char *check_syntax(const struct schema_word *w, char *buf, size_t size);

#endif /* CONF_CHECK_H */
