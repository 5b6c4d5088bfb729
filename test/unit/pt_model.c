/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "pt_model.h"
#include "x86/pt_mem.h"
#include "errno.h"

#include <stdlib.h>
#include <string.h>

const char *model_violation;
void (*model_store_hook)(uint64_t *slot);
bool model_no_snoop, model_torn_stores, model_late_stores, model_no_write_back;
unsigned int model_fail_one_in, model_nr_tables;
uint64_t model_time;

static uint64_t tables[MODEL_TABLES][PT_ENTRIES] aligned(4096);
static uint64_t behind[MODEL_TABLES][PT_ENTRIES]; /* the caches */
static enum model_state states[MODEL_TABLES];
static uint64_t born[MODEL_TABLES];
static struct {
	bool reachable;
	unsigned int level;
	uint64_t addr;		   /* of its first entry */
	uint64_t seen[PT_ENTRIES]; /* entries as the walker last found them */
} marks[MODEL_TABLES];
static unsigned int next_table;
static uint64_t random_state;
static uint64_t *late_slot;
static uint64_t late_entry;

void model_fail(const char *what)
{
	if (!model_violation)
		model_violation = what;
}

void model_start(uint64_t seed)
{
	random_state = seed * 2654435761u + 1;
	model_violation = NULL;
	model_store_hook = NULL;
	model_no_snoop = model_torn_stores = model_late_stores = model_no_write_back = false;
	model_fail_one_in = 0;
	model_nr_tables = 0;
	next_table = 0;
	late_slot = NULL;
	memset(states, 0, sizeof(states));
	memset(marks, 0, sizeof(marks));
}

/* SplitMix64. */
uint64_t model_random(uint64_t below)
{
	uint64_t z = (random_state += 0x9e3779b97f4a7c15ul);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ul;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebul;
	return (z ^ (z >> 31)) % below;
}

static unsigned int table_of(maddr_t ma)
{
	if (ma.ma < MODEL_TABLES_MA || ma.ma >= MODEL_TABLES_END || ma.ma % PAGE_SIZE) {
		model_fail("a table address that is none");
		return 0;
	}
	return (unsigned int)((ma.ma - MODEL_TABLES_MA) / PAGE_SIZE);
}

static unsigned int table_of_slot(const uint64_t *slot)
{
	return (unsigned int)((size_t)(slot - tables[0]) / PT_ENTRIES);
}

uintptr_t model_base(void)
{
	return (uintptr_t)tables - MODEL_TABLES_MA;
}

enum model_state model_table_state(maddr_t table)
{
	return states[table_of(table)];
}

uint64_t model_table_born(maddr_t table)
{
	return born[table_of(table)];
}

/* Frames are taken in turn, so that a freed one is not hidden by quick reuse. */
static int alloc(void *ctx, maddr_t *table)
{
	(void)ctx;
	if (model_fail_one_in && model_random(model_fail_one_in) == 0)
		return -ENOMEM;
	for (unsigned int i = 0; i < MODEL_TABLES; i++) {
		unsigned int n = next_table++ % MODEL_TABLES;

		if (states[n] != MODEL_FREE)
			continue;
		states[n] = MODEL_TABLE;
		born[n] = ++model_time;
		model_nr_tables++;
		memset(tables[n], 0, PAGE_SIZE);
		memset(behind[n], 0xa5, PAGE_SIZE);
		*table = maddr(MODEL_TABLES_MA + n * PAGE_SIZE);
		return 0;
	}
	return -ENOMEM;
}

static void release(void *ctx, maddr_t table)
{
	(void)ctx;
	model_free(table);
}

const struct pt_alloc model_alloc = {.alloc = alloc, .free = release};

void model_retire(maddr_t table)
{
	unsigned int n = table_of(table);

	if (states[n] != MODEL_TABLE)
		model_fail("retired what is no table");
	states[n] = MODEL_RETIRED;
}

/* Whoever walks a freed table from now on finds garbage, and is found out. */
void model_free(maddr_t table)
{
	unsigned int n = table_of(table);

	if (states[n] == MODEL_FREE)
		model_fail("freed twice");
	states[n] = MODEL_FREE;
	model_nr_tables--;
	memset(tables[n], 0xff, PAGE_SIZE);
	memset(behind[n], 0xff, PAGE_SIZE);
}

uint64_t model_read(const uint64_t *slot)
{
	if (states[table_of_slot(slot)] == MODEL_FREE)
		model_fail("read of a free table");
	return slot == late_slot ? late_entry : *slot;
}

