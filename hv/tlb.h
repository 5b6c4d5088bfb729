/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * When may a frame be used again?  Flush generations and quarantine.
 *
 * A space is something that is translated: one domain's p2m (with the IOMMU
 * tables made from it), or the hypervisor's own address space.  Whoever takes
 * rights or frames out of a space calls tlb_reduce() after the last store to
 * its tables; what was taken out waits in the space's quarantine until no pCPU
 * and no IOTLB can still hold a translation to it, and no pCPU is in the middle
 * of hypervisor code that looked it up before.
 *
 * This file owns the generations, the quarantine lists and the address-space
 * identifiers (ASID, VPID).  It leaves to others the flush instructions, the
 * IPIs, the lock of each space (the p2m lock), and what a frame is.
 *
 * A pCPU is in one of three states, and says so at each change:
 *   guest of S  runs a guest over S; holds translations of S, nothing else
 *   hypervisor  may hold anything that it has looked up since it came here
 *   idle        holds nothing
 *
 * The protocol, against a reduction of S on another pCPU:
 *
 *	pCPU that enters a guest	pCPU that reduces S, under S's lock
 *	E1 running = S			R1 stores into the tables
 *	E2 t = clock			R2 S.gen = S.gen + 1
 *	E3 seen = t, full barrier	R3 T = ++clock, full barrier
 *	E4 if S.gen moved: flush	R4 read running and seen of each pCPU
 *	E5 run the guest
 *
 * R4 takes a pCPU as done if seen >= T, or if it runs another guest or idles.
 *  - seen >= T: E2 came after R3, so E4 sees R2, and flushes after R1.
 *  - running is not S yet: E1 reaches memory after R4, so E4, behind the
 *    barrier E3, comes after R4 and sees R2.
 *  - running is S and seen < T: the pCPU may use old translations; it is kicked.
 *    A kick that comes between E4 and E5 is pending there and ends E5 at once.
 *  - in the hypervisor with seen < T: not done, not kicked: hypervisor code is
 *    bounded, and its next change of state, again with E1 to E3, ends the wait.
 * The same steps guard the hypervisor's own space, with "guest" and "hypervisor"
 * exchanged: a pCPU checks its generation whenever it comes back.
 *
 * Source: AMD APM vol. 2, "TLB Control", "Address Space Identifier"; Intel SDM
 * vol. 3, "Caching Translation Information".
 */
#ifndef HV_TLB_H
#define HV_TLB_H

#include "compiler.h"
#include "types.h"

#define TLB_MAX_CPUS 256

struct tlb_cpumask {
	uint64_t bits[TLB_MAX_CPUS / 64];
};

static inline bool tlb_cpumask_test(const struct tlb_cpumask *m, unsigned int cpu)
{
	return (m->bits[cpu / 64] >> (cpu % 64)) & 1;
}

/*
 * Something in quarantine; embedded in what describes a frame.  Owned by the
 * quarantine from tlb_quarantine() until it is handed back by tlb_release().
 */
struct tlb_item {
	struct tlb_item *next;
	uint64_t tag; /* first of a batch: the clock of its reduction; others: 0 */
};

/* An IOTLB that caches a space: what it has flushed, as the clock of the reduction. */
struct tlb_agent {
	struct tlb_agent *next; /* [space lock] */
	uint64_t acked;		/* [atomic] */
};

struct tlb_space {
	uint64_t gen;		   /* [lock to write, atomic] reductions so far, from 1 */
	uint64_t reduced;	   /* [lock] clock of the latest reduction */
	uint64_t acked;		   /* [lock] reductions up to this clock are complete */
	struct tlb_agent *agents;  /* [lock] */
	struct tlb_item *open;	   /* [lock] taken out, reduction not yet declared */
	struct tlb_item *open_end; /* [lock] */
	struct tlb_item *head;	   /* [lock] declared, oldest first */
	struct tlb_item *tail;	   /* [lock] */
	uint64_t head_tag;	   /* [lock] of the batch that head is in */
	unsigned long nr_items;	   /* [lock] both lists */
};

/* One pCPU.  On a cache line that other pCPUs only read. */
struct tlb_cpu {
	struct tlb_space *running; /* [own, atomic] guest space, TLB_IDLE, or NULL: hypervisor */
	uint64_t seen;		   /* [own, atomic] clock at the latest change of state */
	uint64_t epoch;		   /* [own] of its ASIDs; differs from any other pCPU's */
	uint64_t hv_gen;	   /* [own] generation of the hypervisor's space flushed here */
	uint32_t next_asid;	   /* [own] never used in this epoch, nor any above */
	uint32_t nr_asids;	   /* (o) 1 ... nr_asids - 1 are given out; 0 is the hypervisor */
	bool flush_by_asid;	   /* (o) one ASID can be flushed alone */
} aligned(64);

/* One vCPU.  Belongs to the pCPU that runs it. */
struct tlb_vcpu {
	uint64_t epoch; /* of asid; 0: none */
	uint64_t gen;	/* of the space, flushed under asid */
	uint32_t asid;
};

struct tlb_machine {
	uint64_t clock;			   /* [atomic] reductions of all spaces */
	struct tlb_space hv;		   /* the hypervisor's own address space */
	unsigned int nr_cpus;		   /* (o) after boot; cpu[] is filled up to it */
	struct tlb_cpu *cpu[TLB_MAX_CPUS]; /* (o) */
};

/* tlb_cpu.running of a pCPU that sleeps. */
#define TLB_IDLE ((struct tlb_space *)1)

