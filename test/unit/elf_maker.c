/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* ELF kernels and bzImages to order; layouts as in the ELF and boot-protocol manuals. */
#include <assert.h>
#include <string.h>

#include "elf_maker.h"

#define NOTES 0x800

const struct elf_recipe elf_plain = {
	.nr_loads = 1,
	.loads = {{0x1000, 0x100000, 0x1000, 0x2000}},
	.entry = 0x100010,
};

static void put(uint8_t *at, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void put_program_header(const struct elf_recipe *r, uint8_t *at, uint32_t type,
			       uint64_t offset, uint64_t address, uint64_t file_size, uint64_t size)
{
	put(at, type, 4);
	if (r->narrow) {
		put(at + 4, offset, 4);
		put(at + 12, address, 4);
		put(at + 16, file_size, 4);
		put(at + 20, size, 4);
	} else {
		put(at + 8, offset, 8);
		put(at + 24, address, 8);
		put(at + 32, file_size, 8);
		put(at + 40, size, 8);
	}
}

/* A note of another owner first, as kernels have them. */
static size_t put_notes(const struct elf_recipe *r, uint8_t *at)
{
	unsigned int size = r->entry_size ? r->entry_size : 4;

	put(at, 5, 4);
	put(at + 4, 3, 4);
	put(at + 8, 18, 4);
	memcpy(at + 12, "Test\0\0\0\0abc", 12);
	at += 24;
	put(at, 4, 4);
	put(at + 4, size, 4);
	put(at + 8, 18, 4);
	memcpy(at + 12, "Xen", 4);
	put(at + 16, r->entry, size);
	return 24 + 16 + size;
}

void elf_make(const struct elf_recipe *r, uint8_t file[ELF_MAKER_SIZE])
{
	unsigned int header = r->narrow ? 52 : 64, each = r->narrow ? 32 : 56;
	uint8_t *at = file + header;
	size_t notes;

	memset(file, 0, ELF_MAKER_SIZE);
	memset(file + 0x1000, 0x90, 0xf08);
	memcpy(file, "\177ELF", 4);
	file[4] = r->narrow ? 1 : 2;
	file[5] = 1;
	put(file + 16, 2, 2);
	put(file + 18, r->narrow ? 3 : 62, 2);
	put(file + (r->narrow ? 28 : 32), header, 4);
	put(file + (r->narrow ? 42 : 54), each, 2);
	put(file + (r->narrow ? 44 : 56), r->nr_loads + !r->no_note, 2);
	for (unsigned int i = 0; i < r->nr_loads; i++, at += each)
		put_program_header(r, at, 1, r->loads[i].offset, r->loads[i].address,
				   r->loads[i].file_size, r->loads[i].size);
	if (r->no_note)
		return;
	notes = put_notes(r, file + NOTES);
	put_program_header(r, at, 4, NOTES, 0, notes, notes);
}

size_t bzimage_make(const void *payload, size_t size, uint8_t *file, size_t room)
{
	assert(1024 + 64 + size <= room);
	memset(file, 0, 1024 + 64);
	file[0x1f1] = 1;
	memcpy(file + 0x202, "HdrS", 4);
	put(file + 0x206, 0x20f, 2);
	put(file + 0x248, 64, 4);
	put(file + 0x24c, size, 4);
	memcpy(file + 1024 + 64, payload, size);
	return 1024 + 64 + size;
}
