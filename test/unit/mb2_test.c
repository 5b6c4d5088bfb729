/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The boot loader's information, tag by tag, and memory maps against a model of
 * one word a page.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "x86/mb2.h"

#define MA	  0x7f000ul
#define AVAILABLE 1
#define RESERVED  2
#define ACPI	  3

enum { END = 0, CMDLINE = 1, MODULE = 3, MMAP = 6, EFI64 = 12, ACPI_OLD = 14, ACPI_NEW = 15 };

struct entry {
	uint64_t addr, len;
	uint32_t type, reserved;
};

static struct boot_info bi;
static uint8_t *info; /* exactly size bytes, so that a look behind is seen */
static size_t size;

static void begin(void)
{
	free(info);
	info = calloc(1, 8);
	size = 8;
}

/* A tag with n bytes of contents, the next on a boundary of 8. */
static void tag(uint32_t type, const void *contents, uint32_t n)
{
	uint32_t head[2] = {type, n + 8};
	size_t room = (n + 8 + 7) & ~7ul;

	info = realloc(info, size + room);
	memset(info + size, 0, room);
	memcpy(info + size, head, sizeof(head));
	if (n)
		memcpy(info + size + 8, contents, n);
	size += room;
}

static void mmap(const struct entry *e, unsigned int nr)
{
	uint8_t buf[8 + 300 * sizeof(*e)];
	uint32_t head[2] = {sizeof(*e), 0};

	assert_true(nr <= 300);
	memcpy(buf, head, sizeof(head));
	memcpy(buf + 8, e, nr * sizeof(*e));
	tag(MMAP, buf, (uint32_t)(8 + nr * sizeof(*e)));
}

static void module(uint32_t start, uint32_t end, const char *cmdline)
{
	uint8_t buf[512];
	size_t n = strlen(cmdline) + 1;

	memcpy(buf, &start, 4);
	memcpy(buf + 4, &end, 4);
	memcpy(buf + 8, cmdline, n);
	tag(MODULE, buf, (uint32_t)(8 + n));
}

static void one_range(void)
{
	const struct entry e = {0x100000, 0x1000000, AVAILABLE, 0};

	mmap(&e, 1);
}

static const char *parse(void)
{
	return mb2_parse(info, size, MA, &bi);
}

static void accept(void)
{
	assert_null(parse());
}

static void refuse(const char *why)
{
	const char *got = parse();

	assert_non_null(got);
	assert_string_equal(got, why);
}

static int set_up(void **state)
{
	(void)state;
	begin();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(info);
	info = NULL;
	return 0;
}

static void good_information(void **state)
{
	(void)state;
	tag(CMDLINE, "a=b c=d", 8);
	tag(99, "unknown tags are passed over", 28);
	module(0x400000, 0x480123, "ctrl slot=A");
	module(0x500000, 0x500000, "");
	one_range();
	tag(ACPI_NEW, "RSD PTR ", 36 - 28);
	tag(EFI64, "\0\0\0\0\0\0\0", 8);
	tag(END, NULL, 0);
	accept();
	assert_string_equal(bi.cmdline, "a=b c=d");
	assert_int_equal(bi.nr_modules, 2);
	assert_int_equal(bi.modules[0].start, 0x400000);
	assert_int_equal(bi.modules[0].end, 0x480123);
	assert_string_equal(bi.modules[0].cmdline, "ctrl slot=A");
	assert_string_equal(bi.modules[1].cmdline, "");
	assert_int_equal(bi.nr_ram, 1);
	assert_int_equal(bi.ram[0].start, 0x100000);
	assert_int_equal(bi.ram[0].end, 0x1100000);
	assert_true(bi.efi);
	assert_in_range(bi.rsdp, MA + 8, MA + size);
	assert_memory_equal(info + (bi.rsdp - MA), "RSD PTR ", 8);
}

