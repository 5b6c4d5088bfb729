/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The walk of a guest's page tables: each mode and each rule by hand, then random
 * tables against a second walk that is written from the manual's pictures, one
 * function a mode.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "x86/guest_walk.h"

#define P    1ul
#define W    2ul
#define US   4ul
#define PS   0x80ul
#define G    0x100ul
#define PAT  0x1000ul
#define NX   (1ul << 63)
#define PE   1ul
#define WP   (1ul << 16)
#define PG   (1ul << 31)
#define PSE  (1ul << 4)
#define PAE  (1ul << 5)
#define LA57 (1ul << 12)
#define LMA  0x500ul /* with LME */
#define NXE  0x800ul

/* Guest RAM: 16 frames from 0, 16 from 4 GiB. */
#define NR_PAGES 16u
#define HIGH	 0x100000000ul

static uint8_t low[NR_PAGES * PAGE_SIZE], high[NR_PAGES * PAGE_SIZE];
static unsigned int reads;
static struct guest_paging regs;

static uint8_t *ram(uint64_t ga)
{
	if (ga < sizeof(low))
		return low + ga;
	if (ga >= HIGH && ga - HIGH < sizeof(high))
		return high + (ga - HIGH);
	return NULL;
}

static bool read_entry(void *ctx, gaddr_t ga, unsigned int size, uint64_t *entry)
{
	const uint8_t *p = ram(ga.ga);

	assert_ptr_equal(ctx, &regs);
	assert_true(size == 4 || size == 8);
	assert_int_equal(ga.ga & (size - 1), 0);
	assert_int_equal(ga.ga >> 52, 0);
	reads++;
	*entry = 0;
	if (p)
		memcpy(entry, p, size);
	return p != NULL;
}

static void set4(uint64_t table, unsigned int index, uint64_t entry)
{
	uint32_t e = (uint32_t)entry;

	assert_int_equal(entry >> 32, 0);
	memcpy(ram(table + index * 4), &e, 4);
}

static void set8(uint64_t table, unsigned int index, uint64_t entry)
{
	memcpy(ram(table + index * 8), &entry, 8);
}

static int set_up(void **state)
{
	(void)state;
	memset(low, 0, sizeof(low));
	memset(high, 0, sizeof(high));
	reads = 0;
	return 0;
}

static bool walk_as(uint64_t va, unsigned int access, uint64_t *ga)
{
	gaddr_t got = gaddr(0xbad);
	bool found;

	reads = 0;
	found = guest_walk(&regs, va, access, read_entry, &regs, &got);
	assert_in_range(reads, 0, 4);
	if (found)
		assert_int_equal(got.ga >> 52, 0);
	*ga = got.ga;
	return found;
}

static bool walk(uint64_t va, bool write, uint64_t *ga)
{
	return walk_as(va, write ? GUEST_WRITE : 0, ga);
}

static void finds(uint64_t va, uint64_t want)
{
	uint64_t ga;

	assert_true(walk(va, false, &ga));
	assert_int_equal(ga, want);
}

static void finds_writable(uint64_t va, uint64_t want)
{
	uint64_t ga;

	finds(va, want);
	assert_true(walk(va, true, &ga));
	assert_int_equal(ga, want);
}

static void faults(uint64_t va)
{
	uint64_t ga;

	assert_false(walk(va, false, &ga));
	assert_false(walk(va, true, &ga));
}

static void faults_on_write(uint64_t va, uint64_t want)
{
	uint64_t ga;

	finds(va, want);
	assert_false(walk(va, true, &ga));
}

/* --- by hand --- */

static void no_paging(void **state)
{
	(void)state;
	regs = (struct guest_paging){.cr0 = PE | WP, .cr3 = 0x1000, .cr4 = PAE | PSE};
	finds_writable(0, 0);
	finds_writable(0xfffff123, 0xfffff123);
	finds_writable(0x123456789abcdef0, 0x9abcdef0); /* 32 bits are all there are */
	assert_int_equal(reads, 0);
	regs.cr0 = WP; /* real mode */
	finds_writable(0x9fc00, 0x9fc00);
}

