/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Compiling one manifest. */
#ifndef BHCONF_COMPILE_H
#define BHCONF_COMPILE_H

#include "report.h"

struct compile_options {
	const char *manifest; /* the .dts */
	const char *out;      /* folder for what is made; there already */
	char **includes;      /* folders for #include, NULL-terminated */
	char **libraries;     /* where else than beside the manifest its files may be, likewise */
	const char *ctrl;     /* the control domain that comes with Bulkhead, or NULL */
	const char *depfile;  /* dependencies for make go there, or NULL */
	enum schema_stage stage;
};

/*
 * Compile and check it all; write manifest.dtb and plan.json only when nothing
 * is wrong.  Returns whether they were written; complaints are in r.
 */
bool compile_manifest(const struct compile_options *options, struct report *r);

/* What the target will say about a blob. */
bool compile_check_blob(const void *blob, size_t size, enum schema_stage stage, struct report *r);

#endif /* BHCONF_COMPILE_H */
