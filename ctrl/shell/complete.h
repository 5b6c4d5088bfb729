/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Completion: what may stand at the cursor, by the verb table and the names of
 * the domains there are.
 */
#ifndef CTRL_SHELL_COMPLETE_H
#define CTRL_SHELL_COMPLETE_H

#include "shell/line.h"

/* Find what may stand at text[pos] and begins as what stands before it does. */
void complete(const char *text, size_t pos, struct line_candidates *c);

#endif /* CTRL_SHELL_COMPLETE_H */
