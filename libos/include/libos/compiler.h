/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Attributes and small macros that libos and everything linked with it share. */
#ifndef LIBOS_COMPILER_H
#define LIBOS_COMPILER_H

#include <stddef.h>

#define must_check	  __attribute__((__warn_unused_result__))
#define printf_like(f, a) __attribute__((__format__(__printf__, f, a)))
#define likely(x)	  __builtin_expect(!!(x), 1)
#define unlikely(x)	  __builtin_expect(!!(x), 0)

#define ARRAY_SIZE(a)	      (sizeof(a) / sizeof((a)[0]))
#define container_of(p, t, m) ((t *)(void *)((char *)(p)-offsetof(t, m)))
#define ALIGN_UP(x, a)	      (((x) + (a)-1) & ~((__typeof__(x))(a)-1))
#define ALIGN_DOWN(x, a)      ((x) & ~((__typeof__(x))(a)-1))

#endif /* LIBOS_COMPILER_H */
