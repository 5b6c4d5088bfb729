/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * hv/x86/pt.c over a memory that looks at each store: at any moment, each address
 * translates as before or as after the running call, as the manuals' walker in
 * pt_model.c finds it; a flush is demanded when and only when some translation
 * needs it, over the right range; a failed call leaves no trace.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "pt_model.h"
#include "errno.h"

#define K4    0x1000ul
#define M2    0x200000ul
#define G1    0x40000000ul
#define STEPS 100
#define SEEDS 4

enum op { OP_MAP, OP_UNMAP, OP_PROTECT };

/* One call, and the translations around it. */
struct run {
	struct pt pt;
	struct segs old, new, now;
	struct pt_flush flush;
	enum op op;
	uint64_t addr, ma, len; /* addr as an index */
	uint32_t attr;
	bool in_call;
	unsigned int nr_retired, stores;
};

static struct run r;

static uint64_t canonical(uint64_t addr)
{
	return r.pt.fmt->addr_bias && (addr >> 47) ? addr | 0xffff000000000000ul : addr;
}

static void after_store(uint64_t *slot)
{
	uint64_t first, end;

	if (!r.in_call || model_violation || !hw_walk_slot(&r.pt, slot, &r.now, &first, &end))
		return;
	r.stores++;
	if (!segs_old_or_new(&r.now, &r.old, &r.new, first, end))
		model_fail("neither old nor new");
}

static void retire(void *ctx, maddr_t table)
{
	(void)ctx;
	if (hw_reachable(table))
		model_fail("retired while reachable");
	model_retire(table);
	r.nr_retired++;
}

/* A few regions, so that calls meet; one of them across two top-level entries. */
static uint64_t random_addr(void)
{
	static const uint64_t bases[] = {0, 4 * G1, 512 * G1 - 2 * G1, (1ul << 48) - 4 * G1};
	uint64_t a = bases[model_random(ARRAY_SIZE(bases))];

	a += model_random(3) * G1;
	if (model_random(2))
		a += model_random(6) * M2;
	if (model_random(2))
		a += model_random(12) * K4;
	return a;
}

static uint64_t random_len(void)
{
	switch (model_random(6)) {
	case 0: return G1;
	case 1: return (1 + model_random(3)) * M2;
	case 2: return (1 + model_random(3)) * M2 + model_random(8) * K4;
	case 3: return 512 * K4 - model_random(4) * K4;
	default: return (1 + model_random(10)) * K4;
	}
}

/* Long ranges stay congruent modulo 2 MiB, else one call writes 2^18 entries. */
static uint64_t random_ma(uint64_t addr, uint64_t len)
{
	uint64_t ma = (1 + model_random(6)) * 8 * G1 + (addr & (G1 - 1));

	if (model_random(3) == 0)
		ma += model_random(4) * M2;
	if (len < 4 * M2 && model_random(3) == 0)
		ma += model_random(4) * K4;
	return ma;
}

static uint32_t random_attr(void)
{
	static const uint32_t caches[] = {PT_WB, PT_WB, PT_WB, PT_UC, PT_WC, PT_WT, PT_WP};
	uint32_t attr = PT_R | caches[model_random(ARRAY_SIZE(caches))];

	attr |= model_random(2) ? PT_W : 0;
	attr |= model_random(2) ? PT_X : 0;
	attr |= model_random(4) ? 0 : PT_USER;
	attr |= model_random(4) ? 0 : PT_GLOBAL;
	return attr | PT_SOFT(model_random(3) ? 1 : model_random(64));
}

static void choose(void)
{
	r.op = (enum op)model_random(3);
	r.addr = random_addr();
	r.len = random_len();
	if (r.addr + r.len > 1ul << 48)
		r.len = (1ul << 48) - r.addr;
	if (r.addr < 1ul << 47 && r.addr + r.len > 1ul << 47)
		r.len = K4;
	r.ma = random_ma(r.addr, r.len);
	r.attr = random_attr();
	r.pt.max_leaf_level = (uint8_t)(1 + model_random(3));
	if (r.len >= G1 && r.pt.max_leaf_level == 1)
		r.pt.max_leaf_level = 2;
}

