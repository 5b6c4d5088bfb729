/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Formatting, wrapping, JSON and tables of ctrl. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "shell/json.h"
#include "shell/out.h"
#include "shell/table.h"

/* Our formatter must agree with the C library's wherever it knows the conversion. */
#define same(fmt, ...)                                                                             \
	do {                                                                                       \
		char ours[256], theirs[256];                                                       \
		size_t n = format(ours, sizeof(ours), fmt, __VA_ARGS__);                           \
		int m = snprintf(theirs, sizeof(theirs), fmt, __VA_ARGS__);                        \
		assert_string_equal(ours, theirs);                                                 \
		assert_int_equal(n, m);                                                            \
	} while (0)

static void test_format_agrees(void **state)
{
	(void)state;
	same("%d|%i|%u", -1, 2147483647, 4294967295u);
	same("%5d|%-5d|%05d|%05d", 42, 42, 42, -42);
	same("%x|%X|%08x|%4x|%02x", 0xdeadbeefu, 0xdeadbeefu, 0x12u, 0xau, 0u);
	same("%ld|%lu|%lld|%llu", -5L, 5UL, (long long)INT64_MIN, (unsigned long long)UINT64_MAX);
	same("%zu|%jd", sizeof(int), (intmax_t)-3);
	same("%s|%10s|%-10s|%.3s|%.*s|%*s", "abc", "abc", "abc", "abcdef", 2, "xyz", 6, "w");
	same("%-*s|", 8, "left");
	same("%#x|%#X|%#x|%#06x|%#8x|%04d|%02d|%2d|%01d", 0x3f8u, 0x3f8u, 0u, 0x3fu, 0x3fu, -4, 7,
	     7, 0);
	same("%c|%3c|%%|%s", 'x', 'y', "");
	same("%.3d|%.0s|%u", 7, "gone", 0u);
	same("%hhu %hu", 200, 60000);
	same("%s", "no conversion at the end %");
}

static void test_format_unknown_is_shown(void **state)
{
	const char *fmt = "a %s b %q c";
	char buf[64];
	struct out_string s;

	(void)state;
	out_string_init(&s, buf, sizeof(buf));
	out_printf(&s.out, "%s", "");
	assert_string_equal(buf, "");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	format(buf, sizeof(buf), fmt, "x");
#pragma GCC diagnostic pop
	assert_string_equal(buf, "a x b %q c");
}

static void test_string_is_cut(void **state)
{
	char buf[6];

	(void)state;
	assert_int_equal(format(buf, sizeof(buf), "%s-%s", "abc", "defgh"), 9);
	assert_string_equal(buf, "abc-d");
	assert_int_equal(format(buf, 1, "%d", 12345), 5);
	assert_string_equal(buf, "");
}

static void test_wrap(void **state)
{
	char buf[2048], text[1024] = "";
	struct out_string s;

	(void)state;
	for (int i = 0; i < 60; i++)
		strcat(text, i % 25 ? &"lengths "[i * i % 7] : "longerword\n");
	out_string_init(&s, buf, sizeof(buf));
	out_printf(&s.out, "%-13s", "head");
	out_wrap(&s.out, text, 13, 13);
	for (char *line = strtok(buf, "\n"); line; line = strtok(NULL, "\n")) {
		assert_true(strlen(line) < OUT_COLUMNS);
		assert_true(strncmp(line, "head         ", 13) == 0 ||
			    strncmp(line, "             ", 13) == 0);
		assert_true(line[13] != ' ');
	}
}

static void test_wrap_paragraphs(void **state)
{
	char buf[64];
	struct out_string s;

	(void)state;
	out_string_init(&s, buf, sizeof(buf));
	out_wrap(&s.out, "a b\n\nc", 2, 2);
	assert_string_equal(buf, "a b\n\n  c");
}

static void test_json(void **state)
{
	char buf[512];
	struct out_string s;
	struct json j;

	(void)state;
	out_string_init(&s, buf, sizeof(buf));
	json_start(&j, &s.out);
	json_string(&j, "a", "q\"b\\s\n\x01\x7f");
	json_unsigned(&j, "max", UINT64_MAX);
	json_signed(&j, "min", INT64_MIN);
	json_bool(&j, "t", true);
	json_string(&j, "none", NULL);
	json_array(&j, "list");
	json_object(&j, NULL);
	json_end(&j);
	json_object(&j, NULL);
	json_bool(&j, "f", false);
	json_end(&j);
	json_array(&j, NULL);
	json_string(&j, NULL, "x");
	json_null(&j, NULL);
	json_finish(&j);
	assert_string_equal(buf, "{\"a\":\"q\\\"b\\\\s\\n\\u0001\\u007f\","
				 "\"max\":18446744073709551615,\"min\":-9223372036854775808,"
				 "\"t\":true,\"none\":null,"
				 "\"list\":[{},{\"f\":false},[\"x\",null]]}\n");
}

static void test_json_utf8(void **state)
{
	/* fine, then: stray continuation, overlong, surrogate, beyond the last, cut off */
	static const char text[] = "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80|\x80|\xc0\xaf|"
				   "\xed\xa0\x80|\xf4\x90\x80\x80|\xe2\x82";
	char buf[256];
	struct out_string s;
	struct json j;

	(void)state;
	out_string_init(&s, buf, sizeof(buf));
	json_start(&j, &s.out);
	json_string(&j, "k", text);
	json_finish(&j);
	assert_string_equal(buf, "{\"k\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80|\\ufffd|"
				 "\\ufffd\\ufffd|\\ufffd\\ufffd\\ufffd|"
				 "\\ufffd\\ufffd\\ufffd\\ufffd|\\ufffd\\ufffd\"}\n");
}

static const struct table_column columns[] = {
	{.head = "Name", .shrink = true},
	{.head = "Mem", .right = true},
	{.head = "State"},
};

static void test_table(void **state)
{
	char buf[512];
	struct out_string s;
	struct table t;

	(void)state;
	out_string_init(&s, buf, sizeof(buf));
	table_begin(&t, columns, 3);
	table_cell(&t, "ctrl");
	table_cell(&t, "%d", 8);
	table_cell(&t, "running");
	table_cell(&t, "b");
	table_cell(&t, "%d", 12345);
	table_cell(&t, "off");
	table_cell(&t, "cut");
	table_print(&t, &s.out);
	assert_string_equal(buf, "Name    Mem  State\n"
				 "ctrl      8  running\n"
				 "b     12345  off\n");
}

static void test_table_narrows(void **state)
{
	char buf[4096];
	struct out_string s;
	struct table t;

	(void)state;
	out_string_init(&s, buf, sizeof(buf));
	table_begin(&t, columns, 3);
	for (int i = 0; i < 20; i++) {
		table_cell(&t, "a-name-that-is-much-too-long-to-fit-into-the-line-of-a-terminal-%d",
			   i);
		table_cell(&t, "%d", i * 1000000);
		table_cell(&t, "running and then some");
	}
	table_print(&t, &s.out);
	for (char *line = strtok(buf, "\n"); line; line = strtok(NULL, "\n")) {
		assert_true(strlen(line) < OUT_COLUMNS);
		if (strncmp(line, "Name", 4) != 0)
			assert_non_null(strstr(line, "~  "));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format_agrees),
		cmocka_unit_test(test_format_unknown_is_shown),
		cmocka_unit_test(test_string_is_cut),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_wrap_paragraphs),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_utf8),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_narrows),
	};

	return cmocka_run_group_tests_name("ctrl_text", tests, NULL, NULL);
}
