/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Copying an ELF file without its sections: header, the program headers of what
 * is loaded and of the notes, then their bytes, one after the other.
 * Source: System V ABI, "Object Files", "Program Loading".
 */
#include <elf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "elfpack.h"
#include "memory.h"

/* Where each part starts, so that a loader may copy in words. */
#define PART_ALIGN 64

/* One program header of either width. */
struct part {
	Elf64_Phdr header;
	size_t kept; /* bytes in the packed file */
};

struct parts {
	unsigned int nr;
	struct part *list;
};

static bool is_wide(const uint8_t *elf)
{
	return elf[EI_CLASS] == ELFCLASS64;
}

static Elf64_Phdr widen(const Elf32_Phdr *p)
{
	return (Elf64_Phdr){.p_type = p->p_type,
			    .p_flags = p->p_flags,
			    .p_offset = p->p_offset,
			    .p_vaddr = p->p_vaddr,
			    .p_paddr = p->p_paddr,
			    .p_filesz = p->p_filesz,
			    .p_memsz = p->p_memsz,
			    .p_align = p->p_align};
}

static Elf32_Phdr narrow(const Elf64_Phdr *p)
{
	return (Elf32_Phdr){.p_type = p->p_type,
			    .p_flags = p->p_flags,
			    .p_offset = (Elf32_Off)p->p_offset,
			    .p_vaddr = (Elf32_Addr)p->p_vaddr,
			    .p_paddr = (Elf32_Addr)p->p_paddr,
			    .p_filesz = (Elf32_Word)p->p_filesz,
			    .p_memsz = (Elf32_Word)p->p_memsz,
			    .p_align = (Elf32_Word)p->p_align};
}

/* Header number i of the file, whatever its width. */
static Elf64_Phdr header_at(const uint8_t *elf, unsigned int i)
{
	Elf64_Ehdr e64;
	Elf32_Ehdr e32;
	Elf64_Phdr p64;
	Elf32_Phdr p32;

	if (is_wide(elf)) {
		memcpy(&e64, elf, sizeof(e64));
		memcpy(&p64, elf + e64.e_phoff + (size_t)i * e64.e_phentsize, sizeof(p64));
		return p64;
	}
	memcpy(&e32, elf, sizeof(e32));
	memcpy(&p32, elf + e32.e_phoff + (size_t)i * e32.e_phentsize, sizeof(p32));
	return widen(&p32);
}

static unsigned int nr_headers(const uint8_t *elf)
{
	Elf64_Ehdr e64;
	Elf32_Ehdr e32;

	if (is_wide(elf)) {
		memcpy(&e64, elf, sizeof(e64));
		return e64.e_phnum;
	}
	memcpy(&e32, elf, sizeof(e32));
	return e32.e_phnum;
}

/*
 * Zeros at a segment's end come by themselves.  The segment that holds the entry
 * point keeps it: it lies in what is not zero, or the kernel would not run.
 */
static size_t without_zeros(const uint8_t *data, size_t size)
{
	while (size && !data[size - 1])
		size--;
	return (size + 15) & ~(size_t)15;
}

static void choose_parts(const uint8_t *elf, struct parts *parts)
{
	unsigned int n = nr_headers(elf);

	parts->list = xalloc(n * sizeof(*parts->list));
	for (unsigned int i = 0; i < n; i++) {
		struct part p = {.header = header_at(elf, i)};
		const uint8_t *data = elf + p.header.p_offset;

		if (p.header.p_type != PT_LOAD && p.header.p_type != PT_NOTE)
			continue;
		p.kept = p.header.p_filesz;
		if (p.header.p_type == PT_LOAD && without_zeros(data, p.kept) < p.kept)
			p.kept = without_zeros(data, p.kept);
		parts->list[parts->nr++] = p;
	}
}

static void put_file_header(const uint8_t *elf, uint8_t *out, unsigned int nr)
{
	Elf64_Ehdr e64;
	Elf32_Ehdr e32;

	if (is_wide(elf)) {
		memcpy(&e64, elf, sizeof(e64));
		e64.e_phoff = sizeof(e64);
		e64.e_phentsize = sizeof(Elf64_Phdr);
		e64.e_phnum = (Elf64_Half)nr;
		e64.e_shoff = e64.e_shnum = e64.e_shstrndx = 0;
		memcpy(out, &e64, sizeof(e64));
	} else {
		memcpy(&e32, elf, sizeof(e32));
		e32.e_phoff = sizeof(e32);
		e32.e_phentsize = sizeof(Elf32_Phdr);
		e32.e_phnum = (Elf32_Half)nr;
		e32.e_shoff = e32.e_shnum = e32.e_shstrndx = 0;
		memcpy(out, &e32, sizeof(e32));
	}
}

static void put_program_header(const uint8_t *elf, uint8_t *out, unsigned int i,
			       const Elf64_Phdr *header)
{
	Elf32_Phdr p32;

	if (is_wide(elf)) {
		memcpy(out + sizeof(Elf64_Ehdr) + i * sizeof(*header), header, sizeof(*header));
		return;
	}
	p32 = narrow(header);
	memcpy(out + sizeof(Elf32_Ehdr) + i * sizeof(p32), &p32, sizeof(p32));
}

static size_t align_up(size_t n)
{
	return (n + PART_ALIGN - 1) & ~(size_t)(PART_ALIGN - 1);
}

/* Parts may share bytes of the file, as notes do with their segment: each has its own now. */
static size_t packed_room(const struct parts *parts, size_t headers)
{
	size_t room = headers;

	for (unsigned int i = 0; i < parts->nr; i++)
		room = align_up(room) + parts->list[i].kept;
	return room;
}

uint8_t *elfpack(const uint8_t *elf, size_t *packed_size)
{
	struct parts parts = {0};
	size_t at;
	uint8_t *out;

	choose_parts(elf, &parts);
	at = is_wide(elf) ? sizeof(Elf64_Ehdr) + parts.nr * sizeof(Elf64_Phdr)
			  : sizeof(Elf32_Ehdr) + parts.nr * sizeof(Elf32_Phdr);
	out = xalloc(packed_room(&parts, at));
	put_file_header(elf, out, parts.nr);
	for (unsigned int i = 0; i < parts.nr; i++) {
		struct part *p = &parts.list[i];

		at = align_up(at);
		memcpy(out + at, elf + p->header.p_offset, p->kept);
		p->header.p_offset = at;
		p->header.p_filesz = p->kept;
		/* Offsets no longer match addresses modulo a page, which nobody maps by. */
		p->header.p_align = 1;
		put_program_header(elf, out, i, &p->header);
		at += p->kept;
	}
	free(parts.list);
	*packed_size = at;
	return out;
}
