/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Tables for people: columns as wide as their widest cell, within OUT_COLUMNS.
 *
 * Cells are collected first and printed at the end.  What does not fit is taken
 * from the column marked `shrink`; its cells then end in '~'.
 */
#ifndef CTRL_SHELL_TABLE_H
#define CTRL_SHELL_TABLE_H

#include "shell/out.h"

#define TABLE_COLUMNS 10

struct table_column {
	const char *head;
	bool right;  /* numbers stand at the right edge */
	bool shrink; /* at most one column gives way */
};

struct table {
	const struct table_column *columns;
	size_t nr_columns;
	char *cells; /* rows of nr_columns strings, each with its '\0' */
	size_t len, size;
	size_t nr_cells;
	size_t width[TABLE_COLUMNS];
	bool no_memory; /* rows are missing; table_print() says so */
};

/* columns stays in use until table_print(); nr_columns <= TABLE_COLUMNS. */
void table_begin(struct table *t, const struct table_column *columns, size_t nr_columns);

/* The next cell, row by row. */
void table_cell(struct table *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Prints head and whole rows, and frees what table_begin() began. */
void table_print(struct table *t, struct out *o);

#endif /* CTRL_SHELL_TABLE_H */
