/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * hv/tlb.c and hv/x86/pt.c on a machine whose TLBs forget nothing until told:
 * pCPUs keep every translation and every pointer to a table that a walk gave
 * them, under the tags that their vendor uses, and use any of it at any moment,
 * also between two stores of a running change; so does a device's IOTLB, and
 * hypervisor code that has looked a frame up.  Random seeded schedules of map,
 * unmap, protect, free, reuse, enter, exit, sleep, kill and create must never
 * let an access reach a frame after it was released, nor a write a frame after
 * it became read-only everywhere.
 *
 * Sabotage, one kind a case, shows that the model sees what it is there to see.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pt_model.h"
#include "tlb.h"
#include "errno.h"
#include "printk.h"

#define NR_CPUS	   3
#define NR_DOMAINS 2
#define NR_VCPUS   2
#define NR_FRAMES  2048
#define CACHE	   256 /* translations, and pointers to tables, that one TLB keeps */
#define FRAMES_MA  0x40000000ul
#define STEPS	   6000
#define SEEDS	   4
#define M2	   0x200000ul
#define HV	   NR_DOMAINS /* as an owner: the hypervisor */
#define NOBODY	   (NR_DOMAINS + 1)
#define HV_BASE	   0xffffd00000000000ul
#define BIG	   0x40000000ul /* where 2 MiB entries go */

enum sabotage {
	NONE,
	IGNORE_FLUSH,	/* of one ASID or space, at entry */
	IGNORE_ALL,	/* a flush of all ASIDs */
	KEEP_ASID,	/* a new ASID is not loaded */
	IGNORE_HV,	/* the hypervisor's own translations are not flushed */
	FREE_EARLY,	/* frames skip the quarantine */
	TABLES_EARLY,	/* table pages do */
	QUIET_ENTRY,	/* a pCPU in a guest says it sleeps */
	REDUCE_FIRST,	/* declared before the stores are done */
	FORGET_PROTECT, /* not declared after a loss of rights */
	ACK_EARLY,	/* the IOTLB acknowledges, then flushes */
	HOLD_LOOKUP,	/* a frame looked up is used after a change of state */
};

struct kind {
	const char *name;
	const struct pt_format *fmt;
	uint32_t nr_asids;
	bool flush_by_asid;
	bool tag_by_root; /* EPT: the ASID says nothing about these translations */
};

static const struct kind kinds[] = {
	{"npt, few ASIDs", &pt_format_npt, 3, false, false},
	{"npt, flush by ASID", &pt_format_npt, 8, true, false},
	{"ept", &pt_format_ept, 4, true, true},
};

/* Something that a TLB holds.  level 0: none; a leaf, or a pointer to a table of that level. */
struct cached {
	uint64_t tag, addr, ma, born;
	unsigned int level;
	bool leaf, writable;
};

struct tlb {
	struct cached c[CACHE];
};

enum mode { IN_HV, IN_GUEST, IDLE };

struct pcpu {
	struct tlb_cpu t;
	struct tlb tlb;
	enum mode mode;
	unsigned int dom, vcpu;
	uint32_t asid; /* loaded */
	bool kicked;
	unsigned int held; /* frame looked up, + 1 */
	uint64_t held_since;
};

struct dom {
	struct pt pt;
	struct tlb_space s;
	struct tlb_vcpu vcpu[NR_VCPUS];
	bool vcpu_runs[NR_VCPUS];
	bool dying;
	struct tlb_agent agent;
	struct tlb iotlb;
	uint64_t iotlb_asked; /* tag that it has yet to acknowledge */
	/* what decides whether an entry should have asked for anything */
	struct pcpu *last_cpu[NR_VCPUS];
	uint64_t last_gen[NR_VCPUS], last_flushes[NR_VCPUS];
};

struct frame {
	struct tlb_item item;
	unsigned int owner;
	uint64_t released; /* when */
	bool quarantined;
	bool read_only;	 /* everywhere: the flush is complete */
	uint64_t ro_tag; /* of the reduction that will make it so */
};

static const struct kind *kind;
static enum sabotage sabotage;
static struct tlb_machine m;
static struct pcpu cpu[NR_CPUS];
static struct dom dom[NR_DOMAINS];
static struct pt hv_pt;
static struct frame frames[NR_FRAMES];
static uint64_t full_flushes[NR_CPUS];
static unsigned int actor; /* the pCPU that runs hypervisor code with a lock held */
static bool in_change;

