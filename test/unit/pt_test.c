/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * hv/x86/pt.c, one property a case: what each call does to the translations and
 * to the flush that it asks for, in each format.  That hardware may walk the
 * tables meanwhile is proved by pt_model_test.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "x86/pt.h"
#include "errno.h"

#define POOL_PAGES 4096
#define K4	   0x1000ul
#define M2	   0x200000ul
#define G1	   0x40000000ul
#define RW	   (PT_R | PT_W | PT_WB)
#define RWX	   (RW | PT_X)

/* Tables come from a pool; machine address 0 is never one. */
static uint8_t pool[POOL_PAGES][PAGE_SIZE] aligned(4096);
static bool used[POOL_PAGES];
static unsigned int nr_used, fail_after, nr_retired;

static int pool_alloc(void *ctx, maddr_t *table)
{
	(void)ctx;
	if (fail_after-- == 0)
		return -ENOMEM;
	for (unsigned int i = 1; i < POOL_PAGES; i++)
		if (!used[i]) {
			used[i] = true;
			nr_used++;
			memset(pool[i], 0, PAGE_SIZE);
			*table = maddr(i * PAGE_SIZE);
			return 0;
		}
	return -ENOMEM;
}

static void pool_free(void *ctx, maddr_t table)
{
	unsigned int i = (unsigned int)(table.ma / PAGE_SIZE);

	(void)ctx;
	assert_true(i > 0 && i < POOL_PAGES && used[i]);
	used[i] = false;
	nr_used--;
	memset(pool[i], 0xee, PAGE_SIZE);
}

static void retire(void *ctx, maddr_t table)
{
	nr_retired++;
	pool_free(ctx, table);
}

static const struct pt_alloc alloc = {.alloc = pool_alloc, .free = pool_free};

/* Second-level tables of both IOMMUs, to show that they fit the struct. */
static const struct pt_format format_vtd = {
	.name = "vtd",
	.levels = 3,
	.max_leaf_level = 3,
	.addr_bits = 39,
	.present = 3,
	.ma_mask = 0x000ffffffffff000ul,
	.r = 1,
	.w = 2,
	.leaf = {[2] = 1 << 7, [3] = 1 << 7},
	.table = {[1] = ~0x000ffffffffff000ul, [2] = 3, [3] = 3},
};

#define AMDVI_TABLE(level) (1ul | ((level)-1ul) << 9 | 3ul << 61)

static const struct pt_format format_amdvi = {
	.name = "amdvi",
	.levels = 4,
	.max_leaf_level = 3,
	.addr_bits = 48,
	.present = 1,
	.ma_mask = 0x000ffffffffff000ul,
	.always = 1 | 1ul << 60,
	.r = 1ul << 61,
	.w = 1ul << 62,
	.table = {[1] = ~0x000ffffffffff000ul,
		  [2] = AMDVI_TABLE(2),
		  [3] = AMDVI_TABLE(3),
		  [4] = AMDVI_TABLE(4)},
};

static const struct pt_format format_la57 = {
	.name = "5-level",
	.levels = 5,
	.max_leaf_level = 2,
	.addr_bits = 57,
	.present = 1,
	.ma_mask = 0x000ffffffffff000ul,
	.invert = 1ul << 63,
	.r = 1,
	.w = 2,
	.x = 1ul << 63,
	.leaf = {[2] = 1 << 7},
	.table = {[1] = ~0x000ffffffffff000ul, [2] = 0x27, [3] = 0x27, [4] = 0x27, [5] = 0x27},
};

static const struct pt_format *const formats[] = {&pt_format_hv, &pt_format_npt, &pt_format_ept,
						  &format_vtd,	 &format_amdvi,	 &format_la57};

struct fixture {
	struct pt pt;
	struct pt_flush flush;
	uint64_t base; /* lowest address tried: 0, or the upper half for hv */
};

static void start(struct fixture *f, const struct pt_format *fmt)
{
	fail_after = ~0u;
	nr_retired = 0;
	assert_int_equal(nr_used, 0);
	*f = (struct fixture){.flush = {.retire = retire}};
	f->base = fmt == &pt_format_hv ? 0xffff800000000000ul : 0;
	assert_int_equal(pt_init(&f->pt, fmt, (uintptr_t)pool, &alloc), 0);
}

static void finish(struct fixture *f)
{
	unsigned int steps = 0;

	assert_int_equal(nr_used, f->pt.nr_tables);
	while (!pt_destroy_step(&f->pt, 512))
		assert_true(++steps < 10000);
	assert_int_equal(nr_used, 0);
	assert_int_equal(f->pt.nr_tables, 0);
}

