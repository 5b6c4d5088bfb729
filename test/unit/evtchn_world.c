/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "evtchn_world.h"
#include "errno.h"
#include "printk.h"

struct world_domain world[WORLD_DOMAINS];
bool world_may_bind[WORLD_DOMAINS][WORLD_DOMAINS];
void (*world_hook)(void);

#define FRAMES_BASE 0x1000u /* gfn of frame[0] */

noreturn void assert_failed(const char *expr, const char *file, int line)
{
	print_error("ASSERT(%s) at %s:%d\n", expr, file, line);
	abort();
}

/* Locks: real ones, since one test has threads, and checked for order and recursion. */
static __thread struct spinlock *held[4];
static __thread unsigned int nr_held;

static bool is_domain_lock(const struct spinlock *l)
{
	for (unsigned int i = 0; i < WORLD_DOMAINS; i++)
		if (l == &world[i].e.lock)
			return true;
	return false;
}

static void check_order(const struct spinlock *l, bool may_wait)
{
	for (unsigned int i = 0; i < nr_held; i++) {
		assert_ptr_not_equal(held[i], l);
		/* domains by address, then FIFO locks, of which one at a time */
		if (is_domain_lock(l) && may_wait)
			assert_true(is_domain_lock(held[i]) && held[i] < l);
		if (!is_domain_lock(l))
			assert_true(is_domain_lock(held[i]));
	}
}

static void hook(void)
{
	static __thread bool inside;

	if (!world_hook || inside)
		return;
	inside = true;
	world_hook();
	inside = false;
}

void spin_lock(struct spinlock *l)
{
	uint16_t ticket;

	hook();
	check_order(l, true);
	ticket = __atomic_fetch_add(&l->next, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&l->owner, __ATOMIC_ACQUIRE) != ticket)
		__builtin_ia32_pause();
	held[nr_held++] = l;
}

