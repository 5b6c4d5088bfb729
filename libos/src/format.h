/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The few words of printf that a panic needs, without stdio, malloc or SSE state. */
#ifndef LIBOS_SRC_FORMAT_H
#define LIBOS_SRC_FORMAT_H

#include <libos/compiler.h>
#include <stdarg.h>
#include <stddef.h>

/*
 * %s %c %d %i %u %x %p %%, with l, ll, z, a width and a leading 0.  At most size - 1
 * characters and a NUL are stored (size is not 0); returns how many characters.
 */
size_t format_string(char *buf, size_t size, const char *fmt, va_list ap);

#endif /* LIBOS_SRC_FORMAT_H */
