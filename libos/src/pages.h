/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The page allocator's core: binary buddies, with one byte of state a page apart from
 * the pages and the free lists inside of them.  Knows nothing of paging or domains.
 */
#ifndef LIBOS_SRC_PAGES_H
#define LIBOS_SRC_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGES_MAX_ORDER 18
#define PAGES_SIZE	4096ul

struct pages_link {
	struct pages_link *next, *prev;
};

struct pages {
	uintptr_t base; /* address of page 0 */
	size_t nr;	/* pages that state[] covers */
	uint8_t *state;
	size_t nr_free;
	size_t nr_total;   /* given by pages_add() */
	uint32_t nonempty; /* bit n: list[n] has a block */
	struct pages_link list[PAGES_MAX_ORDER + 1];
};

/* Cover nr pages from base on, none of them free; state has nr bytes and is cleared. */
void pages_init(struct pages *p, uintptr_t base, size_t nr, uint8_t *state);

/*
 * Add the memory [start, end), rounded inwards to pages and cut to what p covers.  It
 * must be writable and not have been added before.
 */
void pages_add(struct pages *p, uintptr_t start, uintptr_t end);

/* 2^order pages aligned to their size, or NULL. */
void *pages_alloc(struct pages *p, unsigned int order);

/* Give a block back; false, with nothing done, if page and order name no allocated block. */
bool pages_free(struct pages *p, void *page, unsigned int order);

#endif /* LIBOS_SRC_PAGES_H */
