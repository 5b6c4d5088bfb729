/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * x86/guest_walk.h says what a guest's virtual address means; here its reads of
 * the guest's tables go through the window, as the copies do.
 */
#include "guestcopy.h"

#include "domain.h"
#include "errno.h"
#include "lib/string.h"
#include "vcpu.h"
#include "x86/guest_walk.h"
#include "x86/percpu.h"
#include "x86/vendor.h"
#include "x86/window.h"

/* One entry of a guest's table; false when the table is not RAM. */
static bool read_entry(void *ctx, gaddr_t ga, unsigned int size, uint64_t *entry)
{
	struct domain *d = ctx;
	const char *page;
	mfn_t f;

	if (p2m_lookup(&d->p2m, gaddr_to_gfn(ga), &f) != P2M_RAM)
		return false;
	page = window_open(WINDOW_WALK, f);
	page += ga.ga & ~PAGE_MASK;
	*entry = size == 8 ? *(const volatile uint64_t *)page : *(const volatile uint32_t *)page;
	window_close(WINDOW_WALK);
	return true;
}

int guest_translate(const struct vcpu *v, uint64_t va, unsigned int access, gaddr_t *ga)
{
	struct guest_paging paging;

	vendor->get_paging(v, &paging);
	return guest_walk(&paging, va, access, read_entry, v->domain, ga) ? 0 : -EFAULT;
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

static int copy_virtual(uint64_t va, void *buf, size_t n, enum copy_dir dir, unsigned int access)
{
	struct vcpu *v = current;
	char *p = buf;

	while (n) {
		size_t chunk = MIN(n, PAGE_SIZE - (va & ~PAGE_MASK));
		gaddr_t ga;
		int rc = guest_translate(v, va, access, &ga);

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
	return copy_virtual(src, dst, n, COPY_IN, 0);
}

int copy_to_guest(uint64_t dst, const void *src, size_t n)
{
	return copy_virtual(dst, (void *)(uintptr_t)src, n, COPY_OUT, GUEST_WRITE);
}

int copy_to_guest_user(uint64_t dst, const void *src, size_t n)
{
	return copy_virtual(dst, (void *)(uintptr_t)src, n, COPY_OUT, GUEST_WRITE | GUEST_USER);
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