static void map(struct fixture *f, uint64_t addr, uint64_t ma, uint64_t len, uint32_t attr)
{
	assert_int_equal(pt_map(&f->pt, f->base + addr, maddr(ma), len, attr, &f->flush), 0);
}

/* Forget what earlier calls asked for. */
static void settle(struct fixture *f)
{
	f->flush = (struct pt_flush){.retire = retire};
	nr_retired = 0;
}

static void expect(struct fixture *f, uint64_t addr, uint64_t ma, unsigned int level, uint32_t attr)
{
	struct pt_entry e;

	assert_true(pt_lookup(&f->pt, f->base + addr, &e));
	assert_int_equal(e.ma.ma, ma);
	assert_int_equal(e.level, level);
	uint32_t got = pt_entry_attr(f->pt.fmt, &e), mask = ~0u;
	if (!f->pt.fmt->x)
		mask &= ~PT_X;
	if (!f->pt.fmt->cache_mask[0])
		mask &= ~PT_CACHE_MASK;
	if (!f->pt.fmt->user)
		mask &= ~PT_USER;
	if (!f->pt.fmt->global)
		mask &= ~PT_GLOBAL;
	assert_int_equal(got & mask, attr & mask);
	assert_int_equal(pt_entry_writable(f->pt.fmt, &e), (attr & PT_W) != 0);
	assert_int_equal(pt_entry_soft(&e), PT_SOFT_GET(attr));
}

static void expect_hole(struct fixture *f, uint64_t addr)
{
	struct pt_entry e;

	assert_false(pt_lookup(&f->pt, f->base + addr, &e));
}

static void expect_flush(struct fixture *f, uint64_t first, uint64_t last, unsigned int retired)
{
	assert_true(f->flush.needed);
	assert_int_equal(f->flush.first, f->base + first);
	assert_int_equal(f->flush.last, f->base + last);
	assert_int_equal(nr_retired, retired);
}

static void expect_no_flush(struct fixture *f)
{
	assert_false(f->flush.needed);
	assert_int_equal(nr_retired, 0);
}

/* Run body for each format. */
static void each_format(void (*body)(struct fixture *f))
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct fixture f;

		start(&f, formats[i]);
		body(&f);
		finish(&f);
	}
}

static void do_attributes(struct fixture *f)
{
	static const uint32_t caches[] = {PT_UC, PT_WC, PT_WT, PT_WP, PT_WB};

	for (unsigned int rights = 0; rights < 16; rights++)
		for (unsigned int c = 0; c < ARRAY_SIZE(caches); c++) {
			uint32_t attr = PT_R | rights << 1 | caches[c] | PT_SOFT(rights * 4 + c);

			map(f, 0, 0x123456000, K4, attr);
			expect(f, 0x123, 0x123456123, 1, attr);
			map(f, M2, 0x40000000, M2, attr);
			expect(f, M2 + 0x12345, 0x40012345, 2, attr);
			if (f->pt.max_leaf_level > 2) {
				map(f, G1, 5 * G1, G1, attr);
				expect(f, G1 + 0x1234567, 5 * G1 + 0x1234567, 3, attr);
			}
		}
}

static void attributes_survive_each_size(void **state)
{
	(void)state;
	each_format(do_attributes);
}

static void do_large(struct fixture *f)
{
	unsigned int top = f->pt.max_leaf_level;

	/* 4 KiB short of 1 GiB on the left, 4 KiB over on the right */
	struct pt_entry e;
	assert_false(pt_lookup(&f->pt, f->base + G1, &e));
	assert_int_equal(e.level, f->pt.fmt->levels); /* a hole as large as an entry of the root */
	map(f, G1 - K4, 7 * G1 - K4, G1 + 2 * K4, RWX);
	assert_false(pt_lookup(&f->pt, f->base + 4 * K4, &e));
	assert_int_equal(e.level, 2);
	expect(f, G1 - K4, 7 * G1 - K4, 1, RWX);
	expect(f, G1, 7 * G1, top, RWX);
	expect(f, 2 * G1 - 1, 8 * G1 - 1, top, RWX);
	expect(f, 2 * G1, 8 * G1, 1, RWX);
	expect_hole(f, 2 * G1 + K4);
	expect_hole(f, G1 - K4 - 1);
	expect_no_flush(f);
	assert_true(f->flush.added);
	/* machine side not aligned: small entries only */
	map(f, 4 * G1, G1 + K4, 2 * M2, RW);
	expect(f, 4 * G1, G1 + K4, 1, RW);
	expect(f, 4 * G1 + 2 * M2 - 1, G1 + K4 + 2 * M2 - 1, 1, RW);
	/* 2 MiB aligned on both sides, not 1 GiB */
	map(f, 5 * G1, G1 + M2, 2 * M2, RW);
	expect(f, 5 * G1 + M2, G1 + 2 * M2, 2, RW);
}

