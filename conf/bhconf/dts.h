/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Reading device-tree source for where its nodes and properties are, which a
 * compiled tree no longer says.
 *
 * Two sources are read with it: cpp's output, whose places come from its line
 * markers, and dtc's annotated output, whose places come from its comments.
 * dtc has accepted both: what it would refuse is skipped here without a word.
 */
#ifndef BHCONF_DTS_H
#define BHCONF_DTS_H

#include <stddef.h>

struct dts_place {
	const char *file; /* not terminated: file_len characters */
	size_t file_len;
	unsigned int line;
};

/* Sorts of value that a property was written with. */
#define DTS_STRING (1u << 0)
#define DTS_CELLS  (1u << 1)
#define DTS_BYTES  (1u << 2)
#define DTS_REF	   (1u << 3) /* a reference outside of cells, which becomes a path */

struct dts_events {
	void *arg;
	/* A node begins: its name, or "&label", or "/"; label is NULL or its first one. */
	void (*enter)(void *arg, const char *name, const char *label, const struct dts_place *at);
	void (*leave)(void *arg);
	/* value is the text between = and ;, "" when there is none. */
	void (*prop)(void *arg, const char *name, unsigned int sorts, const char *value,
		     const struct dts_place *at);
	void (*delete_node)(void *arg, const char *name);
	void (*delete_prop)(void *arg, const char *name);
};

/* Read text (NUL-terminated) to its end. */
void dts_scan(const char *text, const struct dts_events *events);

#endif /* BHCONF_DTS_H */
