/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * ELF kernels: decode every header into local structs, check, then describe.
 */
#include <string.h>

#include "elf.h"

#define EI_CLASS  4
#define EI_DATA	  5
#define CLASS_32  1
#define CLASS_64  2
#define DATA_LSB  1
#define ET_EXEC	  2
#define ET_DYN	  3
#define EM_386	  3
#define EM_X86_64 62
#define PT_LOAD	  1
#define PT_NOTE	  4

#define NOTE_PHYS32_ENTRY 18

#define FOUR_GIB    (UINT64_C(1) << 32)
#define MAX_HEADERS 64

const char elf_no_entry[] = "it has no XEN_ELFNOTE_PHYS32_ENTRY note";

struct image {
	const uint8_t *data;
	uint64_t size;
	bool wide; /* 64-bit file */
};

struct header {
	uint32_t type;
	uint64_t offset, address, file_size, size;
};

static uint64_t load(const struct image *f, uint64_t offset, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = bytes; i > 0; i--)
		value = value << 8 | f->data[offset + i - 1];
	return value;
}

static bool within(const struct image *f, uint64_t offset, uint64_t size)
{
	return offset <= f->size && size <= f->size - offset;
}

/* One program header; the caller has checked that it is within the file. */
static struct header load_header(const struct image *f, uint64_t at)
{
	if (f->wide)
		return (struct header){(uint32_t)load(f, at, 4), load(f, at + 8, 8),
				       load(f, at + 24, 8), load(f, at + 32, 8),
				       load(f, at + 40, 8)};
	return (struct header){(uint32_t)load(f, at, 4), load(f, at + 4, 4), load(f, at + 12, 4),
			       load(f, at + 16, 4), load(f, at + 20, 4)};
}

static const char *check_ident(struct image *f)
{
	uint64_t type, machine;

	if (f->size < 52 || memcmp(f->data, "\177ELF", 4) != 0)
		return "it is no ELF file";
	f->wide = f->data[EI_CLASS] == CLASS_64;
	if ((!f->wide && f->data[EI_CLASS] != CLASS_32) || f->data[EI_DATA] != DATA_LSB)
		return "it is no little-endian ELF file of 32 or 64 bits";
	if (f->wide && f->size < 64)
		return "it is cut short within its header";
	type = load(f, 16, 2);
	machine = load(f, 18, 2);
	if (machine != (f->wide ? EM_X86_64 : EM_386))
		return "it is for another processor than x86";
	if (type != ET_EXEC && type != ET_DYN)
		return "it is no executable (an object file or a core dump?)";
	return NULL;
}

static const char *add_segment(const struct image *f, const struct header *h,
			       struct elf_kernel *kernel)
{
	if (!within(f, h->offset, h->file_size))
		return "it is cut short: a segment reaches beyond its end";
	if (h->file_size > h->size)
		return "a segment is larger in the file than in memory";
	if (h->address >= FOUR_GIB || h->size > FOUR_GIB - h->address)
		return "a segment reaches beyond 4 GiB";
	if (!h->size)
		return NULL;
	if (kernel->nr_segments == ELF_MAX_SEGMENTS)
		return "it has too many segments";
	for (unsigned int i = 0; i < kernel->nr_segments; i++) {
		const struct elf_segment *other = &kernel->segments[i];

		if (h->address < other->address + other->size &&
		    other->address < h->address + h->size)
			return "two of its segments overlap in memory";
	}
	kernel->segments[kernel->nr_segments++] =
		(struct elf_segment){h->offset, h->file_size, h->address, h->size};
	if (h->address < kernel->low)
		kernel->low = h->address;
	if (h->address + h->size > kernel->high)
		kernel->high = h->address + h->size;
	return NULL;
}

static uint64_t align4(uint64_t n)
{
	return (n + 3) & ~UINT64_C(3);
}

/* Look for the entry among the notes in [at, end) of the file. */
static const char *find_entry(const struct image *f, const struct header *h,
			      struct elf_kernel *kernel, bool *found)
{
	uint64_t at = h->offset, end = h->offset + h->file_size;

	if (!within(f, h->offset, h->file_size))
		return "it is cut short: its notes reach beyond its end";
	while (end - at >= 12) {
		uint64_t name_size = load(f, at, 4), size = load(f, at + 4, 4);
		uint64_t type = load(f, at + 8, 4), name = at + 12;
		uint64_t desc = name + align4(name_size), next = desc + align4(size);

		if (desc + size > end)
			return "its notes are broken";
		if (name_size == 4 && !memcmp(f->data + name, "Xen", 4) &&
		    type == NOTE_PHYS32_ENTRY && (size == 4 || size == 8)) {
			uint64_t entry = load(f, desc, (unsigned int)size);

			if (entry >= FOUR_GIB)
				return "its entry point is beyond 4 GiB";
			kernel->entry = (uint32_t)entry;
			*found = true;
		}
		if (next >= end)
			break;
		at = next;
	}
	return NULL;
}

static const char *check_entry(const struct elf_kernel *kernel)
{
	for (unsigned int i = 0; i < kernel->nr_segments; i++) {
		const struct elf_segment *s = &kernel->segments[i];

		if (kernel->entry >= s->address && kernel->entry < s->address + s->file_size)
			return NULL;
	}
	return "its entry point lies in none of its segments";
}

const char *elf_check(const void *data, uint64_t size, struct elf_kernel *kernel)
{
	struct image f = {.data = data, .size = size};
	uint64_t table, each, n;
	const char *wrong = check_ident(&f);
	bool found = false;

	*kernel = (struct elf_kernel){.low = FOUR_GIB};
	if (wrong)
		return wrong;
	table = f.wide ? load(&f, 32, 8) : load(&f, 28, 4);
	each = load(&f, f.wide ? 54 : 42, 2);
	n = load(&f, f.wide ? 56 : 44, 2);
	if (each < (f.wide ? 56u : 32u) || !n || n > MAX_HEADERS || !within(&f, table, n * each))
		return "its program headers are missing, too many or cut short";
	for (uint64_t i = 0; i < n && !wrong; i++) {
		struct header h = load_header(&f, table + i * each);

		if (h.type == PT_LOAD)
			wrong = add_segment(&f, &h, kernel);
		else if (h.type == PT_NOTE)
			wrong = find_entry(&f, &h, kernel, &found);
	}
	if (wrong)
		return wrong;
	if (!kernel->nr_segments)
		return "it has nothing to load";
	return found ? check_entry(kernel) : elf_no_entry;
}