/* A directory at 0x1000, a table at 0x2000; 0x00c05000 is 3, 5. */
static void tables_32(void)
{
	regs = (struct guest_paging){.cr0 = PE | WP | PG, .cr3 = 0x1000};
	set4(0x1000, 3, 0x2000 | P | W);
	set4(0x2000, 5, 0x7654000 | P | W);
	set4(0x2000, 6, 0x7655000 | P);
	set4(0x2000, 1023, 0xfffff000 | P | W | PS); /* PAT here */
	set4(0x2000, 0, 0x7657000 | W);
}

static void paging_32(void **state)
{
	(void)state;
	tables_32();
	finds_writable(0x00c05000, 0x7654000);
	finds_writable(0x00c05fff, 0x7654fff);
	finds_writable(0x00ffffff, 0xffffffff);
	assert_int_equal(reads, 2);
	faults_on_write(0x00c06010, 0x7655010);
	faults(0x00c00000); /* not present */
	faults(0x00c07000); /* nothing at all */
	faults(0x01005000); /* no table */
	finds_writable(0xffffffff00c05000, 0x7654000);
	regs.cr3 = 0xffffffff00001fff; /* only 31-12 are the root */
	finds_writable(0x00c05000, 0x7654000);
	regs.efer = NXE; /* which says nothing here */
	finds_writable(0x00c05000, 0x7654000);
}

static void pages_of_4m(void **state)
{
	(void)state;
	tables_32();
	set4(0x1000, 8, 0x12400000 | PS | P | W | G | PAT);
	set4(0x1000, 9, 0x12400000 | PS | P | 0x001fe000); /* 39-32 are ones */
	set4(0x1000, 10, 0x12400000 | PS | P | W | 0x00024000);
	set4(0x1000, 11, 0x12400000 | PS | P | W | 0x00200000); /* bit 21 is reserved */
	set4(0x1000, 12, 0x3000 | PS | P | W);
	set4(0x3000, 1, 0x5000 | P | W);
	/* Without PSE they are tables: 0x12400000 is no RAM. */
	faults(0x02000000);
	finds_writable(0x03001234, 0x5234);
	regs.cr4 = PSE;
	finds_writable(0x02000000, 0x12400000);
	finds_writable(0x023fffff, 0x127fffff);
	assert_int_equal(reads, 1);
	faults_on_write(0x02412345, 0xff12412345);
	finds_writable(0x02800001, 0x1212400001);
	faults(0x02c00000);
	finds_writable(0x03001234, 0x0100001234); /* bit 13 of 0x3000 */
	finds_writable(0x00c05000, 0x7654000);	  /* and small pages as before */
	finds_writable(0x00ffffff, 0xffffffff);	  /* whose PAT bit is no PS */
}

/* Four entries at 0x1020, a directory at 0x2000, a table at 0x3000. */
static void tables_pae(void)
{
	regs = (struct guest_paging){.cr0 = PE | WP | PG, .cr3 = 0x1020, .cr4 = PAE, .efer = NXE};
	set8(0x1020, 2, 0x2000 | P); /* of which no right can be taken */
	set8(0x2000, 1, 0x3000 | P | W | US);
	set8(0x3000, 7, 0x8765432000 | P | W);
	set8(0x3000, 8, 0x5000 | P | NX);
	set8(0x2000, 2, 0xff00200000 | P | W | PS | PAT);
	set8(0x2000, 3, 0xff00400000 | P | PS);
}

static void paging_pae(void **state)
{
	(void)state;
	tables_pae();
	finds_writable(0x80207abc, 0x8765432abc);
	assert_int_equal(reads, 3);
	faults_on_write(0x80208abc, 0x5abc);
	finds_writable(0x80400000, 0xff00200000);
	finds_writable(0x805fffff, 0xff003fffff);
	faults_on_write(0x80600001, 0xff00400001);
	faults(0x80000000);
	faults(0x00207abc);
	faults(0xc0207abc);
	finds_writable(0xabcdef0180207abc, 0x8765432abc);
	regs.cr3 = 0xfffffff00000103f; /* 31-5 */
	finds_writable(0x80207abc, 0x8765432abc);
	regs.cr4 |= PSE; /* makes no difference */
	finds_writable(0x80400000, 0xff00200000);
	/* A root in the last 32 bytes below 4 GiB is not RAM here; one above cannot be named. */
	regs.cr3 = 0xffffffe0;
	faults(0x80207abc);
}

