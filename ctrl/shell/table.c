/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The table printer.  Pure but for malloc().
 */
#include "shell/table.h"

#include <stdlib.h>
#include <string.h>

#define TABLE_GAP	2   /* blanks between columns */
#define TABLE_CELL_SIZE 128 /* longer cells are cut off */

void table_begin(struct table *t, const struct table_column *columns, size_t nr_columns)
{
	*t = (struct table){.columns = columns, .nr_columns = nr_columns};
	for (size_t c = 0; c < nr_columns; c++)
		t->width[c] = strlen(columns[c].head);
}

static bool table_reserve(struct table *t, size_t more)
{
	size_t size = t->size ? t->size : 512;
	char *cells;

	while (size - t->len < more)
		size *= 2;
	if (size == t->size)
		return true;
	cells = realloc(t->cells, size);
	if (!cells)
		return false;
	t->cells = cells;
	t->size = size;
	return true;
}

void table_cell(struct table *t, const char *fmt, ...)
{
	size_t column = t->nr_cells % t->nr_columns;
	struct out_string s;
	size_t width;
	size_t len;
	va_list ap;

	if (t->no_memory || !table_reserve(t, TABLE_CELL_SIZE)) {
		t->no_memory = true;
		return;
	}
	out_string_init(&s, t->cells + t->len, TABLE_CELL_SIZE);
	va_start(ap, fmt);
	out_vprintf(&s.out, fmt, ap);
	va_end(ap);
	len = strlen(s.buf);
	width = out_width(s.buf, len);
	if (width > t->width[column])
		t->width[column] = width;
	t->len += len + 1;
	t->nr_cells++;
}

/* Takes from the column that gives way what the screen has not. */
static void table_fit(struct table *t)
{
	size_t total = TABLE_GAP * (t->nr_columns - 1);
	size_t over;

	for (size_t c = 0; c < t->nr_columns; c++)
		total += t->width[c];
	if (total < OUT_COLUMNS)
		return;
	over = total - (OUT_COLUMNS - 1);
	for (size_t c = 0; c < t->nr_columns; c++) {
		size_t least = strlen(t->columns[c].head);

		if (t->columns[c].shrink)
			t->width[c] = t->width[c] > over + least ? t->width[c] - over : least;
	}
}

static void table_print_cell(struct table *t, struct out *o, size_t c, const char *text)
{
	size_t width = out_width(text, strlen(text));
	size_t pad = width < t->width[c] ? t->width[c] - width : 0;
	bool last = c + 1 == t->nr_columns;

	if (t->columns[c].right)
		out_repeat(o, ' ', pad);
	if (width <= t->width[c] || !t->columns[c].shrink) {
		out_puts(o, text);
	} else {
		out_write(o, text, t->width[c] - 1);
		out_putc(o, '~');
	}
	if (!t->columns[c].right && !last)
		out_repeat(o, ' ', pad);
	if (last)
		out_putc(o, '\n');
	else
		out_repeat(o, ' ', TABLE_GAP);
}

void table_print(struct table *t, struct out *o)
{
	const char *cell = t->cells;

	table_fit(t);
	for (size_t c = 0; c < t->nr_columns; c++)
		table_print_cell(t, o, c, t->columns[c].head);
	for (size_t left = t->nr_cells; left >= t->nr_columns; left -= t->nr_columns) {
		for (size_t c = 0; c < t->nr_columns; c++) {
			table_print_cell(t, o, c, cell);
			cell += strlen(cell) + 1;
		}
	}
	if (t->no_memory)
		out_puts(o, "(out of memory: rows are missing)\n");
	free(t->cells);
	t->cells = NULL;
}
