/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * libos tests itself: one line a test, and a closing line that counts.  The same file
 * runs on Xen and on Bulkhead.
 *
 *     libos-selftest              everything
 *     libos-selftest fault WAY    fail in some way (faults.c)
 *     libos-selftest typed        read a line from the console and say it backwards
 *     libos-selftest count        what the frequent paths cost; so does libos-count
 */
#include "selftest.h"

#include <libos/boot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	void (*fn)(void);
} tests[] = {
	{"threads", test_threads}, {"waitqs", test_waitqs},
	{"mutexes", test_mutexes}, {"floating point", test_floating_point},
	{"clocks", test_clocks},   {"timers", test_timers},
	{"pages", test_pages},	   {"malloc", test_malloc},
	{"events", test_events},   {"hypercalls", test_hypercalls},
	{"stdio", test_stdio},	   {"errno", test_errno},
	{"date", test_date},
};

static unsigned int failed_claims;

void selftest_check(bool ok, const char *claim, const char *file, int line)
{
	if (ok)
		return;
	failed_claims++;
	printf("  %s:%d: not true: %s\n", file, line, claim);
}

static int run_all(void)
{
	unsigned int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		unsigned int before = failed_claims;

		tests[i].fn();
		printf("%s %s\n", failed_claims == before ? "ok" : "FAILED", tests[i].name);
		failed += failed_claims != before;
	}
	printf("selftest: %u of %u failed\n", failed, (unsigned int)ARRAY_SIZE(tests));
	return failed != 0;
}

static int typed(void)
{
	char line[80];

	puts("type:");
	if (fgets(line, sizeof(line), stdin) == NULL)
		return 1;
	for (size_t i = strcspn(line, "\r\n"); i-- > 0;)
		putchar(line[i]);
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "all";

	/* A control domain gets no words of its own: there the name says it. */
	if (strcmp(argv[0], "libos-count") == 0)
		what = "count";
	printf("%s: \"%s\", %d words, %u modules\n", argv[0], libos_cmdline(), argc,
	       libos_nr_modules());
	if (strcmp(what, "fault") == 0 && argc > 2) {
		fault(argv[2]);
		printf("no way to fail: %s\n", argv[2]);
		return 1;
	}
	if (strcmp(what, "typed") == 0)
		return typed();
	if (strcmp(what, "count") == 0) {
		count();
		return 0;
	}
	return run_all();
}
