/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns the search for room in an address region; mapping is others' work. */
#include "src/vspace.h"

#include <stdbool.h>

#define VSPACE_PAGE 4096ul

static bool page_used(const struct vspace *v, size_t i)
{
	return v->used[i / 64] >> (i % 64) & 1;
}

static void range_mark(struct vspace *v, size_t i, size_t nr, bool used)
{
	for (; nr-- > 0; i++) {
		if (used)
			v->used[i / 64] |= UINT64_C(1) << (i % 64);
		else
			v->used[i / 64] &= ~(UINT64_C(1) << (i % 64));
	}
}

/* The first free page from i on, or v->nr. */
static size_t next_free(const struct vspace *v, size_t i)
{
	while (i < v->nr) {
		uint64_t free = ~v->used[i / 64] >> (i % 64);

		if (free != 0)
			return i + (size_t)__builtin_ctzll(free);
		i = (i / 64 + 1) * 64;
	}
	return v->nr;
}

uintptr_t vspace_alloc(struct vspace *v, size_t nr_pages)
{
	size_t start = v->first = next_free(v, v->first);

	if (nr_pages == 0)
		return 0;
	while (nr_pages <= v->nr && start <= v->nr - nr_pages) {
		size_t n = 1;

		while (n < nr_pages && !page_used(v, start + n))
			n++;
		if (n == nr_pages) {
			range_mark(v, start, n, true);
			return v->base + start * VSPACE_PAGE;
		}
		start = next_free(v, start + n);
	}
	return 0;
}

void vspace_free(struct vspace *v, uintptr_t va, size_t nr_pages)
{
	size_t i = (va - v->base) / VSPACE_PAGE;

	range_mark(v, i, nr_pages, false);
	if (i < v->first)
		v->first = i;
}