static void the_newer_acpi_pointer_wins(void **state)
{
	(void)state;
	one_range();
	tag(ACPI_NEW, "new", 4);
	tag(ACPI_OLD, "old", 4);
	tag(END, NULL, 0);
	accept();
	assert_string_equal((char *)info + (bi.rsdp - MA), "new");
	begin();
	one_range();
	tag(ACPI_OLD, "old", 4);
	tag(ACPI_NEW, "new", 4);
	tag(END, NULL, 0);
	accept();
	assert_string_equal((char *)info + (bi.rsdp - MA), "new");
	assert_false(bi.efi);
}

static void broken_tags(void **state)
{
	uint32_t *head;

	(void)state;
	refuse("the last tag is missing");
	one_range();
	refuse("the last tag is missing");
	tag(CMDLINE, "x", 2);
	head = (uint32_t *)(info + size - 16);
	head[1] = 16; /* up to the end and no further */
	refuse("the last tag is missing");
	head[1] = 17;
	refuse("a tag runs over the end");
	head[1] = ~0u;
	refuse("a tag runs over the end");
	head[1] = 7;
	refuse("a tag runs over the end");
	head[1] = 0;
	refuse("a tag runs over the end");
	begin();
	tag(END, NULL, 0);
	refuse("there is no memory map");
}

static void cut_anywhere(void **state)
{
	uint8_t *whole;
	size_t all;

	(void)state;
	tag(CMDLINE, "word", 5);
	module(0x400000, 0x480000, "ctrl");
	one_range();
	tag(END, NULL, 0);
	whole = info;
	all = size;
	for (size = 0; size < all; size++) {
		info = malloc(size ? size : 1);
		memcpy(info, whole, size);
		assert_non_null(parse());
		free(info);
	}
	info = whole;
	accept();
}

static void broken_contents(void **state)
{
	const uint32_t small[2] = {sizeof(struct entry) - 1, 0};
	const uint32_t huge[2] = {0xfffffff8, 0};

	(void)state;
	tag(MMAP, small, 8);
	tag(END, NULL, 0);
	refuse("the memory map is broken");
	begin();
	tag(MMAP, small, 4);
	tag(END, NULL, 0);
	refuse("the memory map is broken");
	begin();
	tag(MMAP, huge, 8);
	tag(END, NULL, 0);
	refuse("there is no memory map");
	begin();
	one_range();
	module(0x400000, 0x3fffff, "backwards");
	tag(END, NULL, 0);
	refuse("a module's description is broken");
	begin();
	one_range();
	tag(MODULE, small, 4);
	tag(END, NULL, 0);
	refuse("a module's description is broken");
}

static void modules_are_counted(void **state)
{
	(void)state;
	one_range();
	for (unsigned int i = 0; i < BOOT_MAX_MODULES; i++)
		module(0x400000 + i * 4096, 0x400000 + i * 4096 + 1, "m");
	tag(END, NULL, 0);
	accept();
	assert_int_equal(bi.nr_modules, BOOT_MAX_MODULES);
	size -= 8;
	module(0x800000, 0x800001, "one more");
	tag(END, NULL, 0);
	refuse("there are more than 128 modules");
}

