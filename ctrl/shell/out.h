/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Where text goes: a sink, and integer-only formatting into it.
 *
 * Everything the shell prints passes through one struct out, so that the same
 * code writes to the serial line, to a string, or to a test.  The C library's
 * printf stays out on purpose: with its floating point it is larger than the
 * rest of the shell.
 */
#ifndef CTRL_SHELL_OUT_H
#define CTRL_SHELL_OUT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every line of output for people fits this many columns. */
#define OUT_COLUMNS 80

struct out {
	/* Takes all len bytes; what cannot be delivered is lost. */
	void (*write)(struct out *o, const char *buf, size_t len);
};

/* A sink that fills a buffer and always terminates it; what does not fit is cut off. */
struct out_string {
	struct out out;
	char *buf;
	size_t size;
	size_t len; /* bytes that would have been there had the buffer been endless */
};

/* size > 0. */
void out_string_init(struct out_string *s, char *buf, size_t size);

void out_write(struct out *o, const char *buf, size_t len);
void out_puts(struct out *o, const char *s);
void out_putc(struct out *o, char c);
void out_repeat(struct out *o, char c, size_t n);

/*
 * printf with the conversions c s d i u x X % and the lengths hh h l ll z j,
 * the flags - 0 #, width and precision, also as '*'.
 *
 * Anything else is written as it stands: a mistake shows, and reads nothing.
 */
void out_printf(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void out_vprintf(struct out *o, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/* The same into buf, always terminated; returns the length it would have had. */
size_t format(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * Write text broken at blanks so that no line passes OUT_COLUMNS.
 *
 * column is where the cursor stands; lines after the first begin with indent
 * blanks; a '\n' in text begins a new line, an empty line parts paragraphs.
 * Ends without a newline and returns the column reached.
 */
unsigned int out_wrap(struct out *o, const char *text, unsigned int column, unsigned int indent);

/* Columns that s takes on the screen: code points of UTF-8, none of them wide. */
size_t out_width(const char *s, size_t len);

#endif /* CTRL_SHELL_OUT_H */