static void reserved_in_pae(void **state)
{
	static const uint64_t top[] = {W, US, 1ul << 5, 1ul << 6, PS, G, 1ul << 52, 1ul << 62, NX};

	(void)state;
	tables_pae();
	for (unsigned int i = 0; i < sizeof(top) / sizeof(top[0]); i++) {
		set8(0x1020, 2, 0x2000 | P | top[i]);
		faults(0x80207abc);
	}
	for (unsigned int bit = 52; bit < 63; bit++) {
		tables_pae();
		set8(0x2000, 1, 0x3000 | P | W | 1ul << bit);
		faults(0x80207abc);
		set8(0x2000, 1, 0xff00200000 | P | W | PS | 1ul << bit);
		faults(0x80207abc);
		tables_pae();
		set8(0x3000, 7, 0x5000 | P | W | 1ul << bit);
		faults(0x80207abc);
	}
	for (unsigned int bit = 13; bit <= 20; bit++) {
		set8(0x2000, 2, 0xff00200000 | P | W | PS | 1ul << bit);
		faults(0x80400000);
	}
	tables_pae();
	regs.efer = 0; /* now NX is reserved */
	faults(0x80208abc);
	finds_writable(0x80207abc, 0x8765432abc);
}

#define VA_4K 0x00007fff80403000ul /* 255, 510, 2, 3 */
#define VA_2M 0xffff800000a00000ul /* 256, 0, 5 */
#define VA_1G 0xffffffffc0000000ul /* 511, 511 */

/* The root above 4 GiB. */
static void tables_long(void)
{
	regs = (struct guest_paging){
		.cr0 = PE | WP | PG, .cr3 = HIGH + 0x1000, .cr4 = PAE, .efer = LMA | NXE};
	set8(HIGH + 0x1000, 255, 0x2000 | P | W);
	set8(0x2000, 510, (HIGH + 0x3000) | P | W | US);
	set8(HIGH + 0x3000, 2, 0x4000 | P | W);
	set8(0x4000, 3, 0xffffffffff000 | P | W | PS | G | NX);
	set8(0x4000, 4, 0x5000 | P);
	set8(HIGH + 0x1000, 256, 0x5000 | P | W);
	set8(0x5000, 0, 0x6000 | P | W);
	set8(0x6000, 5, 0xfffffffe00000 | P | W | PS | PAT);
	set8(HIGH + 0x1000, 511, 0x7000 | P | W);
	set8(0x7000, 511, 0xfffffc0000000 | P | W | PS | PAT | NX);
}

static void paging_long(void **state)
{
	(void)state;
	tables_long();
	finds_writable(VA_4K + 0x123, 0xffffffffff123);
	assert_int_equal(reads, 4);
	faults_on_write(VA_4K + 0x1fff, 0x5fff);
	faults(VA_4K + 0x2000);
	finds_writable(VA_2M, 0xfffffffe00000);
	finds_writable(VA_2M + 0x1fffff, 0xfffffffffffff);
	assert_int_equal(reads, 3);
	faults(VA_2M + 0x200000);
	finds_writable(VA_1G, 0xfffffc0000000);
	finds_writable(VA_1G + 0x3fffffff, 0xfffffffffffff);
	assert_int_equal(reads, 2);
	faults(VA_1G - 1);
	regs.cr3 |= 0xfff0000000000fff; /* PCID and what is above the address */
	finds_writable(VA_4K, 0xffffffffff000);
}

static void addresses_that_are_not_canonical(void **state)
{
	(void)state;
	tables_long();
	for (unsigned int bit = 47; bit < 64; bit++) {
		faults(VA_4K ^ 1ul << bit);
		assert_int_equal(reads, 0);
		faults(VA_2M ^ 1ul << bit);
		assert_int_equal(reads, 0);
	}
	faults(0x0000800000000000);
	faults(0xffff7fffffffffff);
	faults(0x8000000000000000);
	assert_int_equal(reads, 0);
}

