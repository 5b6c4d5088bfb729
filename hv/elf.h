/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The few facts of an ELF file that loading it takes.  Pure; trusts nothing.
 * Source: System V ABI, "Object Files"; <xen/elfnote.h>.
 */
#ifndef HV_ELF_H
#define HV_ELF_H

#include "types.h"

#define ELF_MAX_SEGMENTS 8

struct elf_segment {
	uint64_t offset, filesz; /* in the file */
	uint64_t paddr, memsz;	 /* in the guest */
};

struct elf_image {
	struct elf_segment segment[ELF_MAX_SEGMENTS];
	unsigned int nr;
	uint64_t lowest, highest; /* guest bytes that the segments cover */
	uint32_t entry;		  /* note PHYS32_ENTRY */
};

/* Reads n bytes at offset of the file; false when they are not there. */
typedef bool (*elf_read_fn)(void *ctx, uint64_t offset, void *dst, size_t n);

/*
 * Take the file of size bytes apart.  NULL, or a sentence that says what is wrong
 * with it: no 64-bit x86 ELF, cut short, segments outside of the file or of
 * [0, room), overlapping or too many, no PHYS32_ENTRY note.
 */
const char *elf_parse(elf_read_fn read, void *ctx, uint64_t size, uint64_t room,
		      struct elf_image *image);

#endif /* HV_ELF_H */
