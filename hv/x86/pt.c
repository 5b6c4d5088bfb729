/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The page-table core: see pt.h for what it promises and who locks.
 *
 * A change runs in two passes over the same range with the same decisions: the
 * first counts the tables that it needs, these are then allocated, and the
 * second cannot fail.  Within the second, a new table is filled, and changed
 * where the range says so, before the one store that makes it reachable.
 */
#include "x86/pt.h"
#include "x86/pt_mem.h"
#include "errno.h"

/* Both passes recurse once a level, so the depth is the format's. */
/* NOLINTBEGIN(misc-no-recursion) */

enum pt_op { PT_OP_MAP, PT_OP_UNMAP, PT_OP_PROTECT };

/* What to do with one entry. */
enum pt_step { PT_SKIP, PT_SET, PT_DESCEND };

/* One running change. */
struct pt_change {
	struct pt *pt;
	const struct pt_format *fmt;
	struct pt_flush *flush;
	enum pt_op op;
	uint32_t attr;
	bool demanded;	/* a flush, since this was last cleared */
	uint64_t delta; /* machine address less address, modulo 2^64 */
	maddr_t spare;	/* tables in hand, chained through their first word */
	unsigned long nr_spare;
};

/* A part of the range, and the table that it is in. */
struct pt_span {
	unsigned int level;
	uint64_t *table;   /* NULL when it does not exist yet (first pass only) */
	uint64_t replaces; /* then: the entry that it will stand for */
	uint64_t first, end;
};

static uint64_t *pt_table(const struct pt *pt, uint64_t entry)
{
	return (uint64_t *)(pt->base + (entry & pt->fmt->ma_mask));
}

static unsigned int pt_index(uint64_t addr, unsigned int level)
{
	return (unsigned int)(addr >> PT_LEVEL_SHIFT(level)) & (PT_ENTRIES - 1);
}

static bool pt_is_table(const struct pt_format *fmt, uint64_t entry, unsigned int level)
{
	return (entry & ~fmt->ma_mask) == fmt->table[level];
}

static bool pt_is_present(const struct pt_format *fmt, uint64_t entry)
{
	return (entry & fmt->present) != 0;
}

static uint64_t pt_leaf_ma(const struct pt_format *fmt, uint64_t entry, unsigned int level)
{
	return entry & fmt->ma_mask & ~(PT_LEVEL_SIZE(level) - 1);
}

static uint64_t pt_encode(const struct pt_format *fmt, unsigned int level, uint64_t ma,
			  uint32_t attr)
{
	uint64_t rights = 0;

	if (attr & PT_R)
		rights |= fmt->r;
	if (attr & PT_W)
		rights |= fmt->w;
	if (attr & PT_X)
		rights |= fmt->x;
	if (attr & PT_USER)
		rights |= fmt->user;
	if (attr & PT_GLOBAL)
		rights |= fmt->global;
	return ma | (rights ^ fmt->invert) | fmt->always | fmt->leaf[level] |
	       fmt->cache[level > 1][(attr & PT_CACHE_MASK) >> 8] |
	       (uint64_t)PT_SOFT_GET(attr) << 52;
}

static uint32_t pt_cache_type(const struct pt_format *fmt, uint64_t entry, bool large)
{
	static const uint32_t types[] = {PT_WB, PT_UC, PT_WC, PT_WT, PT_WP};

	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++)
		if ((entry & fmt->cache_mask[large]) == fmt->cache[large][types[i] >> 8])
			return types[i];
	return PT_UC;
}

uint32_t pt_entry_attr(const struct pt_format *fmt, const struct pt_entry *e)
{
	uint64_t rights = e->raw ^ fmt->invert;
	uint32_t attr = pt_cache_type(fmt, e->raw, e->level > 1) | PT_SOFT(pt_entry_soft(e));

	if (rights & fmt->r)
		attr |= PT_R;
	if (rights & fmt->w)
		attr |= PT_W;
	if (rights & fmt->x)
		attr |= PT_X;
	if (rights & fmt->user)
		attr |= PT_USER;
	if (rights & fmt->global)
		attr |= PT_GLOBAL;
	return attr;
}

