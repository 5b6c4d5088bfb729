/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* libos/src/vspace.c: room in an address region. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "src/vspace.h"

#define NR   192
#define BASE ((uintptr_t)1 << 39)

static uint64_t bits[NR / 64];
static struct vspace space;

static int fresh(void **unused)
{
	(void)unused;
	memset(bits, 0, sizeof(bits));
	space = (struct vspace){.base = BASE, .nr = NR, .used = bits};
	return 0;
}

static uintptr_t at(size_t i)
{
	return BASE + i * 4096;
}

static void test_first_fit(void **unused)
{
	(void)unused;
	assert_int_equal(vspace_alloc(&space, 5), at(0));
	assert_int_equal(vspace_alloc(&space, 3), at(5));
	assert_int_equal(vspace_alloc(&space, 60), at(8));
	vspace_free(&space, at(5), 3);
	assert_int_equal(vspace_alloc(&space, 4), at(68));
	assert_int_equal(vspace_alloc(&space, 2), at(5));
	assert_int_equal(vspace_alloc(&space, 1), at(7));
	assert_int_equal(vspace_alloc(&space, 1), at(72));
}

static void test_limits(void **unused)
{
	(void)unused;
	assert_int_equal(vspace_alloc(&space, 0), 0);
	assert_int_equal(vspace_alloc(&space, NR + 1), 0);
	assert_int_equal(vspace_alloc(&space, SIZE_MAX), 0);
	assert_int_equal(vspace_alloc(&space, NR), at(0));
	assert_int_equal(vspace_alloc(&space, 1), 0);
	vspace_free(&space, at(0), NR);
	assert_int_equal(vspace_alloc(&space, NR), at(0));
}

static void test_last_page(void **unused)
{
	(void)unused;
	assert_int_equal(vspace_alloc(&space, NR - 1), at(0));
	assert_int_equal(vspace_alloc(&space, 2), 0);
	assert_int_equal(vspace_alloc(&space, 1), at(NR - 1));
}

static void test_random(void **unused)
{
	unsigned char owner[NR] = {0};
	struct {
		uintptr_t va;
		size_t nr;
	} held[32] = {0};

	(void)unused;
	srand(2);
	for (int round = 0; round < 20000; round++) {
		size_t i = (size_t)rand() % 32, first;

		if (held[i].va == 0) {
			held[i].nr = 1 + (size_t)rand() % 20;
			held[i].va = vspace_alloc(&space, held[i].nr);
			first = (held[i].va - BASE) / 4096;
			for (size_t p = 0; held[i].va != 0 && p < held[i].nr; p++) {
				assert_true(first + p < NR && owner[first + p] == 0);
				owner[first + p] = 1;
			}
		} else {
			first = (held[i].va - BASE) / 4096;
			memset(owner + first, 0, held[i].nr);
			vspace_free(&space, held[i].va, held[i].nr);
			held[i].va = 0;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_first_fit, fresh),
		cmocka_unit_test_setup(test_limits, fresh),
		cmocka_unit_test_setup(test_last_page, fresh),
		cmocka_unit_test_setup(test_random, fresh),
	};

	return cmocka_run_group_tests_name("libos_vspace", tests, NULL, NULL);
}
