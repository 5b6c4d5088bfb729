/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Threads, wait queues, mutexes, and that floating point is each thread's own. */
#include "selftest.h"

#include <libos/errno.h>
#include <libos/mem.h>
#include <libos/thread.h>
#include <libos/time.h>
#include <stdint.h>
#include <string.h>

static char trail[64];
static unsigned int trail_length, running;

static void leave_trail(char c)
{
	if (trail_length < sizeof(trail) - 1)
		trail[trail_length++] = c;
	trail[trail_length] = '\0';
}

static void trail_clear(void)
{
	trail_length = 0;
	trail[0] = '\0';
}

static void walker(void *arg)
{
	const char *letter = arg;

	for (int i = 0; i < 3; i++) {
		leave_trail(*letter);
		libos_yield();
	}
	running--;
}

static void brief(void *arg)
{
	unsigned int *n = arg;

	(*n)++;
}

static void wait_for_all(void)
{
	while (running > 0)
		libos_yield();
}

void test_threads(void)
{
	uint64_t before, after;
	unsigned int ran = 0;
	char letters[] = "abc";

	trail_clear();
	running = 3;
	for (int i = 0; i < 3; i++)
		CHECK(libos_thread_create("walker", walker, &letters[i]) != NULL);
	wait_for_all();
	CHECK(strcmp(trail, "abcabcabc") == 0);
	CHECK(strcmp(libos_thread_name(libos_thread_self()), "main") == 0);

	libos_yield();
	libos_mem_info(NULL, &before);
	for (unsigned int i = 0; i < 500; i++) {
		CHECK(libos_thread_create("brief", brief, &ran) != NULL);
		if (i % 8 == 7)
			libos_yield();
	}
	libos_yield();
	libos_yield();
	CHECK(ran == 500);
	libos_mem_info(NULL, &after);
	/* The last one's stack may wait for the next one's end; tables stay. */
	CHECK(before - after <= LIBOS_STACK_SIZE + 4 * LIBOS_PAGE_SIZE || after >= before);
}

static struct libos_waitq wq;
static int timed_result;

static void waiter(void *arg)
{
	const char *letter = arg;

	CHECK(libos_waitq_wait(&wq, LIBOS_FOREVER) == 0);
	leave_trail(*letter);
	running--;
}

static void timed_waiter(void *arg)
{
	uint64_t *deadline = arg;

	timed_result = libos_waitq_wait(&wq, *deadline);
	running--;
}

void test_waitqs(void)
{
	char letters[] = "xyz";
	uint64_t deadline, start;

	trail_clear();
	running = 3;
	for (int i = 0; i < 3; i++)
		CHECK(libos_thread_create("waiter", waiter, &letters[i]) != NULL);
	libos_yield();
	CHECK(!libos_waitq_empty(&wq));
	libos_waitq_wake_one(&wq);
	libos_yield();
	CHECK(strcmp(trail, "x") == 0);
	libos_waitq_wake_all(&wq);
	wait_for_all();
	CHECK(strcmp(trail, "xyz") == 0);
	CHECK(libos_waitq_empty(&wq));

	start = libos_now_ns();
	CHECK(libos_waitq_wait(&wq, start + 20 * LIBOS_NS_PER_MS) == -LIBOS_ETIMEDOUT);
	CHECK(libos_now_ns() - start >= 20 * LIBOS_NS_PER_MS);
	CHECK(libos_waitq_wait(&wq, 1) == -LIBOS_ETIMEDOUT);

	/* Woken in time: the deadline must not come back later. */
	running = 1;
	deadline = libos_now_ns() + 50 * LIBOS_NS_PER_MS;
	CHECK(libos_thread_create("timed", timed_waiter, &deadline) != NULL);
	libos_yield();
	libos_waitq_wake_one(&wq);
	wait_for_all();
	CHECK(timed_result == 0);
	libos_sleep_until(deadline + LIBOS_NS_PER_MS);
	CHECK(libos_waitq_empty(&wq));
}

static struct libos_mutex mutex;

static void locker(void *arg)
{
	const char *letter = arg;

	libos_mutex_lock(&mutex);
	leave_trail(*letter);
	libos_yield();
	leave_trail(*letter);
	libos_mutex_unlock(&mutex);
	running--;
}

void test_mutexes(void)
{
	char letters[] = "12";

	trail_clear();
	running = 2;
	CHECK(libos_mutex_trylock(&mutex));
	CHECK(!libos_mutex_trylock(&mutex));
	for (int i = 0; i < 2; i++)
		CHECK(libos_thread_create("locker", locker, &letters[i]) != NULL);
	libos_yield();
	CHECK(trail_length == 0);
	libos_mutex_unlock(&mutex);
	wait_for_all();
	CHECK(strcmp(trail, "1122") == 0);
	CHECK(mutex.owner == NULL);
}

static double sums[2];

static void adder(void *arg)
{
	size_t n = (size_t)arg;
	double x = 0;

	for (int i = 1; i <= 100; i++) {
		x += 1.0 / (i + (int)n);
		libos_yield();
	}
	sums[n] = x;
	running--;
}

static unsigned int mxcsr_read(void)
{
	unsigned int v;

	__asm__ volatile("stmxcsr %0" : "=m"(v));
	return v;
}

static void mxcsr_write(unsigned int v)
{
	__asm__ volatile("ldmxcsr %0" : : "m"(v));
}

void test_floating_point(void)
{
	unsigned int mxcsr = mxcsr_read();
	double expect[2] = {0, 0};

	for (int n = 0; n < 2; n++) {
		for (int i = 1; i <= 100; i++)
			expect[n] += 1.0 / (i + n);
	}
	running = 2;
	for (size_t n = 0; n < 2; n++)
		CHECK(libos_thread_create("adder", adder, (void *)n) != NULL);
	/* Rounding to zero is ours alone; exact equality says so. */
	mxcsr_write(mxcsr | 0x6000);
	wait_for_all();
	CHECK((mxcsr_read() & 0x6000) == 0x6000);
	mxcsr_write(mxcsr);
	for (int n = 0; n < 2; n++)
		CHECK(memcmp(&sums[n], &expect[n], sizeof(double)) == 0);
}
