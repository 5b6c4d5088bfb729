/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * One region of address space, a slot a page.  A closed slot is used again when
 * every pCPU has flushed the hypervisor's space; its frame is unpinned then.
 *
 * Lock: slots_lock, which is the lock of machine_tlb.hv too.
 */
#include "x86/guestmap.h"

#include "page.h"
#include "printk.h"
#include "spinlock.h"
#include "tlb.h"
#include "x86/paging.h"
#include "x86/percpu.h"

#define NR_SLOTS 1024

enum slot_state { SLOT_FREE, SLOT_OPEN, SLOT_CLOSED };

struct slot {
	enum slot_state state;
	mfn_t frame;  /* pinned, while not free */
	uint64_t tag; /* of the reduction that closed it */
};

static struct spinlock slots_lock;
static struct slot slots[NR_SLOTS]; /* [slots_lock] */

static void *slot_va(unsigned int i)
{
	return (void *)(GUESTMAP_BASE + i * PAGE_SIZE);
}

/* A slot that may be used now; NR_SLOTS when there is none. */
static unsigned int find_slot(void)
{
	for (unsigned int i = 0; i < NR_SLOTS; i++) {
		struct slot *s = &slots[i];

		if (s->state == SLOT_CLOSED && tlb_done(&machine_tlb, &machine_tlb.hv, s->tag)) {
			page_put(s->frame);
			s->state = SLOT_FREE;
		}
		if (s->state == SLOT_FREE)
			return i;
	}
	return NR_SLOTS;
}

void *guestmap_open(mfn_t f)
{
	void *va = NULL;
	unsigned int i;

	spin_lock(&slots_lock);
	i = find_slot();
	if (i < NR_SLOTS && !hv_map_page((uintptr_t)slot_va(i), f)) {
		slots[i] = (struct slot){.state = SLOT_OPEN, .frame = f};
		va = slot_va(i);
	}
	spin_unlock(&slots_lock);
	return va;
}

void guestmap_close(void *va)
{
	unsigned int i = (unsigned int)(((uintptr_t)va - GUESTMAP_BASE) >> PAGE_SHIFT);
	struct tlb_cpumask kick;

	ASSERT(i < NR_SLOTS && slots[i].state == SLOT_OPEN);
	spin_lock(&slots_lock);
	hv_unmap_page((uintptr_t)slot_va(i));
	slots[i].state = SLOT_CLOSED;
	/* Nobody is kicked for it: a slot can wait until each pCPU comes by. */
	slots[i].tag = tlb_reduce(&machine_tlb, &machine_tlb.hv, &kick);
	spin_unlock(&slots_lock);
	hv_flush_tlb();
}
