/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the line editor puts on the screen.  Pure.
 *
 * A column here counts from the start of the prompt, through all screen rows
 * that the line takes.  Source: ECMA-48, 8.3.
 */
#include "shell/line.h"

#include <string.h>

static size_t view_column(const struct line *l, size_t index)
{
	return out_width(l->prompt, strlen(l->prompt)) + out_width(l->text, index);
}

/*
 * After text has been written up to column: a terminal that has just filled its
 * last column may still stand there.  A blank takes it to the next row for sure.
 */
static void view_settle(struct line *l, size_t column)
{
	if (l->ansi && column && column % l->columns == 0)
		out_puts(l->out, " \r");
}

static void view_move_columns(struct line *l, size_t from, size_t to)
{
	size_t from_row = from / l->columns;
	size_t to_row = to / l->columns;

	if (from_row > to_row)
		out_printf(l->out, "\033[%zuA", from_row - to_row);
	if (from_row < to_row)
		out_printf(l->out, "\033[%zuB", to_row - from_row);
	out_putc(l->out, '\r');
	if (to % l->columns)
		out_printf(l->out, "\033[%zuC", to % l->columns);
}

void view_move(struct line *l, size_t from, size_t to)
{
	size_t from_column = view_column(l, from);
	size_t to_column = view_column(l, to);

	if (l->ansi && from_column / l->columns != to_column / l->columns)
		view_move_columns(l, from_column, to_column);
	else if (to < from)
		out_repeat(l->out, '\b', from_column - to_column);
	else
		out_write(l->out, l->text + from, to - from);
}

void view_tail(struct line *l, size_t from, size_t gone)
{
	size_t end = view_column(l, l->len);

	out_write(l->out, l->text + from, l->len - from);
	view_settle(l, end);
	if (gone && l->ansi) {
		out_puts(l->out, "\033[J");
	} else if (gone) {
		out_repeat(l->out, ' ', gone);
		out_repeat(l->out, '\b', gone);
	}
	view_move(l, l->len, l->pos);
}

void view_all(struct line *l, bool clear)
{
	if (clear)
		out_puts(l->out, l->ansi ? "\033[H\033[2J" : "\n");
	out_puts(l->out, l->prompt);
	view_tail(l, 0, 0);
}

void view_candidates(struct line *l, const struct line_candidates *c)
{
	size_t widest = 1;
	size_t per_row;

	for (size_t i = 0; i < c->nr; i++) {
		size_t width = out_width(c->name[i], strlen(c->name[i])) + 2;

		widest = width > widest ? width : widest;
	}
	per_row = widest < OUT_COLUMNS ? OUT_COLUMNS / widest : 1;
	for (size_t i = 0; i < c->nr; i++) {
		out_puts(l->out, i % per_row ? "" : "\n");
		if (i % per_row + 1 == per_row || i + 1 == c->nr)
			out_puts(l->out, c->name[i]);
		else
			out_printf(l->out, "%-*s", (int)widest, c->name[i]);
	}
	out_putc(l->out, '\n');
	view_all(l, false);
}

void line_redisplay(struct line *l)
{
	view_all(l, false);
}