noreturn void assert_failed(const char *expr, const char *file, int line)
{
	print_error("ASSERT(%s) at %s:%d\n", expr, file, line);
	abort();
}

/* --- caches --- */

static void tlb_put(struct tlb *t, struct cached c)
{
	t->c[model_random(CACHE)] = c;
}

static void tlb_flush_tag(struct tlb *t, uint64_t tag)
{
	for (unsigned int i = 0; i < CACHE; i++)
		if (t->c[i].tag == tag)
			t->c[i].level = 0;
}

/* Any entry that serves addr under tag, from a random place on. */
static const struct cached *tlb_get(const struct tlb *t, uint64_t tag, uint64_t addr, bool leaf)
{
	uint64_t start = model_random(CACHE);

	for (unsigned int i = 0; i < CACHE; i++) {
		const struct cached *c = &t->c[(start + i) % CACHE];
		unsigned int span = c->leaf ? c->level : c->level + 1;

		if (c->level && c->tag == tag && c->leaf == leaf &&
		    (c->addr ^ addr) >> PT_LEVEL_SHIFT(span) == 0)
			return c;
	}
	return NULL;
}

/* Guests' tags: 0 is the hypervisor, as is ASID 0. */
static uint64_t tag_of(const struct pcpu *c)
{
	return kind->tag_by_root ? dom[c->dom].pt.root.ma : c->asid;
}

/* --- accesses --- */

static struct frame *frame_at(uint64_t ma)
{
	if (ma < FRAMES_MA || ma >= FRAMES_MA + NR_FRAMES * PAGE_SIZE)
		return NULL;
	return &frames[(ma - FRAMES_MA) / PAGE_SIZE];
}

static void touch(uint64_t ma, uint64_t born, unsigned int who, bool write)
{
	const struct frame *f = frame_at(ma);

	if (!f)
		model_fail("an access to no frame");
	else if (f->released >= born)
		model_fail("a stale translation reaches a released frame");
	else if (f->owner != who)
		model_fail("an access to another's frame");
	else if (write && f->read_only)
		model_fail("a write to a frame that is read-only everywhere");
}

/* Walk from the root, or from any table that the cache still points to. */
static void walk(struct tlb *t, const struct pt *pt, uint64_t tag, uint64_t addr, unsigned int who,
		 bool write)
{
	struct cached at = {.ma = pt->root.ma, .level = pt->fmt->levels, .born = model_time};
	const struct cached *hint = tlb_get(t, tag, addr, false);

	if (hint && model_random(2))
		at = *hint;
	for (unsigned int level = at.level;; level--) {
		unsigned int index = (unsigned int)(addr >> PT_LEVEL_SHIFT(level)) & 511;
		struct hw_entry e;

		if (level != pt->fmt->levels && model_table_born(maddr(at.ma)) > at.born)
			model_fail("a walk through a reused table");
		e = hw_decode(pt->fmt, level, hw_read(maddr(at.ma), index));
		if (model_violation || e.kind == HW_ABSENT)
			return;
		if (e.kind == HW_RESERVED) {
			model_fail("an entry that the hardware refuses");
			return;
		}
		at = (struct cached){tag,
				     addr,
				     e.ma,
				     model_time,
				     level,
				     e.kind == HW_LEAF,
				     (e.attr & PT_W) != 0};
		if (!at.leaf)
			at.level--;
		tlb_put(t, at);
		if (!at.leaf)
			continue;
		if (!write || at.writable)
			touch(e.ma + (addr & (PT_LEVEL_SIZE(level) - 1)), model_time, who, write);
		return;
	}
}

static void access(struct tlb *t, const struct pt *pt, uint64_t tag, uint64_t addr,
		   unsigned int who)
{
	const struct cached *c = tlb_get(t, tag, addr, true);
	bool write = model_random(2);

	if (c && (!write || c->writable) && model_random(4))
		touch(c->ma + (addr & (PT_LEVEL_SIZE(c->level) - 1)), c->born, who, write);
	else
		walk(t, pt, tag, addr, who, write);
}

static uint64_t random_gaddr(void)
{
	switch (model_random(3)) {
	case 0: return model_random(8) * PAGE_SIZE;
	case 1: return M2 + model_random(8) * PAGE_SIZE;
	default: return BIG + model_random(2) * M2 + model_random(4) * 170 * PAGE_SIZE;
	}
}

