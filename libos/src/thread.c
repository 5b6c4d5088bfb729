/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the threads and the scheduler's loop.  There is no idle thread: who has to
 * wait runs the loop on its own stack, and when it is the one to be woken it simply
 * goes on, without a switch.
 */
#include "src/thread.h"

#include <libos/backtrace.h>
#include <libos/errno.h>
#include <libos/mem.h>
#include <string.h>
#include <reent.h>

#include "src/clock.h"
#include "src/event.h"
#include "src/memory.h"
#include "src/queue.h"
#include "x86/asm.h"

void thread_switch(uintptr_t *save_sp, uintptr_t load_sp);
extern char thread_entry[];

static struct libos_waitq runnable;
static struct libos_thread *current;
static struct libos_thread *dead; /* has exited, its stack not freed yet */
static struct libos_thread *all;
static unsigned int handler_depth;

void handler_enter(void)
{
	handler_depth++;
}

void handler_leave(void)
{
	handler_depth--;
}

bool thread_can_wait(void)
{
	return current != NULL && handler_depth == 0;
}

static void thread_free(struct libos_thread *t)
{
	struct libos_thread **p = &all;

	while (*p != t)
		p = &(*p)->all_next;
	*p = t->all_next;
	_reclaim_reent(t->reent);
	memory_stack_free(t->stack, t->stack_size);
}

/* A thread cannot free the stack that it stands on: the next one does. */
static void thread_reap(void)
{
	struct libos_thread *t = dead;

	dead = NULL;
	if (t != NULL)
		thread_free(t);
}

static void thread_run(struct libos_thread *t)
{
	struct libos_thread *from = current;

	if (t == from)
		return;
	current = t;
	_impure_ptr = t->reent;
	thread_switch(&from->sp, t->sp);
}

/* Run whatever can run until the caller, which has queued itself or died, is next. */
static void thread_schedule(void)
{
	struct libos_thread *t;

	for (;;) {
		event_poll();
		clock_run_timers();
		t = queue_pop(&runnable);
		if (t != NULL)
			break;
		if (clock_prepare_idle() && !event_waiting())
			cpu_idle();
	}
	thread_run(t);
	if (unlikely(dead != NULL))
		thread_reap();
}

static void thread_timeout(void *arg)
{
	struct libos_thread *t = arg;

	t->timed_out = true;
	queue_remove(t);
	queue_append(&runnable, t);
}

/*
 * The stack from the top down: struct libos_thread, the C library's state, then what
 * thread_switch() pops for the first time.
 */
static struct libos_thread *thread_new(const char *name, void (*fn)(void *), void *arg, size_t size)
{
	size_t stack_size = ALIGN_UP(size, LIBOS_PAGE_SIZE);
	char *stack = memory_stack_alloc(stack_size);
	struct libos_thread *t;
	uint64_t *sp;

	if (stack == NULL)
		return NULL;
	t = (void *)(stack + stack_size - ALIGN_UP(sizeof(*t), 64));
	memset(t, 0, sizeof(*t));
	t->reent = (void *)((char *)t - ALIGN_UP(sizeof(struct _reent), 64));
	_REENT_INIT_PTR(t->reent);
	t->stack = stack;
	t->stack_size = stack_size;
	strncpy(t->name, name, THREAD_NAME_SIZE - 1);
	libos_timer_init(&t->timeout, thread_timeout, t);

	sp = (uint64_t *)(void *)t->reent;
	*--sp = (uintptr_t)thread_entry;
	*--sp = 0;		/* rbp */
	*--sp = (uintptr_t)fn;	/* rbx */
	*--sp = (uintptr_t)arg; /* r12 */
	sp -= 3;		/* r13, r14, r15 */
	memset(sp, 0, 3 * sizeof(*sp));
	*--sp = UINT64_C(0x37f) << 32 | 0x1f80; /* x87 control word, MXCSR: as after reset */
	t->sp = (uintptr_t)sp;
	t->all_next = all;
	all = t;
	return t;
}

