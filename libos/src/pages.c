/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the buddy allocator.  A block's first page says in its state byte that a free
 * or an allocated block of some order starts there; all other bytes are 0.
 * No lock: the caller's world is cooperative.
 */
#include "src/pages.h"

#include <string.h>

#define STATE_FREE  0x80u
#define STATE_TAKEN 0x40u

static size_t index_of(const struct pages *p, uintptr_t a)
{
	return (a - p->base) / PAGES_SIZE;
}

static void *page_at(const struct pages *p, size_t i)
{
	return (void *)(p->base + i * PAGES_SIZE);
}

static void block_push(struct pages *p, size_t i, unsigned int order)
{
	struct pages_link *l = page_at(p, i), *head = &p->list[order];

	p->state[i] = (uint8_t)(STATE_FREE | order);
	p->nonempty |= 1u << order;
	l->next = head->next;
	l->prev = head;
	head->next->prev = l;
	head->next = l;
}

static void block_unlink(struct pages *p, size_t i, unsigned int order)
{
	struct pages_link *l = page_at(p, i), *head = &p->list[order];

	p->state[i] = 0;
	l->prev->next = l->next;
	l->next->prev = l->prev;
	if (head->next == head)
		p->nonempty &= ~(1u << order);
}

/* Put a block on its list, merged with its buddy as long as that is free. */
static void block_release(struct pages *p, size_t i, unsigned int order)
{
	p->nr_free += (size_t)1 << order;
	for (; order < PAGES_MAX_ORDER; order++) {
		size_t buddy = i ^ (size_t)1 << order;

		if (buddy >= p->nr || p->state[buddy] != (STATE_FREE | order))
			break;
		block_unlink(p, buddy, order);
		p->state[i] = 0;
		i &= ~((size_t)1 << order);
	}
	block_push(p, i, order);
}

void pages_init(struct pages *p, uintptr_t base, size_t nr, uint8_t *state)
{
	*p = (struct pages){.base = base, .nr = nr, .state = state};
	memset(state, 0, nr);
	for (unsigned int o = 0; o <= PAGES_MAX_ORDER; o++)
		p->list[o].next = p->list[o].prev = &p->list[o];
}

void pages_add(struct pages *p, uintptr_t start, uintptr_t end)
{
	uintptr_t limit = p->base + p->nr * PAGES_SIZE;
	size_t i, last;

	if (start < p->base)
		start = p->base;
	if (end > limit)
		end = limit;
	if (start >= end)
		return;
	i = index_of(p, start + PAGES_SIZE - 1);
	last = index_of(p, end);
	if (i >= last)
		return;
	p->nr_total += last - i;
	while (i < last) {
		unsigned int order = 0;

		/* The largest block that is aligned and fits. */
		while (order < PAGES_MAX_ORDER && (i & (size_t)1 << order) == 0 &&
		       i + ((size_t)2 << order) <= last)
			order++;
		block_release(p, i, order);
		i += (size_t)1 << order;
	}
}

void *pages_alloc(struct pages *p, unsigned int order)
{
	unsigned int o;
	size_t i;

	if (order > PAGES_MAX_ORDER || p->nonempty >> order == 0)
		return NULL;
	o = order + (unsigned int)__builtin_ctz(p->nonempty >> order);
	i = index_of(p, (uintptr_t)p->list[o].next);
	block_unlink(p, i, o);
	while (o-- > order)
		block_push(p, i + ((size_t)1 << o), o);
	p->state[i] = (uint8_t)(STATE_TAKEN | order);
	p->nr_free -= (size_t)1 << order;
	return page_at(p, i);
}

bool pages_free(struct pages *p, void *page, unsigned int order)
{
	uintptr_t a = (uintptr_t)page;

	if (a < p->base || a % PAGES_SIZE != 0 || index_of(p, a) >= p->nr)
		return false;
	if (order > PAGES_MAX_ORDER || p->state[index_of(p, a)] != (STATE_TAKEN | order))
		return false;
	block_release(p, index_of(p, a), order);
	return true;
}
