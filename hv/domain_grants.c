/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* How the grant-table core reaches domains, their memory and the p2m. */
#include "domain.h"
#include "errno.h"
#include "heap.h"
#include "lib/string.h"
#include "page.h"
#include "x86/window.h"

static struct domain *domain_of(struct grant_domain *g)
{
	return container_of(g, struct domain, grants);
}

static struct grant_domain *grants_domain_get(domid_t domid)
{
	struct domain *d = domain_get(domid);

	return d ? &d->grants : NULL;
}

static void grants_domain_put(struct grant_domain *g)
{
	domain_put(domain_of(g));
}

/* The granter's own entry is what allows it; whom it may grant to is the manifest's affair. */
static bool grants_may_use(const struct grant_domain *g, domid_t granter)
{
	return g->domid == DOMID_CONTROL || granter == DOMID_CONTROL || g->domid == granter;
}

static void *grants_page_alloc(struct grant_domain *g)
{
	(void)g;
	return hv_page_alloc();
}

static void grants_page_free(struct grant_domain *g, void *page)
{
	(void)g;
	hv_page_free(page);
}

static int grants_frame_get(struct grant_domain *g, gfn_t at, mfn_t *f)
{
	if (at.g >= 1ul << 36)
		return -EINVAL;
	return p2m_get(&domain_of(g)->p2m, at, f);
}

static int grants_map(struct grant_domain *g, gfn_t at, mfn_t f, bool writable)
{
	return p2m_map_grant(&domain_of(g)->p2m, at, f, writable);
}

static void grants_unmap(struct grant_domain *g, gfn_t at, mfn_t f)
{
	p2m_unmap_grant(&domain_of(g)->p2m, at, f);
}

static void grants_flush(struct grant_domain *g)
{
	p2m_flush(&domain_of(g)->p2m);
}

static void grants_copy(mfn_t to, unsigned int to_offset, mfn_t from, unsigned int from_offset,
			unsigned int n)
{
	char *dst = window_open(WINDOW_COPY, to);
	const char *src = window_open(WINDOW_OTHER, from);

	if (mfn_eq(to, from)) /* seen at two places, but one frame: the ranges may overlap */
		memmove(dst + to_offset, dst + from_offset, n);
	else
		memcpy(dst + to_offset, src + from_offset, n);
	window_close(WINDOW_OTHER);
	window_close(WINDOW_COPY);
}

const struct grant_ops domain_grant_ops = {
	.domain_get = grants_domain_get,
	.domain_put = grants_domain_put,
	.may_use = grants_may_use,
	.page_alloc = grants_page_alloc,
	.page_free = grants_page_free,
	.frame_get = grants_frame_get,
	.frame_get_again = page_get,
	.frame_put = page_put,
	.map = grants_map,
	.unmap = grants_unmap,
	.flush = grants_flush,
	.copy = grants_copy,
};
