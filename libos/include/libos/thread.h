/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Cooperative threads, wait queues and mutexes.
 *
 * There is one vCPU and no preemption: a thread runs until it yields, waits, sleeps,
 * exits or writes to a console that is full.  Between two such calls it owns the
 * machine, so data shared by threads needs a lock only where it is used across one.
 * Event handlers and timer functions run at those same points, never in between, on
 * the stack of whoever called; they may wake, create threads and arm timers, but must
 * not wait.  A wait from a handler is a bug and panics.
 *
 * Every thread has its own errno and C library state; floating-point registers are
 * the compiler's business, since a switch is a function call.
 */
#ifndef LIBOS_THREAD_H
#define LIBOS_THREAD_H

#include <libos/compiler.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A deadline that never comes. */
#define LIBOS_FOREVER UINT64_MAX

/* Bytes of stack that libos_thread_create() gives, below them an unmapped guard page. */
#define LIBOS_STACK_SIZE 32768

struct libos_thread;

/*
 * Start a thread at the end of the run queue; fn(arg) returning is its exit.
 * name is copied (15 characters are kept) and shows up in backtraces.
 * Returns the thread, which is only good as a name for it once it may have exited,
 * or NULL if no memory is left for its stack.
 */
struct libos_thread *must_check libos_thread_create(const char *name, void (*fn)(void *arg),
						    void *arg);

/* The same with stack_size bytes of stack, rounded up to pages. */
struct libos_thread *must_check libos_thread_create_stack(const char *name, void (*fn)(void *arg),
							  void *arg, size_t stack_size);

/* Let every other runnable thread, pending event and expired timer go first. */
void libos_yield(void);

/* End the calling thread and free its stack. */
_Noreturn void libos_thread_exit(void);

struct libos_thread *libos_thread_self(void);

/* The name of t, or of the calling thread if t is NULL. */
const char *libos_thread_name(const struct libos_thread *t);

/* Threads waiting for something, first come first served.  Zero-initialised or by the macro. */
struct libos_waitq {
	struct libos_thread *first;
	struct libos_thread *last;
};

#define LIBOS_WAITQ_INIT                                                                           \
	{                                                                                          \
		NULL, NULL                                                                         \
	}

/*
 * Sleep until woken, or until system time reaches deadline_ns (LIBOS_FOREVER: no limit).
 * As nothing runs between testing a condition and this call, the usual form is
 *	while (!condition)
 *		libos_waitq_wait(&wq, LIBOS_FOREVER);
 * Threads only.  Returns 0 if woken, -LIBOS_ETIMEDOUT if the deadline came first
 * (at once, but after a yield, if it has passed already).
 */
int libos_waitq_wait(struct libos_waitq *wq, uint64_t deadline_ns);

/* Make the first, or every, waiter runnable.  From threads and from handlers. */
void libos_waitq_wake_one(struct libos_waitq *wq);
void libos_waitq_wake_all(struct libos_waitq *wq);

static inline bool libos_waitq_empty(const struct libos_waitq *wq)
{
	return wq->first == NULL;
}

/* A lock for data that is used across a wait.  Zero-initialised or by the macro. */
struct libos_mutex {
	struct libos_thread *owner;
	struct libos_waitq waiters;
};

#define LIBOS_MUTEX_INIT                                                                           \
	{                                                                                          \
		NULL, LIBOS_WAITQ_INIT                                                             \
	}

/* Take m, waiting as long as needed.  Not recursive: taking it twice panics.  Threads only. */
void libos_mutex_lock(struct libos_mutex *m);

/* Take m if it is free; returns whether it was. */
bool must_check libos_mutex_trylock(struct libos_mutex *m);

/* Release m, which the caller must own (panics otherwise).  The first waiter gets it. */
void libos_mutex_unlock(struct libos_mutex *m);

#endif /* LIBOS_THREAD_H */