static void large_entries_where_both_sides_align(void **state)
{
	(void)state;
	each_format(do_large);
}

static void do_lowered(struct fixture *f)
{
	f->pt.max_leaf_level = 2;
	map(f, G1, G1, G1, RW);
	expect(f, G1, G1, 2, RW);
	f->pt.max_leaf_level = 1;
	map(f, 3 * G1, G1, M2, RW);
	expect(f, 3 * G1, G1, 1, RW);
}

static void leaf_level_can_be_lowered(void **state)
{
	(void)state;
	each_format(do_lowered);
}

static void do_split(struct fixture *f)
{
	uint32_t attr = RWX | PT_SOFT(0x2a);

	map(f, G1, 2 * G1, G1, attr);
	unsigned long tables = f->pt.nr_tables;
	settle(f);
	assert_int_equal(pt_unmap(&f->pt, f->base + G1 + 5 * M2 + 7 * K4, K4, &f->flush), 0);
	expect_hole(f, G1 + 5 * M2 + 7 * K4);
	expect(f, G1 + 5 * M2 + 7 * K4 - 1, 2 * G1 + 5 * M2 + 7 * K4 - 1, 1, attr);
	expect(f, G1 + 5 * M2 + 8 * K4, 2 * G1 + 5 * M2 + 8 * K4, 1, attr);
	expect(f, G1 + 4 * M2, 2 * G1 + 4 * M2, 2, attr);
	expect(f, 2 * G1 - 1, 3 * G1 - 1, 2, attr);
	assert_int_equal(f->pt.nr_tables, tables + (f->pt.max_leaf_level == 3 ? 2 : 1));
	/* the whole of the old entry: hardware may hold it under any address in it */
	if (f->pt.max_leaf_level == 3)
		expect_flush(f, G1, 2 * G1 - 1, 0);
	else
		expect_flush(f, G1 + 5 * M2, G1 + 6 * M2 - 1, 0);
}

static void unmap_splits_and_flushes_the_whole_leaf(void **state)
{
	(void)state;
	each_format(do_split);
}

static void do_retire(struct fixture *f)
{
	map(f, 0, K4, G1, RW); /* 4 KiB entries throughout: 512 tables + 1 */
	unsigned long tables = f->pt.nr_tables;
	settle(f);
	map(f, 0, G1, M2, RW);
	expect_flush(f, 0, M2 - 1, 1);
	settle(f);
	assert_int_equal(pt_unmap(&f->pt, f->base, G1, &f->flush), 0);
	expect_flush(f, 0, G1 - 1, 512);
	assert_int_equal(f->pt.nr_tables, tables - 513);
	expect_hole(f, 0);
	expect_hole(f, G1 - 1);
}

static void tables_that_become_free_are_retired(void **state)
{
	(void)state;
	each_format(do_retire);
}

static void do_flush_rules(struct fixture *f)
{
	bool x = f->pt.fmt->x != 0, up = f->pt.fmt->flush_on_upgrade;

	map(f, 0, G1, K4, PT_R | PT_WB);
	expect_no_flush(f);
	map(f, 0, G1, K4, PT_R | PT_WB);
	expect_no_flush(f);
	map(f, 0, G1, K4, PT_R | PT_WB | PT_SOFT(3));
	expect_no_flush(f);
	map(f, 0, G1, K4, RW);
	assert_int_equal(f->flush.needed, up);
	settle(f);
	map(f, 0, G1, K4, RWX);
	assert_int_equal(f->flush.needed, up && x);
	settle(f);
	map(f, 0, G1, K4, RW);
	assert_int_equal(f->flush.needed, x);
	settle(f);
	map(f, 0, G1, K4, PT_R | PT_WB);
	expect_flush(f, 0, K4 - 1, 0);
	settle(f);
	map(f, 0, G1, K4, PT_R | PT_UC);
	assert_int_equal(f->flush.needed, f->pt.fmt->cache_mask[0] != 0);
	settle(f);
	map(f, 0, G1 + K4, K4, PT_R | PT_UC);
	expect_flush(f, 0, K4 - 1, 0);
	settle(f);
	assert_int_equal(pt_unmap(&f->pt, f->base + K4, M2 - K4, &f->flush), 0);
	expect_no_flush(f);
	assert_int_equal(pt_unmap(&f->pt, f->base, K4, &f->flush), 0);
	expect_flush(f, 0, K4 - 1, 0);
	settle(f);
	/* the table is empty, but hardware may hold the way to it */
	assert_int_equal(pt_unmap(&f->pt, f->base, M2, &f->flush), 0);
	expect_flush(f, 0, M2 - 1, 1);
}

