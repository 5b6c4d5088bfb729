/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Pairing heap.  Insert is constant, removal logarithmic over time.  The first
 * child points back to its parent, every other one to its left sibling.
 * Source: Fredman, Sedgewick, Sleator, Tarjan, "The pairing heap", 1986.
 */
#include "timer.h"

static struct timer *meld(struct timer *a, struct timer *b)
{
	struct timer *t;

	if (!a || !b)
		return a ? a : b;
	if (b->deadline_ns < a->deadline_ns) {
		t = a;
		a = b;
		b = t;
	}
	b->prev = a;
	b->next = a->child;
	if (b->next)
		b->next->prev = b;
	a->child = b;
	return a;
}

/* Join a list of siblings: pairs from the left, then the pairs from the right. */
static struct timer *meld_siblings(struct timer *first)
{
	struct timer *pairs = NULL, *root = NULL;

	while (first) {
		struct timer *a = first, *b = first->next, *pair;

		first = b ? b->next : NULL;
		a->next = a->prev = NULL;
		if (b)
			b->next = b->prev = NULL;
		pair = meld(a, b);
		pair->next = pairs;
		pairs = pair;
	}
	while (pairs) {
		struct timer *next = pairs->next;

		pairs->next = pairs->prev = NULL;
		root = meld(root, pairs);
		pairs = next;
	}
	return root;
}

void timer_heap_insert(struct timer_heap *h, struct timer *t)
{
	t->heap = h;
	t->child = t->next = t->prev = NULL;
	h->root = meld(h->root, t);
}

void timer_heap_remove(struct timer *t)
{
	struct timer_heap *h = t->heap;
	struct timer *rest = meld_siblings(t->child);

	if (h->root == t) {
		h->root = rest;
	} else {
		if (t->prev->child == t)
			t->prev->child = t->next;
		else
			t->prev->next = t->next;
		if (t->next)
			t->next->prev = t->prev;
		h->root = meld(h->root, rest);
	}
	t->child = t->next = t->prev = NULL;
	t->heap = NULL;
}
