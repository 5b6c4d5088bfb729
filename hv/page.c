/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Buddy allocator over struct page.  Blocks are linked by frame number, so that
 * the table needs no pointers; a block's buddy is found by flipping one bit.
 */
#include "page.h"

#define LINK_END 0u

static void list_push(struct page_pool *p, uint64_t n, unsigned int order)
{
	struct page *pg = &p->frames[n];

	pg->state = PAGE_FREE;
	pg->order = (uint8_t)order;
	pg->slot = PAGE_SLOT_NONE;
	pg->refs = 0;
	pg->prev = LINK_END;
	pg->next = p->head[order];
	if (pg->next)
		p->frames[pg->next - 1].prev = (uint32_t)(n + 1);
	p->head[order] = (uint32_t)(n + 1);
}

static void list_remove(struct page_pool *p, uint64_t n)
{
	struct page *pg = &p->frames[n];

	if (pg->prev)
		p->frames[pg->prev - 1].next = pg->next;
	else
		p->head[pg->order] = pg->next;
	if (pg->next)
		p->frames[pg->next - 1].prev = pg->prev;
	pg->state = PAGE_FREE_TAIL;
}

static bool buddy_is_free(const struct page_pool *p, uint64_t n, unsigned int order)
{
	if (n + (1ul << order) > p->nr_frames || !p->present(p, n))
		return false;
	return p->frames[n].state == PAGE_FREE && p->frames[n].order == order;
}

void page_pool_free(struct page_pool *p, uint64_t n, unsigned int order)
{
	p->nr_free += 1ul << order;
	for (uint64_t i = n; i < n + (1ul << order); i++)
		p->frames[i].state = PAGE_FREE_TAIL;
	while (order < PAGE_MAX_ORDER) {
		uint64_t buddy = n ^ (1ul << order);

		if (!buddy_is_free(p, buddy, order))
			break;
		list_remove(p, buddy);
		n &= ~(1ul << order);
		order++;
	}
	list_push(p, n, order);
}

void page_pool_add(struct page_pool *p, uint64_t n, uint64_t nr)
{
	p->nr_total += nr;
	while (nr) {
		unsigned int order = n ? (unsigned int)__builtin_ctzl(n) : PAGE_MAX_ORDER;

		if (order > PAGE_MAX_ORDER)
			order = PAGE_MAX_ORDER;
		while ((1ul << order) > nr)
			order--;
		page_pool_free(p, n, order);
		n += 1ul << order;
		nr -= 1ul << order;
	}
}

uint64_t page_pool_alloc(struct page_pool *p, unsigned int order)
{
	unsigned int from = order;
	uint64_t n;

	while (from < PAGE_NR_ORDERS && !p->head[from])
		from++;
	if (from >= PAGE_NR_ORDERS)
		return ~0ul;
	n = p->head[from] - 1;
	list_remove(p, n);
	while (from > order) {
		from--;
		list_push(p, n + (1ul << from), from);
	}
	for (uint64_t i = n; i < n + (1ul << order); i++) {
		struct page *pg = &p->frames[i];

		pg->state = PAGE_HV;
		pg->slot = PAGE_SLOT_NONE;
		pg->refs = 0;
		pg->next = pg->prev = 0;
	}
	p->nr_free -= 1ul << order;
	return n;
}
