/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Unpacking bzImages of the four compressions that kernels of distributions use.
 * The payload ends with four bytes that say how long it is unpacked, save where
 * gzip's own trailer does.
 */
#include <stdlib.h>
#include <string.h>

#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "bzimage.h"
#include "memory.h"

#define SETUP_SECTS	 0x1f1
#define HEADER_MAGIC	 0x202
#define PROTOCOL	 0x206
#define PAYLOAD_OFFSET	 0x248
#define PAYLOAD_LENGTH	 0x24c
#define HEADER_END	 0x250
#define PROTOCOL_FIRST	 0x208 /* the first that tells where the payload is */
#define UNPACKED_MAX	 (512u << 20)
#define LZ4_LEGACY_MAGIC 0x184c2102
#define LZ4_LEGACY_CHUNK (8u << 20)

struct buffer {
	uint8_t *data;
	size_t size, room;
};

static uint32_t le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

bool bzimage_is(const uint8_t *data, size_t size)
{
	return size > HEADER_END && !memcmp(data + HEADER_MAGIC, "HdrS", 4);
}

static bool reserve(struct buffer *out, size_t room)
{
	if (room > UNPACKED_MAX)
		return false;
	out->data = xrealloc(out->data, room);
	out->room = room;
	return true;
}

static const char *unpack_gzip(const uint8_t *data, size_t size, struct buffer *out)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)data,
		      .avail_in = (uInt)size,
		      .next_out = out->data,
		      .avail_out = (uInt)out->room};
	int result;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return "zlib cannot start";
	result = inflate(&z, Z_FINISH);
	out->size = out->room - z.avail_out;
	inflateEnd(&z);
	return result == Z_STREAM_END ? NULL : "the gzip payload is broken";
}

static const char *unpack_xz(const uint8_t *data, size_t size, struct buffer *out)
{
	uint64_t memory = UINT64_MAX;
	size_t in = 0;
	lzma_ret result = lzma_stream_buffer_decode(&memory, 0, NULL, data, &in, size, out->data,
						    &out->size, out->room);

	return result == LZMA_OK ? NULL : "the xz payload is broken";
}

static const char *unpack_zstd(const uint8_t *data, size_t size, struct buffer *out)
{
	size_t frame = ZSTD_findFrameCompressedSize(data, size), n;

	if (ZSTD_isError(frame))
		return "the zstd payload is broken";
	n = ZSTD_decompress(out->data, out->room, data, frame);
	if (ZSTD_isError(n))
		return "the zstd payload is broken";
	out->size = n;
	return NULL;
}

/* The legacy frame, which kernels use: magic, then chunks with a length each. */
static const char *unpack_lz4(const uint8_t *data, size_t size, struct buffer *out)
{
	for (size_t at = 4; at + 4 <= size && out->size < out->room;) {
		uint32_t n = le32(data + at);
		size_t room = out->room - out->size;
		int got;

		at += 4;
		if (n == LZ4_LEGACY_MAGIC)
			continue;
		if (n > size - at)
			return "the lz4 payload is broken";
		if (room > LZ4_LEGACY_CHUNK)
			room = LZ4_LEGACY_CHUNK;
		got = LZ4_decompress_safe((const char *)data + at, (char *)out->data + out->size,
					  (int)n, (int)room);
		if (got < 0)
			return "the lz4 payload is broken";
		out->size += (size_t)got;
		at += n;
	}
	return NULL;
}

static const struct packing {
	const char *magic;
	size_t magic_size;
	size_t trailer; /* bytes of Linux's own length behind the packed data */
	const char *(*unpack)(const uint8_t *data, size_t size, struct buffer *out);
} packings[] = {
	{"\x1f\x8b\x08", 3, 0, unpack_gzip},
	{"\xfd"
	 "7zXZ",
	 6, 4, unpack_xz},
	{"\x28\xb5\x2f\xfd", 4, 4, unpack_zstd},
	{"\x02\x21\x4c\x18", 4, 4, unpack_lz4},
};

static const char *unpack(const uint8_t *payload, size_t size, struct buffer *out)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		const struct packing *p = &packings[i];
		uint32_t length;

		if (size < p->magic_size + 4 || memcmp(payload, p->magic, p->magic_size) != 0)
			continue;
		length = le32(payload + size - 4);
		if (!reserve(out, length))
			return "it claims to be larger than 512 MiB unpacked";
		return p->unpack(payload, size - p->trailer, out);
	}
	if (size > 4 && !memcmp(payload, "\177ELF", 4)) {
		if (!reserve(out, size))
			return "it is larger than 512 MiB";
		memcpy(out->data, payload, size);
		out->size = size;
		return NULL;
	}
	return "it is packed in a way that is not known here; kernels can be packed with gzip, xz, "
	       "lz4 or zstd (CONFIG_KERNEL_GZIP and so on)";
}

const char *bzimage_unpack(const uint8_t *data, size_t size, uint8_t **elf, size_t *elf_size)
{
	struct buffer out = {0};
	const char *wrong;
	uint64_t start, length;

	if ((data[PROTOCOL] | data[PROTOCOL + 1] << 8) < PROTOCOL_FIRST)
		return "it is a bzImage of before Linux 2.6.24, without a PVH entry point";
	start = (data[SETUP_SECTS] ? data[SETUP_SECTS] + 1u : 5u) * 512u;
	start += le32(data + PAYLOAD_OFFSET);
	length = le32(data + PAYLOAD_LENGTH);
	if (start > size || length > size - start)
		return "it is a bzImage that is cut short";
	wrong = unpack(data + start, (size_t)length, &out);
	if (wrong) {
		free(out.data);
		return wrong;
	}
	*elf = out.data;
	*elf_size = out.size;
	return NULL;
}
