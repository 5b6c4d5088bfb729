/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Memory and files, for a tool that runs once. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"

static void *must(void *p)
{
	if (!p) {
		fputs("bhconf: out of memory\n", stderr);
		exit(2);
	}
	return p;
}

void *xalloc(size_t size)
{
	return must(calloc(1, size ? size : 1));
}

void *xrealloc(void *p, size_t size)
{
	return must(realloc(p, size ? size : 1));
}

char *xstrdup(const char *s)
{
	return must(strdup(s));
}

char *xstrndup(const char *s, size_t n)
{
	return must(strndup(s, n));
}

char *xvprintf(const char *format, va_list args)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	s = xalloc((size_t)(n < 0 ? 0 : n) + 1);
	vsnprintf(s, (size_t)(n < 0 ? 0 : n) + 1, format, args);
	return s;
}

char *xprintf(const char *format, ...)
{
	va_list args;
	char *s;

	va_start(args, format);
	s = xvprintf(format, args);
	va_end(args);
	return s;
}

uint8_t *file_read(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	int err = EIO;

	if (!f)
		return NULL;
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode)) {
		fclose(f);
		errno = EISDIR;
		return NULL;
	}
	data = xalloc((size_t)st.st_size + 1);
	*size = fread(data, 1, (size_t)st.st_size, f);
	if (*size == (size_t)st.st_size)
		err = 0;
	fclose(f);
	if (!err)
		return data;
	free(data);
	errno = err;
	return NULL;
}

bool file_write(const char *path, const void *data, size_t size)
{
	char *new = xprintf("%s.new", path);
	FILE *f = fopen(new, "wb");
	bool good = f && fwrite(data, 1, size, f) == size;

	if (f && fclose(f))
		good = false;
	if (good && rename(new, path))
		good = false;
	if (!good)
		fprintf(stderr, "bhconf: %s: %s\n", path, strerror(errno));
	free(new);
	return good;
}
