/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The line editor: bytes from the serial line in, a line of text out.
 *
 * Nothing is known of the terminal at the other end, which may be a script that
 * matches the echo.  So the editor draws with printing characters, blanks and
 * backspaces alone: what is typed at the end of the line is echoed as it is, and
 * rubbed out by "\b \b".  Only after line_terminal() has been told that control
 * sequences are understood does it use them (ECMA-48 CUP, CUU, CUD, CUF, ED),
 * which makes lines longer than the screen is wide editable on sight.
 */
#ifndef CTRL_SHELL_LINE_H
#define CTRL_SHELL_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "shell/history.h"
#include "shell/out.h"

#define LINE_SIZE 8192 /* longest line, and its '\0' */

#define LINE_CANDIDATES 64

/* What may stand where the cursor is.  Strings stay valid until the next call. */
struct line_candidates {
	size_t nr;
	size_t typed; /* bytes before the cursor that each of them begins with */
	const char *name[LINE_CANDIDATES];
	char after[LINE_CANDIDATES]; /* goes behind one that is alone: ' ', '=' or '\0' */
};

enum line_event {
	LINE_MORE,	/* nothing to do yet */
	LINE_DONE,	/* l->text is a line; a newline has been echoed */
	LINE_TOO_LONG,	/* more was typed than fits: the line must not be run */
	LINE_INTERRUPT, /* ^C: the line is dropped */
	LINE_EOF,	/* ^D on an empty line */
};

/* Where in an escape sequence the input is. */
enum line_escape { LINE_PLAIN, LINE_ESC, LINE_CSI, LINE_SS3 };

struct line {
	char text[LINE_SIZE];
	size_t len;    /* bytes, without the '\0' that line_feed() adds at the end */
	size_t pos;    /* cursor, a byte index at the start of a character */
	bool overflow; /* something typed was not taken */

	const char *prompt;
	struct out *out;
	bool ansi; /* the terminal understands control sequences */
	unsigned int columns;

	struct history *history;
	size_t back;	       /* 0: the line being written; n: history entry n - 1 */
	char stash[LINE_SIZE]; /* the line being written, while another is shown */

	char kill[LINE_SIZE];
	size_t kill_len;
	bool killing; /* the last key killed: the next one adds to it */
	bool tabbed;  /* the last key was a Tab that got nowhere */

	enum line_escape escape;
	char param[16]; /* of the control sequence being read */
	size_t param_len;
	bool after_cr; /* a '\n' now belongs to the '\r' before it */
	char utf8[4];  /* a character being read */
	size_t utf8_len, utf8_need;

	void (*complete)(const char *text, size_t pos, struct line_candidates *c);
};

/* history and complete may be NULL. */
void line_init(struct line *l, struct out *out, struct history *history,
	       void (*complete)(const char *, size_t, struct line_candidates *));

/* Say whether the terminal understands control sequences, and how wide it is. */
void line_terminal(struct line *l, bool ansi, unsigned int columns);

/* Begin an empty line behind prompt, which stays in use. */
void line_begin(struct line *l, const char *prompt);

/* Take one byte of input.  After any answer but LINE_MORE call line_begin(). */
enum line_event line_feed(struct line *l, unsigned char byte);

/* Show prompt and line again, on a line of their own: something else was printed. */
void line_redisplay(struct line *l);

/* ---- between line.c (editing), line_view.c (screen), line_keys.c (input) ---- */

/* Keys beyond bytes: special keys, and META for "ESC, then this". */
enum line_key {
	KEY_UP = 0x100,
	KEY_DOWN,
	KEY_RIGHT,
	KEY_LEFT,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_WORD_LEFT,
	KEY_WORD_RIGHT,
	KEY_NONE
};
#define KEY_META 0x200

/* What a byte means: a key, or KEY_NONE while a sequence is incomplete or unknown. */
unsigned int line_decode(struct line *l, unsigned char byte);

/* Move the cursor on the screen from byte index `from` to `to`. */
void view_move(struct line *l, size_t from, size_t to);

/* Draw text from byte index `from`, where the cursor is, rub out `gone` columns behind it, go to
 * l->pos. */
void view_tail(struct line *l, size_t from, size_t gone);

/* Draw the prompt and the whole line, cursor at l->pos; clear the screen first if it can be. */
void view_all(struct line *l, bool clear);

/* Print candidates below the line, then the line anew. */
void view_candidates(struct line *l, const struct line_candidates *c);

#endif /* CTRL_SHELL_LINE_H */
