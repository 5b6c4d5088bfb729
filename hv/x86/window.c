/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "x86/window.h"

#include "errno.h"
#include "printk.h"
#include "x86/asm.h"
#include "x86/paging.h"
#include "x86/percpu.h"

#define PTE_PRESENT  0x001ul
#define PTE_WRITE    0x002ul
#define PTE_ACCESSED 0x020ul
#define PTE_DIRTY    0x040ul
#define PTE_NX	     (1ul << 63)
#define PTE_WINDOW   (PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY | PTE_NX)

static uintptr_t slot_va(unsigned int cpu, enum window_slot slot)
{
	return WINDOW_BASE + ((uintptr_t)cpu * WINDOW_NR + slot) * PAGE_SIZE;
}

int window_init_cpu(void)
{
	struct cpu *c = this_cpu();

	c->window_va = slot_va(c->id, 0);
	for (unsigned int i = 0; i < WINDOW_NR; i++) {
		uint64_t *pte = hv_pte_alloc(slot_va(c->id, i));

		if (!pte)
			return -ENOMEM;
		c->window_pte[i] = pte;
	}
	return 0;
}

void *window_open(enum window_slot slot, mfn_t f)
{
	struct cpu *c = this_cpu();

	ASSERT(!*c->window_pte[slot]);
	*c->window_pte[slot] = mfn_to_maddr(f).ma | PTE_WINDOW;
	barrier();
	return (void *)(c->window_va + slot * PAGE_SIZE);
}

void window_close(enum window_slot slot)
{
	struct cpu *c = this_cpu();

	*c->window_pte[slot] = 0;
	invlpg((void *)(c->window_va + slot * PAGE_SIZE));
}

void window_close_all(void)
{
	for (unsigned int i = 0; i < WINDOW_NR; i++)
		window_close((enum window_slot)i);
}
