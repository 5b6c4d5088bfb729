/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The ELF reader on a file made here: as it should be, broken in each way, and at random. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "elf.h"

#define ROOM	 0x800000ul
#define ENTRY	 0x100010u
#define MAX_PHDR 12
#define NOTE_OFF 0x400
#define DATA_OFF 0x500
#define SIZE	 0x900

#define NO_ELF	   "it is not a 64-bit x86 ELF program"
#define BROKEN	   "its program headers are broken"
#define SHORT	   "it is cut short"
#define NOT_FILE   "a segment lies outside of the file"
#define NOT_MEMORY "a segment lies outside of the domain's memory"
#define TOO_MANY   "it has too many segments"
#define OVERLAP	   "its segments overlap"
#define NO_LOAD	   "it has no segment to load"
#define NO_NOTE	   "it has no usable PHYS32_ENTRY note: it is not a PVH kernel"

struct note {
	Elf64_Nhdr head;
	char name[4];
	uint32_t desc;
};

/* An image in memory; a file that is cut has a smaller size. */
static union {
	uint8_t bytes[SIZE];
	struct {
		Elf64_Ehdr head;
		Elf64_Phdr ph[MAX_PHDR];
	};
} file;
static uint64_t size;

static struct note *note(unsigned int i)
{
	return (struct note *)(file.bytes + NOTE_OFF) + i;
}

static bool read_file(void *ctx, uint64_t offset, void *dst, size_t n)
{
	assert_ptr_equal(ctx, &file);
	if (offset > size || n > size - offset)
		return false;
	memcpy(dst, file.bytes + offset, n);
	return true;
}

/* A note of another owner, the note, text at 1 MiB, data with bss at 2 MiB up to the file's end. */
static int set_up(void **state)
{
	static const uint8_t ident[] = {ELFMAG0,    ELFMAG1,	 ELFMAG2,   ELFMAG3,
					ELFCLASS64, ELFDATA2LSB, EV_CURRENT};

	(void)state;
	memset(&file, 0, sizeof(file));
	size = SIZE;
	memcpy(file.head.e_ident, ident, sizeof(ident));
	file.head.e_type = ET_EXEC;
	file.head.e_machine = EM_X86_64;
	file.head.e_phoff = sizeof(Elf64_Ehdr);
	file.head.e_phentsize = sizeof(Elf64_Phdr);
	file.head.e_phnum = 3;
	file.ph[0] = (Elf64_Phdr){.p_type = PT_NOTE,
				  .p_offset = NOTE_OFF,
				  .p_filesz = 2 * sizeof(struct note),
				  .p_memsz = 2 * sizeof(struct note)};
	file.ph[1] = (Elf64_Phdr){.p_type = PT_LOAD,
				  .p_offset = DATA_OFF,
				  .p_paddr = 0x100000,
				  .p_filesz = 0x300,
				  .p_memsz = 0x300};
	file.ph[2] = (Elf64_Phdr){.p_type = PT_LOAD,
				  .p_offset = DATA_OFF + 0x300,
				  .p_paddr = 0x200000,
				  .p_filesz = 0x100,
				  .p_memsz = 0x5000};
	*note(0) = (struct note){{4, 4, 18}, "GNU", 0x12345678};
	*note(1) = (struct note){{4, 4, 18}, "Xen", ENTRY};
	return 0;
}

static const char *parse(struct elf_image *image)
{
	return elf_parse(read_file, &file, size, ROOM, image);
}

static void refuse(const char *why)
{
	struct elf_image image;
	const char *got = parse(&image);

	assert_non_null(got);
	assert_string_equal(got, why);
}

static void accept(void)
{
	struct elf_image image;

	assert_null(parse(&image));
}

static void a_good_file(void **state)
{
	struct elf_image image;

	(void)state;
	assert_null(parse(&image));
	assert_int_equal(image.nr, 2);
	assert_int_equal(image.entry, ENTRY);
	assert_int_equal(image.lowest, 0x100000);
	assert_int_equal(image.highest, 0x205000);
	assert_int_equal(image.segment[1].offset, DATA_OFF + 0x300);
	assert_int_equal(image.segment[1].filesz, 0x100);
	assert_int_equal(image.segment[1].paddr, 0x200000);
	assert_int_equal(image.segment[1].memsz, 0x5000);
}

