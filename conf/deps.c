/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Which domain needs which other one first, and that none needs itself.
 *
 * A domain needs those that it says it depends on, those that drive its disks'
 * devices, and those that hold its segments' wires.
 */
#include <stdio.h>

#include "check.h"
#include "deps.h"

int deps_owner(const struct manifest *m, int device)
{
	for (int d = manifest_next(m, KIND_DOMAIN, MANIFEST_NONE); d != MANIFEST_NONE;
	     d = manifest_next(m, KIND_DOMAIN, d)) {
		for (unsigned int i = 0; i < manifest_nr_refs(m, d, "pci"); i++) {
			if (manifest_ref(m, d, "pci", i) == device)
				return d;
		}
	}
	return MANIFEST_NONE;
}

int deps_disk_device(const struct manifest *m, int vbd)
{
	int target = manifest_ref(m, vbd, "partition", 0);

	if (target != MANIFEST_NONE && m->nodes[target].kind == KIND_PARTITION)
		target = m->nodes[target].parent;
	return target;
}

/* What a child of a domain makes it need, or MANIFEST_NONE. */
static int child_needs(const struct manifest *m, int child)
{
	int target;

	switch ((unsigned int)m->nodes[child].kind) {
	case KIND_VBD:
		target = deps_disk_device(m, child);
		return target == MANIFEST_NONE ? MANIFEST_NONE : deps_owner(m, target);
	case KIND_VIF:
		target = manifest_ref(m, child, "segment", 0);
		return target == MANIFEST_NONE ? MANIFEST_NONE
					       : manifest_ref(m, target, "uplink", 0);
	default: return MANIFEST_NONE;
	}
}

int deps_next(const struct manifest *m, int domain, unsigned int *cursor)
{
	unsigned int refs = manifest_nr_refs(m, domain, "depends-on"), nth = refs;
	int needed;

	while (*cursor < refs) {
		needed = manifest_ref(m, domain, "depends-on", (*cursor)++);
		if (needed != MANIFEST_NONE)
			return needed;
	}
	for (int c = manifest_child(m, domain, KIND_NONE, MANIFEST_NONE); c != MANIFEST_NONE;
	     c = manifest_child(m, domain, KIND_NONE, c), nth++) {
		if (nth < *cursor)
			continue;
		(*cursor)++;
		needed = child_needs(m, c);
		if (needed != MANIFEST_NONE)
			return needed;
	}
	return MANIFEST_NONE;
}

/*
 * The walk's state of a domain, in its scratch word: where it came from, which
 * of its needs comes next, and whether it is on the way or done with.
 */
#define WALK_NEW	UINT64_C(0)
#define WALK_ON_THE_WAY UINT64_C(1)
#define WALK_DONE	UINT64_C(2)
#define WALK_STATE	UINT64_C(3)

static uint64_t walk_pack(int from, unsigned int cursor, uint64_t state)
{
	return (uint64_t)(uint32_t)(from + 1) << 32 | (uint64_t)cursor << 2 | state;
}

static int walk_from(uint64_t scratch)
{
	return (int)(scratch >> 32) - 1;
}

static unsigned int walk_cursor(uint64_t scratch)
{
	return (unsigned int)(scratch & UINT32_MAX) >> 2;
}

/* last needs first, which is on the way to last: name them all. */
static void complain_cycle(const struct manifest *m, int first, int last,
			   struct manifest_errs *errs)
{
	char text[200] = "";
	size_t used = 0;

	for (int d = last; used < sizeof(text); d = walk_from(m->nodes[d].scratch)) {
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s needed by ",
					 manifest_name(m, d));
		if (d == first)
			break;
	}
	manifest_complain(errs, m, first, "depends-on",
			  "needs itself: %.200s%s; break the circle where the disk, the segment or "
			  "depends-on can be given up",
			  text, manifest_name(m, last));
}

static void walk(const struct manifest *m, int start, struct manifest_errs *errs)
{
	int at = start;

	m->nodes[at].scratch = walk_pack(MANIFEST_NONE, 0, WALK_ON_THE_WAY);
	while (at != MANIFEST_NONE) {
		struct manifest_node *node = &m->nodes[at];
		unsigned int cursor = walk_cursor(node->scratch);
		int needed = deps_next(m, at, &cursor), from = walk_from(node->scratch);

		if (needed == MANIFEST_NONE) {
			node->scratch = WALK_DONE;
			at = from;
			continue;
		}
		node->scratch = walk_pack(from, cursor, WALK_ON_THE_WAY);
		switch (m->nodes[needed].scratch & WALK_STATE) {
		case WALK_NEW:
			m->nodes[needed].scratch = walk_pack(at, 0, WALK_ON_THE_WAY);
			at = needed;
			break;
		case WALK_ON_THE_WAY: complain_cycle(m, needed, at, errs); break;
		default: break;
		}
	}
}

void check_cycles(const struct manifest *m, struct manifest_errs *errs)
{
	for (unsigned int i = 0; i < m->nr_nodes; i++)
		m->nodes[i].scratch = WALK_NEW;
	for (int d = manifest_next(m, KIND_DOMAIN, MANIFEST_NONE); d != MANIFEST_NONE;
	     d = manifest_next(m, KIND_DOMAIN, d)) {
		if ((m->nodes[d].scratch & WALK_STATE) == WALK_NEW)
			walk(m, d, errs);
	}
}