static uint64_t random_va(void)
{
	return HV_BASE + model_random(8) * PAGE_SIZE;
}

/* --- pCPUs --- */

static void hv_entered(struct pcpu *c, bool flush)
{
	if (flush && sabotage != IGNORE_HV)
		tlb_flush_tag(&c->tlb, 0);
	if (sabotage != HOLD_LOOKUP)
		c->held = 0;
}

static void leave(struct pcpu *c)
{
	if (c->mode == IN_GUEST)
		dom[c->dom].vcpu_runs[c->vcpu] = false;
	c->mode = IN_HV;
	c->kicked = false;
	hv_entered(c, tlb_enter_hv(&m, &c->t));
}

static void obey(struct pcpu *c, struct tlb_vcpu *v, unsigned int flags)
{
	if ((flags & TLB_FLUSH_ALL) && !kind->tag_by_root && sabotage != IGNORE_ALL)
		for (uint32_t a = 1; a < kind->nr_asids; a++)
			tlb_flush_tag(&c->tlb, a);
	if (flags & TLB_FLUSH_ALL)
		full_flushes[c - cpu]++;
	if (sabotage != KEEP_ASID || !c->asid)
		c->asid = v->asid;
	if (sabotage == IGNORE_FLUSH)
		return;
	if (kind->tag_by_root ? flags & TLB_FLUSH_SPACE : flags & TLB_FLUSH_ASID)
		tlb_flush_tag(&c->tlb, tag_of(c));
}

static void enter_guest(struct pcpu *c, unsigned int d, unsigned int n)
{
	struct dom *dm = &dom[d];
	unsigned int flags, i = (unsigned int)(c - cpu);
	bool same = dm->last_cpu[n] == c && dm->last_gen[n] == dm->s.gen &&
		    dm->last_flushes[n] == full_flushes[i];

	if (dm->dying || dm->vcpu_runs[n])
		return;
	if (sabotage != HOLD_LOOKUP)
		c->held = 0;
	flags = tlb_enter_guest(&m, &c->t, &dm->vcpu[n], &dm->s);
	if (same != (flags == 0))
		model_fail("a flush that is not needed, or one that is missing");
	if (dm->vcpu[n].asid == 0 || dm->vcpu[n].asid >= kind->nr_asids)
		model_fail("an ASID that is none");
	c->mode = IN_GUEST;
	c->dom = d;
	c->vcpu = n;
	if (flags & TLB_NEW_ASID || c->asid == 0 || sabotage != KEEP_ASID)
		obey(c, &dm->vcpu[n], flags);
	if (sabotage == QUIET_ENTRY)
		c->t.running = TLB_IDLE;
	dm->vcpu_runs[n] = true;
	dm->last_cpu[n] = c;
	dm->last_gen[n] = dm->s.gen;
	dm->last_flushes[n] = full_flushes[i];
}

static void sleep_cpu(struct pcpu *c)
{
	c->mode = IDLE;
	if (sabotage != HOLD_LOOKUP)
		c->held = 0;
	tlb_enter_idle(&m, &c->t);
}

/* Hypervisor code finds a guest's frame without a lock, and uses it a little later. */
static void look_up(struct pcpu *c)
{
	const struct dom *d = &dom[model_random(NR_DOMAINS)];
	struct pt_entry e;

	if (d->dying || !pt_lookup(&d->pt, random_gaddr(), &e))
		return;
	c->held = (unsigned int)(frame_at(e.ma.ma) - frames) + 1;
	c->held_since = model_time;
}

static void use_lookup(struct pcpu *c)
{
	if (c->held && frames[c->held - 1].released >= c->held_since)
		model_fail("hypervisor code uses a frame that was released");
}

/* What a pCPU can do at any moment, a change by another one included. */
static void act(struct pcpu *c)
{
	switch (c->mode) {
	case IDLE:
		if (model_random(3) == 0)
			leave(c);
		break;
	case IN_GUEST:
		access(&c->tlb, &dom[c->dom].pt, tag_of(c), random_gaddr(), c->dom);
		if (model_random(c->kicked ? 3 : 30) == 0)
			leave(c);
		break;
	case IN_HV:
		switch (model_random(8)) {
		case 0: sleep_cpu(c); break;
		case 1:
		case 2:
			enter_guest(c, (unsigned int)model_random(NR_DOMAINS),
				    (unsigned int)model_random(NR_VCPUS));
			break;
		case 3: look_up(c); break;
		case 4: use_lookup(c); break;
		case 5: hv_entered(c, tlb_enter_hv(&m, &c->t)); break;
		default: access(&c->tlb, &hv_pt, 0, random_va(), HV); break;
		}
		break;
	}
}