static void long_texts_are_cut(void **state)
{
	char text[BOOT_CMDLINE_MAX + 100], name[BOOT_NAME_MAX + 100];

	(void)state;
	memset(text, 'a', sizeof(text));
	memset(name, 'b', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	one_range();
	tag(CMDLINE, text, sizeof(text)); /* not even terminated */
	module(0x400000, 0x400001, name);
	tag(CMDLINE + 100, NULL, 0);
	tag(END, NULL, 0);
	accept();
	assert_int_equal(strlen(bi.cmdline), BOOT_CMDLINE_MAX - 1);
	assert_int_equal(strlen(bi.modules[0].cmdline), BOOT_NAME_MAX - 1);
	begin();
	one_range();
	tag(CMDLINE, "abc", 3);
	tag(END, NULL, 0);
	accept();
	assert_string_equal(bi.cmdline, "abc");
}

/* --- memory maps --- */

static void ram_is(const struct boot_range *want, unsigned int nr)
{
	assert_int_equal(bi.nr_ram, nr);
	for (unsigned int i = 0; i < nr; i++) {
		assert_int_equal(bi.ram[i].start, want[i].start);
		assert_int_equal(bi.ram[i].end, want[i].end);
	}
}

static void unsorted_ranges_are_sorted(void **state)
{
	const struct entry e[] = {
		{0x900000, 0x100000, AVAILABLE, 0}, {0x1000, 0x9e000, AVAILABLE, 0},
		{0x500000, 0x100000, AVAILABLE, 0}, {0x700000, 0x100000, AVAILABLE, 0},
		{0x600000, 0x100000, AVAILABLE, 0}, /* closes a gap */
	};
	const struct boot_range want[] = {
		{0x1000, 0x9f000}, {0x500000, 0x800000}, {0x900000, 0xa00000}};

	(void)state;
	mmap(e, 5);
	tag(END, NULL, 0);
	accept();
	ram_is(want, 3);
}

static void only_whole_frames_count(void **state)
{
	const struct entry e[] = {
		{0x1001, 0x3000, AVAILABLE, 0},
		{0x10fff, 0x1001, AVAILABLE, 0},
		{0x20001, 0xffe, AVAILABLE, 0},
		{0x30000, 0, AVAILABLE, 0},
	};
	const struct boot_range want[] = {{0x2000, 0x4000}, {0x11000, 0x12000}};

	(void)state;
	mmap(e, 4);
	tag(END, NULL, 0);
	accept();
	ram_is(want, 2);
}

static void the_rest_is_cut_out(void **state)
{
	const struct entry e[] = {
		{0x200800, 0x10, RESERVED, 0}, /* the frames that it touches */
		{0x100000, 0x900000, AVAILABLE, 0},
		{0x000000, 0x180000, ACPI, 0},
		{0x400fff, 2, 77, 0},
		{0x9ff000, 0x100000, RESERVED, 0},
	};
	const struct boot_range want[] = {
		{0x180000, 0x200000}, {0x201000, 0x400000}, {0x402000, 0x9ff000}};

	(void)state;
	mmap(e, 5);
	tag(END, NULL, 0);
	accept();
	ram_is(want, 3);
}

/* Lengths that wrap, at both ends of the address space. */
static void the_top_of_the_address_space(void **state)
{
	const struct entry wraps[] = {
		{0x100000, 0x100000, AVAILABLE, 0},
		{0xfffffffffffff001, 0x10, AVAILABLE, 0}, /* no whole frame */
		{0x200000, ~0ul, AVAILABLE, 0},
		{0xffffffffffff0000, 0x20000, AVAILABLE, 0},
	};
	const struct boot_range first[] = {{0x100000, 0x200000}};
	const struct entry upto[] = {
		{0x100000, 0x400000, AVAILABLE, 0},
		{0x300000, 0ul - 0x300000, RESERVED, 0}, /* to the very end */
		{0x200000, 0x1000, RESERVED, 0},
		{0xfffffffffffff001, 0x10, RESERVED, 0},
	};
	const struct boot_range cut[] = {{0x100000, 0x200000}, {0x201000, 0x300000}};

	(void)state;
	mmap(wraps, 4);
	tag(END, NULL, 0);
	accept();
	ram_is(first, 1);
	begin();
	mmap(upto, 4);
	tag(END, NULL, 0);
	accept();
	ram_is(cut, 2);
}

static void more_ranges_than_fit(void **state)
{
	struct entry e[300];

	(void)state;
	for (unsigned int i = 0; i < 300; i++)
		e[i] = (struct entry){(299ul - i) << 20, 0x1000, AVAILABLE, 0};
	mmap(e, 300);
	tag(END, NULL, 0);
	accept();
	assert_int_equal(bi.nr_ram, BOOT_MAX_RAM);
	for (unsigned int i = 1; i < bi.nr_ram; i++)
		assert_true(bi.ram[i - 1].end < bi.ram[i].start);
}

#define MODEL_PAGES 512

/* Available and nothing else, whole frames only. */
static void model(const struct entry *e, unsigned int nr, bool *ram)
{
	memset(ram, 0, MODEL_PAGES);
	for (unsigned int i = 0; i < nr; i++)
		for (uint64_t p = 0; p < MODEL_PAGES; p++)
			if (e[i].type == AVAILABLE && e[i].addr <= p * 4096 &&
			    e[i].addr + e[i].len >= (p + 1) * 4096)
				ram[p] = true;
	for (unsigned int i = 0; i < nr; i++)
		for (uint64_t p = 0; p < MODEL_PAGES; p++)
			if (e[i].type != AVAILABLE && e[i].len && e[i].addr < (p + 1) * 4096 &&
			    e[i].addr + e[i].len > p * 4096)
				ram[p] = false;
}

static void random_maps_match_the_model(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed < 4000; seed++) {
		struct entry e[24];
		bool want[MODEL_PAGES], got[MODEL_PAGES] = {0};
		unsigned int nr = 1 + seed % 24;

		srandom(seed);
		for (unsigned int i = 0; i < nr; i++) {
			/* Ends on frames mostly: frames in halves are available to nobody. */
			uint64_t odd = random() % 4 ? 0 : (uint64_t)random() % 4096;

			e[i] = (struct entry){(uint64_t)random() % 400 * 4096 + odd,
					      (uint64_t)random() % 100 * 4096 + odd % 512,
					      1 + (uint32_t)random() % 3, 0};
		}
		begin();
		mmap(e, nr);
		tag(END, NULL, 0);
		model(e, nr, want);
		if (parse())
			assert_int_equal(bi.nr_ram, 0);
		for (unsigned int i = 0; i < bi.nr_ram; i++) {
			assert_true(bi.ram[i].start < bi.ram[i].end);
			assert_true(!i || bi.ram[i - 1].end < bi.ram[i].start);
			for (uint64_t p = bi.ram[i].start / 4096; p < bi.ram[i].end / 4096; p++)
				got[p] = true;
		}
		assert_memory_equal(got, want, sizeof(got));
	}
}

