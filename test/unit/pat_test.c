/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Every value of every entry of the PAT. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "x86/pat.h"

static bool valid(unsigned int type)
{
	return type <= 7 && type != 2 && type != 3;
}

static void every_entry(void **state)
{
	static const uint64_t others[] = {0, 0x0007040600070406, 0x0101010101010101,
					  0x0707070707070707};

	(void)state;
	for (unsigned int o = 0; o < 4; o++)
		for (unsigned int entry = 0; entry < 8; entry++)
			for (unsigned int type = 0; type < 256; type++) {
				uint64_t pat = others[o] & ~(0xfful << (entry * 8));

				pat |= (uint64_t)type << (entry * 8);
				assert_int_equal(pat_is_valid(pat), valid(type));
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_entry)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
