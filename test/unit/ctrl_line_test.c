/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The line editor, typed at and watched through a model of a terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/line.h"

#define PROMPT "bulkhead> "

/* ---- a terminal: printing characters, BS CR LF BEL, and the sequences that line.h names ---- */

#define ROWS	    400
#define MAX_COLUMNS 400

static struct {
	char cell[ROWS][MAX_COLUMNS];
	size_t row, column, columns;
	bool pending;	   /* the last column was filled: the next character wraps first */
	bool escapes;	   /* any control sequence was seen */
	char sequence[16]; /* the one being received, from its ESC on */
	size_t sequence_len;
	size_t bells;
	char raw[1 << 16];
	size_t raw_len;
} term;

static void term_reset(size_t columns)
{
	memset(&term, 0, sizeof(term));
	memset(term.cell, ' ', sizeof(term.cell));
	term.columns = columns;
}

static void term_printing(char c)
{
	if (term.pending) {
		term.row++;
		term.column = 0;
		term.pending = false;
	}
	assert_true(term.row < ROWS);
	term.cell[term.row][term.column] = c;
	if (term.column + 1 == term.columns)
		term.pending = true;
	else
		term.column++;
}

static void term_erase_below(void)
{
	for (size_t r = term.row; r < ROWS; r++) {
		size_t from = r == term.row ? term.column : 0;

		memset(&term.cell[r][from], ' ', MAX_COLUMNS - from);
	}
}

/* A byte of a control sequence: "ESC [ n letter". */
static void term_sequence(char c)
{
	size_t n = strtoul(term.sequence + 2, NULL, 10);

	assert_true(term.sequence_len < sizeof(term.sequence) - 1);
	term.sequence[term.sequence_len++] = c;
	if (term.sequence_len == 2)
		assert_int_equal(c, '[');
	if (term.sequence_len <= 2 || (c >= '0' && c <= '9'))
		return;
	switch (c) {
	case 'A':
		assert_true(n && n <= term.row);
		term.row -= n;
		break;
	case 'B': term.row += n; break;
	case 'C':
		assert_true(n && term.column + n < term.columns);
		term.column += n;
		break;
	case 'H': term.row = term.column = 0; break;
	case 'J':
		if (n == 2)
			memset(term.cell, ' ', sizeof(term.cell));
		else
			term_erase_below();
		break;
	default: fail_msg("unknown sequence ESC%s", term.sequence + 1);
	}
	memset(term.sequence, 0, sizeof(term.sequence));
	term.sequence_len = 0;
	term.pending = false;
	term.escapes = true;
}

static void term_write(struct out *o, const char *buf, size_t len)
{
	(void)o;
	for (size_t i = 0; i < len; i++) {
		if (term.raw_len < sizeof(term.raw))
			term.raw[term.raw_len++] = buf[i];
		if (term.sequence_len) {
			term_sequence(buf[i]);
			continue;
		}
		switch (buf[i]) {
		case '\a': term.bells++; break;
		case '\b':
			term.column -= term.column > 0 && !term.pending;
			term.pending = false;
			break;
		case '\r':
			term.column = 0;
			term.pending = false;
			break;
		case '\n':
			term.row++;
			term.column = 0;
			term.pending = false;
			break;
		case '\033': term_sequence(buf[i]); break;
		default:
			assert_true((unsigned char)buf[i] >= 0x20 && buf[i] != 0x7f);
			if (((unsigned char)buf[i] & 0xc0) != 0x80)
				term_printing(buf[i]);
		}
	}
}

static struct out term_out = {term_write};

/* ---- typing ---- */

static struct line line;
static struct history history;
static char history_buf[2048];

static void start(bool ansi, unsigned int columns)
{
	term_reset(columns);
	history_init(&history, history_buf, sizeof(history_buf));
	line_init(&line, &term_out, &history, NULL);
	line_terminal(&line, ansi, columns);
	line_begin(&line, PROMPT);
}

static enum line_event type_bytes(const char *keys, size_t n)
{
	enum line_event e = LINE_MORE;

	for (size_t i = 0; i < n && e == LINE_MORE; i++)
		e = line_feed(&line, (unsigned char)keys[i]);
	return e;
}

static enum line_event type(const char *keys)
{
	return type_bytes(keys, strlen(keys));
}

/* Type keys and Enter on a fresh line; the line that comes of it. */
static const char *typed(const char *keys)
{
	start(false, 80);
	assert_int_equal(type(keys), LINE_MORE);
	assert_int_equal(type("\r"), LINE_DONE);
	assert_false(term.escapes);
	return line.text;
}

/* What the screen shows from the prompt's row on must be prompt, text and blanks. */
static void check_screen(void)
{
	char want[LINE_SIZE + sizeof(PROMPT)];
	size_t n = 0;
	size_t cursor;

	for (const char *p = PROMPT; *p; p++)
		want[n++] = *p;
	cursor = n;
	for (size_t i = 0; i < line.len; i++) {
		if (((unsigned char)line.text[i] & 0xc0) == 0x80)
			continue;
		want[n++] = line.text[i];
		cursor += i < line.pos;
	}
	for (size_t i = 0; i < ROWS * term.columns; i++) {
		char shown = term.cell[i / term.columns][i % term.columns];

		if (shown != (i < n ? want[i] : ' '))
			fail_msg("cell %zu shows '%c', not '%c'; line '%.*s'", i, shown,
				 i < n ? want[i] : ' ', (int)line.len, line.text);
	}
	assert_int_equal(term.row * term.columns + term.column + term.pending, cursor);
}