/* The entry one level down, at index, that says the same as the leaf it is a part of. */
static uint64_t pt_piece(const struct pt_format *fmt, uint64_t leaf, unsigned int level,
			 unsigned int index)
{
	struct pt_entry e = {.raw = leaf, .level = (uint8_t)level};
	uint64_t ma = pt_leaf_ma(fmt, leaf, level) + index * (PT_LEVEL_SIZE(level) / PT_ENTRIES);

	return pt_encode(fmt, level - 1, ma, pt_entry_attr(fmt, &e));
}

static enum pt_step pt_decide(const struct pt_change *c, unsigned int level, uint64_t entry,
			      uint64_t first, uint64_t end)
{
	bool whole = end - first == PT_LEVEL_SIZE(level);

	if (c->op == PT_OP_MAP) {
		bool fits = ((first + c->delta) & (PT_LEVEL_SIZE(level) - 1)) == 0;

		return whole && fits && level <= c->pt->max_leaf_level ? PT_SET : PT_DESCEND;
	}
	if (!pt_is_present(c->fmt, entry))
		return PT_SKIP;
	if (!whole || (c->op == PT_OP_PROTECT && pt_is_table(c->fmt, entry, level)))
		return PT_DESCEND;
	return PT_SET;
}

/* What PT_SET stores. */
static uint64_t pt_new_entry(const struct pt_change *c, unsigned int level, uint64_t entry,
			     uint64_t addr)
{
	switch (c->op) {
	case PT_OP_MAP: return pt_encode(c->fmt, level, addr + c->delta, c->attr);
	case PT_OP_PROTECT:
		return pt_encode(c->fmt, level, pt_leaf_ma(c->fmt, entry, level), c->attr);
	case PT_OP_UNMAP: break;
	}
	return 0;
}

static uint64_t pt_span_entry(const struct pt_change *c, const struct pt_span *s,
			      unsigned int index)
{
	if (s->table)
		return pt_mem_read(&s->table[index]);
	if (!pt_is_present(c->fmt, s->replaces))
		return 0;
	return pt_piece(c->fmt, s->replaces, s->level + 1, index);
}

/* The end of the part of [first, end) that one entry of this level covers. */
static uint64_t pt_entry_end(uint64_t first, uint64_t end, unsigned int level)
{
	uint64_t next = (first | (PT_LEVEL_SIZE(level) - 1)) + 1;

	return MIN(next, end);
}

/* First pass: how many new tables the span needs. */
static unsigned long pt_count(const struct pt_change *c, const struct pt_span *s)
{
	unsigned long need = 0;
	uint64_t next;

	for (uint64_t a = s->first; s->level > 1 && a < s->end; a = next) {
		uint64_t entry = pt_span_entry(c, s, pt_index(a, s->level));
		struct pt_span child = {.level = s->level - 1, .replaces = entry, .first = a};

		next = pt_entry_end(a, s->end, s->level);
		if (pt_decide(c, s->level, entry, a, next) != PT_DESCEND)
			continue;
		child.end = next;
		if (pt_is_table(c->fmt, entry, s->level))
			child.table = pt_table(c->pt, entry);
		else
			need++;
		need += pt_count(c, &child);
	}
	return need;
}

static void pt_put_spare(struct pt_change *c, maddr_t table)
{
	pt_mem_write(pt_table(c->pt, table.ma), c->spare.ma);
	c->spare = table;
	c->nr_spare++;
}

static maddr_t pt_take_spare(struct pt_change *c)
{
	maddr_t table = c->spare;
	uint64_t *link = pt_table(c->pt, table.ma);

	c->spare = maddr(pt_mem_read(link));
	c->nr_spare--;
	pt_mem_write(link, 0);
	return table;
}

static int pt_alloc_spares(struct pt_change *c, unsigned long need)
{
	const struct pt_alloc *alloc = &c->pt->alloc;

	while (c->nr_spare < need) {
		maddr_t table;
		int rc = alloc->alloc(alloc->ctx, &table);

		if (rc) {
			while (c->nr_spare)
				alloc->free(alloc->ctx, pt_take_spare(c));
			return rc;
		}
		pt_put_spare(c, table);
	}
	return 0;
}

