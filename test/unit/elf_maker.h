/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* ELF kernels and bzImages to order, whole or broken. */
#ifndef TEST_ELF_MAKER_H
#define TEST_ELF_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_MAKER_SIZE 8192

struct elf_recipe {
	bool narrow; /* 32-bit file */
	unsigned int nr_loads;
	struct {
		uint64_t offset, address, file_size, size;
	} loads[34];
	bool no_note;
	uint64_t entry;
	unsigned int entry_size; /* 4 when 0 */
};

/* A kernel of one segment of 4 KiB at 1 MiB. */
extern const struct elf_recipe elf_plain;

/* Write the file (ELF_MAKER_SIZE bytes, headers, notes at 0x800, segments from 0x1000, the
 * first 0xf08 bytes there not zero). */
void elf_make(const struct elf_recipe *recipe, uint8_t file[ELF_MAKER_SIZE]);

/* A bzImage around payload, which starts at 1,024; returns its size, at most room. */
size_t bzimage_make(const void *payload, size_t size, uint8_t *file, size_t room);

#endif /* TEST_ELF_MAKER_H */
