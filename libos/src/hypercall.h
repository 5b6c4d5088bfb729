/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The hypercall instruction, with the number known at compile time: a direct call
 * into the page.  Arguments may be clobbered (debug builds of Xen do so).
 */
#ifndef LIBOS_SRC_HYPERCALL_H
#define LIBOS_SRC_HYPERCALL_H

#include <libos/hypercall.h>

/* Find the hypervisor and make its page callable.  Before the tables turn read-only. */
void hypercall_init(void);

/* Read the feature bits.  After hypercall_init(). */
void hypercall_read_features(void);

#define HYPERCALL_SLOT 32

static inline __attribute__((__always_inline__)) long hypercall2(unsigned int nr, unsigned long a1,
								 unsigned long a2)
{
	long ret;

	__asm__ volatile("call hypercall_page + %c[slot]"
			 : "=a"(ret), "+D"(a1), "+S"(a2)
			 : [slot] "i"(nr * HYPERCALL_SLOT)
			 : "memory");
	return ret;
}

static inline __attribute__((__always_inline__)) long hypercall3(unsigned int nr, unsigned long a1,
								 unsigned long a2, unsigned long a3)
{
	long ret;

	__asm__ volatile("call hypercall_page + %c[slot]"
			 : "=a"(ret), "+D"(a1), "+S"(a2), "+d"(a3)
			 : [slot] "i"(nr * HYPERCALL_SLOT)
			 : "memory");
	return ret;
}

#endif /* LIBOS_SRC_HYPERCALL_H */
