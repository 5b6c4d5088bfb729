/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* What bulkhead-manifest(5) says around the schema's tables, in mdoc. */
#ifndef BHCONF_MANTEXT_H
#define BHCONF_MANTEXT_H

extern const char mantext_head[];
extern const char mantext_blob[];
extern const char mantext_tail[];

#endif /* BHCONF_MANTEXT_H */
