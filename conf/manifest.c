/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The index over a device tree blob, and reading words through it.
 *
 * fdt_check_full() has walked the whole blob before any other function here
 * touches it, so that libfdt's offsets can be trusted afterwards.
 * Source: Devicetree Specification, chapter 5 "Flattened Devicetree (DTB) Format".
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "kind.h"
#include "manifest.h"

static void __attribute__((format(printf, 4, 0)))
complain(struct manifest_errs *errs, const char *path, const char *word, const char *format,
	 va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), format, args);
	errs->count++;
	errs->report(errs->arg, path, word, text);
}

void manifest_complain(struct manifest_errs *errs, const struct manifest *m, int node,
		       const char *word, const char *format, ...)
{
	char path[MANIFEST_PATH_MAX];
	va_list args;

	va_start(args, format);
	complain(errs, manifest_path(m, node, path, sizeof(path)), word, format, args);
	va_end(args);
}

/* About the blob as a whole, which has no nodes yet. */
static void __attribute__((format(printf, 2, 3)))
blob_complain(struct manifest_errs *errs, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(errs, NULL, NULL, format, args);
	va_end(args);
}

/* libfdt wants its offsets in range and the blob whole: see to both once. */
static bool blob_usable(const void *blob, size_t size, struct manifest_errs *errs)
{
	int err;

	if ((uintptr_t)blob % 8) {
		blob_complain(errs, "the manifest blob is not aligned to 8 bytes");
		return false;
	}
	if (size < sizeof(struct fdt_header)) {
		blob_complain(errs, "the manifest blob is too short: %zu bytes", size);
		return false;
	}
	if (size > MANIFEST_MAX_SIZE) {
		blob_complain(errs, "the manifest blob is too long: %zu bytes, %u are allowed",
			      size, MANIFEST_MAX_SIZE);
		return false;
	}
	err = fdt_check_full(blob, size);
	if (err) {
		blob_complain(errs, "the manifest blob is broken: %s", fdt_strerror(err));
		return false;
	}
	return true;
}

static unsigned int count_nodes(const void *blob)
{
	unsigned int n = 0;

	for (int offset = 0; offset >= 0 && n <= MANIFEST_MAX_NODES;
	     offset = fdt_next_node(blob, offset, NULL))
		n++;
	return n;
}

unsigned int manifest_count(const void *blob, size_t size, struct manifest_errs *errs)
{
	unsigned int n;

	if (!blob_usable(blob, size, errs))
		return 0;
	n = count_nodes(blob);
	if (n > MANIFEST_MAX_NODES) {
		blob_complain(errs, "the manifest has more than %u nodes", MANIFEST_MAX_NODES);
		return 0;
	}
	return n;
}

static void index_node(struct manifest *m, int offset, int parent)
{
	struct manifest_node *node = &m->nodes[m->nr_nodes];

	node->offset = offset;
	node->parent = parent;
	node->phandle = fdt_get_phandle(m->blob, offset);
	node->kind = KIND_NONE;
	m->nr_nodes++;
}

bool manifest_open(struct manifest *m, const void *blob, size_t size, enum schema_form form,
		   struct manifest_node *nodes, unsigned int max_nodes, struct manifest_errs *errs)
{
	int parents[MANIFEST_MAX_DEPTH + 1] = {MANIFEST_NONE};
	int depth = 0;

	*m = (struct manifest){.blob = blob, .nodes = nodes, .form = form};
	if (!manifest_count(blob, size, errs))
		return false;
	for (int offset = 0; offset >= 0 && depth >= 0;
	     offset = fdt_next_node(blob, offset, &depth)) {
		if (depth >= MANIFEST_MAX_DEPTH || m->nr_nodes == max_nodes) {
			blob_complain(errs, "the manifest's nodes are too many or nested too deep");
			return false;
		}
		parents[depth + 1] = (int)m->nr_nodes;
		index_node(m, offset, parents[depth]);
		m->nodes[m->nr_nodes - 1].kind = kind_resolve(m, (int)m->nr_nodes - 1);
	}
	return true;
}

const char *manifest_name(const struct manifest *m, int node)
{
	const char *name = fdt_get_name(m->blob, m->nodes[node].offset, NULL);

	return name ? name : "";
}

const char *manifest_path(const struct manifest *m, int node, char *buf, size_t size)
{
	int chain[MANIFEST_MAX_DEPTH], n = 0;
	size_t used = 0;

	for (; m->nodes[node].parent != MANIFEST_NONE; node = m->nodes[node].parent)
		chain[n++] = node;
	snprintf(buf, size, "/");
	while (n > 0 && used < size) {
		int len = snprintf(buf + used, size - used, "/%s", manifest_name(m, chain[--n]));

		used += len > 0 ? (size_t)len : 0;
	}
	return buf;
}

int manifest_next(const struct manifest *m, enum schema_kind kind, int prev)
{
	for (unsigned int i = (unsigned int)(prev + 1); i < m->nr_nodes; i++) {
		if (m->nodes[i].kind == kind)
			return (int)i;
	}
	return MANIFEST_NONE;
}

/* Nodes are in document order: a parent's children end where its subtree does. */
int manifest_child(const struct manifest *m, int parent, enum schema_kind kind, int prev)
{
	unsigned int i = (unsigned int)(prev == MANIFEST_NONE ? parent : prev) + 1;

	for (; i < m->nr_nodes && m->nodes[i].parent >= parent; i++) {
		if (m->nodes[i].parent == parent && (kind == KIND_NONE || m->nodes[i].kind == kind))
			return (int)i;
	}
	return MANIFEST_NONE;
}

int manifest_by_phandle(const struct manifest *m, uint32_t phandle)
{
	if (phandle == 0 || phandle == UINT32_MAX)
		return MANIFEST_NONE;
	for (unsigned int i = 0; i < m->nr_nodes; i++) {
		if (m->nodes[i].phandle == phandle)
			return (int)i;
	}
	return MANIFEST_NONE;
}

int manifest_by_name(const struct manifest *m, int parent, const char *name)
{
	for (int i = manifest_child(m, parent, KIND_NONE, MANIFEST_NONE); i != MANIFEST_NONE;
	     i = manifest_child(m, parent, KIND_NONE, i)) {
		if (!strcmp(manifest_name(m, i), name))
			return i;
	}
	return MANIFEST_NONE;
}
