/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Kernels without what a loader does not look at: every byte of a module is
 * loaded by GRUB and hashed on the target, so debug information, symbols,
 * padding and zeros at the end of segments are left at home.
 */
#ifndef BHCONF_ELFPACK_H
#define BHCONF_ELFPACK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Pack an ELF file that elf_check() has accepted: to be freed, *packed_size bytes.
 * Memory looks the same when it has been loaded, and the notes are the same.
 */
uint8_t *elfpack(const uint8_t *elf, size_t *packed_size);

#endif /* BHCONF_ELFPACK_H */
