/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Threads from the inside. */
#ifndef LIBOS_SRC_THREAD_H
#define LIBOS_SRC_THREAD_H

#include <libos/thread.h>
#include <libos/time.h>

#define THREAD_NAME_SIZE 16

struct _reent;

/* Lies at the upper end of the thread's own stack. */
struct libos_thread {
	uintptr_t sp;			  /* while it is not running */
	struct libos_thread *next, *prev; /* in the queue that it waits in */
	struct libos_waitq *queue;	  /* that queue; NULL while it runs */
	struct libos_timer timeout;
	bool timed_out;
	struct _reent *reent; /* the C library's state of this thread */
	void *stack;
	size_t stack_size;
	struct libos_thread *all_next; /* list of all threads */
	char name[THREAD_NAME_SIZE];
};

/* Make fn(arg) the first thread and leave the boot stack for it. */
_Noreturn void thread_start_first(void (*fn)(void *arg), void *arg, size_t stack_size);

/* Handlers run between these two; waiting there is a bug that panics. */
void handler_enter(void);
void handler_leave(void);

/* Whether the caller may wait: a thread, and no handler on top of it. */
bool thread_can_wait(void);

/* The name of the thread whose guard page va lies in; NULL if there is none. */
const char *thread_of_guard(uintptr_t va);

/* The bounds of the stack that sp lies in; false if it is no thread's. */
bool thread_stack_of(uintptr_t sp, uintptr_t *low, uintptr_t *high);

#endif /* LIBOS_SRC_THREAD_H */
