/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the order of reads and writes on the event words.  Against the hypervisor:
 *
 *   it                              we
 *   1 sets the pending bit          1 clear upcall_pending
 *   2 if unmasked, sets the         2 take the selector word (exchange)
 *     selector bit                  3 take the pending bits (atomic and)
 *   3 sets upcall_pending           4 run the handlers
 *
 * An event between our 3 and our next round finds its pending bit clear, so it sets
 * selector and upcall_pending again: nothing is lost.
 */
#include "src/evscan.h"

static unsigned long bit_of(uint32_t port)
{
	return 1ul << port % EVSCAN_WORD_BITS;
}

static void word_serve(const struct evscan *s, unsigned int w, void (*fn)(uint32_t port))
{
	unsigned long bits = s->pending[w] & ~__atomic_load_n(&s->mask[w], __ATOMIC_RELAXED);

	__atomic_and_fetch(&s->pending[w], ~bits, __ATOMIC_SEQ_CST);
	for (; bits != 0; bits &= bits - 1) {
		uint32_t port = w * EVSCAN_WORD_BITS + (uint32_t)__builtin_ctzl(bits);

		if (__atomic_load_n(&s->mask[w], __ATOMIC_RELAXED) & bit_of(port))
			__atomic_or_fetch(&s->pending[w], bit_of(port), __ATOMIC_SEQ_CST);
		else
			fn(port);
	}
}

void evscan_serve(const struct evscan *s, void (*fn)(uint32_t port))
{
	unsigned long sel;

	__atomic_store_n(s->upcall_pending, 0, __ATOMIC_RELAXED);
	sel = __atomic_exchange_n(s->pending_sel, 0, __ATOMIC_SEQ_CST);
	for (; sel != 0; sel &= sel - 1)
		word_serve(s, (unsigned int)__builtin_ctzl(sel), fn);
}

void evscan_mask(const struct evscan *s, uint32_t port)
{
	__atomic_or_fetch(&s->mask[port / EVSCAN_WORD_BITS], bit_of(port), __ATOMIC_SEQ_CST);
}

void evscan_unmask(const struct evscan *s, uint32_t port)
{
	unsigned int w = port / EVSCAN_WORD_BITS;

	__atomic_and_fetch(&s->mask[w], ~bit_of(port), __ATOMIC_SEQ_CST);
	if (!(__atomic_load_n(&s->pending[w], __ATOMIC_RELAXED) & bit_of(port)))
		return;
	__atomic_or_fetch(s->pending_sel, 1ul << w, __ATOMIC_SEQ_CST);
	__atomic_store_n(s->upcall_pending, 1, __ATOMIC_SEQ_CST);
}
