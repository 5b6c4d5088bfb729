/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Attributes and the two address spaces that clang keeps apart for us. */
#ifndef HV_COMPILER_H
#define HV_COMPILER_H

#define must_check	  __attribute__((warn_unused_result))
#define noreturn	  __attribute__((noreturn))
#define always_inline	  __attribute__((always_inline))
#define printf_like(f, a) __attribute__((format(printf, f, a)))
#define packed		  __attribute__((packed))
#define aligned(n)	  __attribute__((aligned(n)))
#define section(s)	  __attribute__((section(s)))
#define likely(x)	  __builtin_expect(!!(x), 1)
#define unlikely(x)	  __builtin_expect(!!(x), 0)

/* Written during boot only; read-only from boot_done on. */
#define ro_after_init	  section(".data.ro_after_init")
#define ro_after_init_bss section(".bss.ro_after_init")

#define ARRAY_SIZE(a)	      (sizeof(a) / sizeof((a)[0]))
#define container_of(p, t, m) ((t *)(void *)((char *)(p)-offsetof(t, m)))
#define MIN(a, b)	      ((a) < (b) ? (a) : (b))
#define MAX(a, b)	      ((a) > (b) ? (a) : (b))
#define ALIGN_UP(x, a)	      (((x) + (a)-1) & ~((__typeof__(x))(a)-1))
#define ALIGN_DOWN(x, a)      ((x) & ~((__typeof__(x))(a)-1))

/*
 * __guest: a guest's virtual address, reachable through the window only.
 * __iomem: device registers, reachable through readl() and its like only.
 */
#if defined(__clang__)
#define __guest __attribute__((noderef, address_space(1)))
#define __iomem __attribute__((noderef, address_space(2)))
#else
#define __guest
#define __iomem
#endif

#endif /* HV_COMPILER_H */
