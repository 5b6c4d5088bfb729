/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Editing a line: text, cursor, kill buffer, history, completion.  Pure.
 *
 * The screen is line_view.c's, the meaning of input bytes line_keys.c's.
 */
#include "shell/line.h"

#include <string.h>

#define CTRL(c) ((c)&0x1f)
#define RUBOUT	0x7f

void line_init(struct line *l, struct out *out, struct history *history,
	       void (*complete)(const char *, size_t, struct line_candidates *))
{
	memset(l, 0, sizeof(*l));
	l->out = out;
	l->history = history;
	l->complete = complete;
	l->columns = OUT_COLUMNS;
	l->prompt = "";
}

void line_terminal(struct line *l, bool ansi, unsigned int columns)
{
	l->ansi = ansi;
	l->columns = columns ? columns : OUT_COLUMNS;
}

void line_begin(struct line *l, const char *prompt)
{
	l->len = l->pos = l->back = 0;
	l->overflow = l->killing = l->tabbed = false;
	l->escape = LINE_PLAIN;
	l->utf8_need = 0;
	l->prompt = prompt;
	view_all(l, false);
}

static void line_bell(struct line *l)
{
	out_putc(l->out, '\a');
}

/* ---- where things are ------------------------------------------------------ */

static size_t line_before(const struct line *l, size_t at)
{
	while (at && ((unsigned char)l->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t line_behind(const struct line *l, size_t at)
{
	while (at < l->len && ((unsigned char)l->text[++at] & 0xc0) == 0x80)
		;
	return at < l->len ? at : l->len;
}

static bool line_in_word(const struct line *l, size_t at)
{
	unsigned char c = (unsigned char)l->text[at];

	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c >= 0x80;
}

static size_t line_word_left(const struct line *l)
{
	size_t at = l->pos;

	while (at && !line_in_word(l, at - 1))
		at--;
	while (at && line_in_word(l, at - 1))
		at--;
	return at;
}

static size_t line_word_right(const struct line *l)
{
	size_t at = l->pos;

	while (at < l->len && !line_in_word(l, at))
		at++;
	while (at < l->len && line_in_word(l, at))
		at++;
	return at;
}

static size_t line_blank_left(const struct line *l)
{
	size_t at = l->pos;

	while (at && l->text[at - 1] == ' ')
		at--;
	while (at && l->text[at - 1] != ' ')
		at--;
	return at;
}

/* ---- changes --------------------------------------------------------------- */

static void line_go(struct line *l, size_t to)
{
	view_move(l, l->pos, to);
	l->pos = to;
}

static void line_insert(struct line *l, const char *text, size_t n)
{
	size_t at = l->pos;

	if (n > LINE_SIZE - 1 - l->len) {
		if (!l->overflow)
			line_bell(l);
		l->overflow = true;
		return;
	}
	memmove(l->text + at + n, l->text + at, l->len - at);
	memcpy(l->text + at, text, n);
	l->len += n;
	l->pos += n;
	view_tail(l, at, 0);
}

/* Remove [from, to); the cursor ends at from. */
static void line_remove(struct line *l, size_t from, size_t to)
{
	size_t gone = out_width(l->text + from, to - from);

	if (from == to)
		return;
	line_go(l, from);
	memmove(l->text + from, l->text + to, l->len - to);
	l->len -= to - from;
	view_tail(l, from, gone);
}

static void line_kill(struct line *l, size_t from, size_t to)
{
	size_t n = to - from;
	bool backward = from < l->pos;
	bool add = l->killing && l->kill_len + n <= LINE_SIZE;

	if (!add)
		l->kill_len = 0;
	if (backward)
		memmove(l->kill + n, l->kill, l->kill_len);
	memcpy(l->kill + (backward ? 0 : l->kill_len), l->text + from, n);
	l->kill_len += n;
	l->killing = true;
	line_remove(l, from, to);
}

static void line_replace(struct line *l, const char *text)
{
	size_t gone = out_width(l->text, l->len);
	size_t len = strnlen(text, LINE_SIZE - 1);
	size_t width = out_width(text, len);

	line_go(l, 0);
	memcpy(l->text, text, len);
	l->len = l->pos = len;
	l->overflow = false;
	view_tail(l, 0, gone > width ? gone - width : 0);
}

static void line_transpose(struct line *l)
{
	size_t b = l->pos < l->len ? l->pos : line_before(l, l->pos);
	size_t a = line_before(l, b);
	size_t end = line_behind(l, b);
	char swapped[8];

	if (a == b || end - a > sizeof(swapped)) {
		line_bell(l);
		return;
	}
	memcpy(swapped, l->text + b, end - b);
	memcpy(swapped + (end - b), l->text + a, b - a);
	line_go(l, a);
	memcpy(l->text + a, swapped, end - a);
	l->pos = end;
	view_tail(l, a, 0);
}

/* ---- history --------------------------------------------------------------- */

static void line_history(struct line *l, size_t back)
{
	const char *text = back && l->history ? history_get(l->history, back - 1) : l->stash;

	if (!text || (back && !l->history)) {
		line_bell(l);
		return;
	}
	if (!l->back) {
		memcpy(l->stash, l->text, l->len);
		l->stash[l->len] = '\0';
	}
	l->back = back;
	line_replace(l, text);
}

static void line_older(struct line *l)
{
	line_history(l, l->back + 1);
}

static void line_newer(struct line *l)
{
	if (l->back)
		line_history(l, l->back - 1);
	else
		line_bell(l);
}

/* ---- completion ------------------------------------------------------------ */

/* How many bytes all candidates begin with alike. */
static size_t candidates_common(const struct line_candidates *c)
{
	size_t n = strlen(c->name[0]);

	for (size_t i = 1; i < c->nr; i++) {
		size_t same = 0;

		while (same < n && c->name[i][same] == c->name[0][same])
			same++;
		n = same;
	}
	return n;
}

static void line_tab(struct line *l, bool again)
{
	struct line_candidates c = {0};
	size_t common;

	if (l->complete)
		l->complete(l->text, l->pos, &c);
	if (!c.nr) {
		line_bell(l);
		return;
	}
	common = candidates_common(&c);
	if (common > c.typed)
		line_insert(l, c.name[0] + c.typed, common - c.typed);
	if (c.nr == 1 && c.after[0]) {
		line_insert(l, &c.after[0], 1);
	} else if (c.nr > 1 && again) {
		view_candidates(l, &c);
	} else if (c.nr > 1 && common <= c.typed) {
		line_bell(l);
		l->tabbed = true;
	}
}

/* ---- keys ------------------------------------------------------------------ */

/* One character: bytes of UTF-8 wait until it is whole, so that none is drawn in halves. */
static void line_character(struct line *l, unsigned char byte)
{
	char c = (char)byte;

	if (byte < 0x80) {
		l->utf8_need = 0;
		line_insert(l, &c, 1);
	} else if (byte >= 0xc2 && byte <= 0xf4) {
		l->utf8_need = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
		l->utf8[0] = c;
		l->utf8_len = 1;
	} else if (byte < 0xc0 && l->utf8_need) {
		l->utf8[l->utf8_len++] = c;
		if (l->utf8_len == l->utf8_need) {
			l->utf8_need = 0;
			line_insert(l, l->utf8, l->utf8_len);
		}
	} else {
		line_bell(l);
	}
}

/* Moves and history; false if key is none of those. */
static bool line_motion(struct line *l, unsigned int key)
{
	switch (key) {
	case CTRL('A'):
	case KEY_HOME: line_go(l, 0); return true;
	case CTRL('E'):
	case KEY_END: line_go(l, l->len); return true;
	case CTRL('B'):
	case KEY_LEFT: line_go(l, line_before(l, l->pos)); return true;
	case CTRL('F'):
	case KEY_RIGHT: line_go(l, line_behind(l, l->pos)); return true;
	case KEY_META | 'b':
	case KEY_WORD_LEFT: line_go(l, line_word_left(l)); return true;
	case KEY_META | 'f':
	case KEY_WORD_RIGHT: line_go(l, line_word_right(l)); return true;
	case CTRL('P'):
	case KEY_UP: line_older(l); return true;
	case CTRL('N'):
	case KEY_DOWN: line_newer(l); return true;
	case CTRL('L'): view_all(l, true); return true;
	default: return false;
	}
}

/* What takes text away into the kill buffer; false if key is none of those. */
static bool line_killing(struct line *l, unsigned int key)
{
	switch (key) {
	case CTRL('K'): line_kill(l, l->pos, l->len); return true;
	case CTRL('U'): line_kill(l, 0, l->pos); return true;
	case CTRL('W'): line_kill(l, line_blank_left(l), l->pos); return true;
	case KEY_META | '\b':
	case KEY_META | RUBOUT: line_kill(l, line_word_left(l), l->pos); return true;
	case KEY_META | 'd': line_kill(l, l->pos, line_word_right(l)); return true;
	default: return false;
	}
}

static void line_edit(struct line *l, unsigned int key, bool again)
{
	switch (key) {
	case '\b':
	case RUBOUT: line_remove(l, line_before(l, l->pos), l->pos); break;
	case CTRL('D'):
	case KEY_DELETE: line_remove(l, l->pos, line_behind(l, l->pos)); break;
	case CTRL('Y'): line_insert(l, l->kill, l->kill_len); break;
	case CTRL('T'): line_transpose(l); break;
	case '\t': line_tab(l, again); break;
	default:
		if (key >= 0x20 && key < 0x100)
			line_character(l, (unsigned char)key);
		break;
	}
}

static enum line_event line_end(struct line *l)
{
	line_go(l, l->len);
	out_putc(l->out, '\n');
	l->text[l->len] = '\0';
	return l->overflow ? LINE_TOO_LONG : LINE_DONE;
}

enum line_event line_feed(struct line *l, unsigned char byte)
{
	bool tabbed = l->tabbed;
	bool after_cr = l->after_cr;
	unsigned int key = line_decode(l, byte);

	l->after_cr = key == '\r';
	if (key == KEY_NONE || (key == '\n' && after_cr))
		return LINE_MORE;
	l->tabbed = false;
	if (key == '\r' || key == '\n')
		return line_end(l);
	if (key == CTRL('C')) {
		out_puts(l->out, "^C\n");
		return LINE_INTERRUPT;
	}
	if (key == CTRL('D') && !l->len) {
		out_putc(l->out, '\n');
		return LINE_EOF;
	}
	if (line_killing(l, key))
		return LINE_MORE;
	l->killing = false;
	if (!line_motion(l, key))
		line_edit(l, key, tabbed);
	return LINE_MORE;
}
