/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The history.  Pure.
 */
#include "shell/history.h"

#include <string.h>

void history_init(struct history *h, char *buf, size_t size)
{
	*h = (struct history){.buf = buf, .size = size};
}

void history_add(struct history *h, const char *line)
{
	size_t need = strlen(line) + 1;

	if (need == 1 || need > h->size || (h->len && strcmp(history_get(h, 0), line) == 0))
		return;
	while (h->len && h->size - h->len < need) {
		size_t oldest = strlen(h->buf) + 1;

		memmove(h->buf, h->buf + oldest, h->len - oldest);
		h->len -= oldest;
	}
	memcpy(h->buf + h->len, line, need);
	h->len += need;
}

const char *history_get(const struct history *h, size_t back)
{
	size_t end = h->len;

	while (end) {
		size_t start = end - 1;

		while (start && h->buf[start - 1])
			start--;
		if (back-- == 0)
			return h->buf + start;
		end = start;
	}
	return NULL;
}
