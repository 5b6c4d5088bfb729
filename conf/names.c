/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Names and numbers that people and guests use: well-formed, and each there
 * once only.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "layout.h"
#include "syntax.h"
#include "view.h"

static bool is_named_by_people(enum schema_kind kind)
{
	return KIND_BIT(kind) & (KIND_BIT(KIND_DOMAIN) | KIND_BIT(KIND_SEGMENT) |
				 KIND_BIT(KIND_VBD) | KIND_BIT(KIND_VIF) | KIND_BIT(KIND_DEVICE));
}

static void check_name(const struct manifest *m, int node, struct manifest_errs *errs)
{
	const char *name = manifest_name(m, node);

	if (is_named_by_people(m->nodes[node].kind) && !syntax_name(name))
		manifest_complain(
			errs, m, node, NULL,
			"\"%s\" is not a name: 1 to 31 of A-Z a-z 0-9 . _ -, a letter first", name);
	if (m->nodes[node].kind == KIND_VBD &&
	    (strncmp(name, "xvd", 3) != 0 || name[3] < 'a' || name[3] > 'z' || name[4]))
		manifest_complain(errs, m, node, NULL,
				  "a disk's name is its name in the guest: xvda to xvdz");
}

/* dtc sees to this in the source; a blob may come from anywhere. */
static void check_twins(const struct manifest *m, int node, struct manifest_errs *errs)
{
	int first = manifest_by_name(m, m->nodes[node].parent, manifest_name(m, node));

	if (first != node)
		manifest_complain(errs, m, node, NULL, "there are two nodes of this name");
}

/* Complain when another node of the same kind before this one has the same number. */
static void check_unique(const struct manifest *m, int node, const char *word, const char *what,
			 struct manifest_errs *errs)
{
	enum schema_kind kind = m->nodes[node].kind;

	for (int i = manifest_next(m, kind, MANIFEST_NONE); i != node && i != MANIFEST_NONE;
	     i = manifest_next(m, kind, i)) {
		if (m->nodes[i].scratch == m->nodes[node].scratch) {
			manifest_complain(errs, m, node, word, "%s belongs to \"%s\" already", what,
					  manifest_name(m, i));
			return;
		}
	}
}

static void check_domids(const struct manifest *m, struct manifest_errs *errs)
{
	char what[32];

	manifest_for_each(m, KIND_CTRL, c)
	{
		if (manifest_number(m, c, "domid") != 0)
			manifest_complain(
				errs, m, c, "domid",
				"the control domain's domid is 0; right would be: domid = "
				"<0>;");
	}
	manifest_for_each(m, KIND_DOMAIN, d)
	{
		m->nodes[d].scratch = manifest_number(m, d, "domid");
		snprintf(what, sizeof(what), "domid %" PRIu64, m->nodes[d].scratch);
		if (manifest_has(m, d, "domid"))
			check_unique(m, d, "domid", what, errs);
	}
}

static void check_vcpu(const struct manifest *m, int vcpu, struct manifest_errs *errs)
{
	int domain = m->nodes[vcpu].parent;
	uint64_t id = manifest_number(m, vcpu, "id");

	if (id >= view_maxcpus(m, domain))
		manifest_complain(errs, m, vcpu, "id",
				  "vCPU %" PRIu64 " is not there: the domain has 0 to %u", id,
				  view_maxcpus(m, domain) - 1);
	for (int v = manifest_child(m, domain, KIND_VCPU, MANIFEST_NONE); v != vcpu;
	     v = manifest_child(m, domain, KIND_VCPU, v)) {
		if (manifest_number(m, v, "id") == id)
			manifest_complain(errs, m, vcpu, "id",
					  "vCPU %" PRIu64 " is described twice", id);
	}
}

static void check_macs(const struct manifest *m, struct manifest_errs *errs)
{
	manifest_for_each(m, KIND_VIF, i)
	{
		uint8_t mac[6];
		uint64_t value = 0;

		view_mac(m, i, mac);
		for (int b = 0; b < 6; b++)
			value = value << 8 | mac[b];
		m->nodes[i].scratch = value;
		if (mac[0] & 1 || !value)
			manifest_complain(
				errs, m, i, "mac",
				"is not the address of one station; right would be: mac = "
				"[00 16 3e xx xx xx];");
		else
			check_unique(m, i, "mac", "this address", errs);
	}
}

static void check_labels(const struct manifest *m, struct manifest_errs *errs)
{
	manifest_for_each(m, KIND_PARTITION, p)
	{
		const char *label = view_label(m, p);

		if (!manifest_has(m, p, "label") && !syntax_label(label))
			manifest_complain(errs, m, p, NULL,
					  "\"%s\" is not a partition name; give it a label", label);
		if (layout_is_reserved(label))
			manifest_complain(
				errs, m, p, "label",
				"\"%s\" is a partition of the image itself; choose another "
				"label",
				label);
		for (int q = manifest_next(m, KIND_PARTITION, MANIFEST_NONE); q != p;
		     q = manifest_next(m, KIND_PARTITION, q)) {
			if (m->nodes[p].parent == m->nodes[q].parent &&
			    !strcmp(label, view_label(m, q)))
				manifest_complain(errs, m, p, "label",
						  "\"%s\" is another partition's label already",
						  label);
		}
	}
}

static void check_modules(const struct manifest *m, struct manifest_errs *errs)
{
	manifest_for_each(m, KIND_MODULE, i)
	{
		m->nodes[i].scratch = manifest_number(m, i, "index");
		check_unique(m, i, "index", "this index", errs);
	}
}

void check_names(const struct manifest *m, struct manifest_errs *errs)
{
	for (unsigned int i = 1; i < m->nr_nodes; i++) {
		check_name(m, (int)i, errs);
		check_twins(m, (int)i, errs);
	}
	check_domids(m, errs);
	manifest_for_each(m, KIND_VCPU, v) check_vcpu(m, v, errs);
	check_macs(m, errs);
	check_labels(m, errs);
	check_modules(m, errs);
}
