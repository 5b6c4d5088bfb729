/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The guest's own page tables are walked with the rules of its present mode:
 * none, 32-bit, PAE or four levels.  A walk looks at each level once.
 *
 * Manual: AMD APM vol. 2, chapter 5 "Page Translation and Protection".
 */
#include "guestcopy.h"

#include "domain.h"
#include "errno.h"
#include "lib/string.h"
#include "vcpu.h"
#include "x86/percpu.h"
#include "x86/vendor.h"
#include "x86/window.h"

#define CR0_PG	   (1ul << 31)
#define CR0_WP	   (1ul << 16)
#define CR4_PSE	   (1ul << 4)
#define CR4_PAE	   (1ul << 5)
#define EFER_LMA   (1ul << 10)
#define PTE_P	   1ul
#define PTE_W	   2ul
#define PTE_PS	   0x80ul
#define PTE_ADDR   0x000ffffffffff000ul
#define COPY_CHUNK PAGE_SIZE

struct walk {
	unsigned int levels;	 /* 2, 3 or 4; 0: no paging */
	unsigned int index_bits; /* 10 or 9 */
	bool large_pages;
	bool check_write;
	uint64_t root;
};

static struct walk walk_mode(const struct vcpu *v)
{
	uint64_t cr0, cr3, cr4, efer;
	struct walk w = {0};

	vendor->get_paging(v, &cr0, &cr3, &cr4, &efer);
	if (!(cr0 & CR0_PG))
		return w;
	w.check_write = cr0 & CR0_WP;
	w.large_pages = (cr4 & (CR4_PSE | CR4_PAE)) || (efer & EFER_LMA);
	if (efer & EFER_LMA)
		w = (struct walk){4, 9, true, w.check_write, cr3 & PTE_ADDR};
	else if (cr4 & CR4_PAE)
		w = (struct walk){3, 9, true, w.check_write, cr3 & 0xffffffe0ul};
	else
		w = (struct walk){2, 10, w.large_pages, w.check_write, cr3 & 0xfffff000ul};
	return w;
}

/* One entry of a guest's table; false when the table is not RAM. */
static bool read_entry(struct domain *d, uint64_t ga, unsigned int size, uint64_t *entry)
{
	const char *page;
	mfn_t f;

	if (p2m_lookup(&d->p2m, gaddr_to_gfn(gaddr(ga)), &f) != P2M_RAM)
		return false;
	page = window_open(WINDOW_WALK, f);
	*entry = size == 8 ? *(const volatile uint64_t *)(page + (ga & ~PAGE_MASK))
			   : *(const volatile uint32_t *)(page + (ga & ~PAGE_MASK));
	window_close(WINDOW_WALK);
	return true;
}

static bool is_large(const struct walk *w, unsigned int level, uint64_t entry)
{
	if (!(entry & PTE_PS) || level == 1 || !w->large_pages)
		return false;
	return level == 2 || (level == 3 && w->levels == 4);
}

int guest_translate(const struct vcpu *v, uint64_t va, bool write, gaddr_t *ga)
{
	struct walk w = walk_mode(v);
	uint64_t table = w.root;
	unsigned int size = w.index_bits == 9 ? 8 : 4;

	if (!w.levels) {
		*ga = gaddr((uint32_t)va);
		return 0;
	}
	if (w.levels == 4 && (uint64_t)((int64_t)(va << 16) >> 16) != va)
		return -EFAULT;
	if (w.levels != 4)
		va = (uint32_t)va;
	for (unsigned int level = w.levels; level > 0; level--) {
		unsigned int shift = PAGE_SHIFT + w.index_bits * (level - 1);
		uint64_t index = (va >> shift) & ((1ul << w.index_bits) - 1);
		uint64_t entry;

		if (!read_entry(v->domain, table + index * size, size, &entry))
			return -EFAULT;
		if (!(entry & PTE_P))
			return -EFAULT;
		/* The top entries of PAE have no such bit. */
		if (write && w.check_write && !(entry & PTE_W) && !(w.levels == 3 && level == 3))
			return -EFAULT;
		if (level == 1 || is_large(&w, level, entry)) {
			uint64_t mask = (1ul << shift) - 1;

			*ga = gaddr((entry & PTE_ADDR & ~mask) | (va & mask));
			return 0;
		}
		table = entry & PTE_ADDR;
	}
	return -EFAULT;
}

enum copy_dir { COPY_IN, COPY_OUT, COPY_CLEAR };

/* Within one page. */
static int copy_frame(struct domain *d, gaddr_t ga, void *buf, size_t n, enum copy_dir dir)
{
	char *page;
	mfn_t f;

	if (p2m_lookup(&d->p2m, gaddr_to_gfn(ga), &f) != P2M_RAM)
		return -EFAULT;
	page = window_open(WINDOW_COPY, f);
	page += ga.ga & ~PAGE_MASK;
	if (dir == COPY_IN)
		memcpy(buf, page, n);
	else if (dir == COPY_OUT)
		memcpy(page, buf, n);
	else
		memset(page, 0, n);
	window_close(WINDOW_COPY);
	return 0;
}

static int copy_virtual(uint64_t va, void *buf, size_t n, enum copy_dir dir)
{
	struct vcpu *v = current;
	char *p = buf;

	while (n) {
		size_t chunk = MIN(n, PAGE_SIZE - (va & ~PAGE_MASK));
		gaddr_t ga;
		int rc = guest_translate(v, va, dir != COPY_IN, &ga);

		if (!rc)
			rc = copy_frame(v->domain, ga, p, chunk, dir);
		if (rc)
			return rc;
		va += chunk;
		p += chunk;
		n -= chunk;
	}
	return 0;
}

int copy_from_guest(void *dst, uint64_t src, size_t n)
{
	return copy_virtual(src, dst, n, COPY_IN);
}

int copy_to_guest(uint64_t dst, const void *src, size_t n)
{
	return copy_virtual(dst, (void *)(uintptr_t)src, n, COPY_OUT);
}

static int copy_physical(struct domain *d, uint64_t ga, void *buf, size_t n, enum copy_dir dir)
{
	char *p = buf;

	while (n) {
		size_t chunk = MIN(n, PAGE_SIZE - (ga & ~PAGE_MASK));
		int rc = copy_frame(d, gaddr(ga), p, chunk, dir);

		if (rc)
			return rc;
		ga += chunk;
		p += chunk;
		n -= chunk;
	}
	return 0;
}

int copy_to_domain(struct domain *d, gaddr_t dst, const void *src, size_t n)
{
	return copy_physical(d, dst.ga, (void *)(uintptr_t)src, n, COPY_OUT);
}

int clear_domain(struct domain *d, gaddr_t dst, size_t n)
{
	char unused;

	return copy_physical(d, dst.ga, &unused, n, COPY_CLEAR);
}