static void what_is_no_elf(void **state)
{
	for (unsigned int i = 0; i < 7; i++) {
		set_up(state);
		file.head.e_ident[i] ^= 1;
		refuse(NO_ELF);
	}
	set_up(state);
	file.head.e_machine = EM_386;
	refuse(NO_ELF);
	set_up(state);
	file.head.e_type = ET_DYN;
	refuse(NO_ELF);
}

static void broken_headers(void **state)
{
	file.head.e_phentsize = sizeof(Elf64_Phdr) - 1;
	refuse(BROKEN);
	set_up(state);
	file.head.e_phnum = 33;
	refuse(BROKEN);
	file.head.e_phnum = 0xffff;
	refuse(BROKEN);
	set_up(state);
	file.head.e_phoff = SIZE - 2 * sizeof(Elf64_Phdr);
	refuse(BROKEN);
	file.head.e_phoff = SIZE + 1;
	refuse(BROKEN);
	file.head.e_phoff = ~0ul;
	refuse(BROKEN);
	file.head.e_phoff = ~0ul - 3 * sizeof(Elf64_Phdr) + 1;
	refuse(BROKEN);
	set_up(state);
	file.head.e_phnum = 0;
	refuse(NO_LOAD);
}

/* The size is right but the reader fails: the file changed under us. */
static bool read_head_only(void *ctx, uint64_t offset, void *dst, size_t n)
{
	return offset == 0 && read_file(ctx, offset, dst, n);
}

static void a_reader_that_fails(void **state)
{
	struct elf_image image;

	(void)state;
	assert_string_equal(elf_parse(read_head_only, &file, size, ROOM, &image), SHORT);
}

static void segments_outside_of_the_file(void **state)
{
	file.ph[2].p_filesz++;
	refuse(NOT_FILE);
	file.ph[2].p_filesz = ~0ul;
	file.ph[2].p_memsz = ~0ul;
	refuse(NOT_FILE);
	set_up(state);
	file.ph[1].p_offset = SIZE + 1;
	refuse(NOT_FILE);
	file.ph[1].p_offset = ~0ul - 0x2ff; /* offset + filesz wraps to 0 */
	refuse(NOT_FILE);
	set_up(state);
	file.ph[1].p_memsz = file.ph[1].p_filesz - 1;
	refuse(NOT_FILE);
}

static void segments_outside_of_memory(void **state)
{
	file.ph[2].p_paddr = ROOM - 0x5000;
	accept();
	file.ph[2].p_paddr++;
	refuse(NOT_MEMORY);
	file.ph[2].p_paddr = ROOM + 1;
	refuse(NOT_MEMORY);
	file.ph[2].p_paddr = ~0ul - 0x4fff; /* paddr + memsz wraps to 0 */
	refuse(NOT_MEMORY);
	set_up(state);
	file.ph[2].p_memsz = ~0ul;
	refuse(NOT_MEMORY);
	/* A segment without memory is nothing, wherever it lies. */
	set_up(state);
	file.ph[2] = (Elf64_Phdr){.p_type = PT_LOAD, .p_paddr = ~0ul};
	accept();
}

static void overlapping_segments(void **state)
{
	(void)state;
	file.ph[2].p_paddr = 0x1002ff;
	refuse(OVERLAP);
	file.ph[2].p_paddr = 0x100300;
	accept();
	file.ph[2].p_paddr = 0x100000 - 0x5000;
	accept();
	file.ph[2].p_paddr++;
	refuse(OVERLAP);
	file.ph[2].p_paddr = 0xff000; /* around the other */
	refuse(OVERLAP);
}

static void too_many_segments(void **state)
{
	(void)state;
	for (unsigned int i = 3; i < MAX_PHDR; i++)
		file.ph[i] = (Elf64_Phdr){
			.p_type = PT_LOAD, .p_paddr = 0x300000 + i * 0x1000, .p_memsz = 1};
	file.head.e_phnum = 1 + ELF_MAX_SEGMENTS;
	accept();
	file.head.e_phnum++;
	refuse(TOO_MANY);
}

