/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns mutexes.  Unlocking hands the mutex to the first waiter, so that nobody can
 * overtake it and no wake-up is in vain.
 */
#include <libos/backtrace.h>
#include <libos/thread.h>

void libos_mutex_lock(struct libos_mutex *m)
{
	struct libos_thread *self = libos_thread_self();

	if (likely(m->owner == NULL)) {
		m->owner = self;
		return;
	}
	if (m->owner == self)
		libos_panic("mutex taken twice by thread %s", libos_thread_name(self));
	(void)libos_waitq_wait(&m->waiters, LIBOS_FOREVER);
}

bool libos_mutex_trylock(struct libos_mutex *m)
{
	if (m->owner != NULL)
		return false;
	m->owner = libos_thread_self();
	return true;
}

void libos_mutex_unlock(struct libos_mutex *m)
{
	if (m->owner != libos_thread_self())
		libos_panic("mutex released by thread %s, which does not hold it",
			    libos_thread_name(NULL));
	m->owner = m->waiters.first;
	libos_waitq_wake_one(&m->waiters);
}