/* ---- tests ---- */

static void test_echo_is_plain(void **state)
{
	(void)state;
	start(false, 80);
	assert_int_equal(type("info --json\r"), LINE_DONE);
	assert_string_equal(line.text, "info --json");
	assert_int_equal(term.raw_len, strlen(PROMPT "info --json\n"));
	assert_memory_equal(term.raw, PROMPT "info --json\n", term.raw_len);
}

static void test_rubout_is_plain(void **state)
{
	(void)state;
	start(false, 80);
	type("ab\x7f\b\b\r");
	assert_int_equal(term.raw_len, strlen(PROMPT "ab\b \b\b \b\n"));
	assert_memory_equal(term.raw, PROMPT "ab\b \b\b \b\n", term.raw_len);
	assert_string_equal(line.text, "");
}

static void test_line_ends(void **state)
{
	(void)state;
	start(false, 80);
	assert_int_equal(type("a\r"), LINE_DONE);
	line_begin(&line, PROMPT);
	assert_int_equal(type("\nb\n"), LINE_DONE); /* the \n belongs to the \r before */
	assert_string_equal(line.text, "b");
	line_begin(&line, PROMPT);
	assert_int_equal(type("\n"), LINE_DONE);
	assert_string_equal(line.text, "");
}

static void test_keys(void **state)
{
	(void)state;
	assert_string_equal(typed("bc\001a\005d"), "abcd");
	assert_string_equal(typed("ad\002\002\006bc"), "abcd");
	assert_string_equal(typed("ad\033[Dbc"), "abcd");
	assert_string_equal(typed("bd\033[Ha\033[Cc\033[Fe"), "abcde");
	assert_string_equal(typed("bd\033OHa\033OCc\033OFe"), "abcde");
	assert_string_equal(typed("bd\033[1~a\033[Cc\033[4~e"), "abcde");
	assert_string_equal(typed("xabc\033[7~\033[3~\033[8~d"), "abcd");
	assert_string_equal(typed("xabc\001\004"), "abc");
	assert_string_equal(typed("one two\033bx \033fy"), "one x twoy");
	assert_string_equal(typed("one two\033[1;5Dx \033[1;5Cy"), "one x twoy");
	assert_string_equal(typed("ab\024c"), "bac");
	assert_string_equal(typed("abc\002\024d"), "acbd");
	assert_string_equal(typed("a\t\x01\x02\x10\x0e\x11\x12\x1f"
				  "c"),
			    "ca");
}

static void test_kill_and_yank(void **state)
{
	(void)state;
	assert_string_equal(typed("one two\027\031\031"), "one twotwo");
	assert_string_equal(typed("one two three\027\027\001\031"), "two threeone ");
	assert_string_equal(typed("one two\025x\031"), "xone two");
	assert_string_equal(typed("one two\001\006\006\006\013\031\031"), "one two two");
	assert_string_equal(typed("a-b c-d\033\x7fX"), "a-b c-X");
	assert_string_equal(typed("one two\001\033d\005\031"), " twoone");
}

static void test_unknown_sequences_vanish(void **state)
{
	(void)state;
	assert_string_equal(typed("a\033[15~b\033[200~c\033OPd\033[24;80Re\033[?1;2cf\033zg"),
			    "abcdefg");
	assert_string_equal(typed("a\033[1111111111111111111111111111111111~b"), "ab");
	/* A line's end, and ^C, count even in the middle of a sequence. */
	start(false, 80);
	assert_int_equal(type("a\033[1\r"), LINE_DONE);
	assert_string_equal(line.text, "a");
	start(false, 80);
	assert_int_equal(type("a\033\003"), LINE_INTERRUPT);
	start(false, 80);
	assert_int_equal(type("a\033[\033\r"), LINE_DONE);
}

static void test_interrupt_and_eof(void **state)
{
	(void)state;
	start(false, 80);
	assert_int_equal(type("abc\003"), LINE_INTERRUPT);
	assert_memory_equal(term.raw + term.raw_len - 6, "abc^C\n", 6);
	start(false, 80);
	assert_int_equal(type("\004"), LINE_EOF);
	start(false, 80);
	assert_int_equal(type("a\004"), LINE_MORE);
}

static void test_history(void **state)
{
	(void)state;
	start(false, 80);
	history_add(&history, "first");
	history_add(&history, "second");
	history_add(&history, "second");
	history_add(&history, "");
	type("new\033[A");
	assert_memory_equal(line.text, "second", line.len);
	type("\020");
	assert_memory_equal(line.text, "first", line.len);
	type("\033[A");
	assert_int_equal(term.bells, 1);
	assert_memory_equal(line.text, "first", line.len);
	check_screen();
	type("\033[B\016");
	assert_int_equal(line.len, 3);
	assert_memory_equal(line.text, "new", 3);
	check_screen();
	assert_false(term.escapes);
}

