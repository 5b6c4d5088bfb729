/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * SHA-256, for modules of many megabytes on a machine without SHA instructions.
 * Source: FIPS 180-4 "Secure Hash Standard", 6.2.
 */
#ifndef CONF_SHA256_H
#define CONF_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE  32
#define SHA256_BLOCK 64

struct sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	uint8_t block[SHA256_BLOCK];
};

void sha256_init(struct sha256 *sha);
void sha256_update(struct sha256 *sha, const void *data, size_t size);
void sha256_final(struct sha256 *sha, uint8_t hash[SHA256_SIZE]);

/* All at once. */
void sha256(const void *data, size_t size, uint8_t hash[SHA256_SIZE]);

#endif /* CONF_SHA256_H */