/* Take a table and all below it out of the books; the last store to it is done. */
static void pt_retire(struct pt_change *c, uint64_t entry, unsigned int level)
{
	uint64_t *table = pt_table(c->pt, entry);
	maddr_t ma = maddr(entry & c->fmt->ma_mask);

	for (unsigned int i = 0; level > 1 && i < PT_ENTRIES; i++) {
		uint64_t below = pt_mem_read(&table[i]);

		if (pt_is_table(c->fmt, below, level))
			pt_retire(c, below, level - 1);
	}
	c->pt->nr_tables--;
	if (c->flush->retire)
		c->flush->retire(c->flush->ctx, ma);
	else
		c->pt->alloc.free(c->pt->alloc.ctx, ma);
}

static void pt_demand_flush(struct pt_change *c, uint64_t addr, unsigned int level)
{
	uint64_t top = -c->fmt->addr_bias; /* index space to canonical: sign-extend */
	uint64_t first = addr & ~(PT_LEVEL_SIZE(level) - 1);

	if (first & c->fmt->addr_bias)
		first |= top;
	if (!c->flush->needed || first < c->flush->first)
		c->flush->first = first;
	if (!c->flush->needed || first + PT_LEVEL_SIZE(level) - 1 > c->flush->last)
		c->flush->last = first + PT_LEVEL_SIZE(level) - 1;
	c->flush->needed = true;
	c->demanded = true;
}

/* Would hardware that goes on using the old leaf do what the new one forbids, or fault in vain? */
static bool pt_is_reduced(const struct pt_format *fmt, uint64_t old, uint64_t new,
			  unsigned int level)
{
	uint64_t rights = fmt->r | fmt->w | fmt->x | fmt->user;
	uint64_t had = (old ^ fmt->invert) & rights, has = (new ^ fmt->invert) & rights;

	if (!pt_is_present(fmt, new))
		return true;
	if ((old ^ new) & (fmt->ma_mask | fmt->cache_mask[level > 1] | fmt->global))
		return true;
	return (had & ~has) || (fmt->flush_on_upgrade && had != has);
}

static void pt_store(struct pt_change *c, uint64_t *slot, uint64_t entry)
{
	pt_mem_write(slot, entry);
	if (c->pt->alloc.no_snoop)
		pt_mem_write_back(slot, sizeof(*slot));
}

static void pt_set(struct pt_change *c, unsigned int level, uint64_t *slot, uint64_t addr)
{
	uint64_t old = pt_mem_read(slot);
	uint64_t new = pt_new_entry(c, level, old, addr);

	if (old == new)
		return;
	pt_store(c, slot, new);
	if (pt_is_table(c->fmt, old, level)) {
		c->flush->added |= new != 0; /* over holes of the table, perhaps */
		pt_demand_flush(c, addr, level);
		pt_retire(c, old, level - 1);
	} else if (!pt_is_present(c->fmt, old)) {
		c->flush->added = true;
	} else if (pt_is_reduced(c->fmt, old, new, level)) {
		pt_demand_flush(c, addr, level);
	}
}

static void pt_commit(struct pt_change *c, const struct pt_span *s);

/* Put a table where a leaf or nothing was, changed already as the range says, by one store. */
static void pt_commit_new_table(struct pt_change *c, const struct pt_span *s, uint64_t *slot)
{
	const struct pt_format *fmt = c->fmt;
	maddr_t ma = pt_take_spare(c);
	struct pt_span child = *s;
	bool demanded = c->demanded;

	child.table = pt_table(c->pt, ma.ma);
	if (pt_is_present(fmt, s->replaces))
		for (unsigned int i = 0; i < PT_ENTRIES; i++)
			pt_mem_write(&child.table[i], pt_piece(fmt, s->replaces, s->level + 1, i));
	c->demanded = false;
	pt_commit(c, &child);
	if (c->pt->alloc.no_snoop)
		pt_mem_write_back(child.table, PAGE_SIZE);
	pt_store(c, slot, ma.ma | fmt->table[s->level + 1]);
	c->pt->nr_tables++;
	if (c->demanded && pt_is_present(fmt, s->replaces))
		pt_demand_flush(c, s->first, s->level + 1); /* the whole of the old leaf */
	c->demanded |= demanded;
}