static int call(void)
{
	uint64_t addr = canonical(r.addr);

	switch (r.op) {
	case OP_MAP: return pt_map(&r.pt, addr, maddr(r.ma), r.len, r.attr, &r.flush);
	case OP_UNMAP: return pt_unmap(&r.pt, addr, r.len, &r.flush);
	case OP_PROTECT: return pt_protect(&r.pt, addr, r.len, r.attr, &r.flush);
	}
	return 0;
}

static void specify(void)
{
	uint32_t attr = hw_visible(r.pt.fmt, r.attr);

	segs_copy(&r.new, &r.old);
	switch (r.op) {
	case OP_MAP: spec_map(&r.new, r.addr, r.ma, r.len, attr); break;
	case OP_UNMAP: spec_unmap(&r.new, r.addr, r.len); break;
	case OP_PROTECT: spec_protect(&r.new, r.addr, r.len, attr); break;
	}
}

/* Must hardware that holds the old translation forget it? */
static bool is_stale(const struct seg *old, const struct seg *new, uint64_t addr)
{
	const uint32_t rights = PT_R | PT_W | PT_X | PT_USER;

	if (!new || old->ma + (addr - old->start) != new->ma + (addr - new->start))
		return true;
	if ((old->attr ^ new->attr) & (PT_CACHE_MASK | PT_GLOBAL))
		return true;
	if (r.pt.fmt == &pt_format_hv)
		return ((old->attr ^ new->attr) & rights) != 0;
	return (old->attr & ~new->attr &rights) != 0;
}

/* Does any page of this old entry need a flush?  Looks at the borders of new in it. */
static bool leaf_is_stale(const struct seg *old)
{
	uint64_t addr = old->leaf_start;

	while (addr < old->leaf_end) {
		const struct seg *new = segs_find(&r.new, addr);

		if (is_stale(old, new, addr))
			return true;
		addr = new->end;
	}
	return false;
}

/* Where old has nothing and new has something. */
static bool expect_added(void)
{
	for (unsigned int i = 0; i < r.new.nr; i++)
		for (uint64_t a = r.new.s[i].start; a < r.new.s[i].end;) {
			const struct seg *old = segs_find(&r.old, a);

			if (!old)
				return true;
			a = old->end;
		}
	return false;
}

static void check_flush(void)
{
	bool stale = false;
	uint64_t first = ~0ul, last = 0;

	for (unsigned int i = 0; i < r.old.nr; i++) {
		const struct seg *s = &r.old.s[i];

		if (s->leaf_end <= r.addr || s->leaf_start >= r.addr + r.len || !leaf_is_stale(s))
			continue;
		stale = true;
		first = MIN(first, s->leaf_start);
		last = MAX(last, s->leaf_end - 1);
	}
	if (r.flush.needed != (stale || r.nr_retired))
		model_fail("flush not demanded, or without need");
	if (r.flush.added != expect_added() && (expect_added() || !r.nr_retired))
		model_fail("added is wrong");
	if (stale && (r.flush.first > canonical(first) || r.flush.last < canonical(last)))
		model_fail("flush does not cover what is stale");
	if (stale && !r.nr_retired &&
	    (r.flush.first != canonical(first) || r.flush.last != canonical(last)))
		model_fail("flush covers too much");
}

static void check_lookup(uint64_t addr)
{
	const struct seg *s = segs_find(&r.now, addr);
	struct pt_entry e;

	if (pt_lookup(&r.pt, canonical(addr), &e) != (s != NULL))
		model_fail("lookup finds what is not, or the reverse");
	else if (s && (e.ma.ma != s->ma + (addr - s->start) ||
		       hw_visible(r.pt.fmt, pt_entry_attr(r.pt.fmt, &e)) != s->attr ||
		       PT_LEVEL_SIZE(e.level) != s->leaf_end - s->leaf_start))
		model_fail("lookup finds something else");
}

