/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Which addresses of a region are in use: a bit a page, first fit.  The core of what
 * hands out room for stacks and for mappings outside of RAM.
 */
#ifndef LIBOS_SRC_VSPACE_H
#define LIBOS_SRC_VSPACE_H

#include <stddef.h>
#include <stdint.h>

struct vspace {
	uintptr_t base;
	size_t nr;	/* pages, a multiple of 64 */
	uint64_t *used; /* nr bits, cleared by the owner */
	size_t first;	/* no page below is free */
};

/* nr_pages neighbours; 0 if there are none, or nr_pages is 0. */
uintptr_t vspace_alloc(struct vspace *v, size_t nr_pages);

/* Give back exactly what vspace_alloc() returned. */
void vspace_free(struct vspace *v, uintptr_t va, size_t nr_pages);

#endif /* LIBOS_SRC_VSPACE_H */
