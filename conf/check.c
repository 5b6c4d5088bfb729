/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Every node and every word of a manifest against the schema: unknown, missing,
 * wrong in value, or ahead of what the target acts on.
 */
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "check.h"
#include "kind.h"

static void refuse_stage(const struct manifest *m, int node, const char *word,
			 enum schema_stage stage, struct manifest_errs *errs)
{
	manifest_complain(
		errs, m, node, word,
		"this release of Bulkhead does not act on %s yet (it comes with %s); leave "
		"it out",
		word ? "this word" : "such a node", schema_stage_name(stage));
}

/* A word that is not in the schema for this node: was another one meant? */
static void refuse_word(const struct manifest *m, int node, const char *word,
			struct manifest_errs *errs)
{
	enum schema_kind kind = m->nodes[node].kind;
	const char *near = schema_nearest_word(kind, m->form, word);

	if (near) {
		manifest_complain(errs, m, node, word, "unknown word; did you mean \"%s\"?", near);
		return;
	}
	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS; k++) {
		const struct schema_word *w = schema_find(k, word);

		if (w && schema_word_in_form(w, m->form)) {
			manifest_complain(errs, m, node, word,
					  "unknown word here; it belongs into a %s node",
					  schema_nodes[k].title);
			return;
		}
	}
	manifest_complain(errs, m, node, word,
			  "unknown word; the words of a %s node are in bulkhead-manifest(5)",
			  schema_nodes[kind].title);
}

/* The first of two properties of one name is what libfdt finds: the other is a trap. */
static bool is_first(const struct manifest *m, int node, const char *word, const void *value)
{
	size_t len;

	return manifest_prop(m, node, word, &len) == value;
}

static void check_phandle(const struct manifest *m, int node, size_t len,
			  struct manifest_errs *errs)
{
	uint32_t phandle = m->nodes[node].phandle;

	if (len != 4 || !phandle || phandle == UINT32_MAX)
		manifest_complain(errs, m, node, "phandle",
				  "is not a phandle: one cell, neither 0 nor 0xffffffff, belongs");
	else if (manifest_by_phandle(m, phandle) != node)
		manifest_complain(errs, m, node, "phandle", "%#x is another node's phandle already",
				  phandle);
}

static void check_prop(const struct manifest *m, int node, int prop, enum schema_stage stage,
		       struct manifest_errs *errs)
{
	const struct schema_word *w;
	const char *word;
	int len;
	const void *value = fdt_getprop_by_offset(m->blob, prop, &word, &len);

	if (!value || len < 0)
		return;
	if (!is_first(m, node, word, value)) {
		manifest_complain(errs, m, node, word, "is there twice");
		return;
	}
	if (!strcmp(word, "phandle")) {
		check_phandle(m, node, (size_t)len, errs);
		return;
	}
	w = schema_find(m->nodes[node].kind, word);
	if (!w || !schema_word_in_form(w, m->form))
		refuse_word(m, node, word, errs);
	else if (w->stage > stage)
		refuse_stage(m, node, word, w->stage, errs);
	else
		check_value(m, node, w, value, (size_t)len, errs);
}

static void check_props(const struct manifest *m, int node, enum schema_stage stage,
			struct manifest_errs *errs)
{
	for (int prop = fdt_first_property_offset(m->blob, m->nodes[node].offset); prop >= 0;
	     prop = fdt_next_property_offset(m->blob, prop))
		check_prop(m, node, prop, stage, errs);
}

static void check_required(const struct manifest *m, int node, enum schema_stage stage,
			   struct manifest_errs *errs)
{
	const struct schema_node *n = &schema_nodes[m->nodes[node].kind];
	char right[128];

	for (unsigned int i = 0; i < schema_nr_words; i++) {
		const struct schema_word *w = &schema_words[i];

		if (w->kind != m->nodes[node].kind || !(w->flags & WORD_REQUIRED) ||
		    w->stage > stage || !schema_word_in_form(w, m->form) ||
		    manifest_has(m, node, w->name))
			continue;
		if (w->type == TYPE_STRINGS)
			manifest_complain(errs, m, node, w->name,
					  "missing; right would be: compatible = \"%s\";",
					  n->compatible);
		else
			manifest_complain(errs, m, node, w->name, "missing; right would be: %s",
					  check_syntax(w, right, sizeof(right)));
	}
	if (n->compatible && manifest_has(m, node, "compatible") &&
	    !kind_compatible(m, node, n->compatible))
		manifest_complain(errs, m, node, "compatible",
				  "does not name \"%s\", which a %s node must", n->compatible,
				  n->title);
}

/* How many children of each kind there are, against how many there may be. */
static void check_children(const struct manifest *m, int node, struct manifest_errs *errs)
{
	for (enum schema_kind k = KIND_ROOT + 1; k < NR_KINDS; k++) {
		const struct schema_node *n = &schema_nodes[k];
		unsigned int count = 0;

		if (n->parent != m->nodes[node].kind || !(n->forms & m->form))
			continue;
		for (int c = manifest_child(m, node, k, MANIFEST_NONE); c != MANIFEST_NONE;
		     c = manifest_child(m, node, k, c))
			count++;
		if (count < n->min)
			manifest_complain(errs, m, node, NULL,
					  "has no %s node; right would be: %s { ... };", n->title,
					  n->name ? n->name : n->title);
		if (n->max && count > n->max)
			manifest_complain(errs, m, node, NULL, "has %u %s nodes; right would be %u",
					  count, n->title, n->max);
	}
}

void check_words(const struct manifest *m, enum schema_stage stage, struct manifest_errs *errs)
{
	for (unsigned int i = 0; i < m->nr_nodes; i++) {
		int node = (int)i, parent = m->nodes[i].parent;
		enum schema_kind kind = m->nodes[i].kind;

		if (kind == KIND_NONE) {
			/* Below an unknown node nothing can be known. */
			if (m->nodes[parent].kind != KIND_NONE)
				kind_complain(m, node, errs);
		} else if (schema_nodes[kind].stage > stage) {
			if (schema_nodes[m->nodes[parent].kind].stage <= stage)
				refuse_stage(m, node, NULL, schema_nodes[kind].stage, errs);
		} else {
			check_props(m, node, stage, errs);
			check_required(m, node, stage, errs);
			check_children(m, node, errs);
		}
	}
}

bool manifest_check(const struct manifest *m, enum schema_stage stage, struct manifest_errs *errs)
{
	unsigned int before = errs->count;

	check_words(m, stage, errs);
	check_refs(m, errs);
	check_names(m, errs);
	check_claims(m, errs);
	check_cycles(m, errs);
	check_fit(m, errs);
	return errs->count == before;
}