static void flush_is_demanded_when_and_only_when_needed(void **state)
{
	(void)state;
	each_format(do_flush_rules);
}

static void do_protect(struct fixture *f)
{
	map(f, 0, G1, 2 * M2, RW);
	map(f, 3 * M2, 3 * G1, K4, RW);
	settle(f);
	assert_int_equal(
		pt_protect(&f->pt, f->base + M2 - K4, 3 * M2, PT_R | PT_WB | PT_SOFT(9), &f->flush),
		0);
	expect(f, 0, G1, 1, RW);
	expect(f, M2 - K4, G1 + M2 - K4, 1, PT_R | PT_WB | PT_SOFT(9));
	expect(f, M2, G1 + M2, 2, PT_R | PT_WB | PT_SOFT(9));
	expect_hole(f, 2 * M2);
	expect(f, 3 * M2, 3 * G1, 1, PT_R | PT_WB | PT_SOFT(9));
	expect_flush(f, 0, 3 * M2 + K4 - 1, 0);
}

static void protect_changes_what_is_there(void **state)
{
	(void)state;
	each_format(do_protect);
}

static void do_enomem(struct fixture *f)
{
	int rc;

	map(f, 0, 8 * G1, G1, RW);
	settle(f);
	unsigned int before = nr_used;
	/* a misaligned range over a large entry and a hole: several tables */
	for (unsigned int n = 0;; n++) {
		fail_after = n;
		rc = pt_map(&f->pt, f->base + G1 - M2 - K4, maddr(K4), 2 * M2, RW, &f->flush);
		fail_after = ~0u;
		if (rc == 0)
			break;
		assert_true(n < 10);
		assert_int_equal(rc, -ENOMEM);
		assert_int_equal(nr_used, before);
		assert_int_equal(nr_used, f->pt.nr_tables);
		expect_no_flush(f);
		expect(f, G1 - 1, 9 * G1 - 1, f->pt.max_leaf_level, RW);
		expect_hole(f, G1);
	}
	expect(f, G1 - M2 - K4, K4, 1, RW);
	expect(f, G1 + M2 - K4 - 1, K4 + 2 * M2 - 1, 1, RW);
	expect(f, G1 - M2 - K4 - 1, 9 * G1 - M2 - K4 - 1, 1, RW);
	fail_after = 0;
	rc = pt_unmap(&f->pt, f->base + K4, K4, &f->flush);
	assert_int_equal(rc, -ENOMEM);
	expect(f, K4, 8 * G1 + K4, 2, RW);
	fail_after = 0;
	rc = pt_protect(&f->pt, f->base + K4, K4, PT_R | PT_WB, &f->flush);
	assert_int_equal(rc, -ENOMEM);
	fail_after = ~0u;
}

static void no_memory_changes_nothing(void **state)
{
	(void)state;
	each_format(do_enomem);
}