/*
 * What tlb_enter_guest() asks of its caller before the guest's first
 * instruction; any combination, 0 on nearly every entry.
 */
#define TLB_NEW_ASID	0x1u /* v->asid changed: load it */
#define TLB_FLUSH_ASID	0x2u /* flush v->asid on this pCPU */
#define TLB_FLUSH_ALL	0x4u /* flush all guests' ASIDs on this pCPU */
#define TLB_FLUSH_SPACE 0x8u /* where translations are tagged by table root (EPT): flush s here */

/* Boot, one pCPU.  The hypervisor's space has a lock like any other, the caller's. */
void tlb_machine_init(struct tlb_machine *m);

/*
 * Add pCPU number m->nr_cpus, in the hypervisor state.  nr_asids >= 2 counts
 * ASID 0.  Boot only, one at a time, before the pCPU enters any guest.
 */
void tlb_cpu_init(struct tlb_machine *m, struct tlb_cpu *c, uint32_t nr_asids, bool flush_by_asid);

void tlb_space_init(struct tlb_space *s);

/* May s's record go away?  No pCPU runs it, nothing is in its quarantine, no IOTLB is left.  Lock
 * held. */
bool must_check tlb_space_is_unused(const struct tlb_machine *m, const struct tlb_space *s);

/*
 * Make the next entry of v take a fresh ASID: its guest's own translations are
 * void (the vCPU was reset or restored).  On v's pCPU, or v not running.
 */
static inline void tlb_vcpu_reset(struct tlb_vcpu *v)
{
	v->epoch = 0;
}

unsigned int tlb_enter_slow(struct tlb_cpu *c, struct tlb_vcpu *v, const struct tlb_space *s);

static inline void tlb_change_state(const struct tlb_machine *m, struct tlb_cpu *c,
				    struct tlb_space *running)
{
	__atomic_store_n(&c->running, running, __ATOMIC_RELAXED);
	(void)__atomic_exchange_n(&c->seen, __atomic_load_n(&m->clock, __ATOMIC_ACQUIRE),
				  __ATOMIC_SEQ_CST);
}

/*
 * This pCPU is about to run a guest of v over s: interrupts off, no lock held,
 * no frame looked up and still in use.  Returns TLB_* flags, to be obeyed.
 */
static inline unsigned int must_check tlb_enter_guest(const struct tlb_machine *m,
						      struct tlb_cpu *c, struct tlb_vcpu *v,
						      struct tlb_space *s)
{
	tlb_change_state(m, c, s);
	if (likely(v->epoch == c->epoch && v->gen == __atomic_load_n(&s->gen, __ATOMIC_ACQUIRE)))
		return 0;
	return tlb_enter_slow(c, v, s);
}

/*
 * This pCPU has left its guest or its sleep, or stands at a point of hypervisor
 * code where it holds nothing that it has looked up (a waiting loop calls it so
 * that two waiters do not wait for each other).  True: the hypervisor's own
 * translations, global ones too, are to be flushed here before any use.
 */
static inline bool must_check tlb_enter_hv(const struct tlb_machine *m, struct tlb_cpu *c)
{
	uint64_t gen;

	tlb_change_state(m, c, NULL);
	gen = __atomic_load_n(&m->hv.gen, __ATOMIC_ACQUIRE);
	if (likely(c->hv_gen == gen))
		return false;
	c->hv_gen = gen;
	return true;
}

/* This pCPU goes to sleep, holding nothing; tlb_enter_hv() when it wakes. */
static inline void tlb_enter_idle(const struct tlb_machine *m, struct tlb_cpu *c)
{
	tlb_change_state(m, c, TLB_IDLE);
}

/*
 * Put something that was just taken out of s's tables (a frame, or a table page:
 * pt_flush.retire) into quarantine.  s's lock held, tlb_reduce() follows under
 * the same hold of it.
 */
void tlb_quarantine(struct tlb_space *s, struct tlb_item *item);

/*
 * Declare a reduction of s: the stores to its tables are done.  s's lock held.
 * Returns its clock, for tlb_done() and tlb_agent_ack(); *kick gets the pCPUs
 * that must leave their guest.  The caller sends them any IPI, asks s's IOTLBs
 * to flush, and, if s is the hypervisor's own, flushes this pCPU itself at
 * once (the others do when they come back).
 */
uint64_t must_check tlb_reduce(struct tlb_machine *m, struct tlb_space *s,
			       struct tlb_cpumask *kick);

/*
 * Is the reduction of s at clock tag complete everywhere?  s's lock held.  The
 * calling pCPU counts like any other: in the hypervisor state, it has to pass
 * tlb_enter_hv() first.
 */
bool must_check tlb_done(const struct tlb_machine *m, struct tlb_space *s, uint64_t tag);

/*
 * Hand back what s's quarantine may let go, oldest first, at most budget items;
 * release gets each, with s's lock held.  Returns how many.
 */
unsigned int tlb_release(const struct tlb_machine *m, struct tlb_space *s, unsigned int budget,
			 void (*release)(void *ctx, struct tlb_item *item), void *ctx);

/* An IOTLB begins or ceases to cache s; on both sides it holds nothing of s.  s's lock held. */
void tlb_agent_add(const struct tlb_machine *m, struct tlb_space *s, struct tlb_agent *a);
void tlb_agent_remove(struct tlb_space *s, struct tlb_agent *a);

/* The invalidation that followed the reduction at clock tag is complete. */
static inline void tlb_agent_ack(struct tlb_agent *a, uint64_t tag)
{
	__atomic_store_n(&a->acked, tag, __ATOMIC_RELEASE);
}

#endif /* HV_TLB_H */
