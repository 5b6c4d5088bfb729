/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Telling what a node of a manifest is. */
#ifndef CONF_KIND_H
#define CONF_KIND_H

#include "manifest.h"

/*
 * The kind of a node whose parent's kind is known, by its name, its compatible,
 * and where it stands; KIND_NONE when nothing of that sort belongs there.
 */
enum schema_kind kind_resolve(const struct manifest *m, int node);

/* Complain about a node of KIND_NONE, with what could stand there instead. */
void kind_complain(const struct manifest *m, int node, struct manifest_errs *errs);

/* Whether one of the node's compatible strings is among choices ("this|that"). */
bool kind_compatible(const struct manifest *m, int node, const char *choices);

#endif /* CONF_KIND_H */
