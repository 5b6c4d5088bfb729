/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Kernels, whole and broken in every way that can be thought of, and some at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "elf.h"
#include "elf_maker.h"

static const char *check(const struct elf_recipe *recipe, struct elf_kernel *kernel)
{
	uint8_t *file = malloc(ELF_MAKER_SIZE);
	const char *wrong;

	elf_make(recipe, file);
	wrong = elf_check(file, ELF_MAKER_SIZE, kernel);
	free(file);
	return wrong;
}

static void test_plain(void **state)
{
	struct elf_recipe recipe = elf_plain;
	struct elf_kernel kernel;

	(void)state;
	assert_null(check(&elf_plain, &kernel));
	assert_int_equal(kernel.entry, 0x100010);
	assert_int_equal(kernel.low, 0x100000);
	assert_int_equal(kernel.high, 0x102000);
	assert_int_equal(kernel.nr_segments, 1);
	assert_int_equal(kernel.segments[0].offset, 0x1000);
	assert_int_equal(kernel.segments[0].file_size, 0x1000);
	assert_int_equal(kernel.segments[0].size, 0x2000);
	recipe.narrow = true;
	assert_null(check(&recipe, &kernel));
	assert_int_equal(kernel.entry, 0x100010);
	recipe.narrow = false;
	recipe.entry_size = 8;
	assert_null(check(&recipe, &kernel));
	assert_int_equal(kernel.entry, 0x100010);
}

static void test_segments(void **state)
{
	struct elf_recipe recipe = elf_plain;
	struct elf_kernel kernel;

	(void)state;
	recipe.nr_loads = 2;
	recipe.loads[1].address = 0x102000;
	recipe.loads[1].size = 0x1000;
	assert_null(check(&recipe, &kernel));
	assert_int_equal(kernel.high, 0x103000);
	recipe.loads[1].address = 0x101fff;
	assert_string_equal(check(&recipe, &kernel), "two of its segments overlap in memory");
	recipe.loads[1].address = 0xff001;
	assert_string_equal(check(&recipe, &kernel), "two of its segments overlap in memory");
	recipe.loads[1].address = 0xff000;
	assert_null(check(&recipe, &kernel));
	recipe.loads[1].size = 0;
	recipe.loads[1].address = 0x100800;
	assert_null(check(&recipe, &kernel));
	assert_int_equal(kernel.nr_segments, 1);
}

static void test_sizes(void **state)
{
	struct elf_recipe recipe = elf_plain;
	struct elf_kernel kernel;

	(void)state;
	recipe.loads[0].offset = ELF_MAKER_SIZE - 0xfff;
	assert_non_null(strstr(check(&recipe, &kernel), "cut short"));
	recipe.loads[0].offset = UINT64_MAX - 0x10;
	assert_non_null(strstr(check(&recipe, &kernel), "cut short"));
	recipe = elf_plain;
	recipe.loads[0].size = 0xfff;
	assert_non_null(strstr(check(&recipe, &kernel), "larger in the file"));
	recipe = elf_plain;
	recipe.loads[0].size = UINT64_C(0x100000000);
	assert_non_null(strstr(check(&recipe, &kernel), "beyond 4 GiB"));
	recipe.loads[0].address = UINT64_MAX - 0x100;
	assert_non_null(strstr(check(&recipe, &kernel), "beyond 4 GiB"));
	/* The largest that there can be. */
	recipe = elf_plain;
	recipe.loads[0].address = UINT32_MAX - 0x1fff;
	recipe.loads[0].size = 0x2000;
	recipe.entry = recipe.loads[0].address;
	assert_null(check(&recipe, &kernel));
	recipe = elf_plain;
	recipe.nr_loads = 0;
	assert_non_null(strstr(check(&recipe, &kernel), "nothing to load"));
}

