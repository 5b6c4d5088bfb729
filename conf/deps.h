/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Which domain needs which other one, said or implied. */
#ifndef CONF_DEPS_H
#define CONF_DEPS_H

#include "manifest.h"

/* The domain that is given this device, or MANIFEST_NONE. */
int deps_owner(const struct manifest *m, int device);

/* The device behind a disk, whole or by one of its partitions, or MANIFEST_NONE. */
int deps_disk_device(const struct manifest *m, int vbd);

/*
 * The next domain that must be ready before this one, or MANIFEST_NONE.
 * *cursor starts at 0; the same domain may be returned more than once.
 */
int deps_next(const struct manifest *m, int domain, unsigned int *cursor);

#endif /* CONF_DEPS_H */
