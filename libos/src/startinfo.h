/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The PVH start info, and the ranges of RAM that it and the program lie in. */
#ifndef LIBOS_SRC_STARTINFO_H
#define LIBOS_SRC_STARTINFO_H

#include <libos/compiler.h>
#include <stdbool.h>
#include <stdint.h>

struct ram_range {
	uint64_t start, end; /* guest-physical bytes, end excluded */
};

/* Take over the start info at this address; false if it is none or one without a memory map. */
bool must_check startinfo_init(const void *info);

/* RAM region i of the memory map, cut to whole pages; false past the last entry. */
bool startinfo_ram(unsigned int i, struct ram_range *r);

/*
 * The first multiple of align above RAM with size bytes that no entry of the memory
 * map touches: addresses that the hypervisor can put its own pages at.
 */
uint64_t startinfo_gap(uint64_t size, uint64_t align);

/*
 * The longest piece of r, starting no lower than r->start, that holds neither the
 * program nor anything that the loader left; false if there is none.
 */
bool startinfo_next_free(const struct ram_range *r, struct ram_range *piece);

#endif /* LIBOS_SRC_STARTINFO_H */
