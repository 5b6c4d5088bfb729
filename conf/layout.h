/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the flashed image holds besides a manifest's partitions.  The recipe
 * that makes it is conf/image/.
 */
#ifndef CONF_LAYOUT_H
#define CONF_LAYOUT_H

#include <stdbool.h>

/* Whether a partition of the image itself has this label. */
bool layout_is_reserved(const char *label);

#endif /* CONF_LAYOUT_H */