/* Second pass. */
static void pt_commit(struct pt_change *c, const struct pt_span *s)
{
	uint64_t next;

	for (uint64_t a = s->first; a < s->end; a = next) {
		uint64_t *slot = &s->table[pt_index(a, s->level)];
		uint64_t entry = pt_mem_read(slot);
		struct pt_span child = {.level = s->level - 1, .replaces = entry, .first = a};

		next = pt_entry_end(a, s->end, s->level);
		child.end = next;
		switch (pt_decide(c, s->level, entry, a, next)) {
		case PT_SKIP: break;
		case PT_SET: pt_set(c, s->level, slot, a); break;
		case PT_DESCEND:
			if (pt_is_table(c->fmt, entry, s->level)) {
				child.table = pt_table(c->pt, entry);
				pt_commit(c, &child);
			} else {
				pt_commit_new_table(c, &child, slot);
			}
			break;
		}
	}
}

/* NOLINTEND(misc-no-recursion) */

static bool pt_addr_ok(const struct pt_format *fmt, uint64_t addr)
{
	return (addr + fmt->addr_bias) >> fmt->addr_bits == 0;
}

static int pt_check_range(const struct pt *pt, uint64_t addr, uint64_t len)
{
	if (len == 0 || ((addr | len) & ~PAGE_MASK) || addr + len - 1 < addr)
		return -EINVAL;
	if (!pt_addr_ok(pt->fmt, addr) || !pt_addr_ok(pt->fmt, addr + len - 1))
		return -EINVAL;
	return 0;
}

static int pt_check_attr(uint32_t attr)
{
	const uint32_t known =
		PT_R | PT_W | PT_X | PT_USER | PT_GLOBAL | PT_CACHE_MASK | PT_SOFT_MASK;

	if (!(attr & PT_R) || (attr & ~known))
		return -EINVAL;
	switch (attr & PT_CACHE_MASK) {
	case PT_UC:
	case PT_WC:
	case PT_WT:
	case PT_WP:
	case PT_WB: return 0;
	default: return -EINVAL;
	}
}

/* Both passes over [addr, addr + len), checked already. */
static int pt_run(struct pt_change *c, uint64_t addr, uint64_t len)
{
	uint64_t first = addr & ((1ul << c->fmt->addr_bits) - 1);
	struct pt_span all = {.level = c->fmt->levels,
			      .table = pt_table(c->pt, c->pt->root.ma),
			      .first = first,
			      .end = first + len};
	int rc = pt_alloc_spares(c, pt_count(c, &all));

	if (rc)
		return rc;
	pt_commit(c, &all);
	return 0;
}

int pt_map(struct pt *pt, uint64_t addr, maddr_t ma, uint64_t len, uint32_t attr,
	   struct pt_flush *flush)
{
	struct pt_change c = {
		.pt = pt, .fmt = pt->fmt, .flush = flush, .op = PT_OP_MAP, .attr = attr};
	int rc = pt_check_range(pt, addr, len);

	if (!rc)
		rc = pt_check_attr(attr);
	if (rc)
		return rc;
	if ((ma.ma & ~pt->fmt->ma_mask) || ma.ma + len - 1 < ma.ma ||
	    ((ma.ma + len - 1) & PAGE_MASK & ~pt->fmt->ma_mask))
		return -EINVAL;
	c.delta = ma.ma - (addr & ((1ul << pt->fmt->addr_bits) - 1));
	return pt_run(&c, addr, len);
}

int pt_unmap(struct pt *pt, uint64_t addr, uint64_t len, struct pt_flush *flush)
{
	struct pt_change c = {.pt = pt, .fmt = pt->fmt, .flush = flush, .op = PT_OP_UNMAP};
	int rc = pt_check_range(pt, addr, len);

	return rc ? rc : pt_run(&c, addr, len);
}

int pt_protect(struct pt *pt, uint64_t addr, uint64_t len, uint32_t attr, struct pt_flush *flush)
{
	struct pt_change c = {
		.pt = pt, .fmt = pt->fmt, .flush = flush, .op = PT_OP_PROTECT, .attr = attr};
	int rc = pt_check_range(pt, addr, len);

	if (!rc)
		rc = pt_check_attr(attr);
	return rc ? rc : pt_run(&c, addr, len);
}