static void test_history_forgets_the_oldest(void **state)
{
	char text[32];

	(void)state;
	history_init(&history, history_buf, sizeof(history_buf));
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "line number %d", i);
		history_add(&history, text);
		assert_string_equal(history_get(&history, 0), text);
	}
	assert_string_equal(history_get(&history, 99), "line number 900");
	assert_null(history_get(&history, 999));
}

static void test_four_kib_pasted(void **state)
{
	static char paste[4097];

	(void)state;
	for (size_t i = 0; i < 4096; i++)
		paste[i] = (char)('!' + i % 90);
	start(false, 80);
	assert_int_equal(type_bytes(paste, 4096), LINE_MORE);
	assert_int_equal(type("\r"), LINE_DONE);
	assert_string_equal(line.text, paste);
	/* The echo is the paste itself, nothing put in. */
	assert_int_equal(term.raw_len, strlen(PROMPT) + 4096 + 1);
	assert_memory_equal(term.raw + strlen(PROMPT), paste, 4096);
	assert_false(term.escapes);
}

static void test_too_long_is_not_a_line(void **state)
{
	(void)state;
	start(false, 80);
	for (int i = 0; i < LINE_SIZE - 1; i++)
		assert_int_equal(line_feed(&line, 'x'), LINE_MORE);
	assert_int_equal(term.bells, 0);
	assert_int_equal(type("yz"), LINE_MORE);
	assert_int_equal(term.bells, 1);
	assert_int_equal(type("\r"), LINE_TOO_LONG);
	line_begin(&line, PROMPT);
	assert_int_equal(type("ok\r"), LINE_DONE);
}

static void test_utf8(void **state)
{
	(void)state;
	assert_string_equal(typed("a\xc3\xa4o\002\002x"), "ax\xc3\xa4o");
	assert_string_equal(typed("\xe2\x82\xac\xf0\x9f\x98\x80\x7f"), "\xe2\x82\xac");
	assert_string_equal(typed("ab\002\xc3\xa4"), "a\xc3\xa4"
						     "b");
	assert_string_equal(typed("a\x80\xff\xc3z"), "az");
}

static void test_redisplay(void **state)
{
	(void)state;
	start(false, 80);
	type("hello\002\002\014");
	assert_false(term.escapes);
	assert_memory_equal(term.cell[1], PROMPT "hello ", strlen(PROMPT "hello "));
	assert_int_equal(term.column, strlen(PROMPT "hel"));
	start(true, 80);
	type("hello\002\002\014");
	check_screen();
}

/* Whatever is typed, the screen shows the line. */
static void random_keys(bool ansi, unsigned int columns, size_t longest, unsigned int seed)
{
	static const char *const keys[] = {
		"\001",		"\002",	   "\002",
		"\004",		"\005",	   "\006",
		"\b",		"\x7f",	   "\013",
		"\024",		"\025",	   "\027",
		"\031",		"\033b",   "\033f",
		"\033d",	"\033[A",  "\033[B",
		"\033[D",	"\033[C",  "\033[H",
		"\033[F",	"\033[3~", "\xc3\xa4",
		"\xe2\x82\xac", " ",	   "some words here",
	};
	const size_t nr_keys = sizeof(keys) / sizeof(keys[0]);

	start(ansi, columns);
	history_add(&history, "a line from before");
	history_add(&history,
		    "and another one, which takes more than one row of a narrow terminal");
	for (int i = 0; i < 2000; i++) {
		size_t key = (size_t)rand_r(&seed) % (nr_keys * 3);
		char letter[2] = {(char)('a' + rand_r(&seed) % 26), '\0'};

		if (line.len + line.kill_len + 80 > longest && key >= nr_keys - 9)
			continue;
		if (line.len + line.kill_len + 80 > longest && key == 12)
			continue;
		/* ^D on an empty line is an event */
		if (key == 3 && !line.len)
			continue;
		assert_int_equal(type(key < nr_keys ? keys[key] : letter), LINE_MORE);
		check_screen();
	}
	assert_int_equal(term.escapes, ansi);
}

static void test_random_dumb(void **state)
{
	(void)state;
	/* One row: what a dumb terminal can show without wrapping. */
	for (unsigned int seed = 1; seed <= 20; seed++)
		random_keys(false, 399, 380, seed);
}

static void test_random_ansi(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 20; seed++)
		random_keys(true, 20 + seed * 3, 600, seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo_is_plain),
		cmocka_unit_test(test_rubout_is_plain),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_kill_and_yank),
		cmocka_unit_test(test_unknown_sequences_vanish),
		cmocka_unit_test(test_interrupt_and_eof),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_history_forgets_the_oldest),
		cmocka_unit_test(test_four_kib_pasted),
		cmocka_unit_test(test_too_long_is_not_a_line),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_redisplay),
		cmocka_unit_test(test_random_dumb),
		cmocka_unit_test(test_random_ansi),
	};

	return cmocka_run_group_tests_name("ctrl_line", tests, NULL, NULL);
}
