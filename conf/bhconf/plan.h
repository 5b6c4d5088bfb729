/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The plan: what the image recipe and `make run` need to know of a manifest, as
 * JSON, so that neither has to read device trees.
 */
#ifndef BHCONF_PLAN_H
#define BHCONF_PLAN_H

#include "../manifest.h"
#include "payload.h"

struct plan_options {
	const char *name; /* of the appliance */
	const char *ctrl; /* the control domain that comes with Bulkhead, or NULL */
};

/* Check that images fit into their partitions. */
void plan_check(const struct manifest *m, const struct payloads *payloads, struct report *r);

/* The plan's text, to be freed.  File names are absolute or relative to its folder. */
char *plan_make(const struct manifest *m, const struct payloads *payloads,
		const struct plan_options *options);

#endif /* BHCONF_PLAN_H */
