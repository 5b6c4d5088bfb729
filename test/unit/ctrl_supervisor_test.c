/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The supervisor kicks while all is well, and never again once something hangs. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include <libos/backtrace.h>
#include <libos/errno.h>
#include <libos/power.h>
#include <libos/thread.h>
#include <libos/time.h>

#include "hv.h"
#include "supervisor.h"

/* ---- a clock, one thread and one timer ---- */

static struct {
	uint64_t now;
	void (*thread)(void *);
	struct libos_timer *timer;
	unsigned int kicks, kick_s;
	bool refused, said;
	uint64_t timeout_s; /* of the hardware; 0: there is none */
	/* from then on nothing happens there any more */
	uint64_t shell_hangs, events_hang, end;
	jmp_buf over;
} world;

uint64_t libos_now_ns(void)
{
	return world.now;
}

struct libos_thread *libos_thread_create(const char *name, void (*fn)(void *), void *arg)
{
	(void)name;
	(void)arg;
	world.thread = fn;
	return (struct libos_thread *)&world;
}

void libos_timer_init(struct libos_timer *t, void (*fn)(void *), void *arg)
{
	t->fn = fn;
	t->arg = arg;
}

void libos_timer_arm(struct libos_timer *t, uint64_t deadline_ns)
{
	t->deadline_ns = deadline_ns;
	world.timer = t;
}

/* While the supervisor sleeps, everybody else lives on in steps of 100 ms. */
void libos_sleep_ns(uint64_t ns)
{
	for (uint64_t until = world.now + ns; world.now < until;) {
		world.now += 100 * LIBOS_NS_PER_MS;
		if (world.now < world.shell_hangs)
			supervisor_alive(CRITICAL_SHELL);
		if (world.now < world.events_hang && world.timer->deadline_ns <= world.now)
			world.timer->fn(world.timer->arg);
	}
	if (world.now >= world.end)
		longjmp(world.over, 1);
}

int libos_watchdog(uint32_t *id, unsigned int seconds)
{
	*id = 1;
	world.kicks++;
	world.kick_s = seconds;
	return world.refused ? -LIBOS_EEXIST : 0;
}

void libos_emergency_printf(const char *fmt, ...)
{
	(void)fmt;
	world.said = true;
}

int hv_number(const char *path, uint64_t *value)
{
	assert_string_equal(path, "/watchdog/timeout-s");
	*value = world.timeout_s;
	return world.timeout_s ? 0 : -LIBOS_ENOENT;
}

/* ---- runs ---- */

static struct supervisor_status status;

#define NEVER UINT64_MAX
#define S     LIBOS_NS_PER_SEC

static void run(uint64_t shell_hangs, uint64_t events_hang, uint64_t end)
{
	world.now = 5 * S;
	world.kicks = 0;
	world.said = false;
	world.shell_hangs = shell_hangs;
	world.events_hang = events_hang;
	world.end = end;
	supervisor_start();
	if (!setjmp(world.over))
		world.thread(NULL);
	supervisor_status(&status);
}

static int setup(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.timeout_s = 30;
	return 0;
}

static void test_alive(void **state)
{
	(void)state;
	run(NEVER, NEVER, 105 * S);
	assert_int_equal(world.kicks, 100);
	assert_true(status.kicking);
	assert_false(world.said);
	assert_string_equal(status.critical[CRITICAL_SHELL].name, "shell");
	assert_true(status.critical[CRITICAL_EVENTS].age_ns <= S);
}

static void test_hung(uint64_t shell, uint64_t events, const char *name)
{
	run(shell, events, 200 * S);
	assert_false(status.kicking);
	assert_string_equal(status.why_not, name);
	assert_true(world.said);
	/* It hung at 50 s, was noticed after 10 s, and nothing was kicked from then on. */
	assert_in_range(world.kicks, 54, 57);
	assert_true(world.now < 62 * S);
}

static void test_shell_hangs(void **state)
{
	(void)state;
	test_hung(50 * S, NEVER, "shell");
}

static void test_events_hang(void **state)
{
	(void)state;
	test_hung(NEVER, 50 * S, "events");
}

static void test_no_shell_to_wait_for(void **state)
{
	(void)state;
	world.now = 5 * S;
	supervisor_start();
	supervisor_forget(CRITICAL_SHELL);
	supervisor_alive(CRITICAL_SHELL); /* does not bring it back */
	world.shell_hangs = 0;
	world.events_hang = NEVER;
	world.end = 100 * S;
	if (!setjmp(world.over))
		world.thread(NULL);
	supervisor_status(&status);
	assert_true(status.kicking);
	assert_null(status.critical[CRITICAL_SHELL].name);
}

static void test_stopped(void **state)
{
	(void)state;
	run(NEVER, NEVER, 10 * S);
	supervisor_stop();
	world.kicks = 0;
	world.thread(NULL);
	assert_int_equal(world.kicks, 0);
	supervisor_status(&status);
	assert_false(status.kicking);
}

static void test_refused(void **state)
{
	(void)state;
	world.refused = true;
	run(NEVER, NEVER, 100 * S);
	assert_false(status.kicking);
	assert_int_equal(world.kicks, 1);
}

static void test_a_kick_lasts_as_long_as_the_hardware(void **state)
{
	static const unsigned int timeout_s[][2] = {{30, 30}, {6, 6}, {1, 5}, {0, 30}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		world.timeout_s = timeout_s[i][0];
		run(NEVER, NEVER, 7 * S);
		assert_int_equal(world.kick_s, timeout_s[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_alive, setup),
		cmocka_unit_test_setup(test_shell_hangs, setup),
		cmocka_unit_test_setup(test_events_hang, setup),
		cmocka_unit_test_setup(test_no_shell_to_wait_for, setup),
		cmocka_unit_test_setup(test_stopped, setup),
		cmocka_unit_test_setup(test_refused, setup),
		cmocka_unit_test_setup(test_a_kick_lasts_as_long_as_the_hardware, setup),
	};

	return cmocka_run_group_tests_name("ctrl_supervisor", tests, NULL, NULL);
}
