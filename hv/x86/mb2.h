/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the boot loader says: a pure parser of the Multiboot2 information.
 * Manual: Multiboot2 specification 2.0, "Boot information format".
 */
#ifndef HV_X86_MB2_H
#define HV_X86_MB2_H

#include "types.h"

#define MB2_LOADER_MAGIC 0x36d76289u

#define BOOT_MAX_RAM	 128
#define BOOT_MAX_MODULES 128
#define BOOT_CMDLINE_MAX 1024
#define BOOT_NAME_MAX	 128

/* RAM from here on stays unused: page.h links frames by 32-bit numbers plus one. */
#define BOOT_RAM_LIMIT ((1ul << 44) - (1ul << 21))

struct boot_range {
	uint64_t start, end; /* machine bytes, whole frames, start < end */
};

struct boot_module {
	uint64_t start, end;	     /* machine bytes; start on a page */
	char cmdline[BOOT_NAME_MAX]; /* cut when longer */
};

struct boot_info {
	char cmdline[BOOT_CMDLINE_MAX];
	uint64_t rsdp; /* machine address of the loader's copy, 0 if none */
	bool efi;
	unsigned int nr_ram, nr_modules;
	struct boot_range ram[BOOT_MAX_RAM]; /* sorted, disjoint */
	struct boot_module modules[BOOT_MAX_MODULES];
};

/*
 * Read the information block of size bytes, which lies at machine address ma.
 * NULL when it was read, or a sentence that says what is wrong with it: a tag
 * runs over the end, there is no memory map, more modules than BOOT_MAX_MODULES.
 * Memory ranges beyond BOOT_MAX_RAM are left unused, as are those whose length
 * wraps; of what is not available, a length that wraps reaches to the end.
 */
const char *mb2_parse(const void *info, size_t size, uint64_t ma, struct boot_info *bi);

#endif /* HV_X86_MB2_H */