bool spin_trylock(struct spinlock *l)
{
	uint16_t owner = __atomic_load_n(&l->owner, __ATOMIC_ACQUIRE);

	check_order(l, false);
	if (!__atomic_compare_exchange_n(&l->next, &owner, (uint16_t)(owner + 1), false,
					 __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		return false;
	held[nr_held++] = l;
	return true;
}

void spin_unlock(struct spinlock *l)
{
	unsigned int i = 0;

	while (i < nr_held && held[i] != l)
		i++;
	assert_true(i < nr_held);
	held[i] = held[--nr_held];
	__atomic_store_n(&l->owner, (uint16_t)(l->owner + 1), __ATOMIC_RELEASE);
	hook();
}

static struct world_domain *of(const struct evtchn_domain *d)
{
	return &world[d->domid];
}

static struct evtchn_domain *domain_get(domid_t domid)
{
	assert_int_equal(nr_held, 0);
	if (domid >= WORLD_DOMAINS || !world[domid].alive)
		return NULL;
	world[domid].refs++;
	return &world[domid].e;
}

static void domain_put(struct evtchn_domain *d)
{
	assert_int_equal(nr_held, 0);
	assert_true(of(d)->refs > 0);
	of(d)->refs--;
}

static bool may_bind(const struct evtchn_domain *d, domid_t remote)
{
	return remote >= WORLD_DOMAINS || world_may_bind[d->domid][remote];
}

static void *page_alloc(struct evtchn_domain *d)
{
	void *page;

	if (of(d)->budget == 0)
		return NULL;
	of(d)->budget--;
	of(d)->nr_pages++;
	page = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	memset(page, 0, PAGE_SIZE);
	return page;
}

static void page_free(struct evtchn_domain *d, void *page)
{
	of(d)->budget++;
	of(d)->nr_pages--;
	assert_true(of(d)->nr_pages >= 0);
	free(page);
}

static int page_map(struct evtchn_domain *d, gfn_t g, void **va)
{
	unsigned long n = g.g - FRAMES_BASE;

	assert_int_equal(nr_held, 0);
	if (n >= WORLD_FRAMES)
		return -EINVAL;
	of(d)->mapped[n]++;
	*va = of(d)->frame[n];
	return 0;
}

static void page_unmap(struct evtchn_domain *d, void *va)
{
	struct world_domain *w = of(d);
	unsigned long n = (unsigned long)((uint8_t(*)[PAGE_SIZE])va - w->frame);

	assert_true(n < WORLD_FRAMES && va == w->frame[n]);
	assert_true(w->mapped[n] > 0);
	w->mapped[n]--;
}

static void kick(struct evtchn_vcpu *v)
{
	__atomic_fetch_add(&of(v->d)->kicks[v->id], 1, __ATOMIC_SEQ_CST);
}

static void wake_pollers(struct evtchn_domain *d, evtchn_port_t port)
{
	of(d)->woken++;
	of(d)->woken_port = port;
}

static const struct evtchn_ops ops = {
	.domain_get = domain_get,
	.domain_put = domain_put,
	.may_bind = may_bind,
	.page_alloc = page_alloc,
	.page_free = page_free,
	.page_map = page_map,
	.page_unmap = page_unmap,
	.kick = kick,
	.wake_pollers = wake_pollers,
};

void world_boot(unsigned int domid, const struct evtchn_layout *layout)
{
	struct world_domain *w = &world[domid];

	memset(w, 0, sizeof(*w));
	w->alive = true;
	w->budget = 1000;
	w->e = (struct evtchn_domain){.ops = &ops,
				      .domid = (domid_t)domid,
				      .privileged = domid == 0,
				      .nr_vcpus = WORLD_VCPUS,
				      .vcpus = w->vcpus,
				      .shared_info = w->shared_info,
				      .layout = layout,
				      .max_ports = WORLD_PORTS};
	evtchn_domain_init(&w->e);
	for (uint16_t i = 0; i < WORLD_VCPUS; i++)
		evtchn_vcpu_init(&w->e, &w->vcpu[i], i, w->shared_info + i * 64);
}

void world_kill(unsigned int domid)
{
	struct world_domain *w = &world[domid];
	unsigned int steps = 0;

	w->alive = false;
	while (!evtchn_destroy_step(&w->e, 64))
		assert_true(++steps < 10000);
	assert_int_equal(w->nr_pages, 0);
	assert_int_equal(w->refs, 0);
	for (unsigned int i = 0; i < WORLD_FRAMES; i++)
		assert_int_equal(w->mapped[i], 0);
}

void world_start(const struct evtchn_layout *layout)
{
	memset(world_may_bind, true, sizeof(world_may_bind));
	world_hook = NULL;
	for (unsigned int i = 0; i < WORLD_DOMAINS; i++)
		world_boot(i, layout);
}

void world_stop(void)
{
	world_hook = NULL;
	for (unsigned int i = 0; i < WORLD_DOMAINS; i++)
		world_kill(i);
	assert_int_equal(nr_held, 0);
}

void world_use_fifo(unsigned int domid, unsigned int nr_pages)
{
	struct evtchn_expand_array expand;

	for (uint32_t i = 0; i < WORLD_VCPUS; i++) {
		struct evtchn_init_control init = {
			.control_gfn = FRAMES_BASE, .offset = i * 128, .vcpu = i};

		assert_int_equal(evtchn_op_init_control(&world[domid].e, &init), 0);
		assert_int_equal(init.link_bits, 17);
	}
	for (unsigned int i = 0; i < nr_pages; i++) {
		expand.array_gfn = FRAMES_BASE + 1 + i;
		assert_int_equal(evtchn_op_expand_array(&world[domid].e, &expand), 0);
	}
}

evtchn_port_t world_alloc(unsigned int domid, domid_t remote)
{
	struct evtchn_alloc_unbound op = {.dom = DOMID_SELF, .remote_dom = remote};

	assert_int_equal(evtchn_op_alloc_unbound(&world[domid].e, &op), 0);
	return op.port;
}

evtchn_port_t world_bind(unsigned int domid, domid_t remote, evtchn_port_t remote_port)
{
	struct evtchn_bind_interdomain op = {.remote_dom = remote, .remote_port = remote_port};

	assert_int_equal(evtchn_op_bind_interdomain(&world[domid].e, &op), 0);
	return op.local_port;
}

evtchn_port_t world_ipi(unsigned int domid, unsigned int vcpu)
{
	struct evtchn_bind_ipi op = {.vcpu = vcpu};

	assert_int_equal(evtchn_op_bind_ipi(&world[domid].e, &op), 0);
	return op.port;
}

evtchn_port_t world_virq(unsigned int domid, unsigned int virq, unsigned int vcpu)
{
	struct evtchn_bind_virq op = {.virq = virq, .vcpu = vcpu};

	assert_int_equal(evtchn_op_bind_virq(&world[domid].e, &op), 0);
	return op.port;
}

int world_close(unsigned int domid, evtchn_port_t port)
{
	struct evtchn_close op = {.port = port};

	return evtchn_op_close(&world[domid].e, &op);
}

struct evtchn_status world_status(unsigned int domid, evtchn_port_t port)
{
	struct evtchn_status op = {.dom = DOMID_SELF, .port = port};

	assert_int_equal(evtchn_op_status(&world[domid].e, &op), 0);
	return op;
}

event_word_t *world_word(struct world_domain *w, evtchn_port_t port)
{
	return (event_word_t *)w->frame[1 + port / 1024] + port % 1024;
}

struct evtchn_fifo_control_block *world_control(struct world_domain *w, unsigned int vcpu)
{
	return (struct evtchn_fifo_control_block *)(w->frame[0] + vcpu * 128);
}

static bool is_wide(const struct world_domain *w)
{
	return w->e.layout == &evtchn_layout_64;
}

static uint32_t *bits(struct world_domain *w, unsigned int offset, evtchn_port_t port,
		      uint32_t *mask)
{
	*mask = 1u << (port % 32);
	return (uint32_t *)(w->shared_info + offset) + port / 32;
}

bool world_pending(struct world_domain *w, evtchn_port_t port)
{
	uint32_t mask, *word = bits(w, 0x800, port, &mask);

	if (w->e.fifo)
		return (*world_word(w, port) >> EVTCHN_FIFO_PENDING) & 1;
	return (*word & mask) != 0;
}

void world_clear(struct world_domain *w, evtchn_port_t port)
{
	uint32_t mask, *word = bits(w, 0x800, port, &mask);

	if (w->e.fifo) {
		word = world_word(w, port);
		mask = 1u << EVTCHN_FIFO_PENDING;
	}
	__atomic_fetch_and(word, ~mask, __ATOMIC_SEQ_CST);
}

void world_mask(struct world_domain *w, evtchn_port_t port, bool masked)
{
	uint32_t mask, *word = bits(w, is_wide(w) ? 0xa00 : 0x880, port, &mask);

	if (w->e.fifo) {
		word = world_word(w, port);
		mask = 1u << EVTCHN_FIFO_MASKED;
	}
	if (masked)
		__atomic_fetch_or(word, mask, __ATOMIC_SEQ_CST);
	else
		__atomic_fetch_and(word, ~mask, __ATOMIC_SEQ_CST);
}

uint8_t *world_upcall(struct world_domain *w, unsigned int vcpu)
{
	return w->vcpu[vcpu].info;
}

/* G2 to G5 of evtchn_fifo.c for one queue. */
static evtchn_port_t take_fifo(struct world_domain *w, unsigned int vcpu, unsigned int q)
{
	const uint32_t pending = 1u << EVTCHN_FIFO_PENDING, masked = 1u << EVTCHN_FIFO_MASKED;
	const uint32_t linked = 1u << EVTCHN_FIFO_LINKED;
	struct evtchn_fifo_control_block *c = world_control(w, vcpu);
	evtchn_port_t port = w->head[vcpu][q];
	event_word_t *word, old;

	if (!port)
		port = __atomic_load_n(&c->head[q], __ATOMIC_ACQUIRE);
	word = world_word(w, port);
	old = __atomic_load_n(word, __ATOMIC_ACQUIRE);
	while (!__atomic_compare_exchange_n(word, &old,
					    old & ~(linked | (uint32_t)EVTCHN_FIFO_LINK_MASK),
					    false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE))
		;
	w->head[vcpu][q] = old & (uint32_t)EVTCHN_FIFO_LINK_MASK;
	if (!w->head[vcpu][q])
		w->ready[vcpu] &= ~(1u << q);
	if ((__atomic_load_n(word, __ATOMIC_ACQUIRE) & (pending | masked)) != pending)
		return 0;
	__atomic_fetch_and(word, ~pending, __ATOMIC_SEQ_CST);
	return port;
}

static evtchn_port_t take_2l(struct world_domain *w, unsigned int vcpu)
{
	char *info = w->vcpu[vcpu].info;
	unsigned int shift = is_wide(w) ? 6 : 5;
	uint64_t sel = is_wide(w)
			       ? __atomic_exchange_n((uint64_t *)(info + 8), 0, __ATOMIC_SEQ_CST)
			       : __atomic_exchange_n((uint32_t *)(info + 4), 0, __ATOMIC_SEQ_CST);

	for (evtchn_port_t p = 1; p < w->e.layout->nr_ports; p++) {
		uint32_t mask, *m = bits(w, is_wide(w) ? 0xa00 : 0x880, p, &mask);

		if (!((sel >> (p >> shift)) & 1) || !world_pending(w, p) || (*m & mask))
			continue;
		world_clear(w, p);
		/* there may be more: leave everything as it was found */
		if (is_wide(w))
			__atomic_fetch_or((uint64_t *)(info + 8), sel, __ATOMIC_SEQ_CST);
		else
			__atomic_fetch_or((uint32_t *)(info + 4), (uint32_t)sel, __ATOMIC_SEQ_CST);
		*world_upcall(w, vcpu) = 1;
		return p;
	}
	return 0;
}

evtchn_port_t world_take(struct world_domain *w, unsigned int vcpu)
{
	if (!__atomic_exchange_n(world_upcall(w, vcpu), 0, __ATOMIC_SEQ_CST))
		return 0;
	if (!w->e.fifo)
		return take_2l(w, vcpu);
	for (;;) {
		evtchn_port_t port;

		w->ready[vcpu] |=
			__atomic_exchange_n(&world_control(w, vcpu)->ready, 0, __ATOMIC_SEQ_CST);
		if (!w->ready[vcpu])
			return 0;
		port = take_fifo(w, vcpu, (unsigned int)__builtin_ctz(w->ready[vcpu]));
		if (!port)
			continue;
		__atomic_store_n(world_upcall(w, vcpu), 1, __ATOMIC_SEQ_CST);
		return port;
	}
}
