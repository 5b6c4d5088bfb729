/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * snprintf() and vsnprintf() for the files that ctrl shares with the build host,
 * by out.h's formatter.  Standing before the C library on the link line they keep
 * the library's own out, which brings floating point along and is larger than
 * everything else here.
 */
#include <stdio.h>

#include "shell/out.h"

int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct out_string s;
	char nothing[1];

	out_string_init(&s, size ? buf : nothing, size ? size : 1);
	out_vprintf(&s.out, fmt, ap);
	return (int)s.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return len;
}