static void reserved_in_long_mode(void **state)
{
	(void)state;
	tables_long();
	set8(HIGH + 0x1000, 255, 0x2000 | P | W | PS); /* there are no pages of 512 GiB */
	faults(VA_4K);
	for (unsigned int bit = 13; bit <= 20; bit++) {
		set8(0x6000, 5, 0x200000 | P | W | PS | 1ul << bit);
		faults(VA_2M);
	}
	for (unsigned int bit = 13; bit <= 29; bit++) {
		set8(0x7000, 511, 0x40000000 | P | W | PS | 1ul << bit);
		faults(VA_1G);
	}
	/* Bits 62-52 of an entry are the guest's. */
	tables_long();
	set8(0x4000, 3, 0x5000 | P | W | 0x7ff0000000000000);
	finds_writable(VA_4K, 0x5000);
	/* NX at each level, once it is reserved. */
	regs.efer = LMA;
	finds_writable(VA_4K, 0x5000);
	faults(VA_1G);
	set8(0x4000, 3, 0x5000 | P | W | NX);
	faults(VA_4K);
	tables_long();
	regs.efer = LMA;
	set8(0x4000, 3, 0x5000 | P | W);
	set8(0x2000, 510, (HIGH + 0x3000) | P | W | NX);
	faults(VA_4K);
}

static void five_levels_are_refused(void **state)
{
	(void)state;
	tables_long();
	regs.cr4 |= LA57;
	faults(VA_4K);
	assert_int_equal(reads, 0);
}

/* Each level has its say; without CR0.WP a kernel writes where it likes. */
static void write_protection(void **state)
{
	static const struct {
		uint64_t table;
		unsigned int index;
	} level[] = {{HIGH + 0x1000, 255}, {0x2000, 510}, {HIGH + 0x3000, 2}, {0x4000, 3}};

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		uint64_t entry;

		tables_long();
		memcpy(&entry, ram(level[i].table + level[i].index * 8), 8);
		set8(level[i].table, level[i].index, entry & ~W);
		faults_on_write(VA_4K, 0xffffffffff000);
		regs.cr0 &= ~WP;
		finds_writable(VA_4K, 0xffffffffff000);
	}
	tables_long();
	set8(0x7000, 511, 0x40000000 | P | PS);
	faults_on_write(VA_1G, 0x40000000);
	tables_32();
	set4(0x1000, 3, 0x2000 | P);
	faults_on_write(0x00c05000, 0x7654000);
	regs.cr0 &= ~WP;
	finds_writable(0x00c05000, 0x7654000);
	tables_pae();
	set8(0x2000, 1, 0x3000 | P);
	faults_on_write(0x80207abc, 0x8765432abc);
}

static bool user_may(uint64_t va, unsigned int access)
{
	uint64_t ga;

	return walk_as(va, access | GUEST_USER, &ga);
}

/* A user's page is one at each level, and CR0.WP is nothing to him. */
static void user_rights(void **state)
{
	static const struct {
		uint64_t table;
		unsigned int index;
	} level[] = {{HIGH + 0x1000, 255}, {0x2000, 510}, {HIGH + 0x3000, 2}, {0x4000, 3}};
	uint64_t entry;

	(void)state;
	for (unsigned int bare = 0; bare < 5; bare++) {
		tables_long();
		for (unsigned int i = 0; i < 4; i++) {
			memcpy(&entry, ram(level[i].table + level[i].index * 8), 8);
			set8(level[i].table, level[i].index, i == bare ? entry & ~US : entry | US);
		}
		assert_int_equal(user_may(VA_4K, 0), bare == 4);
		assert_int_equal(user_may(VA_4K, GUEST_WRITE), bare == 4);
		finds_writable(VA_4K, 0xffffffffff000);
	}
	memcpy(&entry, ram(0x4000 + 3 * 8), 8);
	set8(0x4000, 3, entry & ~W);
	regs.cr0 &= ~WP;
	assert_true(user_may(VA_4K, 0));
	assert_false(user_may(VA_4K, GUEST_WRITE));
	finds_writable(VA_4K, 0xffffffffff000);
	tables_pae(); /* whose top entries have no such bit */
	set8(0x3000, 7, 0x8765432000 | P | W | US);
	assert_true(user_may(0x80207abc, GUEST_WRITE));
	set8(0x3000, 7, 0x8765432000 | P | W);
	assert_false(user_may(0x80207abc, 0));
	tables_32();
	assert_false(user_may(0x00c05000, 0));
}