/* A device of the domain: DMA, and invalidations that take their time. */
static void act_device(struct dom *d)
{
	if (d->dying)
		return;
	access(&d->iotlb, &d->pt, 1, random_gaddr(), (unsigned int)(d - dom));
	if (!d->iotlb_asked || model_random(4))
		return;
	tlb_flush_tag(&d->iotlb, 1);
	tlb_agent_ack(&d->agent, d->iotlb_asked);
	d->iotlb_asked = 0;
}

static void others_act(void)
{
	model_time++;
	for (unsigned int n = 1 + (unsigned int)model_random(3); n && !model_violation; n--) {
		unsigned int i = (unsigned int)model_random(NR_CPUS + NR_DOMAINS);

		if (i >= NR_CPUS)
			act_device(&dom[i - NR_CPUS]);
		else if (!in_change || i != actor)
			act(&cpu[i]);
	}
}

static void after_store(uint64_t *slot)
{
	(void)slot;
	if (model_random(4) == 0)
		others_act();
}

/* --- changes, by the actor, with the space's lock held --- */

static struct tlb_item table_items[MODEL_TABLES];

static void retire(void *ctx, maddr_t table)
{
	struct tlb_space *s = ctx;

	model_retire(table);
	if (sabotage == TABLES_EARLY)
		model_free(table);
	else
		tlb_quarantine(s, &table_items[(table.ma - MODEL_TABLES_MA) / PAGE_SIZE]);
}

static void free_frame(struct frame *f)
{
	f->released = ++model_time;
	f->owner = NOBODY;
	f->quarantined = false;
	f->read_only = false;
	f->ro_tag = 0;
}

static void release(void *ctx, struct tlb_item *item)
{
	(void)ctx;
	if (item >= table_items && item < table_items + MODEL_TABLES)
		model_free(maddr(MODEL_TABLES_MA + (uint64_t)(item - table_items) * PAGE_SIZE));
	else
		free_frame(container_of(item, struct frame, item));
}

static void declare(struct tlb_space *s)
{
	struct dom *d = s == &m.hv ? NULL : container_of(s, struct dom, s);
	struct tlb_cpumask kick;
	uint64_t tag = tlb_reduce(&m, s, &kick);

	for (unsigned int i = 0; i < NR_CPUS; i++) {
		bool runs = d && cpu[i].mode == IN_GUEST && &dom[cpu[i].dom] == d;

		if (tlb_cpumask_test(&kick, i) != runs && sabotage != QUIET_ENTRY)
			model_fail("a kick that is not needed, or one that is missing");
		if (tlb_cpumask_test(&kick, i))
			cpu[i].kicked = true;
	}
	if (!d) {
		if (sabotage != IGNORE_HV)
			tlb_flush_tag(&cpu[actor].tlb, 0);
		return;
	}
	d->iotlb_asked = tag;
	if (sabotage == ACK_EARLY)
		tlb_agent_ack(&d->agent, tag);
}

/* What was mapped in the range goes into quarantine, and from there back to nobody. */
static void drop_frames(const struct segs *old, uint64_t addr, uint64_t len, struct tlb_space *s)
{
	for (uint64_t a = addr; a < addr + len; a += PAGE_SIZE) {
		const struct seg *seg = segs_find(old, a & 0xfffffffffffful);
		struct frame *f =
			seg ? frame_at(seg->ma + ((a & 0xfffffffffffful) - seg->start)) : NULL;

		if (!f)
			continue;
		if (sabotage == FREE_EARLY) {
			free_frame(f);
			continue;
		}
		f->quarantined = true;
		tlb_quarantine(s, &f->item);
	}
}

static struct segs before;

