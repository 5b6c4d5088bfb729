/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Linux's bzImage: the kernel proper is a compressed ELF file inside.  It is
 * unpacked here, so that nothing on the target has to.
 * Source: Linux's Documentation/arch/x86/boot.rst, "The Linux/x86 Boot Protocol".
 */
#ifndef BHCONF_BZIMAGE_H
#define BHCONF_BZIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a file is a bzImage. */
bool bzimage_is(const uint8_t *data, size_t size);

/*
 * Unpack the ELF file inside: *elf (to be freed) of *elf_size bytes.
 * Returns NULL, or what is wrong as half a sentence.  The text is static.
 */
const char *bzimage_unpack(const uint8_t *data, size_t size, uint8_t **elf, size_t *elf_size);

#endif /* BHCONF_BZIMAGE_H */
