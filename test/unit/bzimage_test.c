/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Unpacking bzImages of each compression, whole and broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <lz4.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "bhconf/bzimage.h"
#include "elf_maker.h"

#define ROOM 16384

static size_t pack_gzip(const uint8_t *elf, uint8_t *out)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)elf,
		      .avail_in = ELF_MAKER_SIZE,
		      .next_out = out,
		      .avail_out = ROOM};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

/* Behind all but gzip Linux writes how long it is unpacked. */
static size_t with_length(uint8_t *out, size_t size)
{
	const uint8_t length[4] = {ELF_MAKER_SIZE & 0xff, ELF_MAKER_SIZE >> 8, 0, 0};

	memcpy(out + size, length, 4);
	return size + 4;
}

static size_t pack_xz(const uint8_t *elf, uint8_t *out)
{
	size_t size = 0;

	assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, elf, ELF_MAKER_SIZE,
						 out, &size, ROOM),
			 LZMA_OK);
	return with_length(out, size);
}

static size_t pack_zstd(const uint8_t *elf, uint8_t *out)
{
	return with_length(out, ZSTD_compress(out, ROOM, elf, ELF_MAKER_SIZE, 3));
}

static size_t pack_lz4(const uint8_t *elf, uint8_t *out)
{
	int n = LZ4_compress_default((const char *)elf, (char *)out + 8, ELF_MAKER_SIZE, ROOM - 8);
	const uint8_t head[8] = {0x02, 0x21, 0x4c, 0x18, (uint8_t)n, (uint8_t)(n >> 8), 0, 0};

	memcpy(out, head, 8);
	return with_length(out, (size_t)n + 8);
}

static size_t pack_none(const uint8_t *elf, uint8_t *out)
{
	memcpy(out, elf, ELF_MAKER_SIZE);
	return ELF_MAKER_SIZE;
}

typedef size_t (*packer)(const uint8_t *elf, uint8_t *out);

static size_t make_image(packer pack, uint8_t *image)
{
	uint8_t elf[ELF_MAKER_SIZE], packed[ROOM];

	elf_make(&elf_plain, elf);
	return bzimage_make(packed, pack(elf, packed), image, 2 * ROOM);
}

static void test_unpack(void **state)
{
	uint8_t image[2 * ROOM], elf[ELF_MAKER_SIZE], *out = NULL;
	size_t size = make_image((packer)*state, image), out_size;

	elf_make(&elf_plain, elf);
	assert_true(bzimage_is(image, size));
	assert_null(bzimage_unpack(image, size, &out, &out_size));
	assert_int_equal(out_size, ELF_MAKER_SIZE);
	assert_memory_equal(out, elf, ELF_MAKER_SIZE);
	free(out);
}

/* Spoil each byte of the payload in turn: an answer or a complaint, never a crash. */
static void test_spoilt(void **state)
{
	uint8_t image[2 * ROOM];
	size_t size = make_image((packer)*state, image);

	for (size_t i = 1024 + 64; i < size; i++) {
		uint8_t *copy = malloc(size), *out = NULL;
		size_t out_size = 0;

		memcpy(copy, image, size);
		copy[i] ^= 0x41;
		if (!bzimage_unpack(copy, size, &out, &out_size))
			free(out);
		free(copy);
	}
}

static void test_headers(void **state)
{
	uint8_t image[2 * ROOM], *out;
	size_t size = make_image(pack_gzip, image), out_size;

	(void)state;
	assert_false(bzimage_is(image, 0x250));
	assert_non_null(strstr(bzimage_unpack(image, size - 1, &out, &out_size), "cut short"));
	image[0x206] = 7;
	image[0x207] = 2;
	assert_non_null(strstr(bzimage_unpack(image, size, &out, &out_size), "2.6.24"));
	size = make_image(pack_xz, image);
	memset(image + size - 4, 0xff, 4);
	assert_non_null(strstr(bzimage_unpack(image, size, &out, &out_size), "512 MiB"));
	image[1024 + 64] = 'B';
	assert_non_null(strstr(bzimage_unpack(image, size, &out, &out_size), "not known here"));
	image[0x202] = 'h';
	assert_false(bzimage_is(image, size));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_unpack, pack_gzip),
		cmocka_unit_test_prestate(test_unpack, pack_xz),
		cmocka_unit_test_prestate(test_unpack, pack_zstd),
		cmocka_unit_test_prestate(test_unpack, pack_lz4),
		cmocka_unit_test_prestate(test_unpack, pack_none),
		cmocka_unit_test_prestate(test_spoilt, pack_gzip),
		cmocka_unit_test_prestate(test_spoilt, pack_xz),
		cmocka_unit_test_prestate(test_spoilt, pack_zstd),
		cmocka_unit_test_prestate(test_spoilt, pack_lz4),
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests_name("bzimage", tests, NULL, NULL);
}