static void unmap(struct pt *pt, struct tlb_space *s, uint64_t addr, uint64_t len)
{
	struct pt_flush flush = {.retire = retire, .ctx = s};

	if (sabotage == REDUCE_FIRST) {
		hw_walk_all(pt, &before);
		drop_frames(&before, addr, len, s);
		declare(s);
		for (unsigned int i = 0; i < 10; i++)
			others_act();
	} else {
		hw_walk_all(pt, &before);
	}
	if (pt_unmap(pt, addr, len, &flush)) {
		/* no memory for a split; a saboteur's frames are gone all the same */
		if (sabotage == REDUCE_FIRST)
			model_fail("unlucky saboteur");
		return;
	}
	if (sabotage != REDUCE_FIRST)
		drop_frames(&before, addr, len, s);
	if (flush.needed)
		declare(s);
}

/* nr frames in a row, aligned to their number, that nobody owns; NR_FRAMES when there are none. */
static unsigned int find_free(unsigned int nr)
{
	unsigned int start = (unsigned int)model_random(NR_FRAMES / nr);

	for (unsigned int i = 0; i < NR_FRAMES / nr; i++) {
		unsigned int n = (start + i) % (NR_FRAMES / nr) * nr, k = 0;

		while (k < nr && frames[n + k].owner == NOBODY)
			k++;
		if (k == nr)
			return n;
	}
	return NR_FRAMES;
}

static void map(struct pt *pt, struct tlb_space *s, uint64_t addr, uint64_t len, unsigned int owner)
{
	struct pt_flush flush = {.retire = retire, .ctx = s};
	unsigned int nr = (unsigned int)(len / PAGE_SIZE), n = find_free(nr);
	uint32_t attr = PT_R | PT_WB | (model_random(3) ? PT_W : 0) | (owner == HV ? 0 : PT_X);

	if (n == NR_FRAMES)
		return;
	for (unsigned int k = 0; k < nr; k++)
		frames[n + k].owner = owner;
	hw_walk_all(pt, &before);
	if (pt_map(pt, addr, maddr(FRAMES_MA + n * PAGE_SIZE), len, attr, &flush)) {
		for (unsigned int k = 0; k < nr; k++)
			frames[n + k].owner = NOBODY;
		return;
	}
	drop_frames(&before, addr, len, s);
	if (flush.needed)
		declare(s);
	else if (s->open)
		model_fail("frames were replaced, and no flush demanded");
}

static void protect(struct dom *d, uint64_t addr, uint64_t len)
{
	bool writable = model_random(2);
	struct pt_flush flush = {.retire = retire, .ctx = &d->s};

	hw_walk_all(&d->pt, &before);
	/* writing is allowed from before the stores on, forbidden when all have forgotten */
	for (uint64_t a = addr; a < addr + len; a += PAGE_SIZE) {
		const struct seg *seg = segs_find(&before, a);

		if (seg && writable) {
			frame_at(seg->ma + (a - seg->start))->read_only = false;
			frame_at(seg->ma + (a - seg->start))->ro_tag = 0;
		}
	}
	if (pt_protect(&d->pt, addr, len, PT_R | PT_X | PT_WB | (writable ? PT_W : 0), &flush))
		return;
	if (flush.needed && sabotage != FORGET_PROTECT)
		declare(&d->s);
	for (uint64_t a = addr; a < addr + len && !writable; a += PAGE_SIZE) {
		const struct seg *seg = segs_find(&before, a);

		if (seg)
			frame_at(seg->ma + (a - seg->start))->ro_tag = d->s.reduced + !d->s.reduced;
	}
}

/* Frames whose loss of rights is complete are read-only from now on. */
static void settle_read_only(void)
{
	for (unsigned int i = 0; i < NR_FRAMES; i++) {
		struct frame *f = &frames[i];

		if (f->ro_tag && f->owner < NR_DOMAINS && !f->quarantined &&
		    tlb_done(&m, &dom[f->owner].s, f->ro_tag))
			f->read_only = true;
	}
}

static void start_domain(struct dom *d)
{
	unsigned int fail_one_in = model_fail_one_in;

	memset(d, 0, sizeof(*d));
	model_fail_one_in = 0;
	assert_int_equal(pt_init(&d->pt, kind->fmt, model_base(), &model_alloc), 0);
	model_fail_one_in = fail_one_in;
	tlb_space_init(&d->s);
	tlb_agent_add(&m, &d->s, &d->agent);
}

