/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Builds and extends the hypervisor's own tables with the page-table core.  The
 * tables only grow after boot, but for the standing maps of guests' pages, whose
 * owner sees to stale translations.
 *
 * Lock: paging_lock guards the tree and the address space handed out from VMAP.
 */
#include "x86/paging.h"

#include "errno.h"
#include "heap.h"
#include "lib/string.h"
#include "printk.h"
#include "spinlock.h"
#include "tlb.h"
#include "x86/asm.h"
#include "x86/percpu.h"
#include "x86/pt.h"

#define SEED_PAGES 32

#define CR4_MCE	 (1ul << 6)
#define CR4_PGE	 (1ul << 7)
#define CR4_SMEP (1ul << 20)
#define CR4_SMAP (1ul << 21)
#define CR0_WP	 (1ul << 16)
#define MSR_PAT	 0x277
#define MSR_EFER 0xc0000080
#define EFER_NXE (1ul << 11)

#define CPUID7_EBX_SMEP (1u << 7)
#define CPUID7_EBX_SMAP (1u << 20)

#define HV_RW (PT_R | PT_W | PT_GLOBAL | PT_WB)
#define HV_RO (PT_R | PT_GLOBAL | PT_WB)
#define HV_RX (PT_R | PT_X | PT_GLOBAL | PT_WB)
#define HV_IO (PT_R | PT_W | PT_GLOBAL | PT_UC)

extern char image_start[], text_end[], rodata_end[], image_end[];
extern char ro_after_init_start[], ro_after_init_end[], ro_bss_start[], ro_bss_end[];

static char seed[SEED_PAGES][PAGE_SIZE] section(".bss.page_aligned") aligned(PAGE_SIZE);

static struct pt hv_pt;
static maddr_t image_ma ro_after_init;
static struct spinlock paging_lock;
static uintptr_t vmap_next = VMAP_BASE; /* [paging_lock] */

static int table_alloc(void *ctx, maddr_t *table)
{
	void *page = heap_table_alloc();

	(void)ctx;
	if (!page)
		return -ENOMEM;
	*table = hv_va_to_maddr(page);
	return 0;
}

static void table_free(void *ctx, maddr_t table)
{
	(void)ctx;
	hv_page_free(hv_maddr_to_va(table));
}

maddr_t hv_image_maddr(const void *va)
{
	return maddr(image_ma.ma + ((uintptr_t)va - IMAGE_BASE));
}

const uint64_t *hv_root_table(void)
{
	return hv_maddr_to_va(hv_pt.root);
}

maddr_t hv_root_maddr(void)
{
	return hv_pt.root;
}

static int map_locked(uintptr_t va, maddr_t ma, size_t len, uint32_t attr)
{
	struct pt_flush flush = {0};
	int rc;

	spin_lock(&paging_lock);
	rc = pt_map(&hv_pt, va, ma, len, attr, &flush);
	spin_unlock(&paging_lock);
	return rc;
}

int hv_map_direct(maddr_t ma, size_t len)
{
	return map_locked(DIRECTMAP_BASE + ma.ma, ma, len, HV_RW);
}

int hv_map_frametable(uintptr_t va, maddr_t ma, size_t len)
{
	return map_locked(va, ma, len, HV_RW);
}

/* Address space for len bytes, congruent with ma where large entries could serve; one page stays a
 * hole. */
static uintptr_t vmap_reserve(maddr_t ma, size_t len)
{
	uintptr_t va;

	spin_lock(&paging_lock);
	va = vmap_next;
	if (len >= PT_LEVEL_SIZE(2))
		va = ALIGN_UP(va, PT_LEVEL_SIZE(2)) + (ma.ma & (PT_LEVEL_SIZE(2) - 1));
	vmap_next = va + len + PAGE_SIZE;
	spin_unlock(&paging_lock);
	return va;
}

static void *map_range(maddr_t ma, size_t len, uint32_t attr)
{
	uint64_t first = ma.ma & PAGE_MASK;
	uint64_t end = ALIGN_UP(ma.ma + len, PAGE_SIZE);
	uintptr_t va;

	if (!len || end <= first)
		return NULL;
	va = vmap_reserve(maddr(first), end - first);
	if (map_locked(va, maddr(first), end - first, attr))
		return NULL;
	return (void *)(va + (ma.ma - first));
}

void __iomem *hv_map_mmio(maddr_t ma, size_t len)
{
	return (void __iomem *)map_range(ma, len, HV_IO);
}

const void *hv_map_ro(maddr_t ma, size_t len)
{
	return map_range(ma, len, HV_RO);
}

void *hv_map_ram(maddr_t ma, size_t len)
{
	return map_range(ma, len, HV_RW);
}

int hv_map_page(uintptr_t va, mfn_t f)
{
	return map_locked(va, mfn_to_maddr(f), PAGE_SIZE, HV_RW);
}

