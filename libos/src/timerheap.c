/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the pairing heap.  A node's children are a list through next; prev is the
 * node before it there, or the parent for the first child; the root's are NULL.
 */
#include "src/timerheap.h"

#include <stddef.h>

/* Two trees, neither with siblings, become one. */
static struct libos_timer *trees_merge(struct libos_timer *a, struct libos_timer *b)
{
	if (a == NULL)
		return b;
	if (b == NULL)
		return a;
	if (b->deadline_ns < a->deadline_ns) {
		struct libos_timer *t = a;

		a = b;
		b = t;
	}
	b->next = a->child;
	if (b->next != NULL)
		b->next->prev = b;
	b->prev = a;
	a->child = b;
	return a;
}

/* Merge a list of siblings: in pairs from the left, then the pairs from the right. */
static struct libos_timer *siblings_merge(struct libos_timer *t)
{
	struct libos_timer *pairs = NULL, *root = NULL;

	while (t != NULL) {
		struct libos_timer *a = t, *b = t->next;

		t = b != NULL ? b->next : NULL;
		a->next = a->prev = NULL;
		if (b != NULL)
			b->next = b->prev = NULL;
		a = trees_merge(a, b);
		a->next = pairs;
		pairs = a;
	}
	while (pairs != NULL) {
		struct libos_timer *rest = pairs->next;

		pairs->next = NULL;
		root = trees_merge(root, pairs);
		pairs = rest;
	}
	return root;
}

void timerheap_insert(struct timerheap *h, struct libos_timer *t)
{
	t->child = t->next = t->prev = NULL;
	t->armed = true;
	h->root = trees_merge(h->root, t);
}

void timerheap_remove(struct timerheap *h, struct libos_timer *t)
{
	struct libos_timer *below = siblings_merge(t->child);

	if (t == h->root) {
		h->root = below;
	} else {
		if (t->prev->child == t)
			t->prev->child = t->next;
		else
			t->prev->next = t->next;
		if (t->next != NULL)
			t->next->prev = t->prev;
		h->root = trees_merge(h->root, below);
	}
	t->child = t->next = t->prev = NULL;
	t->armed = false;
}