/* Its device is blocked, its vCPUs are down: everything goes, the tree at last. */
static void kill_domain(struct dom *d)
{
	for (unsigned int n = 0; n < NR_VCPUS; n++)
		if (d->vcpu_runs[n])
			return;
	if (!d->dying) {
		d->dying = true;
		unmap(&d->pt, &d->s, 0, BIG + 2 * M2);
		tlb_flush_tag(&d->iotlb, 1);
		tlb_agent_remove(&d->s, &d->agent);
	}
	tlb_release(&m, &d->s, 100, release, NULL);
	if (!tlb_space_is_unused(&m, &d->s))
		return;
	/* lookups by others end with their change of state, as tlb_done() has it */
	while (!pt_destroy_step(&d->pt, 64))
		;
	start_domain(d);
}

static void change_domain(struct dom *d)
{
	uint64_t a = random_gaddr();

	if (d->dying) {
		kill_domain(d);
		return;
	}
	d->pt.max_leaf_level = (uint8_t)(1 + model_random(2));
	switch (model_random(12)) {
	case 0: unmap(&d->pt, &d->s, BIG + model_random(2) * M2, M2); break;
	case 1: map(&d->pt, &d->s, BIG + model_random(2) * M2, M2, (unsigned int)(d - dom)); break;
	case 2: unmap(&d->pt, &d->s, 0, 2 * M2); break;
	case 3:
	case 4: protect(d, a, PAGE_SIZE); break;
	case 5: protect(d, BIG + model_random(2) * M2, M2); break;
	case 6:
	case 7: unmap(&d->pt, &d->s, a, PAGE_SIZE); break;
	case 8: kill_domain(d); break;
	default: map(&d->pt, &d->s, a, PAGE_SIZE, (unsigned int)(d - dom)); break;
	}
}

static void change(void)
{
	unsigned int which = (unsigned int)model_random(NR_DOMAINS + 1);

	actor = (unsigned int)model_random(NR_CPUS);
	if (cpu[actor].mode != IN_HV)
		return;
	in_change = true;
	if (which < NR_DOMAINS)
		change_domain(&dom[which]);
	else if (model_random(2))
		map(&hv_pt, &m.hv, random_va(), PAGE_SIZE, HV);
	else
		unmap(&hv_pt, &m.hv, random_va(), PAGE_SIZE);
	in_change = false;
}

static void step(void)
{
	others_act();
	if (model_random(6) == 0 && !model_violation)
		change();
	if (model_random(8) == 0 && !model_violation) {
		tlb_release(&m, &m.hv, 16, release, NULL);
		for (unsigned int i = 0; i < NR_DOMAINS; i++)
			tlb_release(&m, &dom[i].s, 16, release, NULL);
		settle_read_only();
	}
}

static void start(const struct kind *k, enum sabotage how, uint64_t seed)
{
	kind = k;
	sabotage = how;
	model_start(seed);
	model_time = 1;
	memset(frames, 0, sizeof(frames));
	memset(cpu, 0, sizeof(cpu));
	memset(full_flushes, 0, sizeof(full_flushes));
	for (unsigned int i = 0; i < NR_FRAMES; i++)
		frames[i].owner = NOBODY;
	tlb_machine_init(&m);
	for (unsigned int i = 0; i < NR_CPUS; i++)
		tlb_cpu_init(&m, &cpu[i].t, k->nr_asids, k->flush_by_asid);
	assert_int_equal(pt_init(&hv_pt, &pt_format_hv, model_base(), &model_alloc), 0);
	for (unsigned int i = 0; i < NR_DOMAINS; i++)
		start_domain(&dom[i]);
	model_fail_one_in = seed % 2 && how == NONE ? 10 : 0;
	model_store_hook = after_store;
}

