/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The manual page of the manifest, from the schema. */
#ifndef BHCONF_MAN_H
#define BHCONF_MAN_H

#include <stdio.h>

/* Write bulkhead-manifest(5) in mdoc; returns an exit status. */
int man_print(FILE *f);

#endif /* BHCONF_MAN_H */
