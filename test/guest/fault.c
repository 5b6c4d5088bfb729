/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A control domain that comes to grief as it is told: it reads one word from the serial
 * line and dies in that way.  Until then it proves itself alive, as the real one does.
 * What must come of it is for test/boot/crash_test.py to say.
 */
#include <libos/backtrace.h>
#include <libos/compiler.h>
#include <libos/console.h>
#include <libos/power.h>
#include <libos/thread.h>
#include <libos/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Seconds between two signs of life, and for which one is good: so many that the hardware
 * watchdog comes first, or (after the word "short") so few that the hypervisor does.
 */
#define ALIVE_EVERY 1
#define ALIVE_LONG  60
#define ALIVE_SHORT 3

static volatile bool alive = true;
static unsigned int alive_for = ALIVE_LONG;
static uint32_t watchdog;
/* External, so that the compiler cannot know that nobody reads it. */
extern const int fault_constant;
const int fault_constant = 1;
static volatile int variable;

static void prove_alive(void *arg)
{
	(void)arg;
	while (alive) {
		if (libos_watchdog(&watchdog, alive_for))
			printf("fault: the watchdog refuses\n");
		libos_sleep_ns(ALIVE_EVERY * LIBOS_NS_PER_SEC);
	}
}

static void be_short(void)
{
	alive_for = ALIVE_SHORT;
	libos_sleep_ns(2 * ALIVE_EVERY * LIBOS_NS_PER_SEC);
}

static void panic(void)
{
	libos_panic("told to panic");
}

static void do_abort(void)
{
	abort();
}

static void null_write(void)
{
	*(volatile int *)(uintptr_t)variable = 1;
}

/* The mappings of code and constants allow no writing, those of data no execution. */
static void write_text(void)
{
	*(volatile char *)(uintptr_t)&null_write = 0;
}

static void write_constant(void)
{
	*(volatile int *)(uintptr_t)&fault_constant = 2;
}

static void run_data(void)
{
	static unsigned char ret[] = {0xc3};

	((void (*)(void))(uintptr_t)ret)();
}

static void run_heap(void)
{
	static unsigned char *ret;

	ret = malloc(64);
	if (!ret)
		libos_panic("no memory");
	ret[0] = 0xc3;
	((void (*)(void))(uintptr_t)ret)();
}

static void run_stack(void)
{
	volatile unsigned char ret[] = {0xc3};

	((void (*)(void))(uintptr_t)ret)();
}

/* Deeper until the guard page below the stack. */
/* NOLINTNEXTLINE(misc-no-recursion): it is the point. */
static int recurse(int depth)
{
	volatile unsigned char frame[512];

	frame[depth & 511] = (unsigned char)depth;
	if (depth < 0)
		return 0;
	return recurse(depth + 1) + frame[depth & 511];
}

static void overflow(void)
{
	variable = recurse(0);
}

static void overflow_thread(void *arg)
{
	(void)arg;
	overflow();
}

static void thread_overflow(void)
{
	if (!libos_thread_create("overflow", overflow_thread, NULL))
		libos_panic("no thread");
	libos_sleep_ns(LIBOS_NS_PER_SEC);
}

/* Past the end of an array on the stack: the canary stands before the return address. */
__attribute__((noinline)) static void smash_array(volatile size_t n)
{
	volatile unsigned char array[16];

	for (volatile size_t i = 0; i < n; i++)
		array[i] = 'x';
	variable = array[n & 15];
}

static void smash(void)
{
	smash_array(40);
}

static void bad_opcode(void)
{
	asm volatile("ud2");
}

static void bad_msr(void)
{
	uint32_t lo, hi;

	asm volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(0x12345678));
}

/* A memory type that does not exist: #GP here, and nothing that the hypervisor stumbles over. */
static void bad_pat(void)
{
	asm volatile("wrmsr" : : "a"(0x00070406), "d"(0x00070402), "c"(0x277));
}

static void divide(void)
{
	asm volatile("divl %0" : : "r"(0), "a"(1), "d"(0));
}

static void triple_fault(void)
{
	static const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) none = {0, 0};

	asm volatile("lidt %0\n\tud2" : : "m"(none));
}

/* SVM's own instructions are no business of a guest. */
static void nested(void)
{
	asm volatile("vmrun" : : "a"(0x1000ul));
}

static void spin(void)
{
	for (;;)
		asm volatile("pause");
}

static void spin_deaf(void)
{
	asm volatile("cli");
	spin();
}

static void halt_deaf(void)
{
	asm volatile("cli\n\thlt");
	spin();
}

static void sleep_for_ever(void)
{
	alive = false;
	libos_sleep_until(LIBOS_FOREVER);
}

static void end_crash(void)
{
	libos_shutdown(LIBOS_SHUTDOWN_CRASH);
}

static void end_reboot(void)
{
	libos_shutdown(LIBOS_SHUTDOWN_REBOOT);
}

static void end_poweroff(void)
{
	libos_shutdown(LIBOS_SHUTDOWN_POWEROFF);
}

static void return_three(void)
{
	exit(3);
}

static const struct {
	const char *word;
	void (*die)(void);
} ways[] = {
	{"panic", panic},	   {"abort", do_abort},
	{"null", null_write},	   {"write-text", write_text},
	{"run-data", run_data},	   {"write-constant", write_constant},
	{"run-heap", run_heap},	   {"run-stack", run_stack},
	{"overflow", overflow},	   {"thread-overflow", thread_overflow},
	{"smash", smash},	   {"bad-opcode", bad_opcode},
	{"bad-msr", bad_msr},	   {"bad-pat", bad_pat},
	{"divide", divide},	   {"triple", triple_fault},
	{"nested", nested},	   {"spin", spin},
	{"spin-deaf", spin_deaf},  {"halt-deaf", halt_deaf},
	{"sleep", sleep_for_ever}, {"crash", end_crash},
	{"reboot", end_reboot},	   {"poweroff", end_poweroff},
	{"exit", return_three},	   {"short", be_short},
};

/* One line from the terminal, without its end. */
static void read_word(char *word, size_t size)
{
	size_t n = 0;
	char c;

	for (;;) {
		if (!libos_console_read(&c, 1, LIBOS_FOREVER))
			continue;
		if (c == '\r' || c == '\n')
			break;
		if (n + 1 < size)
			word[n++] = c;
	}
	word[n] = 0;
}

int main(void)
{
	char word[32];

	if (!libos_thread_create("alive", prove_alive, NULL))
		libos_panic("no thread");
	for (;;) {
		printf("fault> ");
		fflush(stdout);
		read_word(word, sizeof(word));
		printf("%s: here goes\n", word);
		fflush(stdout);
		for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
			if (strcmp(word, ways[i].word) == 0)
				ways[i].die();
		printf("%s: came back\n", word);
	}
}
