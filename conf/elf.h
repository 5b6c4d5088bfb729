/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Whether a file is a kernel that can be started as a PVH guest, and where its
 * parts go.  Nothing is trusted: every offset is checked before it is used.
 * Source: System V ABI, "Object Files"; Xen's <xen/elfnote.h>, which fixes note
 * type 18; guests start as docs/misc/pvh in Xen's tree says.
 */
#ifndef CONF_ELF_H
#define CONF_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_MAX_SEGMENTS 32

struct elf_segment {
	uint64_t offset;    /* in the file */
	uint64_t file_size; /* bytes there */
	uint64_t address;   /* guest-physical, bytes */
	uint64_t size;	    /* bytes there, the rest is zeroed */
};

struct elf_kernel {
	uint32_t entry; /* guest-physical, of XEN_ELFNOTE_PHYS32_ENTRY */
	uint64_t low;	/* first byte of all segments */
	uint64_t high;	/* first byte behind them */
	unsigned int nr_segments;
	struct elf_segment segments[ELF_MAX_SEGMENTS]; /* those to load, in file order */
};

/*
 * Check the ELF file at data (size bytes) and describe it in kernel.
 *
 * Segments may not overlap, must lie below 4 GiB, and one of them holds the
 * entry point.  Returns NULL when all is well, else what is wrong as half a
 * sentence: "segment 2 overlaps segment 1".  The text is static.
 */
const char *elf_check(const void *data, uint64_t size, struct elf_kernel *kernel);

/* What elf_check() says when the only thing that lacks is the entry note. */
extern const char elf_no_entry[];

#endif /* CONF_ELF_H */