void hv_unmap_page(uintptr_t va)
{
	struct pt_flush flush = {0};

	spin_lock(&paging_lock);
	/* Of a page mapped by itself: nothing is split, so nothing can be short. */
	if (pt_unmap(&hv_pt, va, PAGE_SIZE, &flush))
		panic("paging: page %lx cannot be unmapped\n", va);
	spin_unlock(&paging_lock);
}

void *hv_stack_alloc(unsigned int pages)
{
	/* vmap_reserve() leaves a hole behind each range; the one in front is the last range's. */
	uintptr_t va = vmap_reserve(maddr(0), pages * PAGE_SIZE);

	for (unsigned int i = 0; i < pages; i++) {
		void *page = hv_page_alloc();

		if (!page || map_locked(va + i * PAGE_SIZE, hv_va_to_maddr(page), PAGE_SIZE, HV_RW))
			return NULL;
	}
	return (void *)(va + pages * PAGE_SIZE);
}

static void map_image(const char *from, const char *to, uint32_t attr)
{
	if (from == to)
		return;
	if (map_locked((uintptr_t)from, hv_image_maddr(from), (size_t)(to - from), attr))
		panic("paging: no table for the image at %p\n", (const void *)from);
}

void paging_init(maddr_t image)
{
	const struct pt_alloc alloc = {.alloc = table_alloc, .free = table_free};
	void *seed_va;

	image_ma = image;
	seed_va = hv_maddr_to_va(hv_image_maddr(seed));
	heap_seed(seed_va, SEED_PAGES);
	if (pt_init(&hv_pt, &pt_format_hv, DIRECTMAP_BASE, &alloc))
		panic("paging: no root table\n");
	if (!(cpuid(0x80000001, 0).edx & (1u << 26)))
		hv_pt.max_leaf_level = 2;
	map_image(image_start, text_end, HV_RX);
	map_image(text_end, rodata_end, HV_RO);
	map_image(rodata_end, image_end, HV_RW);
	if (hv_map_direct(hv_image_maddr(seed), sizeof(seed)))
		panic("paging: no table for the direct map\n");
	paging_init_cpu();
	write_cr3(hv_pt.root.ma);
}

void paging_init_cpu(void)
{
	uint64_t cr4 = read_cr4() | CR4_MCE | CR4_PGE;
	uint32_t features = cpuid(0, 0).eax >= 7 ? cpuid(7, 0).ebx : 0;

	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_NXE);
	wrmsr(MSR_PAT, PT_PAT_MSR_VALUE);
	if (features & CPUID7_EBX_SMEP)
		cr4 |= CR4_SMEP;
	if (features & CPUID7_EBX_SMAP)
		cr4 |= CR4_SMAP;
	write_cr4(cr4);
	write_cr0(read_cr0() | CR0_WP);
}

bool hv_is_mapped(uintptr_t va)
{
	struct pt_entry e;
	bool found;

	spin_lock(&paging_lock);
	found = pt_lookup(&hv_pt, va, &e);
	spin_unlock(&paging_lock);
	return found;
}

void hv_flush_tlb(void)
{
	uint64_t cr4 = read_cr4();

	/* Global entries too. */
	write_cr4(cr4 & ~CR4_PGE);
	write_cr4(cr4);
}

#define PTE_ADDR 0x000ffffffffff000ul

uint64_t *hv_pte_alloc(uintptr_t va)
{
	uint64_t *table = hv_maddr_to_va(hv_pt.root);

	/* Any frame will do to have the tables made. */
	if (map_locked(va, hv_pt.root, PAGE_SIZE, HV_RO))
		return NULL;
	for (unsigned int level = 4; level > 1; level--)
		table = hv_maddr_to_va(
			maddr(table[(va >> PT_LEVEL_SHIFT(level)) % PT_ENTRIES] & PTE_ADDR));
	table += (va >> PAGE_SHIFT) % PT_ENTRIES;
	*table = 0;
	invlpg((void *)va);
	return table;
}

static void seal(const char *from, const char *to)
{
	struct pt_flush flush = {0};

	if (from == to)
		return;
	spin_lock(&paging_lock);
	if (pt_protect(&hv_pt, (uintptr_t)from, (uint64_t)(to - from), HV_RO, &flush))
		panic("paging: cannot seal %p\n", (const void *)from);
	spin_unlock(&paging_lock);
	for (const char *p = from; p < to; p += PAGE_SIZE)
		invlpg(p);
}

void paging_seal(void)
{
	struct tlb_cpumask kick;
	uint64_t tag;

	seal(ro_after_init_start, ro_after_init_end);
	seal(ro_bss_start, ro_bss_end);
	/* The other pCPUs, asleep now, flush when they wake. */
	tag = tlb_reduce(&machine_tlb, &machine_tlb.hv, &kick);
	(void)tag;
}