static void tables_that_are_not_ram(void **state)
{
	(void)state;
	tables_long();
	set8(HIGH + 0x3000, 2, (NR_PAGES * PAGE_SIZE) | P | W);
	faults(VA_4K);
	set8(HIGH + 0x3000, 2, 0xffffffffff000 | P | W);
	faults(VA_4K);
	set8(HIGH + 0x3000, 2, (HIGH - PAGE_SIZE) | P | W);
	faults(VA_4K);
	regs.cr3 = 0xffffffffff000;
	faults(VA_4K);
	assert_int_equal(reads, 1);
}

/* --- against a second opinion --- */

static bool fetch(uint64_t ga, unsigned int size, uint64_t *e)
{
	const uint8_t *p = ram(ga);

	*e = 0;
	if (!p)
		return false;
	memcpy(e, p, size);
	return *e & P;
}

static bool nx_ok(uint64_t e)
{
	return !(e & NX) || (regs.efer & NXE);
}

static bool as_user;

static bool may(uint64_t rights, bool write)
{
	if (as_user)
		return (rights & US) && (!write || (rights & W));
	return !write || !(regs.cr0 & WP) || (rights & W);
}

static bool ref_32(uint32_t va, bool write, uint64_t *ga)
{
	uint64_t pde, pte;

	if (!fetch((regs.cr3 & 0xfffff000) + (va >> 22) * 4, 4, &pde))
		return false;
	if ((regs.cr4 & PSE) && (pde & PS)) {
		*ga = (((pde >> 13) & 0xff) << 32) + (pde & 0xffc00000) + (va & 0x3fffff);
		return !(pde & 0x200000) && may(pde, write);
	}
	if (!fetch((pde & 0xfffff000) + ((va >> 12) & 1023) * 4, 4, &pte))
		return false;
	*ga = (pte & 0xfffff000) + (va & 0xfff);
	return may(pde & pte, write);
}

static bool ref_pae(uint32_t va, bool write, uint64_t *ga)
{
	uint64_t pdpe, pde, pte;

	if (!fetch((regs.cr3 & 0xffffffe0) + (va >> 30) * 8, 8, &pdpe) ||
	    (pdpe & 0xfff00000000001e6))
		return false;
	if (!fetch((pdpe & 0xffffffffff000) + ((va >> 21) & 511) * 8, 8, &pde) || !nx_ok(pde) ||
	    (pde & 0x7ff0000000000000))
		return false;
	if (pde & PS) {
		*ga = (pde & 0xfffffffe00000) + (va & 0x1fffff);
		return !(pde & 0x1fe000) && may(pde, write);
	}
	if (!fetch((pde & 0xffffffffff000) + ((va >> 12) & 511) * 8, 8, &pte) || !nx_ok(pte) ||
	    (pte & 0x7ff0000000000000))
		return false;
	*ga = (pte & 0xffffffffff000) + (va & 0xfff);
	return may(pde & pte, write);
}

static bool ref_long(uint64_t va, bool write, uint64_t *ga)
{
	uint64_t pml4e, pdpe, pde, pte;

	if (va >> 47 && va >> 47 != 0x1ffff)
		return false;
	if (!fetch((regs.cr3 & 0xffffffffff000) + ((va >> 39) & 511) * 8, 8, &pml4e) ||
	    !nx_ok(pml4e) || (pml4e & PS))
		return false;
	if (!fetch((pml4e & 0xffffffffff000) + ((va >> 30) & 511) * 8, 8, &pdpe) || !nx_ok(pdpe))
		return false;
	if (pdpe & PS) {
		*ga = (pdpe & 0xfffffc0000000) + (va & 0x3fffffff);
		return !(pdpe & 0x3fffe000) && may(pml4e & pdpe, write);
	}
	if (!fetch((pdpe & 0xffffffffff000) + ((va >> 21) & 511) * 8, 8, &pde) || !nx_ok(pde))
		return false;
	if (pde & PS) {
		*ga = (pde & 0xfffffffe00000) + (va & 0x1fffff);
		return !(pde & 0x1fe000) && may(pml4e & pdpe & pde, write);
	}
	if (!fetch((pde & 0xffffffffff000) + ((va >> 12) & 511) * 8, 8, &pte) || !nx_ok(pte))
		return false;
	*ga = (pte & 0xffffffffff000) + (va & 0xfff);
	return may(pml4e & pdpe & pde & pte, write);
}

