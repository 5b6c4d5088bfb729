/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Packed kernels fill memory as the whole ones do, and are smaller. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "bhconf/elfpack.h"
#include "elf.h"
#include "elf_maker.h"

#define MEMORY 0x10000
#define BASE   0x100000

static void load(const uint8_t *file, const struct elf_kernel *kernel, uint8_t memory[MEMORY])
{
	memset(memory, 0, MEMORY);
	for (unsigned int i = 0; i < kernel->nr_segments; i++) {
		const struct elf_segment *s = &kernel->segments[i];

		assert_in_range(s->address, BASE, BASE + MEMORY - s->size);
		memcpy(memory + (s->address - BASE), file + s->offset, s->file_size);
	}
}

/* The packed file is whole, and loads the same; returns its size. */
static size_t expect_same(const struct elf_recipe *recipe)
{
	static uint8_t before[MEMORY], after[MEMORY];
	struct elf_kernel kernel, packed_kernel;
	uint8_t file[ELF_MAKER_SIZE], *packed;
	size_t size;

	elf_make(recipe, file);
	assert_null(elf_check(file, sizeof(file), &kernel));
	packed = elfpack(file, &size);
	assert_null(elf_check(packed, size, &packed_kernel));
	assert_int_equal(kernel.entry, packed_kernel.entry);
	assert_int_equal(kernel.low, packed_kernel.low);
	assert_int_equal(kernel.high, packed_kernel.high);
	assert_int_equal(kernel.nr_segments, packed_kernel.nr_segments);
	load(file, &kernel, before);
	load(packed, &packed_kernel, after);
	assert_memory_equal(before, after, MEMORY);
	free(packed);
	return size;
}

static void test_plain(void **state)
{
	struct elf_recipe recipe = elf_plain;

	(void)state;
	/* Headers, 0xf10 bytes that are not zero or fill the last 16, and the notes. */
	assert_int_equal(expect_same(&recipe), 192 + 0xf40 + 44);
	recipe.narrow = true;
	assert_int_equal(expect_same(&recipe), 128 + 0xf40 + 44);
}

/* Segments that share bytes of the file, are all zeros, or take memory without any. */
static void test_segments(void **state)
{
	struct elf_recipe recipe = elf_plain;

	(void)state;
	recipe.nr_loads = 4;
	recipe.loads[1].offset = 0x1000;
	recipe.loads[1].address = 0x103000;
	recipe.loads[1].file_size = recipe.loads[1].size = 0x1000;
	recipe.loads[2].offset = 0x1f10;
	recipe.loads[2].address = 0x105000;
	recipe.loads[2].file_size = recipe.loads[2].size = 0x80;
	recipe.loads[3].offset = ELF_MAKER_SIZE;
	recipe.loads[3].address = 0x106000;
	recipe.loads[3].size = 0x800;
	expect_same(&recipe);
	recipe.narrow = true;
	expect_same(&recipe);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_segments),
	};

	return cmocka_run_group_tests_name("elfpack", tests, NULL, NULL);
}
