/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The Bulkhead authors */
/*
 * Says on COM1 what GRUB handed over, one line a fact, then ends the emulator through
 * isa-debug-exit.
 *
 * Stands in for the hypervisor in the image tests: the boot path is proved without it.
 * Source: Multiboot2 Specification 2.0, 3.6 "Boot information format".
 */
#include <stddef.h>
#include <stdint.h>

#define COM1		  0x3f8
#define LINE_STATUS	  (COM1 + 5)
#define LINE_STATUS_EMPTY 0x20
#define DEBUG_EXIT	  0xf4

#define MULTIBOOT2_MAGIC 0x36d76289u
#define TAG_END		 0
#define TAG_CMDLINE	 1
#define TAG_MODULE	 3
#define TAG_EFI64	 12

struct tag {
	uint32_t type;
	uint32_t size;
};

struct tag_module {
	struct tag tag;
	uint32_t start;
	uint32_t end;
	char cmdline[];
};

void probe_main(uint32_t magic, uintptr_t info);

static void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void put(const char *text)
{
	for (; *text; text++) {
		while (!(inb(LINE_STATUS) & LINE_STATUS_EMPTY))
			;
		outb(COM1, (uint8_t)*text);
	}
}

static void put_number(uint32_t value, uint32_t base)
{
	char digits[11], *at = digits + sizeof(digits);

	*--at = '\0';
	do {
		*--at = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	put(at);
}

/* CRC-32 as gzip and Python's zlib count it. */
static uint32_t crc32(const uint8_t *data, size_t size)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < size; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static void put_module(const struct tag_module *m)
{
	put("PROBE module size=");
	put_number(m->end - m->start, 10);
	put(" crc=");
	put_number(crc32((const uint8_t *)(uintptr_t)m->start, m->end - m->start), 16);
	put(" cmdline=");
	put(m->cmdline);
	put("\r\n");
}

void probe_main(uint32_t magic, uintptr_t info)
{
	const struct tag *tag = (const struct tag *)(info + 8);
	int efi = 0;

	put(magic == MULTIBOOT2_MAGIC ? "\r\nPROBE start\r\n" : "\r\nPROBE not multiboot2\r\n");
	while (tag->type != TAG_END) {
		if (tag->type == TAG_CMDLINE) {
			put("PROBE cmdline=");
			put((const char *)(tag + 1));
			put("\r\n");
		} else if (tag->type == TAG_MODULE) {
			put_module((const struct tag_module *)tag);
		} else if (tag->type == TAG_EFI64) {
			efi = 1;
		}
		tag = (const struct tag *)((uintptr_t)tag + ((tag->size + 7) & ~7u));
	}
	put(efi ? "PROBE firmware=uefi\r\n" : "PROBE firmware=bios\r\n");
	put("PROBE end\r\n");
	outb(DEBUG_EXIT, 0x10);
}
