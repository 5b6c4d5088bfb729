/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's vocabulary of numbers.  Frames are one-member structs, so
 * that a guest frame passed for a machine frame does not compile.
 */
#ifndef HV_TYPES_H
#define HV_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1ul << PAGE_SHIFT)
#define PAGE_MASK  (~(PAGE_SIZE - 1))

/* Machine, guest and device frame numbers, in units of 4 KiB. */
typedef struct {
	unsigned long m;
} mfn_t;
typedef struct {
	unsigned long g;
} gfn_t;
typedef struct {
	unsigned long d;
} dfn_t;

/* Machine and guest-physical byte addresses. */
typedef struct {
	uint64_t ma;
} maddr_t;
typedef struct {
	uint64_t ga;
} gaddr_t;

static inline mfn_t mfn(unsigned long n)
{
	return (mfn_t){n};
}

static inline gfn_t gfn(unsigned long n)
{
	return (gfn_t){n};
}

static inline maddr_t maddr(uint64_t a)
{
	return (maddr_t){a};
}

static inline gaddr_t gaddr(uint64_t a)
{
	return (gaddr_t){a};
}

static inline maddr_t mfn_to_maddr(mfn_t f)
{
	return maddr((uint64_t)f.m << PAGE_SHIFT);
}

static inline mfn_t maddr_to_mfn(maddr_t a)
{
	return mfn((unsigned long)(a.ma >> PAGE_SHIFT));
}

static inline gaddr_t gfn_to_gaddr(gfn_t f)
{
	return gaddr((uint64_t)f.g << PAGE_SHIFT);
}

static inline gfn_t gaddr_to_gfn(gaddr_t a)
{
	return gfn((unsigned long)(a.ga >> PAGE_SHIFT));
}

#define INVALID_MFN mfn(~0ul)
#define INVALID_GFN gfn(~0ul)

static inline bool mfn_eq(mfn_t a, mfn_t b)
{
	return a.m == b.m;
}

static inline bool gfn_eq(gfn_t a, gfn_t b)
{
	return a.g == b.g;
}

#endif /* HV_TYPES_H */