_Noreturn void thread_start_first(void (*fn)(void *arg), void *arg, size_t stack_size)
{
	uintptr_t boot_sp;

	current = thread_new("main", fn, arg, stack_size);
	if (current == NULL)
		libos_panic("no memory for the first thread");
	_impure_ptr = current->reent;
	thread_switch(&boot_sp, current->sp);
	__builtin_unreachable();
}

struct libos_thread *libos_thread_create_stack(const char *name, void (*fn)(void *arg), void *arg,
					       size_t stack_size)
{
	struct libos_thread *t = thread_new(name, fn, arg, stack_size);

	if (t != NULL)
		queue_append(&runnable, t);
	return t;
}

struct libos_thread *libos_thread_create(const char *name, void (*fn)(void *arg), void *arg)
{
	return libos_thread_create_stack(name, fn, arg, LIBOS_STACK_SIZE);
}

void libos_yield(void)
{
	if (!thread_can_wait())
		libos_panic("libos_yield from a handler");
	queue_append(&runnable, current);
	thread_schedule();
}

_Noreturn void libos_thread_exit(void)
{
	if (!thread_can_wait())
		libos_panic("libos_thread_exit from a handler");
	thread_reap(); /* one that ended just before, if only new threads ran since */
	dead = current;
	thread_schedule();
	__builtin_unreachable();
}

struct libos_thread *libos_thread_self(void)
{
	return current;
}

const char *libos_thread_name(const struct libos_thread *t)
{
	if (t == NULL)
		t = current;
	return t != NULL ? t->name : "boot";
}

int libos_waitq_wait(struct libos_waitq *wq, uint64_t deadline_ns)
{
	struct libos_thread *t = current;

	if (!thread_can_wait())
		libos_panic("a wait from a handler");
	t->timed_out = false;
	queue_append(wq, t);
	if (deadline_ns != LIBOS_FOREVER)
		libos_timer_arm(&t->timeout, deadline_ns);
	thread_schedule();
	if (deadline_ns != LIBOS_FOREVER)
		(void)libos_timer_cancel(&t->timeout);
	return t->timed_out ? -LIBOS_ETIMEDOUT : 0;
}

void libos_waitq_wake_one(struct libos_waitq *wq)
{
	struct libos_thread *t = queue_pop(wq);

	if (t == NULL)
		return;
	/* A timer that is due but has not run yet must not find t elsewhere. */
	(void)libos_timer_cancel(&t->timeout);
	queue_append(&runnable, t);
}

void libos_waitq_wake_all(struct libos_waitq *wq)
{
	while (!libos_waitq_empty(wq))
		libos_waitq_wake_one(wq);
}

void libos_sleep_until(uint64_t deadline_ns)
{
	struct libos_waitq nobody = LIBOS_WAITQ_INIT;

	(void)libos_waitq_wait(&nobody, deadline_ns);
}

void libos_sleep_ns(uint64_t ns)
{
	uint64_t now = libos_now_ns();

	libos_sleep_until(ns < LIBOS_FOREVER - now ? now + ns : LIBOS_FOREVER);
}

const char *thread_of_guard(uintptr_t va)
{
	for (const struct libos_thread *t = all; t != NULL; t = t->all_next) {
		if (va < (uintptr_t)t->stack && va >= (uintptr_t)t->stack - LIBOS_PAGE_SIZE)
			return t->name;
	}
	return NULL;
}

bool thread_stack_of(uintptr_t sp, uintptr_t *low, uintptr_t *high)
{
	for (const struct libos_thread *t = all; t != NULL; t = t->all_next) {
		if (sp - (uintptr_t)t->stack < t->stack_size) {
			*low = (uintptr_t)t->stack;
			*high = *low + t->stack_size;
			return true;
		}
	}
	return false;
}
