/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* For hosts whose C library is older than strlcpy(): the rest of lib/string.h is the host's. */
#include <string.h>

size_t strlcpy(char *dst, const char *src, size_t size);

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t n = strlen(src), keep = n < size ? n : size - 1;

	if (size) {
		memcpy(dst, src, keep);
		dst[keep] = '\0';
	}
	return n;
}
