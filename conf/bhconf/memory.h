/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Memory and files of a tool that runs once: it ends with a message when there
 * is no memory.
 */
#ifndef BHCONF_MEMORY_H
#define BHCONF_MEMORY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *xalloc(size_t size); /* zeroed */
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xvprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));
char *xprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A whole file and a NUL behind it, or NULL with errno. */
uint8_t *file_read(const char *path, size_t *size);

/* Write a file anew, whole or not at all; false with a message on stderr. */
bool file_write(const char *path, const void *data, size_t size);

#endif /* BHCONF_MEMORY_H */
