/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A ring of text that forgets the oldest bytes first, read by index so that any
 * number of readers can follow it.  Pure; the caller has the lock.
 */
#ifndef HV_LOGRING_H
#define HV_LOGRING_H

#include "types.h"

struct log_ring {
	char *buf;
	uint32_t size;	/* a power of two */
	uint32_t start; /* number of the oldest byte kept; numbers are modulo 2^32 */
	uint32_t prod;	/* number of the next byte */
};

void log_ring_put(struct log_ring *r, const char *s, size_t n);

/*
 * Copy at most n bytes from number *index on, which is first moved to the oldest
 * byte kept if it is older, and to the end if it is ahead of that.  Returns how
 * many; *index is then the number after the last.
 */
size_t log_ring_get(const struct log_ring *r, uint32_t *index, char *buf, size_t n);

void log_ring_clear(struct log_ring *r);

#endif /* HV_LOGRING_H */
