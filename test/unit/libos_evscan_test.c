/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* libos/src/evscan.c: every event is served, none twice, none for ever. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "src/evscan.h"

static struct {
	unsigned char upcall;
	unsigned long sel, pending[EVSCAN_WORDS], mask[EVSCAN_WORDS];
} shared;

static const struct evscan scan = {&shared.upcall, &shared.sel, shared.pending, shared.mask};

static unsigned int served[EVSCAN_PORTS];
static uint32_t order[EVSCAN_PORTS];
static unsigned int nr_served;
static void (*in_handler)(uint32_t port);

static int fresh(void **unused)
{
	(void)unused;
	memset(&shared, 0, sizeof(shared));
	memset(served, 0, sizeof(served));
	nr_served = 0;
	in_handler = NULL;
	return 0;
}

/* The hypervisor's side. */
static void raise_port(uint32_t port)
{
	unsigned long bit = 1ul << port % 64;

	if (shared.pending[port / 64] & bit)
		return;
	shared.pending[port / 64] |= bit;
	if (shared.mask[port / 64] & bit)
		return;
	shared.sel |= 1ul << port / 64;
	shared.upcall = 1;
}

static void handler(uint32_t port)
{
	assert_in_range(port, 0, EVSCAN_PORTS - 1);
	/* The bit is clear before the handler runs. */
	assert_int_equal(shared.pending[port / 64] >> port % 64 & 1, 0);
	order[nr_served++ % EVSCAN_PORTS] = port;
	served[port]++;
	if (in_handler != NULL)
		in_handler(port);
}

static void test_some(void **unused)
{
	(void)unused;
	raise_port(0);
	raise_port(63);
	raise_port(64);
	raise_port(4095);
	evscan_serve(&scan, handler);
	assert_int_equal(nr_served, 4);
	assert_int_equal(served[0] + served[63] + served[64] + served[4095], 4);
	assert_int_equal(shared.upcall, 0);
	evscan_serve(&scan, handler);
	assert_int_equal(nr_served, 4);
}

static void test_masked(void **unused)
{
	(void)unused;
	evscan_mask(&scan, 5);
	raise_port(5);
	assert_int_equal(shared.upcall, 0);
	raise_port(6);
	evscan_serve(&scan, handler);
	assert_int_equal(served[5], 0);
	assert_int_equal(served[6], 1);
	evscan_unmask(&scan, 5);
	assert_int_equal(shared.upcall, 1);
	evscan_serve(&scan, handler);
	assert_int_equal(served[5], 1);
	/* Nothing pending: unmasking causes nothing. */
	evscan_mask(&scan, 5);
	evscan_unmask(&scan, 5);
	assert_int_equal(shared.upcall, 0);
}

static void again(uint32_t port)
{
	raise_port(port);
}

/* A sender that never stops keeps nobody in the loop, and loses nothing. */
static void test_storm(void **unused)
{
	(void)unused;
	in_handler = again;
	raise_port(100);
	raise_port(101);
	for (unsigned int round = 1; round < 10; round++) {
		evscan_serve(&scan, handler);
		assert_int_equal(nr_served, 2 * round);
		assert_int_equal(shared.upcall, 1);
	}
}

static void masks_next(uint32_t port)
{
	if (port == 10)
		evscan_mask(&scan, 11);
}

static void test_masked_by_a_handler(void **unused)
{
	(void)unused;
	in_handler = masks_next;
	raise_port(10);
	raise_port(11);
	evscan_serve(&scan, handler);
	assert_int_equal(served[10], 1);
	assert_int_equal(served[11], 0);
	evscan_unmask(&scan, 11);
	evscan_serve(&scan, handler);
	assert_int_equal(served[11], 1);
}

static void test_random(void **unused)
{
	static unsigned char raised[EVSCAN_PORTS];

	(void)unused;
	srand(5);
	for (int round = 0; round < 300; round++) {
		memset(raised, 0, sizeof(raised));
		memset(served, 0, sizeof(served));
		for (int i = rand() % 200; i > 0; i--) {
			uint32_t port = (uint32_t)rand() % EVSCAN_PORTS;

			raise_port(port);
			raised[port] = 1;
		}
		evscan_serve(&scan, handler);
		for (uint32_t p = 0; p < EVSCAN_PORTS; p++)
			assert_int_equal(served[p], raised[p]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_some, fresh),
		cmocka_unit_test_setup(test_masked, fresh),
		cmocka_unit_test_setup(test_storm, fresh),
		cmocka_unit_test_setup(test_masked_by_a_handler, fresh),
		cmocka_unit_test_setup(test_random, fresh),
	};

	return cmocka_run_group_tests_name("libos_evscan", tests, NULL, NULL);
}
