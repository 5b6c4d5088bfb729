/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The hypervisor's options: each word's good values, its limits, and what is complained about. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmdline.h"

static struct options o;
static unsigned int complaints;
static char last_word[256], last_why[256];

static void complain(const char *word, const char *why)
{
	complaints++;
	snprintf(last_word, sizeof(last_word), "%s", word);
	snprintf(last_why, sizeof(last_why), "%s", why);
}

static void parse(const char *text)
{
	/* On the heap, so that a look behind the end is seen. */
	char *copy = strdup(text);

	complaints = 0;
	last_word[0] = last_why[0] = '\0';
	memset(&o, 0xa5, sizeof(o));
	cmdline_parse(copy, &o, complain);
	free(copy);
}

static void is_default(void)
{
	assert_string_equal(o.console, "auto");
	assert_string_equal(o.watchdog, "none");
	assert_int_equal(o.watchdog_s, 30);
	assert_int_equal(o.ctrl_kib, 8192);
	assert_int_equal(o.on_crash, CRASH_REBOOT);
	assert_string_equal(o.slot, "-");
}

static void defaults(void **state)
{
	(void)state;
	parse("");
	is_default();
	parse("     ");
	is_default();
	assert_int_equal(complaints, 0);
}

static void every_word(void **state)
{
	(void)state;
	parse("  console=io:0x3f8,115200 ctrl-mem=16384   ctrl-on-crash=halt watchdog=tco "
	      "watchdog-timeout=60 slot=B ");
	assert_int_equal(complaints, 0);
	assert_string_equal(o.console, "io:0x3f8,115200");
	assert_string_equal(o.watchdog, "tco");
	assert_int_equal(o.watchdog_s, 60);
	assert_int_equal(o.ctrl_kib, 16384);
	assert_int_equal(o.on_crash, CRASH_HALT);
	assert_string_equal(o.slot, "B");
	parse("ctrl-on-crash=halt ctrl-on-crash=reboot slot=A slot=B");
	assert_int_equal(complaints, 0);
	assert_int_equal(o.on_crash, CRASH_REBOOT);
	assert_string_equal(o.slot, "B");
}

static void values_that_are_none(void **state)
{
	static const struct {
		const char *text, *word;
	} bad[] = {
		{"watchdog=dog", "watchdog"},
		{"watchdog=", "watchdog"},
		{"watchdog=tco,", "watchdog"},
		{"watchdog-timeout=1", "watchdog-timeout"},
		{"watchdog-timeout=601", "watchdog-timeout"},
		{"watchdog-timeout=", "watchdog-timeout"},
		{"watchdog-timeout=+5", "watchdog-timeout"},
		{"watchdog-timeout=5s", "watchdog-timeout"},
		{"watchdog-timeout=10/", "watchdog-timeout"},
		{"watchdog-timeout=-5", "watchdog-timeout"},
		{"watchdog-timeout=0x10", "watchdog-timeout"},
		{"watchdog-timeout=18446744073709551646", "watchdog-timeout"},
		{"ctrl-mem=2047", "ctrl-mem"},
		{"ctrl-mem=1073741825", "ctrl-mem"},
		{"ctrl-mem=99999999999999999999999999999999999999", "ctrl-mem"},
		{"ctrl-mem=8M", "ctrl-mem"},
		{"ctrl-on-crash=sulk", "ctrl-on-crash"},
		{"unknown=1", "unknown"},
		{"=1", ""},
		{"console", "console"},
		{"consolex=auto", "consolex"},
		{"consol=auto", "consol"},
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		parse(bad[i].text);
		assert_int_equal(complaints, 1);
		assert_string_equal(last_word, bad[i].word);
		assert_true(last_why[0]);
		is_default();
	}
	parse("watchdog-timeout=2");
	assert_int_equal(o.watchdog_s, 2);
	parse("watchdog-timeout=600");
	assert_int_equal(o.watchdog_s, 600);
	parse("ctrl-mem=0000000000000000002048");
	assert_int_equal(o.ctrl_kib, 2048);
	parse("ctrl-mem=1073741824");
	assert_int_equal(o.ctrl_kib, 1073741824);
	assert_int_equal(complaints, 0);
}

/* Each option takes what fits; what does not fit is never taken in part. */
static void long_values(void **state)
{
	char text[400];

	(void)state;
	for (size_t n = 1; n < 300; n++) {
		memset(text, 'x', sizeof(text));
		memcpy(text, "console=", 8);
		text[8 + n] = '\0';
		parse(text);
		assert_int_equal(complaints, n < sizeof(o.console) ? 0 : 1);
		assert_string_equal(o.console, n < sizeof(o.console) ? text + 8 : "auto");
	}
	parse("slot=1234567");
	assert_string_equal(o.slot, "1234567");
	parse("slot=12345678");
	assert_int_equal(complaints, 1);
	assert_string_equal(o.slot, "-");
}

/* A word that is too long is one word: its tail is not read as another. */
static void a_long_word_is_one(void **state)
{
	char text[300];

	(void)state;
	memset(text, 'y', sizeof(text));
	memcpy(text + 200, " slot=B", 8);
	parse(text);
	assert_int_equal(complaints, 1);
	assert_string_equal(o.slot, "B");
}

static void random_text(void **state)
{
	static const char *const parts[] = {"console",
					    "watchdog",
					    "ctrl-mem",
					    "slot",
					    "=",
					    " ",
					    "reboot",
					    "halt",
					    "tco",
					    "9",
					    "0",
					    "-",
					    "ctrl-on-crash",
					    "watchdog-timeout",
					    "x"};

	(void)state;
	srandom(3);
	for (unsigned int round = 0; round < 20000; round++) {
		char text[600] = "";

		for (unsigned int n = (unsigned int)random() % 30; n; n--)
			strcat(text, parts[(size_t)random() % (sizeof(parts) / sizeof(parts[0]))]);
		parse(text);
		assert_non_null(memchr(o.console, 0, sizeof(o.console)));
		assert_non_null(memchr(o.watchdog, 0, sizeof(o.watchdog)));
		assert_non_null(memchr(o.slot, 0, sizeof(o.slot)));
		assert_in_range(o.watchdog_s, 2, 600);
		assert_in_range(o.ctrl_kib, 2048, 1ul << 30);
		assert_in_range(o.on_crash, CRASH_REBOOT, CRASH_HALT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(every_word),
		cmocka_unit_test(values_that_are_none),
		cmocka_unit_test(long_values),
		cmocka_unit_test(a_long_word_is_one),
		cmocka_unit_test(random_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
