/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* SHA-256 against the vectors of FIPS 180-4's examples and of NIST's SHAVS, and against itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sha256.h"

static const struct vector {
	const char *text;
	size_t repeat;
	const char *hash;
} vectors[] = {
	{"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
	 "lmnopqrsmnopqrstnopqrstu",
	 1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	{"a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
	{"\xbd", 1, "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
};

static void to_hex(const uint8_t hash[SHA256_SIZE], char hex[2 * SHA256_SIZE + 1])
{
	for (unsigned int i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", hash[i]);
}

static void test_vectors(void **state)
{
	(void)state;
	for (size_t v = 0; v < sizeof(vectors) / sizeof(vectors[0]); v++) {
		uint8_t hash[SHA256_SIZE];
		char hex[2 * SHA256_SIZE + 1];
		struct sha256 sha;

		sha256_init(&sha);
		for (size_t i = 0; i < vectors[v].repeat; i++)
			sha256_update(&sha, vectors[v].text, strlen(vectors[v].text));
		sha256_final(&sha, hash);
		to_hex(hash, hex);
		assert_string_equal(hex, vectors[v].hash);
	}
}

/* Every length around two blocks, cut in two at every place, is the same as whole. */
static void test_pieces(void **state)
{
	uint8_t whole[SHA256_SIZE], pieces[SHA256_SIZE];

	(void)state;
	for (size_t n = 0; n <= 130; n++) {
		uint8_t *data = malloc(n ? n : 1);

		for (size_t i = 0; i < n; i++)
			data[i] = (uint8_t)(i * 7 + n);
		sha256(data, n, whole);
		for (size_t cut = 0; cut <= n; cut++) {
			struct sha256 sha;

			sha256_init(&sha);
			sha256_update(&sha, data, cut);
			sha256_update(&sha, data + cut, n - cut);
			sha256_final(&sha, pieces);
			assert_memory_equal(whole, pieces, SHA256_SIZE);
		}
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
