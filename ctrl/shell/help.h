/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The verb table as people read it at the prompt.
 */
#ifndef CTRL_SHELL_HELP_H
#define CTRL_SHELL_HELP_H

#include "shell/verb.h"

/* All verbs, one line each. */
void help_all(struct out *o, enum role role);
void help_all_json(struct out *o, enum role role);

/* One verb: usage, text, options. */
void help_verb(struct out *o, const struct verb *v);
void help_verb_json(struct out *o, const struct verb *v);

/* What a role is called in the manifest: "full", "operator" or "off". */
const char *role_name(enum role role);

#endif /* CTRL_SHELL_HELP_H */
