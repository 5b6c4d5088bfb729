/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * SHA-256.  The eight working variables change roles from round to round
 * instead of moving, and the message schedule is kept in sixteen words: both
 * stay in registers or in the first cache line, and a round costs no move.
 * Source: FIPS 180-4 "Secure Hash Standard", 4.1.2, 4.2.2, 5.3.3, 6.2.2.
 */
#include <string.h>

#include "sha256.h"

static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static inline uint32_t ror(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t load_be32(const uint8_t *p)
{
	uint32_t x;

	memcpy(&x, p, sizeof(x));
	return __builtin_bswap32(x);
}

static inline void store_be32(uint8_t *p, uint32_t x)
{
	x = __builtin_bswap32(x);
	memcpy(p, &x, sizeof(x));
}

/*
 * One round, which changes only d and h.  The nested rotations are Sigma1 and
 * Sigma0 with one instruction less each; Maj is b where a agrees with it, else c.
 * Inlined, since pointers to eight registers cannot be passed in any.
 */
static inline __attribute__((always_inline)) void round_once(uint32_t a, uint32_t b, uint32_t c,
							     uint32_t *d, uint32_t e, uint32_t f,
							     uint32_t g, uint32_t *h, uint32_t kw)
{
	*h += kw + (ror(ror(ror(e, 14) ^ e, 5) ^ e, 6)) + (((f ^ g) & e) ^ g);
	*d += *h;
	*h += (ror(ror(ror(a, 9) ^ a, 11) ^ a, 2)) + (((a ^ b) & (b ^ c)) ^ b);
}

/* The schedule's next word, which takes the place of the oldest. */
static inline uint32_t schedule(uint32_t w[16], unsigned int i)
{
	uint32_t w1 = w[(i + 1) & 15], w14 = w[(i + 14) & 15];

	w[i & 15] += w[(i + 9) & 15] + (ror(w1, 7) ^ ror(w1, 18) ^ w1 >> 3) +
		     (ror(w14, 17) ^ ror(w14, 19) ^ w14 >> 10);
	return w[i & 15];
}

#define ROUND(a, b, c, d, e, f, g, h, i, W)                                                        \
	round_once(a, b, c, &(d), e, f, g, &(h), round_constants[i] + W(i))

/* Eight rounds bring every variable back to its place. */
#define EIGHT(i, W)                                                                                \
	do {                                                                                       \
		ROUND(a, b, c, d, e, f, g, h, (i) + 0, W);                                         \
		ROUND(h, a, b, c, d, e, f, g, (i) + 1, W);                                         \
		ROUND(g, h, a, b, c, d, e, f, (i) + 2, W);                                         \
		ROUND(f, g, h, a, b, c, d, e, (i) + 3, W);                                         \
		ROUND(e, f, g, h, a, b, c, d, (i) + 4, W);                                         \
		ROUND(d, e, f, g, h, a, b, c, (i) + 5, W);                                         \
		ROUND(c, d, e, f, g, h, a, b, (i) + 6, W);                                         \
		ROUND(b, c, d, e, f, g, h, a, (i) + 7, W);                                         \
	} while (0)

#define FIRST(i) (w[i] = load_be32(data + 4 * (size_t)(i)))
#define NEXT(i)	 schedule(w, i)

static void hash_blocks(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint32_t w[16];

	for (; blocks; blocks--, data += SHA256_BLOCK) {
		EIGHT(0, FIRST);
		EIGHT(8, FIRST);
		for (unsigned int i = 16; i < 64; i += 16) {
			EIGHT(i, NEXT);
			EIGHT(i + 8, NEXT);
		}
		a = state[0] += a;
		b = state[1] += b;
		c = state[2] += c;
		d = state[3] += d;
		e = state[4] += e;
		f = state[5] += f;
		g = state[6] += g;
		h = state[7] += h;
	}
}

void sha256_init(struct sha256 *sha)
{
	static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	memcpy(sha->state, start, sizeof(start));
	sha->length = 0;
}

void sha256_update(struct sha256 *sha, const void *data, size_t size)
{
	size_t held = sha->length % SHA256_BLOCK, room = SHA256_BLOCK - held;
	const uint8_t *p = data;

	sha->length += size;
	if (held) {
		size_t n = size < room ? size : room;

		memcpy(sha->block + held, p, n);
		p += n;
		size -= n;
		if (n < room)
			return;
		hash_blocks(sha->state, sha->block, 1);
	}
	hash_blocks(sha->state, p, size / SHA256_BLOCK);
	if (size % SHA256_BLOCK)
		memcpy(sha->block, p + size / SHA256_BLOCK * SHA256_BLOCK, size % SHA256_BLOCK);
}

void sha256_final(struct sha256 *sha, uint8_t hash[SHA256_SIZE])
{
	size_t held = sha->length % SHA256_BLOCK;
	uint64_t bits = sha->length * 8;

	sha->block[held++] = 0x80;
	if (held > SHA256_BLOCK - 8) {
		memset(sha->block + held, 0, SHA256_BLOCK - held);
		hash_blocks(sha->state, sha->block, 1);
		held = 0;
	}
	memset(sha->block + held, 0, SHA256_BLOCK - 8 - held);
	store_be32(sha->block + SHA256_BLOCK - 8, (uint32_t)(bits >> 32));
	store_be32(sha->block + SHA256_BLOCK - 4, (uint32_t)bits);
	hash_blocks(sha->state, sha->block, 1);
	for (int i = 0; i < 8; i++)
		store_be32(hash + 4 * i, sha->state[i]);
}

void sha256(const void *data, size_t size, uint8_t hash[SHA256_SIZE])
{
	struct sha256 sha;

	sha256_init(&sha);
	sha256_update(&sha, data, size);
	sha256_final(&sha, hash);
}