static void do_refused(struct fixture *f)
{
	struct pt *pt = &f->pt;
	struct pt_flush *fl = &f->flush;
	uint64_t b = f->base, top = f->pt.fmt->addr_bias ? 0 : 1ul << f->pt.fmt->addr_bits;

	assert_int_equal(pt_map(pt, b + 1, maddr(0), K4, RW, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(0x800), K4, RW, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(0), K4 + 1, RW, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(0), 0, RW, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(1ul << 52), K4, RW, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr((1ul << 52) - K4), 2 * K4, RW, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(-K4), 2 * K4, RW, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(0), K4, PT_W | PT_WB, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(0), K4, RW | 1u << 30, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(0), K4, PT_R | 2u << 8, fl), -EINVAL);
	assert_int_equal(pt_map(pt, b, maddr(0), K4, PT_R | 7u << 8, fl), -EINVAL);
	assert_int_equal(pt_map(pt, top - K4, maddr(0), 2 * K4, RW, fl), -EINVAL);
	assert_int_equal(pt_map(pt, top + (top ? 0 : 1ul << 47), maddr(0), K4, RW, fl), -EINVAL);
	assert_int_equal(pt_unmap(pt, -K4, 2 * K4, fl), -EINVAL);
	assert_int_equal(pt_unmap(pt, b, 0, fl), -EINVAL);
	assert_int_equal(pt_protect(pt, b, K4, PT_W, fl), -EINVAL);
	assert_int_equal(pt_protect(pt, b + 12, K4, RW, fl), -EINVAL);
	assert_int_equal(nr_used, 1);
	assert_false(f->flush.needed || f->flush.added);
	struct pt_entry e = {.level = 9};
	assert_false(pt_lookup(pt, 1ul << 62, &e));
	assert_int_equal(e.level, 0);
	assert_false(pt_lookup(pt, (1ul << 56) | (1ul << 57), &e));
	map(f, top ? top - K4 : (1ul << 47) - K4, (1ul << 52) - K4, K4, RW);
	expect(f, top ? top - 1 : (1ul << 47) - 1, (1ul << 52) - 1, 1, RW);
}

static void bad_arguments_are_refused(void **state)
{
	(void)state;
	each_format(do_refused);
}

static void canonical_halves_of_hv(void **state)
{
	struct fixture f;
	struct pt_entry e;

	(void)state;
	start(&f, &pt_format_hv);
	map(&f, 0, G1, K4, RW);
	assert_int_equal(pt_map(&f.pt, 0x7ffffffff000, maddr(G1), K4, RW, &f.flush), 0);
	assert_false(pt_lookup(&f.pt, 0x800000000000, &e));
	assert_true(pt_lookup(&f.pt, 0x7fffffffffff, &e));
	assert_int_equal(pt_map(&f.pt, -K4, maddr(G1), K4, RW, &f.flush), 0);
	assert_true(pt_lookup(&f.pt, -1ul, &e));
	settle(&f);
	assert_int_equal(pt_unmap(&f.pt, -K4, K4, &f.flush), 0);
	assert_int_equal(f.flush.first, -K4);
	assert_int_equal(f.flush.last, -1ul);
	/* a range across the hole is none */
	assert_int_equal(pt_unmap(&f.pt, 0x7ffffffff000, 2 * K4, &f.flush), -EINVAL);
	finish(&f);
}

static void destroy_is_bounded(void **state)
{
	struct fixture f;
	unsigned int steps = 0;

	(void)state;
	start(&f, &pt_format_npt);
	map(&f, 0, K4, 8 * M2, RW);
	map(&f, 511 * G1, K4, M2, RW);
	map(&f, (1ul << 48) - M2, K4, M2, RW);
	map(&f, 1ul << 40, G1, G1, RW);
	while (!pt_destroy_step(&f.pt, 8)) {
		assert_true(++steps < 10000);
		assert_int_equal(nr_used, f.pt.nr_tables);
	}
	assert_true(steps > 10);
	assert_int_equal(nr_used, 0);
}

static void flushes_add_up(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, &pt_format_ept);
	map(&f, 0, G1, 16 * K4, RW);
	settle(&f);
	assert_int_equal(pt_unmap(&f.pt, 8 * K4, K4, &f.flush), 0);
	assert_int_equal(pt_unmap(&f.pt, 2 * K4, K4, &f.flush), 0);
	expect_flush(&f, 2 * K4, 9 * K4 - 1, 0);
	assert_int_equal(pt_unmap(&f.pt, 11 * K4, K4, &f.flush), 0);
	expect_flush(&f, 2 * K4, 12 * K4 - 1, 0);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_survive_each_size),
		cmocka_unit_test(large_entries_where_both_sides_align),
		cmocka_unit_test(leaf_level_can_be_lowered),
		cmocka_unit_test(unmap_splits_and_flushes_the_whole_leaf),
		cmocka_unit_test(tables_that_become_free_are_retired),
		cmocka_unit_test(flush_is_demanded_when_and_only_when_needed),
		cmocka_unit_test(protect_changes_what_is_there),
		cmocka_unit_test(no_memory_changes_nothing),
		cmocka_unit_test(bad_arguments_are_refused),
		cmocka_unit_test(canonical_halves_of_hv),
		cmocka_unit_test(destroy_is_bounded),
		cmocka_unit_test(flushes_add_up),
	};

	return cmocka_run_group_tests_name("pt", tests, NULL, NULL);
}
