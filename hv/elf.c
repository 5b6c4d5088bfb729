/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "elf.h"

#include "compiler.h"
#include "lib/string.h"

#define PT_LOAD		     1
#define PT_NOTE		     4
#define ET_EXEC		     2
#define EM_X86_64	     62
#define ELFNOTE_PHYS32_ENTRY 18
#define MAX_PHNUM	     32
#define MAX_NOTES	     64

struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
_Static_assert(sizeof(struct elf_header) == 64, "Elf64_Ehdr");

struct elf_phdr {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};
_Static_assert(sizeof(struct elf_phdr) == 56, "Elf64_Phdr");

struct elf_note {
	uint32_t namesz, descsz, type;
};

static bool overlaps(const struct elf_image *image, uint64_t start, uint64_t end)
{
	for (unsigned int i = 0; i < image->nr; i++) {
		const struct elf_segment *s = &image->segment[i];

		if (start < s->paddr + s->memsz && s->paddr < end)
			return true;
	}
	return false;
}

static const char *add_segment(struct elf_image *image, const struct elf_phdr *p, uint64_t size,
			       uint64_t room)
{
	if (!p->memsz)
		return NULL;
	if (p->filesz > p->memsz || p->offset > size || p->filesz > size - p->offset)
		return "a segment lies outside of the file";
	if (p->paddr > room || p->memsz > room - p->paddr)
		return "a segment lies outside of the domain's memory";
	if (image->nr == ELF_MAX_SEGMENTS)
		return "it has too many segments";
	if (overlaps(image, p->paddr, p->paddr + p->memsz))
		return "its segments overlap";
	image->segment[image->nr++] =
		(struct elf_segment){p->offset, p->filesz, p->paddr, p->memsz};
	image->lowest = MIN(image->lowest, p->paddr);
	image->highest = MAX(image->highest, p->paddr + p->memsz);
	return NULL;
}

/* Look for the entry note in one note segment. */
static void read_notes(elf_read_fn read, void *ctx, const struct elf_phdr *p,
		       struct elf_image *image)
{
	uint64_t at = p->offset, end = p->offset + p->filesz;

	for (unsigned int i = 0; i < MAX_NOTES && at + sizeof(struct elf_note) <= end; i++) {
		struct elf_note n;
		char name[4];
		uint64_t desc;

		if (!read(ctx, at, &n, sizeof(n)))
			return;
		desc = at + sizeof(n) + ALIGN_UP((uint64_t)n.namesz, 4);
		if (n.type == ELFNOTE_PHYS32_ENTRY && n.namesz == 4 && n.descsz >= 4 &&
		    read(ctx, at + sizeof(n), name, 4) && !memcmp(name, "Xen", 4)) {
			if (!read(ctx, desc, &image->entry, 4))
				image->entry = 0;
			return;
		}
		at = desc + ALIGN_UP((uint64_t)n.descsz, 4);
	}
}

const char *elf_parse(elf_read_fn read, void *ctx, uint64_t size, uint64_t room,
		      struct elf_image *image)
{
	static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
	struct elf_header h;

	*image = (struct elf_image){.lowest = ~0ul};
	if (!read(ctx, 0, &h, sizeof(h)) || memcmp(h.ident, ident, sizeof(ident)) ||
	    h.machine != EM_X86_64 || h.type != ET_EXEC)
		return "it is not a 64-bit x86 ELF program";
	if (h.phentsize != sizeof(struct elf_phdr) || h.phnum > MAX_PHNUM || h.phoff > size ||
	    h.phnum * sizeof(struct elf_phdr) > size - h.phoff)
		return "its program headers are broken";
	for (unsigned int i = 0; i < h.phnum; i++) {
		const char *error = NULL;
		struct elf_phdr p;

		if (!read(ctx, h.phoff + i * sizeof(p), &p, sizeof(p)))
			return "it is cut short";
		if (p.type == PT_LOAD)
			error = add_segment(image, &p, size, room);
		else if (p.type == PT_NOTE && p.offset <= size && p.filesz <= size - p.offset)
			read_notes(read, ctx, &p, image);
		if (error)
			return error;
	}
	if (!image->nr)
		return "it has no segment to load";
	if (!image->entry || image->entry < image->lowest || image->entry >= image->highest)
		return "it has no usable PHYS32_ENTRY note: it is not a PVH kernel";
	return NULL;
}
