/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * How the page-table core reads and writes an entry that hardware may walk at
 * the same moment.  Apart from pt.c, so that a host model can put a memory that
 * records each access in its place: it is included as "x86/pt_mem.h", found by the
 * search path alone.
 */
#ifndef HV_X86_PT_MEM_H
#define HV_X86_PT_MEM_H

#include "types.h"

/* What is read through the entry is ordered after it by the address. */
static inline uint64_t pt_mem_read(const uint64_t *slot)
{
	return __atomic_load_n(slot, __ATOMIC_RELAXED);
}

/* All earlier stores are seen by whoever sees this one. */
static inline void pt_mem_write(uint64_t *slot, uint64_t entry)
{
	__atomic_store_n(slot, entry, __ATOMIC_RELEASE);
}

/* Bring n bytes from p to memory, before any later store gets there. */
static inline void pt_mem_write_back(const void *p, size_t n)
{
	const char *line = (const char *)((uintptr_t)p & ~63ul);
	const char *end = (const char *)p + n;

	for (; line < end; line += 64)
		__asm__ volatile("clflush (%0)" : : "r"(line) : "memory");
	__asm__ volatile("mfence" : : : "memory");
}

#endif /* HV_X86_PT_MEM_H */
