/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Writing the blob, front to back.
 */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "blob.h"
#include "memory.h"

/* libfdt's functions return 0 or an error; the first one is kept. */
static void keep(int *err, int result)
{
	if (!*err)
		*err = result;
}

static int put_prop(void *out, const struct manifest *m, int node, int prop,
		    const struct payloads *payloads)
{
	const struct schema_word *w;
	const struct payload *p;
	const char *word;
	int len;
	const void *value = fdt_getprop_by_offset(m->blob, prop, &word, &len);

	w = schema_find(m->nodes[node].kind, word);
	if (w && !schema_word_in_form(w, FORM_BLOB))
		return 0;
	if (!w || w->type != TYPE_FILE)
		return fdt_property(out, word, value, len);
	p = payload_find(payloads, node, word);
	return p ? fdt_property_u32(out, word, p->index) : -FDT_ERR_BADVALUE;
}

static int put_modules(void *out, const struct payloads *payloads)
{
	int err = fdt_begin_node(out, "modules");
	uint32_t done = 0;

	for (unsigned int i = 0; i < payloads->nr; i++) {
		const struct payload *p = &payloads->list[i];
		char name[16];

		/* What is no module has index 0; a file that is named twice is one module. */
		if (p->index <= done)
			continue;
		done = p->index;
		snprintf(name, sizeof(name), "m%u", p->index);
		keep(&err, fdt_begin_node(out, name));
		keep(&err, fdt_property_u32(out, "index", p->index));
		keep(&err, fdt_property(out, "name", p->name, (int)strlen(p->name) + 1));
		keep(&err, fdt_property_u64(out, "size", p->size));
		keep(&err, fdt_property(out, "sha256", p->sha256, sizeof(p->sha256)));
		keep(&err, fdt_end_node(out));
	}
	keep(&err, fdt_end_node(out));
	return err;
}

/* Nodes come in document order: close those that the next one is not below. */
static int put_tree(void *out, const struct manifest *m, const struct payloads *payloads)
{
	int err = 0, open = MANIFEST_NONE;

	for (unsigned int i = 0; i < m->nr_nodes; i++) {
		for (; open != m->nodes[i].parent; open = m->nodes[open].parent)
			keep(&err, fdt_end_node(out));
		open = (int)i;
		keep(&err, fdt_begin_node(out, manifest_name(m, open)));
		for (int prop = fdt_first_property_offset(m->blob, m->nodes[i].offset); prop >= 0;
		     prop = fdt_next_property_offset(m->blob, prop))
			keep(&err, put_prop(out, m, open, prop, payloads));
	}
	for (; open != MANIFEST_ROOT; open = m->nodes[open].parent)
		keep(&err, fdt_end_node(out));
	return err;
}

void *blob_make(const struct manifest *m, const struct payloads *payloads, size_t *size,
		struct report *r)
{
	void *out = xalloc(MANIFEST_MAX_SIZE);
	int err = fdt_create(out, MANIFEST_MAX_SIZE);

	keep(&err, fdt_finish_reservemap(out));
	keep(&err, put_tree(out, m, payloads));
	keep(&err, put_modules(out, payloads));
	keep(&err, fdt_end_node(out));
	keep(&err, fdt_finish(out));
	if (err) {
		report_error(r, NULL, NULL, "the blob cannot be made: %s", fdt_strerror(err));
		free(out);
		return NULL;
	}
	*size = fdt_totalsize(out);
	return out;
}
