/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Timers by deadline: a pairing heap whose links lie in the timers.  Insertion takes
 * constant time, removal logarithmic time on average; no memory, no clock, no recursion.
 */
#ifndef LIBOS_SRC_TIMERHEAP_H
#define LIBOS_SRC_TIMERHEAP_H

#include <libos/time.h>

struct timerheap {
	struct libos_timer *root; /* the earliest; NULL if there is none */
};

/* Add t, whose deadline_ns is set and which is in no heap.  Sets armed. */
void timerheap_insert(struct timerheap *h, struct libos_timer *t);

/* Take t out of h, which it is in.  Clears armed. */
void timerheap_remove(struct timerheap *h, struct libos_timer *t);

#endif /* LIBOS_SRC_TIMERHEAP_H */