static void store(uint64_t *slot, uint64_t entry)
{
	*slot = entry;
	if (model_store_hook)
		model_store_hook(slot);
}

/* The delayed store comes to memory. */
static void store_late(void)
{
	uint64_t *slot = late_slot;

	late_slot = NULL;
	if (slot)
		store(slot, late_entry);
}

void model_write(uint64_t *slot, uint64_t entry)
{
	unsigned int n = table_of_slot(slot);
	bool linked = marks[n].reachable;

	if (states[n] != MODEL_TABLE)
		model_fail("write to what is no table");
	if (slot == late_slot)
		store_late();
	if (model_late_stores && !linked && !late_slot && entry && model_random(100) == 0) {
		late_slot = slot;
		late_entry = entry;
	} else if (model_torn_stores) {
		store(slot, (*slot & ~0xfffffffful) | (entry & 0xfffffffful));
		store(slot, entry);
	} else {
		store(slot, entry);
	}
	if (linked)
		store_late();
}

void model_write_back(const void *p, size_t n)
{
	unsigned int table = table_of_slot(p);
	size_t offset = (uintptr_t)p & ~PAGE_MASK;

	if (offset + n > PAGE_SIZE)
		model_fail("write-back across tables");
	if (model_violation || (model_no_write_back && model_random(4) == 0))
		return;
	memcpy((char *)behind[table] + offset, p, n);
	if (model_no_snoop && model_store_hook)
		model_store_hook(tables[table] + offset / sizeof(uint64_t));
}

uint64_t hw_read(maddr_t table, unsigned int index)
{
	unsigned int n = table_of(table);

	if (states[n] == MODEL_FREE)
		model_fail("hardware walks a free table");
	return model_no_snoop ? behind[n][index] : tables[n][index];
}

/* --- entries, from the manuals --- */

static const uint32_t no_type = ~0u;

static uint32_t pat_type(unsigned int index)
{
	unsigned int type = (unsigned int)(PT_PAT_MSR_VALUE >> (index * 8)) & 7;

	/* 7 is UC-, which a guest's WC could weaken: never asked for */
	return type == 7 || type == 2 || type == 3 ? no_type : type << 8;
}

/* AMD APM vol. 2, figures of the 4-KByte, 2-MByte and 1-GByte entries; the same for NPT. */
static struct hw_entry decode_long(unsigned int level, uint64_t raw, bool nested)
{
	struct hw_entry e = {.kind = HW_RESERVED};
	bool ps = (raw >> 7) & 1;
	uint64_t size = 1ul << (12 + 9 * (level - 1));

	if (!(raw & 1))
		return (struct hw_entry){.kind = HW_ABSENT};
	e.ma = raw & 0x000ffffffffff000ul;
	e.attr = PT_R | (raw & 2 ? PT_W : 0) | (raw & 4 ? PT_USER : 0) | (raw >> 63 ? 0 : PT_X);
	if (!(raw & 0x20))
		return e; /* accessed: hardware would write the entry */
	if (nested && !(raw & 4))
		return e;
	if (level > 1 && !ps) {
		e.kind = HW_TABLE;
		return e;
	}
	if (level == 4 || !(raw & 0x40))
		return e;
	unsigned int pat = level == 1 ? ps : (raw >> 12) & 1;
	if (level > 1)
		e.ma &= ~0x1000ul;
	if (e.ma & (size - 1))
		return e;
	uint32_t type = pat_type((unsigned int)(raw >> 3 & 3) | pat << 2);
	if (type == no_type)
		return e;
	e.attr |= type | ((raw & 0x100) ? PT_GLOBAL : 0) | PT_SOFT(raw >> 52);
	e.kind = HW_LEAF;
	return e;
}

/* Intel SDM vol. 3, "EPT Translation Mechanism", formats of the entries. */
static struct hw_entry decode_ept(unsigned int level, uint64_t raw)
{
	struct hw_entry e = {.kind = HW_RESERVED};
	uint64_t size = 1ul << (12 + 9 * (level - 1));
	unsigned int type = (raw >> 3) & 7;

	if (!(raw & 7))
		return (struct hw_entry){.kind = HW_ABSENT};
	if ((raw & 3) == 2)
		return e; /* misconfiguration: writable, not readable */
	e.ma = raw & 0x000ffffffffff000ul;
	e.attr = (raw & 1 ? PT_R : 0) | (raw & 2 ? PT_W : 0) | (raw & 4 ? PT_X : 0);
	if (level > 1 && !(raw & 0x80)) {
		e.kind = raw & 0x78 ? HW_RESERVED : HW_TABLE;
		return e;
	}
	if (level == 4 || (e.ma & (size - 1)) || type == 2 || type == 3 || type == 7)
		return e;
	e.attr |= type << 8 | PT_SOFT(raw >> 52);
	e.kind = HW_LEAF;
	return e;
}

