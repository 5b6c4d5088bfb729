/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "mb2.h"

#include "compiler.h"
#include "lib/string.h"

enum {
	TAG_END = 0,
	TAG_CMDLINE = 1,
	TAG_MODULE = 3,
	TAG_MMAP = 6,
	TAG_EFI32 = 11,
	TAG_EFI64 = 12,
	TAG_ACPI_OLD = 14,
	TAG_ACPI_NEW = 15,
};

#define MMAP_AVAILABLE 1

struct tag {
	uint32_t type, size;
};

struct tag_module {
	struct tag tag;
	uint32_t start, end;
	char cmdline[];
};

struct tag_mmap {
	struct tag tag;
	uint32_t entry_size, entry_version;
};

struct mmap_entry {
	uint64_t addr, len;
	uint32_t type, reserved;
};

static void copy_text(char *dst, size_t room, const char *src, size_t n)
{
	size_t len = 0;

	while (len < n && len + 1 < room && src[len])
		len++;
	memcpy(dst, src, len);
	dst[len] = '\0';
}

/* Insert [start, end) in order, joined with its neighbours; overlaps are trusted once. */
static void add_ram(struct boot_info *bi, uint64_t start, uint64_t end)
{
	unsigned int i = 0;

	end = MIN(end, BOOT_RAM_LIMIT) & PAGE_MASK;
	if (start >= end)
		return;
	start = ALIGN_UP(start, PAGE_SIZE);
	if (start >= end)
		return;
	while (i < bi->nr_ram && bi->ram[i].end < start)
		i++;
	if (i < bi->nr_ram && bi->ram[i].start <= end) {
		if (start < bi->ram[i].start)
			bi->ram[i].start = start;
		if (end > bi->ram[i].end)
			bi->ram[i].end = end;
		while (i + 1 < bi->nr_ram && bi->ram[i + 1].start <= bi->ram[i].end) {
			if (bi->ram[i + 1].end > bi->ram[i].end)
				bi->ram[i].end = bi->ram[i + 1].end;
			bi->nr_ram--;
			memmove(&bi->ram[i + 1], &bi->ram[i + 2],
				(bi->nr_ram - i - 1) * sizeof(bi->ram[0]));
		}
		return;
	}
	if (bi->nr_ram == BOOT_MAX_RAM)
		return;
	memmove(&bi->ram[i + 1], &bi->ram[i], (bi->nr_ram - i) * sizeof(bi->ram[0]));
	bi->ram[i] = (struct boot_range){start, end};
	bi->nr_ram++;
}

/* Cut [start, end), which firmware also calls something else, out of the RAM; add_ram() rounds. */
static void remove_ram(struct boot_info *bi, uint64_t start, uint64_t end)
{
	struct boot_range old[BOOT_MAX_RAM];
	unsigned int nr = bi->nr_ram;

	memcpy(old, bi->ram, sizeof(old));
	bi->nr_ram = 0;
	for (unsigned int i = 0; i < nr; i++) {
		if (old[i].end <= start || old[i].start >= end) {
			add_ram(bi, old[i].start, old[i].end);
			continue;
		}
		if (old[i].start < start)
			add_ram(bi, old[i].start, start);
		if (old[i].end > end)
			add_ram(bi, end, old[i].end);
	}
}

static bool for_each_mmap(const struct tag_mmap *t, struct boot_info *bi, bool available)
{
	const uint8_t *p = (const uint8_t *)(t + 1);
	const uint8_t *end = (const uint8_t *)t + t->tag.size;

	if (t->tag.size < sizeof(*t) || t->entry_size < sizeof(struct mmap_entry))
		return false;
	for (; p + sizeof(struct mmap_entry) <= end; p += t->entry_size) {
		struct mmap_entry e;
		bool wraps;

		memcpy(&e, p, sizeof(e));
		wraps = e.addr + e.len < e.addr;
		if (available && e.type == MMAP_AVAILABLE && !wraps)
			add_ram(bi, e.addr, e.addr + e.len);
		if (!available && e.type != MMAP_AVAILABLE && e.len)
			remove_ram(bi, e.addr, wraps ? BOOT_RAM_LIMIT : e.addr + e.len);
	}
	return true;
}

static const char *read_module(const struct tag_module *t, struct boot_info *bi)
{
	struct boot_module *m;

	if (t->tag.size < sizeof(*t) || t->end < t->start)
		return "a module's description is broken";
	if (bi->nr_modules == BOOT_MAX_MODULES)
		return "there are more than 128 modules";
	m = &bi->modules[bi->nr_modules++];
	m->start = t->start;
	m->end = t->end;
	copy_text(m->cmdline, sizeof(m->cmdline), t->cmdline, t->tag.size - sizeof(*t));
	return NULL;
}

static const char *read_tag(const struct tag *t, uint64_t ma, struct boot_info *bi)
{
	switch (t->type) {
	case TAG_CMDLINE:
		copy_text(bi->cmdline, sizeof(bi->cmdline), (const char *)(t + 1),
			  t->size - sizeof(*t));
		return NULL;
	case TAG_MODULE: return read_module((const struct tag_module *)t, bi);
	case TAG_MMAP:
		if (!for_each_mmap((const struct tag_mmap *)t, bi, true) ||
		    !for_each_mmap((const struct tag_mmap *)t, bi, false))
			return "the memory map is broken";
		return NULL;
	case TAG_EFI32:
	case TAG_EFI64: bi->efi = true; return NULL;
	case TAG_ACPI_OLD:
		if (!bi->rsdp)
			bi->rsdp = ma + sizeof(*t);
		return NULL;
	case TAG_ACPI_NEW: bi->rsdp = ma + sizeof(*t); return NULL;
	default: return NULL;
	}
}

const char *mb2_parse(const void *info, size_t size, uint64_t ma, struct boot_info *bi)
{
	size_t off = 8;

	memset(bi, 0, sizeof(*bi));
	while (off + sizeof(struct tag) <= size) {
		const struct tag *t = (const void *)((const uint8_t *)info + off);
		const char *error;

		if (t->size < sizeof(*t) || t->size > size - off)
			return "a tag runs over the end";
		if (t->type == TAG_END)
			return bi->nr_ram ? NULL : "there is no memory map";
		error = read_tag(t, ma + off, bi);
		if (error)
			return error;
		off += (t->size + 7) & ~7ul;
	}
	return "the last tag is missing";
}
