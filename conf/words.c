/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Reading the words of a manifest's nodes: values as the author gave them, or
 * the schema's defaults.
 */
#include <string.h>

#include <libfdt.h>

#include "manifest.h"

const void *manifest_prop(const struct manifest *m, int node, const char *word, size_t *len)
{
	int n = 0;
	const void *value;

	*len = 0;
	if (node == MANIFEST_NONE)
		return NULL;
	value = fdt_getprop(m->blob, m->nodes[node].offset, word, &n);
	if (value && n > 0)
		*len = (size_t)n;
	return value;
}

bool manifest_has(const struct manifest *m, int node, const char *word)
{
	size_t len;

	return manifest_prop(m, node, word, &len) != NULL;
}

static const struct schema_word *word_of(const struct manifest *m, int node, const char *word)
{
	return node == MANIFEST_NONE ? NULL : schema_find(m->nodes[node].kind, word);
}

static uint32_t load_cell(const void *value)
{
	fdt32_t cell;

	memcpy(&cell, value, sizeof(cell));
	return fdt32_to_cpu(cell);
}

uint64_t manifest_number(const struct manifest *m, int node, const char *word)
{
	const struct schema_word *w = word_of(m, node, word);
	size_t len;
	const unsigned char *value = manifest_prop(m, node, word, &len);

	bool wide = w && w->type == TYPE_U64;

	if (value && len == 4 && !wide)
		return load_cell(value);
	if (value && len == 8 && wide)
		return (uint64_t)load_cell(value) << 32 | load_cell(value + 4);
	return w ? w->number : 0;
}

uint32_t manifest_cell(const struct manifest *m, int node, const char *word, unsigned int i)
{
	size_t len;
	const unsigned char *value = manifest_prop(m, node, word, &len);

	return value && i < len / 4 ? load_cell(value + 4 * (size_t)i) : 0;
}

const char *manifest_text(const struct manifest *m, int node, const char *word)
{
	const struct schema_word *w = word_of(m, node, word);
	size_t len;
	const char *value = manifest_prop(m, node, word, &len);

	if (value && len > 0 && !value[len - 1])
		return value;
	return w && w->text ? w->text : "";
}

unsigned int manifest_choice(const struct manifest *m, int node, const char *word)
{
	const struct schema_word *w = word_of(m, node, word);
	const char *text = manifest_text(m, node, word);
	unsigned int index = 0;

	if (w && w->choices)
		schema_choice(w->choices, text, strlen(text), &index);
	return index;
}

unsigned int manifest_nr_refs(const struct manifest *m, int node, const char *word)
{
	size_t len;

	return manifest_prop(m, node, word, &len) ? (unsigned int)(len / 4) : 0;
}

int manifest_ref(const struct manifest *m, int node, const char *word, unsigned int i)
{
	const struct schema_word *w = word_of(m, node, word);
	int target = manifest_by_phandle(m, manifest_cell(m, node, word, i));

	if (target == MANIFEST_NONE || !w || !(w->targets & KIND_BIT(m->nodes[target].kind)))
		return MANIFEST_NONE;
	return target;
}

uint32_t manifest_file(const struct manifest *m, int node, const char *word)
{
	return m->form == FORM_BLOB ? manifest_cell(m, node, word, 0) : 0;
}