static bool reference(uint64_t va, bool write, uint64_t *ga)
{
	if (!(regs.cr0 & PG)) {
		*ga = (uint32_t)va;
		return true;
	}
	if (regs.efer & LMA & ~0x100ul)
		return ref_long(va, write, ga);
	if (regs.cr4 & PAE)
		return ref_pae((uint32_t)va, write, ga);
	return ref_32((uint32_t)va, write, ga);
}

static uint64_t random64(void)
{
	return (uint64_t)random() << 42 ^ (uint64_t)random() << 21 ^ (uint64_t)random();
}

/* Mostly good entries, to RAM, with now and then any bit set. */
static uint64_t random_entry(void)
{
	uint64_t e = (uint64_t)random() % NR_PAGES * PAGE_SIZE;

	if (random() % 4 == 0)
		e |= HIGH;
	if (random() % 16)
		e |= P;
	if (random() % 4)
		e |= W;
	if (random() % 4)
		e |= US;
	if (random() % 8 == 0)
		e = (e & 0xfff) | PS | (random64() & 0xfffffffe00000);
	if (random() % 16 == 0)
		e |= NX;
	if (random() % 16 == 0)
		e |= 1ul << (random() % 64);
	return e;
}

static void fill_ram(void)
{
	for (unsigned int at = 0; at < sizeof(low); at += 8) {
		uint64_t a = random_entry(), b = random_entry();

		memcpy(low + at, &a, 8);
		memcpy(high + at, &b, 8);
		if (random() % 2) { /* of 32 bits */
			uint32_t pair[2] = {(uint32_t)random_entry(), (uint32_t)random_entry()};

			memcpy(low + at, pair, 8);
		}
	}
}

static void random_tables(void **state)
{
	static const uint64_t cr4[] = {0, PSE, PAE, PAE | PSE, PAE};
	unsigned int found = 0, refused = 0;

	(void)state;
	srandom(11);
	for (unsigned int world = 0; world < 200; world++) {
		fill_ram();
		for (unsigned int i = 0; i < 2000; i++) {
			unsigned int mode = (unsigned int)random() % 5;
			bool write = random() % 2, want;
			uint64_t va = random64(), ga = 0, want_ga = 0;

			if (random() % 4)
				va = (uint64_t)((int64_t)(va << 16) >> 16);
			regs = (struct guest_paging){
				.cr0 = (random() % 32 ? PG : 0) | (random() % 2 ? WP : 0) | PE,
				.cr3 = (uint64_t)random() % NR_PAGES * PAGE_SIZE +
				       (random() % 8 ? 0 : random64()),
				.cr4 = cr4[mode],
				.efer = (mode == 4 ? LMA : 0) | (random() % 4 ? NXE : 0),
			};
			if (mode == 4 && !(regs.cr0 & PG))
				regs.efer &= NXE;
			as_user = random() % 3 == 0;
			want = reference(va, write, &want_ga);
			assert_int_equal(
				walk_as(va, (write ? GUEST_WRITE : 0) | (as_user ? GUEST_USER : 0),
					&ga),
				want);
			if (want)
				assert_int_equal(ga, want_ga);
			found += want;
			refused += !want;
		}
	}
	assert_true(found > 50000 && refused > 50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(no_paging, set_up),
		cmocka_unit_test_setup(paging_32, set_up),
		cmocka_unit_test_setup(pages_of_4m, set_up),
		cmocka_unit_test_setup(paging_pae, set_up),
		cmocka_unit_test_setup(reserved_in_pae, set_up),
		cmocka_unit_test_setup(paging_long, set_up),
		cmocka_unit_test_setup(addresses_that_are_not_canonical, set_up),
		cmocka_unit_test_setup(reserved_in_long_mode, set_up),
		cmocka_unit_test_setup(five_levels_are_refused, set_up),
		cmocka_unit_test_setup(write_protection, set_up),
		cmocka_unit_test_setup(user_rights, set_up),
		cmocka_unit_test_setup(tables_that_are_not_ram, set_up),
		cmocka_unit_test_setup(random_tables, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