/* When all have moved on, nothing is held back: the quarantines empty, all memory returns. */
static void wind_up(void)
{
	model_store_hook = NULL;
	model_fail_one_in = 0;
	for (unsigned int i = 0; i < NR_CPUS; i++)
		if (cpu[i].mode != IN_HV)
			leave(&cpu[i]);
	actor = 0;
	for (unsigned int i = 0; i < NR_DOMAINS; i++) {
		struct dom *d = &dom[i];

		if (!d->dying) {
			unmap(&d->pt, &d->s, 0, BIG + 2 * M2);
			tlb_agent_remove(&d->s, &d->agent);
		}
	}
	unmap(&hv_pt, &m.hv, HV_BASE, 8 * PAGE_SIZE);
	for (unsigned int i = 0; i < NR_CPUS; i++)
		leave(&cpu[i]);
	tlb_release(&m, &m.hv, ~0u, release, NULL);
	for (unsigned int i = 0; i < NR_DOMAINS; i++) {
		tlb_release(&m, &dom[i].s, ~0u, release, NULL);
		assert_true(tlb_space_is_unused(&m, &dom[i].s));
		assert_false(pt_destroy_step(&dom[i].pt, 1));
		while (!pt_destroy_step(&dom[i].pt, 64))
			;
	}
	while (!pt_destroy_step(&hv_pt, 64))
		;
	assert_int_equal(m.hv.nr_items, 0);
	assert_int_equal(model_nr_tables, 0);
	for (unsigned int i = 0; i < NR_FRAMES; i++)
		assert_int_equal(frames[i].owner, NOBODY);
}

static void no_access_to_released_frames(void **state)
{
	(void)state;
	for (unsigned int k = 0; k < ARRAY_SIZE(kinds); k++)
		for (uint64_t seed = 1; seed <= SEEDS; seed++) {
			start(&kinds[k], NONE, seed);
			for (unsigned int i = 0; i < STEPS && !model_violation; i++)
				step();
			if (model_violation)
				fail_msg("%s, seed %lu: %s", kinds[k].name, (unsigned long)seed,
					 model_violation);
			wind_up();
			assert_null(model_violation);
		}
}

/* On each machine where it can do harm, the sabotage is found. */
static void expect_caught(enum sabotage how, bool npt_few, bool npt_flush, bool ept)
{
	const bool harmful[] = {npt_few, npt_flush, ept};

	for (unsigned int k = 0; k < ARRAY_SIZE(kinds); k++) {
		bool caught = !harmful[k];

		for (uint64_t seed = 1; seed <= 20 && !caught; seed++) {
			start(&kinds[k], how, seed);
			for (unsigned int i = 0; i < STEPS && !model_violation; i++)
				step();
			caught = model_violation != NULL;
		}
		if (!caught)
			fail_msg("%s: unseen", kinds[k].name);
	}
}

#define CAUGHT(name, how, few, flush, ept)                                                         \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		expect_caught(how, few, flush, ept);                                               \
	}

CAUGHT(a_forgotten_flush_is_caught, IGNORE_FLUSH, false, true, true)
CAUGHT(a_forgotten_full_flush_is_caught, IGNORE_ALL, true, false, false)
CAUGHT(a_stale_asid_is_caught, KEEP_ASID, true, true, false)
CAUGHT(a_forgotten_hv_flush_is_caught, IGNORE_HV, true, true, true)
CAUGHT(early_frames_are_caught, FREE_EARLY, true, true, true)
CAUGHT(early_tables_are_caught, TABLES_EARLY, true, true, true)
CAUGHT(a_quiet_entry_is_caught, QUIET_ENTRY, true, true, true)
CAUGHT(a_reduction_before_its_stores_is_caught, REDUCE_FIRST, true, true, true)
CAUGHT(an_undeclared_loss_of_rights_is_caught, FORGET_PROTECT, true, true, true)
CAUGHT(an_early_acknowledgement_is_caught, ACK_EARLY, true, true, true)
CAUGHT(a_held_lookup_is_caught, HOLD_LOOKUP, true, true, true)

static int cleanup(void **state)
{
	(void)state;
	segs_free(&before);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_access_to_released_frames),
		cmocka_unit_test(a_forgotten_flush_is_caught),
		cmocka_unit_test(a_forgotten_full_flush_is_caught),
		cmocka_unit_test(a_stale_asid_is_caught),
		cmocka_unit_test(a_forgotten_hv_flush_is_caught),
		cmocka_unit_test(early_frames_are_caught),
		cmocka_unit_test(early_tables_are_caught),
		cmocka_unit_test(a_quiet_entry_is_caught),
		cmocka_unit_test(a_reduction_before_its_stores_is_caught),
		cmocka_unit_test(an_undeclared_loss_of_rights_is_caught),
		cmocka_unit_test(an_early_acknowledgement_is_caught),
		cmocka_unit_test(a_held_lookup_is_caught),
	};

	return cmocka_run_group_tests_name("tlb_model", tests, NULL, cleanup);
}