struct hw_entry hw_decode(const struct pt_format *fmt, unsigned int level, uint64_t raw)
{
	if (fmt == &pt_format_ept)
		return decode_ept(level, raw);
	return decode_long(level, raw, fmt == &pt_format_npt);
}

uint32_t hw_visible(const struct pt_format *fmt, uint32_t attr)
{
	if (fmt == &pt_format_hv)
		return attr;
	return (attr & ~PT_GLOBAL & ~PT_USER) | (fmt == &pt_format_npt ? PT_USER : 0);
}

/* --- lists of translations --- */

void segs_clear(struct segs *l)
{
	l->nr = 0;
}

void segs_free(struct segs *l)
{
	free(l->s);
	*l = (struct segs){0};
}

static void segs_add(struct segs *l, struct seg s)
{
	if (l->nr == l->max) {
		l->max = l->max ? 2 * l->max : 64;
		l->s = realloc(l->s, l->max * sizeof(*l->s));
	}
	l->s[l->nr++] = s;
}

void segs_copy(struct segs *to, const struct segs *from)
{
	segs_clear(to);
	for (unsigned int i = 0; i < from->nr; i++)
		segs_add(to, from->s[i]);
}

static void walk_table(const struct pt *pt, maddr_t table, unsigned int level, uint64_t addr,
		       uint32_t rights, struct segs *out);

/* One entry, seen for the first time or anew. */
static void walk_entry(const struct pt *pt, unsigned int table, unsigned int index, uint32_t rights,
		       struct segs *out)
{
	const uint32_t all = PT_R | PT_W | PT_X | PT_USER;
	unsigned int level = marks[table].level;
	uint64_t size = 1ul << (12 + 9 * (level - 1)), addr = marks[table].addr + index * size;
	uint64_t raw = hw_read(maddr(MODEL_TABLES_MA + table * PAGE_SIZE), index);
	struct hw_entry e = hw_decode(pt->fmt, level, raw);

	marks[table].seen[index] = raw;
	switch (e.kind) {
	case HW_ABSENT: break;
	case HW_RESERVED: model_fail("an entry that the hardware refuses"); break;
	case HW_TABLE: walk_table(pt, maddr(e.ma), level - 1, addr, rights & e.attr, out); break;
	case HW_LEAF:
		if (e.ma < MODEL_TABLES_END && e.ma + size > MODEL_TABLES_MA)
			model_fail("a table is mapped");
		segs_add(out, (struct seg){addr, addr + size, e.ma,
					   (e.attr & ~all) | (e.attr & rights), addr, addr + size});
		break;
	}
}

static void walk_table(const struct pt *pt, maddr_t table, unsigned int level, uint64_t addr,
		       uint32_t rights, struct segs *out)
{
	unsigned int n = table_of(table);

	if (states[n] != MODEL_TABLE)
		model_fail("the tree holds what is no table");
	marks[n].reachable = true;
	marks[n].level = level;
	marks[n].addr = addr;
	for (unsigned int i = 0; i < PT_ENTRIES && !model_violation; i++)
		walk_entry(pt, n, i, rights, out);
}

/* What hung below an entry that was replaced is not reachable any more. */
static void unmark(const struct pt *pt, unsigned int level, uint64_t raw)
{
	struct hw_entry e = hw_decode(pt->fmt, level, raw);
	unsigned int n;

	if (e.kind != HW_TABLE)
		return;
	n = table_of(maddr(e.ma));
	marks[n].reachable = false;
	for (unsigned int i = 0; i < PT_ENTRIES; i++)
		unmark(pt, level - 1, marks[n].seen[i]);
}

void hw_walk_all(const struct pt *pt, struct segs *out)
{
	segs_clear(out);
	for (unsigned int i = 0; i < MODEL_TABLES; i++)
		marks[i].reachable = false;
	walk_table(pt, pt->root, pt->fmt->levels, 0, PT_R | PT_W | PT_X | PT_USER, out);
}

bool hw_walk_slot(const struct pt *pt, const uint64_t *slot, struct segs *out, uint64_t *first,
		  uint64_t *end)
{
	unsigned int n = table_of_slot(slot), index = (unsigned int)(slot - tables[n]);
	uint64_t size = 1ul << (12 + 9 * (marks[n].level - 1));

	if (!marks[n].reachable)
		return false;
	segs_clear(out);
	*first = marks[n].addr + index * size;
	*end = *first + size;
	unmark(pt, marks[n].level, marks[n].seen[index]);
	/* tables pass every right on, which the full walks check */
	walk_entry(pt, n, index, PT_R | PT_W | PT_X | PT_USER, out);
	return true;
}