/* One level of a walk: true when *entry, now this level's, points to a table. */
static inline bool pt_walk_level(const struct pt_format *fmt, uintptr_t base, uint64_t addr,
				 unsigned int level, uint64_t *entry)
{
	const uint64_t *table = (const uint64_t *)(base + (*entry & fmt->ma_mask));

	*entry = pt_mem_read(&table[pt_index(addr, level)]);
	return pt_is_table(fmt, *entry, level);
}

static inline bool pt_found(const struct pt_format *fmt, uint64_t addr, unsigned int level,
			    uint64_t entry, struct pt_entry *e)
{
	uint64_t offset = PT_LEVEL_SIZE(level) - 1;

	e->ma = maddr((entry & fmt->ma_mask & ~offset) | (addr & offset));
	e->raw = entry;
	e->level = (uint8_t)level;
	return pt_is_present(fmt, entry);
}

/* Written out level by level: a loop costs half as much again. */
bool pt_lookup(const struct pt *pt, uint64_t addr, struct pt_entry *e)
{
	const struct pt_format *fmt = pt->fmt;
	const uintptr_t base = pt->base;
	uint64_t entry = pt->root.ma;

	e->level = 0;
	if (unlikely(!pt_addr_ok(fmt, addr))) {
		e->level = 0;
		return false;
	}
	if (unlikely(fmt->levels == 5) && !pt_walk_level(fmt, base, addr, 5, &entry))
		return pt_found(fmt, addr, 5, entry, e);
	if (likely(fmt->levels >= 4) && !pt_walk_level(fmt, base, addr, 4, &entry))
		return pt_found(fmt, addr, 4, entry, e);
	if (!pt_walk_level(fmt, base, addr, 3, &entry))
		return pt_found(fmt, addr, 3, entry, e);
	if (!pt_walk_level(fmt, base, addr, 2, &entry))
		return pt_found(fmt, addr, 2, entry, e);
	pt_walk_level(fmt, base, addr, 1, &entry);
	return pt_found(fmt, addr, 1, entry, e);
}

int pt_init(struct pt *pt, const struct pt_format *fmt, uintptr_t base,
	    const struct pt_alloc *alloc)
{
	*pt = (struct pt){
		.fmt = fmt, .base = base, .max_leaf_level = fmt->max_leaf_level, .alloc = *alloc};
	int rc = alloc->alloc(alloc->ctx, &pt->root);

	if (rc)
		return rc;
	pt->nr_tables = 1;
	if (alloc->no_snoop)
		pt_mem_write_back(pt_table(pt, pt->root.ma), PAGE_SIZE);
	return 0;
}

static void pt_free_table(struct pt *pt, uint64_t entry)
{
	pt->nr_tables--;
	pt->alloc.free(pt->alloc.ctx, maddr(entry & pt->fmt->ma_mask));
}

/*
 * Go through the addresses once, from pt->destroyed on.  A level-1 table is
 * freed when it is met, a higher one when its last entry has been passed.
 */
bool pt_destroy_step(struct pt *pt, unsigned int budget)
{
	const struct pt_format *fmt = pt->fmt;
	uint64_t path[PT_LEVELS_MAX + 1]; /* by level: the entry found there */

	while (budget) {
		uint64_t at = pt->destroyed, entry = pt->root.ma;
		unsigned int level = fmt->levels;

		while (pt_walk_level(fmt, pt->base, at, level, &entry) && level > 2)
			path[level--] = entry;
		budget -= MIN(budget, fmt->levels - level + 1);
		if (pt_is_table(fmt, entry, level))
			pt_free_table(pt, entry);
		at = (at | (PT_LEVEL_SIZE(level) - 1)) + 1;
		pt->destroyed = at;
		while (level < fmt->levels && pt_index(at, level) == 0)
			pt_free_table(pt, path[++level]);
		if (at >> fmt->addr_bits) {
			pt_free_table(pt, pt->root.ma);
			return true;
		}
	}
	return false;
}
