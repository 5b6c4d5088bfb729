/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* First-come-first-served queues of threads: the run queue and all wait queues. */
#ifndef LIBOS_SRC_QUEUE_H
#define LIBOS_SRC_QUEUE_H

#include "src/thread.h"

/* Put t, which is in no queue, at the end of q. */
static inline void queue_append(struct libos_waitq *q, struct libos_thread *t)
{
	t->queue = q;
	t->next = NULL;
	t->prev = q->last;
	if (q->last != NULL)
		q->last->next = t;
	else
		q->first = t;
	q->last = t;
}

/* Take t out of the queue that it is in. */
static inline void queue_remove(struct libos_thread *t)
{
	struct libos_waitq *q = t->queue;

	if (t->prev != NULL)
		t->prev->next = t->next;
	else
		q->first = t->next;
	if (t->next != NULL)
		t->next->prev = t->prev;
	else
		q->last = t->prev;
	t->queue = NULL;
}

/* Take the first thread out of q; NULL if q is empty. */
static inline struct libos_thread *queue_pop(struct libos_waitq *q)
{
	struct libos_thread *t = q->first;

	if (t != NULL)
		queue_remove(t);
	return t;
}

#endif /* LIBOS_SRC_QUEUE_H */
