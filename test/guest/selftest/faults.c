/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Ways to die.  What the console says afterwards is what is tested: the reason, the
 * functions below by name, and that the domain crashed.
 */
#include "selftest.h"

#include <libos/backtrace.h>
#include <libos/compiler.h>
#include <libos/mem.h>
#include <libos/thread.h>
#include <libos/time.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define outlined __attribute__((__noinline__))

static volatile uintptr_t null_address;
static volatile int recursion_limit = 1000000;

static outlined void fault_null(void)
{
	*(volatile int *)null_address = 1;
}

static outlined int recurse(int depth)
{
	volatile char room[512];

	memset((void *)(uintptr_t)room, depth, sizeof(room));
	return depth < recursion_limit ? recurse(depth + 1) + room[depth % 512] : 0;
}

static outlined void fault_stack(void)
{
	(void)recurse(0);
}

static outlined void fault_write_text(void)
{
	*(volatile char *)(uintptr_t)&fault_null = 0;
}

static outlined void fault_exec_data(void)
{
	static char code[] = {(char)0xc3};

	((void (*)(void))(uintptr_t)code)();
}

static outlined void fault_opcode(void)
{
	__asm__ volatile("ud2");
}

static outlined void fault_divide(void)
{
	volatile int zero = 0;

	__asm__ volatile("idivl %0" : : "m"(zero), "a"(1), "d"(0));
}

static outlined void fault_canary(void)
{
	char buffer[16];
	volatile size_t n = 64;

	memset(buffer, 'x', n);
	__asm__ volatile("" : : "r"(buffer) : "memory");
}

static outlined void fault_panic(void)
{
	libos_panic("told to, %d times", 1);
}

static outlined void fault_free(void)
{
	void *page = libos_page_alloc(0);

	libos_page_free(page, 0);
	libos_page_free(page, 0);
}

static void wait_in_handler(void *arg)
{
	(void)arg;
	libos_sleep_ns(1);
}

static outlined void fault_handler(void)
{
	struct libos_timer t;

	libos_timer_init(&t, wait_in_handler, NULL);
	libos_timer_arm(&t, 1);
	libos_yield();
}

static outlined void fault_status(void)
{
	exit(3);
}

static const struct {
	const char *way;
	void (*fn)(void);
} ways[] = {
	{"null", fault_null},
	{"stack", fault_stack},
	{"write-text", fault_write_text},
	{"exec-data", fault_exec_data},
	{"opcode", fault_opcode},
	{"divide", fault_divide},
	{"canary", fault_canary},
	{"panic", fault_panic},
	{"abort", abort},
	{"free", fault_free},
	{"handler", fault_handler},
	{"status", fault_status},
};

static void fault_thread(void *arg)
{
	void (*const *fn)(void) = arg;

	(*fn)();
}

void fault(const char *way)
{
	static void (*fn)(void);

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (strcmp(way, ways[i].way) == 0)
			fn = ways[i].fn;
	}
	if (fn == NULL || libos_thread_create("doomed", fault_thread, &fn) == NULL)
		return;
	libos_sleep_ns(LIBOS_NS_PER_SEC);
}
