/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What one node of a manifest says about another: references, and the order of
 * dependencies.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"

/* "serial port or watchdog" */
static const char *kinds_text(unsigned int kinds, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS && used < size; k++) {
		if (kinds & KIND_BIT(k))
			used += (size_t)snprintf(buf + used, size - used, "%s%s",
						 used ? " or " : "", schema_nodes[k].title);
	}
	return buf;
}

static void check_ref(const struct manifest *m, int node, const struct schema_word *w,
		      unsigned int i, struct manifest_errs *errs)
{
	uint32_t phandle = manifest_cell(m, node, w->name, i);
	int target = manifest_by_phandle(m, phandle);
	char kinds[96];

	kinds_text(w->targets, kinds, sizeof(kinds));
	if (target == MANIFEST_NONE) {
		manifest_complain(
			errs, m, node, w->name,
			"refers to a node that is not there (phandle %#x); right would be "
			"the label of a %s: %s = <&label>;",
			phandle, kinds, w->name);
		return;
	}
	if (!(w->targets & KIND_BIT(m->nodes[target].kind))) {
		manifest_complain(errs, m, node, w->name,
				  "refers to \"%s\", which is a %s; right would be a %s",
				  manifest_name(m, target),
				  schema_nodes[m->nodes[target].kind].title, kinds);
		return;
	}
	for (unsigned int j = 0; j < i; j++) {
		if (manifest_cell(m, node, w->name, j) == phandle) {
			manifest_complain(errs, m, node, w->name, "names \"%s\" twice",
					  manifest_name(m, target));
			return;
		}
	}
}

/* The module that a file became. */
static void check_module_ref(const struct manifest *m, int node, const struct schema_word *w,
			     struct manifest_errs *errs)
{
	uint32_t index = manifest_file(m, node, w->name);

	for (int i = manifest_next(m, KIND_MODULE, MANIFEST_NONE); i != MANIFEST_NONE;
	     i = manifest_next(m, KIND_MODULE, i)) {
		if (manifest_number(m, i, "index") == index)
			return;
	}
	manifest_complain(errs, m, node, w->name, "module %u is not in the module table", index);
}

void check_refs(const struct manifest *m, struct manifest_errs *errs)
{
	for (unsigned int i = 0; i < m->nr_nodes; i++) {
		for (unsigned int k = 0; k < schema_nr_words; k++) {
			const struct schema_word *w = &schema_words[k];
			int node = (int)i;

			if (w->kind != m->nodes[i].kind || !manifest_has(m, node, w->name))
				continue;
			if (w->type == TYPE_REF || w->type == TYPE_REFS)
				for (unsigned int r = 0; r < manifest_nr_refs(m, node, w->name);
				     r++)
					check_ref(m, node, w, r, errs);
			else if (w->type == TYPE_FILE && m->form == FORM_BLOB)
				check_module_ref(m, node, w, errs);
		}
	}
}
