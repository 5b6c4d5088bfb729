/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Flush generations and quarantine: see tlb.h for the protocol and its steps. */
#include "tlb.h"
#include "printk.h"

/* Epochs of different pCPUs never meet: the number of the pCPU is above 48 bits of count. */
#define TLB_EPOCH_SHIFT 48

void tlb_space_init(struct tlb_space *s)
{
	*s = (struct tlb_space){.gen = 1};
}

void tlb_machine_init(struct tlb_machine *m)
{
	*m = (struct tlb_machine){.clock = 1};
	tlb_space_init(&m->hv);
}

void tlb_cpu_init(struct tlb_machine *m, struct tlb_cpu *c, uint32_t nr_asids, bool flush_by_asid)
{
	ASSERT(nr_asids >= 2);
	ASSERT(m->nr_cpus < TLB_MAX_CPUS);
	*c = (struct tlb_cpu){
		.seen = m->clock,
		.epoch = (uint64_t)(m->nr_cpus + 1) << TLB_EPOCH_SHIFT,
		.hv_gen = 0, /* flush on first return: what the firmware left is unknown */
		.next_asid = nr_asids, /* and so for guests: the first entry starts an epoch */
		.nr_asids = nr_asids,
		.flush_by_asid = flush_by_asid,
	};
	m->cpu[m->nr_cpus] = c;
	__atomic_store_n(&m->nr_cpus, m->nr_cpus + 1, __ATOMIC_RELEASE);
}

bool tlb_space_is_unused(const struct tlb_machine *m, const struct tlb_space *s)
{
	for (unsigned int i = 0; i < m->nr_cpus; i++)
		if (__atomic_load_n(&m->cpu[i]->running, __ATOMIC_ACQUIRE) == s)
			return false;
	return s->nr_items == 0 && !s->agents;
}

/*
 * v comes from another pCPU, its ASID is of an old epoch, or s was reduced.  A
 * fresh ASID holds no translation, so it needs no flush.
 */
unsigned int tlb_enter_slow(struct tlb_cpu *c, struct tlb_vcpu *v, const struct tlb_space *s)
{
	unsigned int flags = TLB_FLUSH_SPACE;

	ASSERT(c->running == s);
	v->gen = __atomic_load_n(&s->gen, __ATOMIC_ACQUIRE);
	if (v->epoch == c->epoch && c->flush_by_asid)
		return flags | TLB_FLUSH_ASID;
	if (c->next_asid == c->nr_asids) {
		c->epoch++;
		c->next_asid = 1;
		flags |= TLB_FLUSH_ALL;
	}
	v->epoch = c->epoch;
	v->asid = c->next_asid++;
	return flags | TLB_NEW_ASID;
}

void tlb_quarantine(struct tlb_space *s, struct tlb_item *item)
{
	*item = (struct tlb_item){0};
	if (s->open)
		s->open_end->next = item;
	else
		s->open = item;
	s->open_end = item;
	s->nr_items++;
}

/* The open items become the youngest batch. */
static void tlb_close_batch(struct tlb_space *s, uint64_t tag)
{
	if (!s->open)
		return;
	s->open->tag = tag;
	if (s->head)
		s->tail->next = s->open;
	else
		s->head = s->open;
	s->tail = s->open_end;
	s->open = s->open_end = NULL;
}

static uint64_t tlb_cpu_seen(const struct tlb_cpu *c)
{
	return __atomic_load_n(&c->seen, __ATOMIC_ACQUIRE);
}

static const struct tlb_space *tlb_cpu_running(const struct tlb_cpu *c)
{
	return __atomic_load_n(&c->running, __ATOMIC_ACQUIRE);
}

uint64_t tlb_reduce(struct tlb_machine *m, struct tlb_space *s, struct tlb_cpumask *kick)
{
	uint64_t tag;

	__atomic_store_n(&s->gen, s->gen + 1, __ATOMIC_RELEASE);  /* R2 */
	tag = __atomic_add_fetch(&m->clock, 1, __ATOMIC_SEQ_CST); /* R3 */
	s->reduced = tag;
	tlb_close_batch(s, tag);
	*kick = (struct tlb_cpumask){0};
	for (unsigned int i = 0; i < m->nr_cpus; i++) /* R4 */
		if (tlb_cpu_running(m->cpu[i]) == s && tlb_cpu_seen(m->cpu[i]) < tag)
			kick->bits[i / 64] |= 1ul << (i % 64);
	return tag;
}

/*
 * The clock up to which c is done with reductions of s.  It never goes back:
 * who leaves a guest or wakes has seen a later clock than any reader before.
 */
static uint64_t tlb_cpu_acked(const struct tlb_cpu *c, const struct tlb_space *s, uint64_t now)
{
	const struct tlb_space *running = tlb_cpu_running(c);

	return running && running != s ? now : tlb_cpu_seen(c);
}

static void tlb_update_acked(const struct tlb_machine *m, struct tlb_space *s)
{
	uint64_t acked = __atomic_load_n(&m->clock, __ATOMIC_SEQ_CST), now = acked;

	for (unsigned int i = 0; i < m->nr_cpus; i++) {
		uint64_t c = tlb_cpu_acked(m->cpu[i], s, now);

		acked = MIN(acked, c);
	}
	for (const struct tlb_agent *a = s->agents; a; a = a->next) {
		uint64_t c = __atomic_load_n(&a->acked, __ATOMIC_ACQUIRE);

		if (c < s->reduced)
			acked = MIN(acked, c);
	}
	s->acked = MAX(s->acked, acked);
}

bool tlb_done(const struct tlb_machine *m, struct tlb_space *s, uint64_t tag)
{
	if (s->acked < tag)
		tlb_update_acked(m, s);
	return s->acked >= tag;
}

unsigned int tlb_release(const struct tlb_machine *m, struct tlb_space *s, unsigned int budget,
			 void (*release)(void *ctx, struct tlb_item *item), void *ctx)
{
	unsigned int n = 0;

	ASSERT(!s->open);
	while (n < budget && s->head) {
		struct tlb_item *item = s->head;

		if (item->tag)
			s->head_tag = item->tag;
		if (!tlb_done(m, s, s->head_tag))
			break;
		s->head = item->next;
		s->nr_items--;
		release(ctx, item);
		n++;
	}
	return n;
}

void tlb_agent_add(const struct tlb_machine *m, struct tlb_space *s, struct tlb_agent *a)
{
	*a = (struct tlb_agent){.next = s->agents,
				.acked = __atomic_load_n(&m->clock, __ATOMIC_SEQ_CST)};
	s->agents = a;
}

void tlb_agent_remove(struct tlb_space *s, struct tlb_agent *a)
{
	struct tlb_agent **link = &s->agents;

	while (*link != a) {
		ASSERT(*link);
		link = &(*link)->next;
	}
	*link = a->next;
}
