/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* A set of pCPUs. */
#ifndef HV_CPUMASK_H
#define HV_CPUMASK_H

#include "types.h"

#define CPUMASK_CPUS 256

struct cpumask {
	uint64_t bits[CPUMASK_CPUS / 64];
};

static inline bool cpumask_test(const struct cpumask *m, unsigned int cpu)
{
	return (__atomic_load_n(&m->bits[cpu / 64], __ATOMIC_RELAXED) >> (cpu % 64)) & 1;
}

/* Both are atomic and full barriers. */
static inline void cpumask_set(struct cpumask *m, unsigned int cpu)
{
	__atomic_fetch_or(&m->bits[cpu / 64], 1ul << (cpu % 64), __ATOMIC_SEQ_CST);
}

static inline void cpumask_clear(struct cpumask *m, unsigned int cpu)
{
	__atomic_fetch_and(&m->bits[cpu / 64], ~(1ul << (cpu % 64)), __ATOMIC_SEQ_CST);
}

/* The lowest pCPU that is in both, or CPUMASK_CPUS. */
static inline unsigned int cpumask_first_both(const struct cpumask *a, const struct cpumask *b)
{
	for (unsigned int i = 0; i < CPUMASK_CPUS / 64; i++) {
		uint64_t both = __atomic_load_n(&a->bits[i], __ATOMIC_RELAXED) &
				__atomic_load_n(&b->bits[i], __ATOMIC_RELAXED);

		if (both)
			return i * 64 + (unsigned int)__builtin_ctzl(both);
	}
	return CPUMASK_CPUS;
}

#endif /* HV_CPUMASK_H */
