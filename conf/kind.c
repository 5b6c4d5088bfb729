/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What a node is: nodes with a fixed name by that name, the others by
 * compatible, and what has neither by where it stands (devices, partitions).
 */
#include <stdio.h>
#include <string.h>

#include "kind.h"

bool kind_compatible(const struct manifest *m, int node, const char *choices)
{
	size_t len, n;
	const char *text = manifest_prop(m, node, "compatible", &len);

	for (; text && len > 0; text += n, len -= n) {
		n = strnlen(text, len);
		if (schema_choice(choices, text, n, NULL))
			return true;
		if (n < len)
			n++;
	}
	return false;
}

static bool kind_belongs(const struct manifest *m, enum schema_kind kind, enum schema_kind parent)
{
	return schema_nodes[kind].parent == parent && (schema_nodes[kind].forms & m->form);
}

static enum schema_kind kind_by_name(const struct manifest *m, enum schema_kind parent,
				     const char *name)
{
	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS; k++) {
		const char *fixed = schema_nodes[k].name;

		if (kind_belongs(m, k, parent) && fixed && !strcmp(fixed, name))
			return k;
	}
	return KIND_NONE;
}

enum schema_kind kind_resolve(const struct manifest *m, int node)
{
	enum schema_kind parent, found;
	bool free = !manifest_has(m, node, "compatible");

	if (node == MANIFEST_ROOT)
		return KIND_ROOT;
	parent = m->nodes[m->nodes[node].parent].kind;
	if (parent == KIND_NONE)
		return KIND_NONE;
	found = kind_by_name(m, parent, manifest_name(m, node));
	if (found != KIND_NONE)
		return found;
	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS; k++) {
		const struct schema_node *n = &schema_nodes[k];

		if (!kind_belongs(m, k, parent) || n->name)
			continue;
		if (n->compatible ? kind_compatible(m, node, n->compatible) : free)
			return k;
	}
	return KIND_NONE;
}

/* Append one more thing that could stand there to a list for people. */
static void list_add(char *buf, size_t size, const struct schema_node *n)
{
	size_t used = strlen(buf);
	const char *comma = used ? ", " : "";

	if (n->name)
		snprintf(buf + used, size - used, "%s%s { }", comma, n->name);
	else if (n->compatible)
		snprintf(buf + used, size - used, "%sa node with compatible = \"%s\"", comma,
			 n->compatible);
	else
		snprintf(buf + used, size - used, "%sa %s", comma, n->title);
}

void kind_complain(const struct manifest *m, int node, struct manifest_errs *errs)
{
	enum schema_kind parent = m->nodes[m->nodes[node].parent].kind;
	const char *compatible = manifest_text(m, node, "compatible"), *near = NULL;
	char list[256] = "", buf[64], hint[96] = "";

	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS; k++) {
		const struct schema_node *n = &schema_nodes[k];

		if (!kind_belongs(m, k, parent))
			continue;
		list_add(list, sizeof(list), n);
		if (!near && n->compatible && !n->name)
			near = schema_nearest_choice(n->compatible, compatible, buf, sizeof(buf));
		else if (!near && n->name && !*compatible)
			near = schema_nearest_choice(n->name, manifest_name(m, node), buf,
						     sizeof(buf));
	}
	if (near)
		snprintf(hint, sizeof(hint), "did you mean \"%s\"? ", near);
	if (*compatible)
		manifest_complain(errs, m, node, "compatible",
				  "unknown compatible \"%s\"; %sin a %s node there may be: %s",
				  compatible, hint, schema_nodes[parent].title,
				  *list ? list : "no nodes");
	else
		manifest_complain(errs, m, node, NULL,
				  "unknown node; %sin a %s node there may be: %s", hint,
				  schema_nodes[parent].title, *list ? list : "no nodes");
}
