/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The blob for the target: the source's tree without what only the build host
 * needs, module indexes in place of file names, and the table of modules.
 */
#ifndef BHCONF_BLOB_H
#define BHCONF_BLOB_H

#include "../manifest.h"
#include "payload.h"

/* Returns the blob, to be freed, or NULL with a complaint. */
void *blob_make(const struct manifest *m, const struct payloads *payloads, size_t *size,
		struct report *r);

#endif /* BHCONF_BLOB_H */