/* Whatever the bytes are: no look beside them, and a result that keeps its promises. */
static void random_mutations(void **state)
{
	const struct entry e[] = {{0, 0x9f000, AVAILABLE, 0},
				  {0x100000, 0x7f00000, AVAILABLE, 0},
				  {0x9f000, 0x61000, RESERVED, 0}};
	uint8_t *whole;

	(void)state;
	tag(CMDLINE, "console=auto", 13);
	module(0x400000, 0x480000, "ctrl");
	mmap(e, 3);
	tag(ACPI_OLD, "RSD PTR ", 8);
	tag(END, NULL, 0);
	whole = malloc(size);
	memcpy(whole, info, size);
	srandom(7);
	for (unsigned int round = 0; round < 100000; round++) {
		static const uint32_t corners[] = {0, 1, 7, 8, 9, 0x7fffffff, ~0u, ~7u, 0x1000};

		memcpy(info, whole, size);
		for (unsigned int n = 1 + (unsigned int)random() % 4; n; n--) {
			size_t at = (size_t)random() % size;

			if (random() % 2)
				info[at] = (uint8_t)random();
			else
				memcpy(info + (at & ~3ul), &corners[random() % 9], 4);
		}
		if (parse())
			continue;
		assert_in_range(bi.nr_ram, 1, BOOT_MAX_RAM);
		for (unsigned int i = 0; i < bi.nr_ram; i++) {
			assert_true(bi.ram[i].start < bi.ram[i].end);
			assert_int_equal((bi.ram[i].start | bi.ram[i].end) & 4095, 0);
			assert_true(!i || bi.ram[i - 1].end < bi.ram[i].start);
		}
		for (unsigned int i = 0; i < bi.nr_modules; i++)
			assert_true(bi.modules[i].start <= bi.modules[i].end);
	}
	free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good_information, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_newer_acpi_pointer_wins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(broken_tags, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cut_anywhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(broken_contents, set_up, tear_down),
		cmocka_unit_test_setup_teardown(modules_are_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_texts_are_cut, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unsorted_ranges_are_sorted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_whole_frames_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_rest_is_cut_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_top_of_the_address_space, set_up, tear_down),
		cmocka_unit_test_setup_teardown(more_ranges_than_fit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(random_maps_match_the_model, set_up, tear_down),
		cmocka_unit_test_setup_teardown(random_mutations, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
