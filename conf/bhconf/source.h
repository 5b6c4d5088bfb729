/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * From the manifest's source to a tree: cpp, then dtc.
 */
#ifndef BHCONF_SOURCE_H
#define BHCONF_SOURCE_H

#include "places.h"
#include "report.h"

struct source_options {
	const char *manifest; /* path of the .dts */
	const char *out;      /* folder for what is made */
	char **includes;      /* folders for #include, NULL-terminated */
	const char *depfile;  /* cpp's dependencies go there; NULL: nowhere */
	const char *deptarget;
};

struct source {
	void *dtb;
	size_t dtb_size;
	struct places *places; /* what counts */
	struct places *all;    /* as written, with labels */
};

/*
 * Preprocess and compile.  Returns false when there is no tree to check, with
 * complaints from the tools; complaints of dtc that leave a tree count as errors
 * of r and the tree is there.  Notes about overridden words go to r->out.
 */
bool source_read(const struct source_options *options, struct source *source, struct report *r);

void source_free(struct source *source);

#endif /* BHCONF_SOURCE_H */
