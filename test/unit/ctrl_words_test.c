/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The word splitter, also against the shell of the build host. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/words.h"

/* The line as "[word][word];[word]" with the links in between, or "!" and the error. */
static const char *split(const char *line, int status)
{
	static char text[4096];
	size_t len = strlen(line);
	size_t size = 2 * len + 2, max = len / 2 + 2;
	char *buf = malloc(size);
	char **argv = malloc(max * sizeof(*argv));
	enum words_link link;
	struct words w;
	int n;

	text[0] = '\0';
	words_init(&w, line, buf, size, argv, max);
	n = words_check(&w);
	if (n == -EINVAL) {
		snprintf(text, sizeof(text), "!%s!%s", w.mark, w.error);
	} else {
		while ((n = words_next(&w, status, &link)) > 0) {
			if (text[0])
				strcat(text, link == WORDS_AND	? "&&"
					     : link == WORDS_OR ? "||"
								: ";");
			for (int i = 0; i < n; i++)
				snprintf(text + strlen(text), sizeof(text) - strlen(text), "[%s]",
					 argv[i]);
			assert_null(argv[n]);
		}
		assert_int_equal(n, 0);
	}
	free(argv);
	free(buf);
	return text;
}

#define splits(line, want) assert_string_equal(split(line, 42), want)
#define refused(line, mark)                                                                        \
	assert_true(strncmp(split(line, 42), "!" mark "!", strlen(mark) + 2) == 0)

static void test_words(void **state)
{
	(void)state;
	splits("", "");
	splits("   \t ", "");
	splits("list", "[list]");
	splits("  echo  a\tb  ", "[echo][a][b]");
	splits("echo a;echo b ; echo c;", "[echo][a];[echo][b];[echo][c]");
	splits("a && b || c; d", "[a]&&[b]||[c];[d]");
	splits("a&&b", "[a]&&[b]");
}

static void test_quotes(void **state)
{
	(void)state;
	splits("echo 'a b' \"c d\" e\\ f", "[echo][a b][c d][e f]");
	splits("echo 'abcd''efgh'", "[echo][abcdefgh]");
	splits("echo \"ab\"'cd'ef", "[echo][abcdef]");
	splits("echo '' \"\"", "[echo][][]");
	splits("echo 'a\\b' \"a\\b\" a\\b", "[echo][a\\b][a\\b][ab]");
	splits("echo \"\\$ \\` \\\" \\\\ \\x\"", "[echo][$ ` \" \\ \\x]");
	splits("echo '$?;#&|' \";#&|\"", "[echo][$?;#&|][;#&|]");
	splits("echo \\; \\# \\' \\\"", "[echo][;][#]['][\"]");
}

static void test_status(void **state)
{
	(void)state;
	splits("echo $? \"$?\" '$?' x$?y ${?}", "[echo][42][42][$?][x42y][42]");
	splits("echo \"a $? b\"", "[echo][a 42 b]");
	splits("echo $ a$ \"$\"", "[echo][$][a$][$]");
	assert_string_equal(split("echo $?$?$?$?", 255), "[echo][255255255255]");
}

static void test_comment(void **state)
{
	(void)state;
	splits("# nothing", "");
	splits("echo a # b; c 'd", "[echo][a]");
	splits("echo a#b", "[echo][a#b]");
	splits("echo a;# b", "[echo][a]");
}

static void test_refused(void **state)
{
	(void)state;
	refused("echo 'a", "");
	refused("echo \"a", "");
	refused("echo a\\", "");
	refused("; echo", ";");
	refused("a;;b", ";;");
	refused("a ; ; b", ";");
	refused("a | b", "|");
	refused("a & b", "&");
	refused("a > b", ">");
	refused("a < b", "<");
	refused("a `b`", "`");
	refused("a \"`b`\"", "`");
	refused("a $(b)", "$");
	refused("a $HOME", "$");
	refused("run() { x; }", "(");
	refused("a &&", "&&");
	refused("a || # b", "||");
	refused("&& a", "&&");
	refused("a && && b", "&&");
	/* Nothing of a line is run when its end is wrong. */
	refused("reboot; echo 'x", "");
}

/* What a POSIX shell makes of lines, ours must make too: `printf [%s] "$@"` there. */
static void test_same_as_sh(void **state)
{
	static const char *const lines[] = {
		"a b c",
		"'a b'c\"d e\"",
		"a\\ b \\\\ \"\\\\\"",
		"\"a\\\"b\"",
		"'a\"b' \"a'b\"",
		"x'' ''x \"\"",
		"a#b #c",
		"\\a\\b\\c",
		"\"\\a\"",
		"a=b --x='y z'",
		"$?",
		"\"$?\"$?",
		"{ } ! a",
		"~x [a] ?x *x",
		"a\tb",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char script[512], theirs[256] = "";
		FILE *sh;

		snprintf(script, sizeof(script),
			 "exec sh <<'END-OF-SCRIPT'\nset -f; p() { printf '[%%s]' \"$@\"; }; "
			 "s() { return 42; }; s\np %s\nEND-OF-SCRIPT\n",
			 lines[i]);
		sh = popen(script, "r");
		assert_non_null(sh);
		assert_true(fread(theirs, 1, sizeof(theirs) - 1, sh) > 0);
		pclose(sh);
		assert_string_equal(split(lines[i], 42), theirs);
	}
}

/* Any bytes at all: no access outside the buffers, which ASan watches. */
static void test_noise(void **state)
{
	static const char alphabet[] = "ab '\"\\;&|$?{}#()`<>\t\x80";
	unsigned int seed = 1;

	(void)state;
	for (int round = 0; round < 50000; round++) {
		char line[64];
		size_t n = (size_t)rand_r(&seed) % (sizeof(line) - 1);

		for (size_t i = 0; i < n; i++)
			line[i] = alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
		line[n] = '\0';
		split(line, 255);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),	cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_status),	cmocka_unit_test(test_comment),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_same_as_sh),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests_name("ctrl_words", tests, NULL, NULL);
}
