/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The memory that page tables live in, as hardware sees it: table frames with a
 * life cycle, a hook at each store, and a walker written from the manuals, which
 * knows nothing of hv/x86/pt_format.c.
 */
#ifndef TEST_UNIT_PT_MODEL_H
#define TEST_UNIT_PT_MODEL_H

#include "x86/pt.h"

#define MODEL_TABLES	 8192
#define MODEL_TABLES_MA	 0x100000ul /* machine address of the first one */
#define MODEL_TABLES_END (MODEL_TABLES_MA + MODEL_TABLES * PAGE_SIZE)

enum model_state { MODEL_FREE, MODEL_TABLE, MODEL_RETIRED };

/* What went wrong first, or NULL.  Reset by model_start(). */
extern const char *model_violation;
void model_fail(const char *what);

/* Called after each store into table memory. */
extern void (*model_store_hook)(uint64_t *slot);

/* Memory as a walker behind the caches sees it, instead of the CPUs' view. */
extern bool model_no_snoop;

/* Kinds of sabotage of the memory itself. */
extern bool model_torn_stores;	 /* an entry is stored in two halves */
extern bool model_late_stores;	 /* a store to an unlinked table comes after that which links it */
extern bool model_no_write_back; /* write-backs are lost */

void model_start(uint64_t seed);
uint64_t model_random(uint64_t below);

/* struct pt_alloc over the model; alloc fails once in model_fail_one_in (0: never). */
extern unsigned int model_fail_one_in;
extern const struct pt_alloc model_alloc;
extern unsigned int model_nr_tables;
uintptr_t model_base(void);
enum model_state model_table_state(maddr_t table);

/* The test's clock, and when a table frame was taken last. */
extern uint64_t model_time;
uint64_t model_table_born(maddr_t table);
void model_retire(maddr_t table);
void model_free(maddr_t table);

/* An entry, as the hardware of a format takes it. */
enum hw_kind { HW_ABSENT, HW_TABLE, HW_LEAF, HW_RESERVED };

struct hw_entry {
	enum hw_kind kind;
	uint64_t ma;   /* of the table, or of the first byte of the leaf */
	uint32_t attr; /* PT_*; of a table: the rights it lets through */
};

struct hw_entry hw_decode(const struct pt_format *fmt, unsigned int level, uint64_t raw);

/* The entry in memory, as the walker reads it now. */
uint64_t hw_read(maddr_t table, unsigned int index);

/* A stretch of addresses that translate alike.  ma is that of start. */
struct seg {
	uint64_t start, end; /* addresses as indices: sign extension taken off */
	uint64_t ma;
	uint32_t attr;
	uint64_t leaf_start, leaf_end; /* of the entry; the whole stretch where there is none */
};

struct segs {
	struct seg *s;
	unsigned int nr, max;
};

void segs_clear(struct segs *l);
void segs_free(struct segs *l);
void segs_copy(struct segs *to, const struct segs *from);

/* All leaves of a tree as hardware finds them, in order; its tables are marked as reachable. */
void hw_walk_all(const struct pt *pt, struct segs *out);

/*
 * After a store to slot: the leaves that one now finds through it, and the
 * stretch of addresses that it stands for.  False when the walker does not get
 * to it.  Keeps the marks.
 */
bool hw_walk_slot(const struct pt *pt, const uint64_t *slot, struct segs *out, uint64_t *first,
		  uint64_t *end);
bool hw_reachable(maddr_t table);

/* What a change should do to a list. */
void spec_unmap(struct segs *l, uint64_t start, uint64_t len);
void spec_map(struct segs *l, uint64_t start, uint64_t ma, uint64_t len, uint32_t attr);
void spec_protect(struct segs *l, uint64_t start, uint64_t len, uint32_t attr);

/* Attributes that a format can tell apart. */
uint32_t hw_visible(const struct pt_format *fmt, uint32_t attr);

/* Compare pointwise over [first, end): is now, at each address, as old or as new? */
bool segs_old_or_new(const struct segs *now, const struct segs *old, const struct segs *new,
		     uint64_t first, uint64_t end);

bool segs_equal(const struct segs *a, const struct segs *b);

/* The translation of one address in a list; NULL: none. */
const struct seg *segs_find(const struct segs *l, uint64_t addr);

#endif /* TEST_UNIT_PT_MODEL_H */