static void notes_that_are_none(void **state)
{
	file.ph[0].p_type = PT_NULL;
	refuse(NO_NOTE);
	set_up(state);
	note(1)->head.n_type = 17;
	refuse(NO_NOTE);
	set_up(state);
	memcpy(note(1)->name, "xen", 4);
	refuse(NO_NOTE);
	set_up(state);
	note(1)->head.n_descsz = 3;
	refuse(NO_NOTE);
	set_up(state);
	note(1)->desc = 0;
	refuse(NO_NOTE);
	note(1)->desc = 0xfffff; /* below what is loaded */
	refuse(NO_NOTE);
	note(1)->desc = 0x205000; /* behind it */
	refuse(NO_NOTE);
	set_up(state);
	file.ph[0].p_offset = SIZE + 1;
	refuse(NO_NOTE);
	file.ph[0].p_offset = ~0ul;
	refuse(NO_NOTE);
	set_up(state);
	note(0)->head.n_namesz = ~0u; /* the next would be far behind the end */
	refuse(NO_NOTE);
	note(0)->head.n_namesz = 4;
	note(0)->head.n_descsz = ~0u;
	refuse(NO_NOTE);
}

/* Notes of no length are walked for a bounded time. */
static void endless_notes(void **state)
{
	(void)state;
	memset(file.bytes + NOTE_OFF, 0, SIZE - NOTE_OFF);
	file.ph[0].p_filesz = SIZE - NOTE_OFF;
	refuse(NO_NOTE);
}

static void cut_anywhere(void **state)
{
	(void)state;
	for (size = 0; size < SIZE; size++) {
		struct elf_image image;

		assert_non_null(parse(&image));
	}
}

/* What an accepted file promises to its loader. */
static void check_promises(const struct elf_image *image)
{
	uint64_t lowest = ~0ul, highest = 0;

	assert_in_range(image->nr, 1, ELF_MAX_SEGMENTS);
	for (unsigned int i = 0; i < image->nr; i++) {
		const struct elf_segment *s = &image->segment[i];

		assert_true(s->filesz <= s->memsz);
		assert_true(s->offset <= size && s->filesz <= size - s->offset);
		assert_true(s->paddr <= ROOM && s->memsz <= ROOM - s->paddr);
		for (unsigned int j = 0; j < i; j++) {
			const struct elf_segment *t = &image->segment[j];

			assert_true(s->paddr + s->memsz <= t->paddr ||
				    t->paddr + t->memsz <= s->paddr);
		}
		lowest = s->paddr < lowest ? s->paddr : lowest;
		highest = s->paddr + s->memsz > highest ? s->paddr + s->memsz : highest;
	}
	assert_int_equal(image->lowest, lowest);
	assert_int_equal(image->highest, highest);
	assert_in_range(image->entry, lowest, highest - 1);
}

static const uint64_t corners[] = {
	0,	    1,		0x7f,	      0xff,	 0x100,	  0xffff,   0x7fffffff,
	0xffffffff, 0x80000000, ~0ul,	      1ul << 63, SIZE,	  SIZE + 1, ROOM,
	ROOM - 1,   ~0ul - 0xf, ~0ul - 0x2ff, 1ul << 32, 0x100000};

static void random_mutations(void **state)
{
	unsigned int accepted = 0;

	srandom(1);
	for (unsigned int round = 0; round < 200000; round++) {
		unsigned int n = 1 + (unsigned int)random() % 4;
		struct elf_image image;

		set_up(state);
		while (n--) {
			size_t at = (size_t)random() % (NOTE_OFF + 2 * sizeof(struct note));
			uint64_t v =
				corners[(size_t)random() % (sizeof(corners) / sizeof(corners[0]))];

			if (at > sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr) && at < NOTE_OFF)
				at %= sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr);
			if (random() % 2)
				file.bytes[at] ^= (uint8_t)(1u << (random() % 8));
			else
				memcpy(file.bytes + (at & ~7ul), &v, sizeof(v));
		}
		if (parse(&image))
			continue;
		accepted++;
		check_promises(&image);
	}
	assert_in_range(accepted, 1000, 199000); /* both ways were taken often */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_good_file, set_up),
		cmocka_unit_test_setup(what_is_no_elf, set_up),
		cmocka_unit_test_setup(broken_headers, set_up),
		cmocka_unit_test_setup(a_reader_that_fails, set_up),
		cmocka_unit_test_setup(segments_outside_of_the_file, set_up),
		cmocka_unit_test_setup(segments_outside_of_memory, set_up),
		cmocka_unit_test_setup(overlapping_segments, set_up),
		cmocka_unit_test_setup(too_many_segments, set_up),
		cmocka_unit_test_setup(notes_that_are_none, set_up),
		cmocka_unit_test_setup(endless_notes, set_up),
		cmocka_unit_test_setup(cut_anywhere, set_up),
		cmocka_unit_test_setup(random_mutations, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