/* As many segments as there may be, and one more. */
static void test_many_segments(void **state)
{
	struct elf_recipe recipe = elf_plain;
	struct elf_kernel kernel;

	(void)state;
	recipe.narrow = true; /* the headers of a wide one would reach into the notes */
	recipe.nr_loads = ELF_MAX_SEGMENTS;
	for (unsigned int i = 1; i <= ELF_MAX_SEGMENTS; i++) {
		recipe.loads[i] = recipe.loads[0];
		recipe.loads[i].address += i * 0x2000;
	}
	assert_null(check(&recipe, &kernel));
	assert_int_equal(kernel.nr_segments, ELF_MAX_SEGMENTS);
	recipe.nr_loads++;
	assert_non_null(strstr(check(&recipe, &kernel), "too many segments"));
}

static void test_entry(void **state)
{
	struct elf_recipe recipe = elf_plain;
	struct elf_kernel kernel;

	(void)state;
	recipe.no_note = true;
	assert_ptr_equal(check(&recipe, &kernel), elf_no_entry);
	recipe = elf_plain;
	recipe.entry = 0x101000; /* zeroed memory */
	assert_non_null(strstr(check(&recipe, &kernel), "none of its segments"));
	recipe.entry = 0xfffff;
	assert_non_null(strstr(check(&recipe, &kernel), "none of its segments"));
	recipe.entry = UINT64_C(0x100100010);
	recipe.entry_size = 8;
	assert_non_null(strstr(check(&recipe, &kernel), "beyond 4 GiB"));
	recipe = elf_plain;
	recipe.entry_size = 2;
	assert_ptr_equal(check(&recipe, &kernel), elf_no_entry);
}

/* Change one byte of a good file, and expect a complaint. */
static void expect_broken(size_t at, uint8_t value, const char *words)
{
	uint8_t file[ELF_MAKER_SIZE];
	struct elf_kernel kernel;
	const char *wrong;

	elf_make(&elf_plain, file);
	file[at] = value;
	wrong = elf_check(file, sizeof(file), &kernel);
	if (!wrong || !strstr(wrong, words))
		fail_msg("byte %zu = %#x: \"%s\" where \"%s\" is expected", at, value,
			 wrong ? wrong : "nothing", words);
}

static void test_header(void **state)
{
	(void)state;
	expect_broken(0, 'E', "no ELF file");
	expect_broken(4, 3, "little-endian");
	expect_broken(5, 2, "little-endian");
	expect_broken(16, 1, "no executable");
	expect_broken(18, 40, "another processor");
	expect_broken(39, 1, "program headers");  /* their offset */
	expect_broken(54, 55, "program headers"); /* their size */
	expect_broken(56, 0, "program headers");  /* their number */
	expect_broken(56, 65, "program headers");
	expect_broken(0x800 + 3, 0xff, "notes are broken");
	expect_broken(64 + 56 + 15, 0xff, "notes reach beyond"); /* offset of the notes */
}

/* Every way to cut it, and a hundred thousand ways to spoil it: no read outside (ASan sees to
 * that). */
static void test_hostile(void **state)
{
	uint8_t whole[ELF_MAKER_SIZE];
	struct elf_kernel kernel;
	uint32_t random = 1;

	(void)state;
	elf_make(&elf_plain, whole);
	for (size_t n = 0; n < sizeof(whole); n += n < 0x900 ? 1 : 61) {
		uint8_t *file = malloc(n ? n : 1);

		memcpy(file, whole, n);
		assert_non_null(elf_check(file, n, &kernel));
		free(file);
	}
	for (unsigned int i = 0; i < 100000; i++) {
		uint8_t file[ELF_MAKER_SIZE];

		memcpy(file, whole, sizeof(file));
		for (unsigned int k = 0; k < 3; k++) {
			random = random * 1664525 + 1013904223;
			file[(random >> 8) % (k ? 0x840 : 176)] = (uint8_t)random;
		}
		elf_check(file, sizeof(file), &kernel);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),	cmocka_unit_test(test_segments),
		cmocka_unit_test(test_sizes),	cmocka_unit_test(test_many_segments),
		cmocka_unit_test(test_entry),	cmocka_unit_test(test_header),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
