/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A manifest in memory: opening it, walking its nodes, reading its words.
 *
 * The same files serve the build host (FORM_SOURCE) and the control domain
 * (FORM_BLOB).  They allocate nothing and keep nothing: the blob and the index
 * of its nodes belong to the caller, who keeps both for as long as the manifest
 * is used.  No blob, however broken, makes them read outside it.
 * What a manifest may say: schema.h.  Whether it makes sense: check.h.  As
 * structs: view.h.
 */
#ifndef CONF_MANIFEST_H
#define CONF_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema.h"

/* Larger blobs are refused; a manifest of 1,024 domains has half of it. */
#define MANIFEST_MAX_SIZE  (1u << 20)
#define MANIFEST_MAX_NODES 16384u
#define MANIFEST_MAX_DEPTH 6

/* Longest path of a node as it is printed, with its terminator. */
#define MANIFEST_PATH_MAX 192

/* Index of a node; the root is 0. */
#define MANIFEST_ROOT 0
#define MANIFEST_NONE (-1)

struct manifest_node {
	int offset;	  /* in the structure block */
	int parent;	  /* node index, MANIFEST_NONE for the root */
	uint32_t phandle; /* 0: has none */
	enum schema_kind kind;
	uint64_t scratch; /* for one pass of the checker at a time */
};

struct manifest {
	const void *blob;
	struct manifest_node *nodes;
	unsigned int nr_nodes;
	enum schema_form form;
};

/*
 * Where complaints go.  path and word are NULL where a complaint is about none
 * in particular; the strings live for the length of the call only.
 */
struct manifest_errs {
	void (*report)(void *arg, const char *path, const char *word, const char *text);
	void *arg;
	unsigned int count;
};

/*
 * Number of nodes in blob, so that a caller can provide their index.
 *
 * blob is 8-byte aligned, size bytes can be read.
 * Returns the number, or 0 with one complaint when blob is no device tree, is
 * longer than size or MANIFEST_MAX_SIZE, or has more than MANIFEST_MAX_NODES.
 */
unsigned int manifest_count(const void *blob, size_t size, struct manifest_errs *errs);

/*
 * Index blob into nodes, of which there are manifest_count() at least.
 *
 * Returns false with complaints where manifest_count() would, or when nodes do
 * not suffice or are nested deeper than MANIFEST_MAX_DEPTH.  true says only
 * that the functions below can be used: kinds and words are yet to be checked.
 */
bool manifest_open(struct manifest *m, const void *blob, size_t size, enum schema_form form,
		   struct manifest_node *nodes, unsigned int max_nodes, struct manifest_errs *errs);

/* Name of a node, never NULL. */
const char *manifest_name(const struct manifest *m, int node);

/* Its path, cut at size; returns buf. */
const char *manifest_path(const struct manifest *m, int node, char *buf, size_t size);

/* The next node of that kind after prev (MANIFEST_NONE: the first), or MANIFEST_NONE. */
int manifest_next(const struct manifest *m, enum schema_kind kind, int prev);

/* For each node i of a kind. */
#define manifest_for_each(m, kind, i)                                                              \
	for (int i = manifest_next(m, kind, MANIFEST_NONE); i != MANIFEST_NONE;                    \
	     i = manifest_next(m, kind, i))

/* The next child of parent of that kind (KIND_NONE: of any) after prev, or MANIFEST_NONE. */
int manifest_child(const struct manifest *m, int parent, enum schema_kind kind, int prev);

/* The node that has this phandle, or MANIFEST_NONE. */
int manifest_by_phandle(const struct manifest *m, uint32_t phandle);

/* The child of parent with this name, or MANIFEST_NONE. */
int manifest_by_name(const struct manifest *m, int parent, const char *name);

/* A property's bytes, big-endian and unaligned; NULL when it is not there. */
const void *manifest_prop(const struct manifest *m, int node, const char *word, size_t *len);

/*
 * A word's value, or its default when it is not there (0, "", MANIFEST_NONE when
 * the schema has none).  Of a manifest that passed manifest_check() they return
 * what the author meant; of any other they return something harmless.
 * manifest_file() is the module's index, 0 for none; of the source form always 0.
 */
bool manifest_has(const struct manifest *m, int node, const char *word);
uint64_t manifest_number(const struct manifest *m, int node, const char *word);
uint32_t manifest_cell(const struct manifest *m, int node, const char *word, unsigned int i);
const char *manifest_text(const struct manifest *m, int node, const char *word);
unsigned int manifest_choice(const struct manifest *m, int node, const char *word);
unsigned int manifest_nr_refs(const struct manifest *m, int node, const char *word);
int manifest_ref(const struct manifest *m, int node, const char *word, unsigned int i);
uint32_t manifest_file(const struct manifest *m, int node, const char *word);

/* Complain about word (or NULL) of node. */
void manifest_complain(struct manifest_errs *errs, const struct manifest *m, int node,
		       const char *word, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif /* CONF_MANIFEST_H */