bool hw_reachable(maddr_t table)
{
	return marks[table_of(table)].reachable;
}

/* Rewrite [start, end) of l: with fn NULL drop it, else let fn change the part. */
static void spec_cut(struct segs *l, uint64_t start, uint64_t end, const uint32_t *attr,
		     const uint64_t *ma, uint32_t map_attr)
{
	struct segs out = {0};
	bool put = !ma;

	for (unsigned int i = 0; i <= l->nr; i++) {
		struct seg s = i < l->nr ? l->s[i] : (struct seg){~0ul, ~0ul, 0, 0, 0, 0};
		struct seg left = s, mid = s, right = s;

		if (!put && s.end > start) {
			/* what lies before the new stretch comes first */
			left.end = MIN(left.end, start);
			if (left.start < left.end)
				segs_add(&out, left);
			segs_add(&out, (struct seg){start, end, *ma, map_attr, start, end});
			put = true;
		} else if (s.start < start && i < l->nr) {
			left.end = MIN(left.end, start);
			segs_add(&out, left);
		}
		if (i == l->nr)
			break;
		mid.start = MAX(mid.start, start);
		mid.end = MIN(mid.end, end);
		mid.ma += mid.start - s.start;
		if (attr && mid.start < mid.end) {
			mid.attr = *attr;
			segs_add(&out, mid);
		}
		right.start = MAX(right.start, end);
		right.ma += right.start - s.start;
		if (right.start < right.end)
			segs_add(&out, right);
	}
	segs_copy(l, &out);
	segs_free(&out);
}

void spec_unmap(struct segs *l, uint64_t start, uint64_t len)
{
	spec_cut(l, start, start + len, NULL, NULL, 0);
}

void spec_map(struct segs *l, uint64_t start, uint64_t ma, uint64_t len, uint32_t attr)
{
	spec_cut(l, start, start + len, NULL, &ma, attr);
}

void spec_protect(struct segs *l, uint64_t start, uint64_t len, uint32_t attr)
{
	spec_cut(l, start, start + len, &attr, NULL, 0);
}

const struct seg *segs_find(const struct segs *l, uint64_t addr)
{
	unsigned int lo = 0, hi = l->nr;

	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;

		if (l->s[mid].end <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < l->nr && l->s[lo].start <= addr ? &l->s[lo] : NULL;
}

/* A cursor over a list: the translation at an address, going up. */
struct cursor {
	const struct segs *l;
	unsigned int i;
};

static struct cursor cursor(const struct segs *l, uint64_t first)
{
	struct cursor c = {l, 0};
	unsigned int hi = l->nr;

	while (c.i < hi) {
		unsigned int mid = (c.i + hi) / 2;

		if (l->s[mid].end <= first)
			c.i = mid + 1;
		else
			hi = mid;
	}
	return c;
}

/* NULL when nothing is mapped at addr; *next becomes the nearest border above addr. */
static const struct seg *at(struct cursor *c, uint64_t addr, uint64_t *next)
{
	const struct seg *s;

	while (c->i < c->l->nr && c->l->s[c->i].end <= addr)
		c->i++;
	if (c->i == c->l->nr)
		return NULL;
	s = &c->l->s[c->i];
	if (s->start > addr) {
		*next = MIN(*next, s->start);
		return NULL;
	}
	*next = MIN(*next, s->end);
	return s;
}

static bool same(const struct seg *a, const struct seg *b)
{
	if (!a || !b)
		return a == b;
	return a->ma - a->start == b->ma - b->start && a->attr == b->attr;
}

bool segs_old_or_new(const struct segs *now, const struct segs *old, const struct segs *new,
		     uint64_t first, uint64_t end)
{
	struct cursor c = cursor(now, first), o = cursor(old, first), n = cursor(new, first);

	for (uint64_t addr = first, next; addr < end; addr = next) {
		next = end;
		const struct seg *is = at(&c, addr, &next), *was = at(&o, addr, &next);
		const struct seg *will = at(&n, addr, &next);

		if (!same(is, was) && !same(is, will))
			return false;
	}
	return true;
}

bool segs_equal(const struct segs *a, const struct segs *b)
{
	return segs_old_or_new(a, b, b, 0, 1ul << 57);
}
