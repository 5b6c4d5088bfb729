/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns what the loader handed over.  The loader is trusted (it made this domain), so
 * its addresses are used as they are; all lie below BOOT_MAP_SIZE.
 * Source: public/arch-x86/hvm/start_info.h.
 */
#include "src/startinfo.h"

#include <libos/boot.h>
#include <libos/errno.h>
#include <libos/mem.h>
#include <string.h>
#include <xen/arch-x86/hvm/start_info.h>

#include "src/image.h"

static const struct hvm_start_info *info;
static const struct hvm_memmap_table_entry *memmap;
static const struct hvm_modlist_entry *modlist;

static const void *at(uint64_t ga)
{
	return (const void *)(uintptr_t)ga;
}

bool startinfo_init(const void *p)
{
	info = p;
	if (info->magic != XEN_HVM_START_MAGIC_VALUE || info->version < 1 ||
	    info->memmap_entries == 0)
		return false;
	memmap = at(info->memmap_paddr);
	modlist = at(info->modlist_paddr);
	return true;
}

bool startinfo_ram(unsigned int i, struct ram_range *r)
{
	for (uint32_t e = 0; e < info->memmap_entries; e++) {
		if (memmap[e].type != XEN_HVM_MEMMAP_TYPE_RAM || i-- != 0)
			continue;
		r->start = ALIGN_UP(memmap[e].addr, LIBOS_PAGE_SIZE);
		r->end = ALIGN_DOWN(memmap[e].addr + memmap[e].size, LIBOS_PAGE_SIZE);
		if (r->end < r->start)
			r->end = r->start;
		return true;
	}
	return false;
}

static bool gap_taken(uint64_t a, uint64_t size)
{
	for (uint32_t e = 0; e < info->memmap_entries; e++) {
		if (memmap[e].addr < a + size && memmap[e].addr + memmap[e].size > a)
			return true;
	}
	return false;
}

uint64_t startinfo_gap(uint64_t size, uint64_t align)
{
	uint64_t best = UINT64_MAX;

	for (uint32_t e = 0; e < info->memmap_entries; e++) {
		uint64_t a = ALIGN_UP(memmap[e].addr + memmap[e].size, align);

		if (memmap[e].type == XEN_HVM_MEMMAP_TYPE_RAM && a < best && !gap_taken(a, size))
			best = a;
	}
	return best;
}

/* Range i that must not be given out; false past the last. */
static bool reserved_range(uint32_t i, struct ram_range *r)
{
	uint64_t start, size;

	if (i < 5) {
		const uint64_t fixed[5][2] = {
			{0, LIBOS_PAGE_SIZE},
			{(uintptr_t)image_start, (size_t)(image_end - image_start)},
			{(uintptr_t)info, sizeof(*info)},
			{info->memmap_paddr, info->memmap_entries * sizeof(*memmap)},
			{info->modlist_paddr, info->nr_modules * sizeof(*modlist)},
		};
		start = fixed[i][0];
		size = fixed[i][1];
	} else if (i == 5) {
		start = info->cmdline_paddr;
		size = start != 0 ? strlen(at(start)) + 1 : 0;
	} else if ((i - 6) / 2 < info->nr_modules) {
		const struct hvm_modlist_entry *m = &modlist[(i - 6) / 2];

		start = i % 2 == 0 ? m->paddr : m->cmdline_paddr;
		size = i % 2 == 0 ? m->size : start != 0 ? strlen(at(start)) + 1 : 0;
	} else {
		return false;
	}
	r->start = ALIGN_DOWN(start, LIBOS_PAGE_SIZE);
	r->end = size != 0 ? ALIGN_UP(start + size, LIBOS_PAGE_SIZE) : r->start;
	return true;
}

bool startinfo_next_free(const struct ram_range *r, struct ram_range *piece)
{
	struct ram_range busy;

	*piece = *r;
	/* Step over what covers the start until nothing does. */
	for (uint32_t i = 0; reserved_range(i, &busy);) {
		if (busy.start <= piece->start && busy.end > piece->start) {
			piece->start = busy.end;
			i = 0;
		} else {
			i++;
		}
	}
	/* End at the first one that comes after it. */
	for (uint32_t i = 0; reserved_range(i, &busy); i++) {
		if (busy.end > busy.start && busy.start > piece->start && busy.start < piece->end)
			piece->end = busy.start;
	}
	return piece->start < piece->end;
}

const char *libos_cmdline(void)
{
	return info->cmdline_paddr != 0 ? at(info->cmdline_paddr) : "";
}

unsigned int libos_nr_modules(void)
{
	return info->nr_modules;
}

int libos_module(unsigned int i, struct libos_module *m)
{
	if (i >= info->nr_modules)
		return -LIBOS_ENOENT;
	m->data = at(modlist[i].paddr);
	m->size = modlist[i].size;
	m->cmdline = modlist[i].cmdline_paddr != 0 ? at(modlist[i].cmdline_paddr) : "";
	return 0;
}
