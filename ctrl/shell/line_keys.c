/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the bytes of a terminal's keys mean: ECMA-48 control sequences as VT100,
 * xterm, rxvt and the Linux console send them, and ESC for Meta.  Pure.
 *
 * No timers: a sequence ends at its last byte, or at a control character, which
 * then counts by itself, so that neither a line's end nor ^C is ever swallowed.
 */
#include "shell/line.h"

#include <stdlib.h>
#include <string.h>

#define ESC 0x1b

static unsigned int key_of_letter(unsigned char final, bool word)
{
	switch (final) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'C': return word ? KEY_WORD_RIGHT : KEY_RIGHT;
	case 'D': return word ? KEY_WORD_LEFT : KEY_LEFT;
	case 'H': return KEY_HOME;
	case 'F': return KEY_END;
	default: return KEY_NONE;
	}
}

static unsigned int key_of_number(unsigned long number)
{
	switch (number) {
	case 1:
	case 7: return KEY_HOME;
	case 3: return KEY_DELETE;
	case 4:
	case 8: return KEY_END;
	default: return KEY_NONE;
	}
}

/* The sequence ESC [ parameters final is complete. */
static unsigned int key_of_sequence(struct line *l, unsigned char final)
{
	const char *modifier = strchr(l->param, ';');

	if (final == '~')
		return key_of_number(strtoul(l->param, NULL, 10));
	/* ";5" is Ctrl, ";3" is Alt: both go by words. */
	return key_of_letter(final, modifier && (modifier[1] == '5' || modifier[1] == '3'));
}

static unsigned int decode_sequence(struct line *l, unsigned char byte)
{
	if (byte >= 0x40 && byte <= 0x7e) {
		l->escape = LINE_PLAIN;
		l->param[l->param_len] = '\0';
		return key_of_sequence(l, byte);
	}
	if (l->param_len < sizeof(l->param) - 1)
		l->param[l->param_len++] = (char)byte;
	return KEY_NONE;
}

static unsigned int decode_escape(struct line *l, unsigned char byte)
{
	l->escape = LINE_PLAIN;
	l->param_len = 0;
	if (byte == '[')
		l->escape = LINE_CSI;
	else if (byte == 'O')
		l->escape = LINE_SS3;
	else
		return KEY_META | byte;
	return KEY_NONE;
}

unsigned int line_decode(struct line *l, unsigned char byte)
{
	bool control = byte < 0x20 || (byte == 0x7f && l->escape != LINE_ESC);

	if (byte == ESC) {
		l->escape = LINE_ESC;
		return KEY_NONE;
	}
	if (control && !(l->escape == LINE_ESC && byte == '\b')) {
		l->escape = LINE_PLAIN;
		return byte;
	}
	switch (l->escape) {
	case LINE_ESC: return decode_escape(l, byte);
	case LINE_CSI: return decode_sequence(l, byte);
	case LINE_SS3: l->escape = LINE_PLAIN; return key_of_letter(byte, false);
	case LINE_PLAIN: break;
	}
	return byte;
}