static void step(void)
{
	unsigned int tables = model_nr_tables;
	int rc;

	choose();
	hw_walk_all(&r.pt, &r.old);
	specify();
	r.flush = (struct pt_flush){.retire = retire};
	r.nr_retired = 0;
	r.in_call = true;
	r.stores = 0;
	rc = call();
	r.in_call = false;
	hw_walk_all(&r.pt, &r.now);
	if (rc) {
		if (rc != -ENOMEM || r.stores || r.flush.needed || r.flush.added)
			model_fail("a failed call left a trace");
		if (model_nr_tables != tables || !segs_equal(&r.now, &r.old))
			model_fail("a failed call changed something");
		return;
	}
	if (!segs_equal(&r.now, &r.new))
		model_fail("not what was asked for");
	check_flush();
	for (unsigned int i = 0; i < 8; i++)
		check_lookup(random_addr());
	if (r.pt.nr_tables + r.nr_retired != model_nr_tables)
		model_fail("tables are miscounted");
}

/* What was retired may be freed when nobody holds it: here, at once after the call. */
static void free_retired(void)
{
	for (unsigned int i = 0; i < MODEL_TABLES; i++) {
		maddr_t table = maddr(MODEL_TABLES_MA + i * PAGE_SIZE);

		if (model_table_state(table) == MODEL_RETIRED)
			model_free(table);
	}
}

static void run(const struct pt_format *fmt, uint64_t seed, bool no_snoop)
{
	struct pt_alloc alloc = model_alloc;

	alloc.no_snoop = no_snoop;
	model_no_snoop = no_snoop;
	assert_int_equal(pt_init(&r.pt, fmt, model_base(), &alloc), 0);
	model_store_hook = after_store;
	model_fail_one_in = seed % 2 ? 8 : 0;
	for (unsigned int i = 0; i < STEPS && !model_violation; i++) {
		step();
		free_retired();
	}
	model_store_hook = NULL;
}

static void finish(void)
{
	while (!pt_destroy_step(&r.pt, 100))
		;
	assert_int_equal(model_nr_tables, 0);
}

static void old_or_new(const struct pt_format *fmt, bool no_snoop)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		model_start(seed);
		run(fmt, seed, no_snoop);
		if (model_violation)
			fail_msg("%s, seed %lu: %s", fmt->name, (unsigned long)seed,
				 model_violation);
		finish();
		assert_null(model_violation);
	}
}

static void hv_is_old_or_new(void **state)
{
	(void)state;
	old_or_new(&pt_format_hv, false);
}

static void npt_is_old_or_new(void **state)
{
	(void)state;
	old_or_new(&pt_format_npt, false);
}

static void ept_is_old_or_new(void **state)
{
	(void)state;
	old_or_new(&pt_format_ept, false);
}

static void old_or_new_behind_the_caches(void **state)
{
	(void)state;
	old_or_new(&pt_format_npt, true);
	old_or_new(&pt_format_ept, true);
}

/* The model sees what it is there to see: sabotage is found within a few seeds. */
static void expect_caught(bool *sabotage, bool no_snoop, const char *violation)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		model_start(seed);
		*sabotage = true;
		run(&pt_format_npt, seed, no_snoop);
		if (model_violation) {
			assert_string_equal(model_violation, violation);
			return;
		}
	}
	fail_msg("sabotage went unseen");
}

static void torn_stores_are_caught(void **state)
{
	(void)state;
	expect_caught(&model_torn_stores, false, "neither old nor new");
}

static void late_stores_are_caught(void **state)
{
	(void)state;
	expect_caught(&model_late_stores, false, "neither old nor new");
}

static void lost_write_backs_are_caught(void **state)
{
	(void)state;
	expect_caught(&model_no_write_back, true, "an entry that the hardware refuses");
}

static int cleanup(void **state)
{
	(void)state;
	segs_free(&r.old);
	segs_free(&r.new);
	segs_free(&r.now);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hv_is_old_or_new),
		cmocka_unit_test(npt_is_old_or_new),
		cmocka_unit_test(ept_is_old_or_new),
		cmocka_unit_test(old_or_new_behind_the_caches),
		cmocka_unit_test(torn_stores_are_caught),
		cmocka_unit_test(late_stores_are_caught),
		cmocka_unit_test(lost_write_backs_are_caught),
	};

	return cmocka_run_group_tests_name("pt_model", tests, NULL, cleanup);
}
