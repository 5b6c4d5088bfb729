/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* See logring.h. */
#include "logring.h"

void log_ring_put(struct log_ring *r, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		r->buf[r->prod++ & (r->size - 1)] = s[i];
	if (r->prod - r->start > r->size || n > r->size)
		r->start = r->prod - r->size;
}

size_t log_ring_get(const struct log_ring *r, uint32_t *index, char *buf, size_t n)
{
	uint32_t kept = r->prod - r->start;
	uint32_t behind = r->prod - *index;
	size_t done = 0;

	if (behind > kept) /* older than all that is kept, or not written yet */
		*index = (int32_t)behind < 0 ? r->prod : r->start;
	while (done < n && *index != r->prod)
		buf[done++] = r->buf[(*index)++ & (r->size - 1)];
	return done;
}

void log_ring_clear(struct log_ring *r)
{
	r->start = r->prod;
}
