/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Text into a sink: formatting, wrapping.  Pure; knows no device and no C
 * library beyond <string.h>.
 */
#include "shell/out.h"

#include <string.h>

static void out_string_write(struct out *o, const char *buf, size_t len)
{
	struct out_string *s = (struct out_string *)o;
	size_t room = s->len < s->size - 1 ? s->size - 1 - s->len : 0;
	size_t n = len < room ? len : room;

	memcpy(s->buf + (s->len < s->size - 1 ? s->len : s->size - 1), buf, n);
	s->len += len;
	s->buf[s->len < s->size - 1 ? s->len : s->size - 1] = '\0';
}

void out_string_init(struct out_string *s, char *buf, size_t size)
{
	*s = (struct out_string){.out = {out_string_write}, .buf = buf, .size = size};
	buf[0] = '\0';
}

void out_write(struct out *o, const char *buf, size_t len)
{
	if (len)
		o->write(o, buf, len);
}

void out_puts(struct out *o, const char *s)
{
	out_write(o, s, strlen(s));
}

void out_putc(struct out *o, char c)
{
	o->write(o, &c, 1);
}

void out_repeat(struct out *o, char c, size_t n)
{
	char run[16];

	memset(run, c, sizeof(run));
	for (; n > sizeof(run); n -= sizeof(run))
		out_write(o, run, sizeof(run));
	out_write(o, run, n);
}

/* One conversion of out_vprintf(), as parsed. */
struct conversion {
	bool left, zero, prefix;
	size_t width;
	size_t precision;   /* SIZE_MAX: none given */
	unsigned int longs; /* 0 int, 1 long, 2 long long, 3 size_t, 4 intmax_t */
};

static void out_padded(struct out *o, const struct conversion *c, const char *text, size_t len)
{
	size_t cols = out_width(text, len);
	size_t pad = c->width > cols ? c->width - cols : 0;

	if (!c->left)
		out_repeat(o, ' ', pad);
	out_write(o, text, len);
	if (c->left)
		out_repeat(o, ' ', pad);
}

static void out_number(struct out *o, const struct conversion *c, uintmax_t value, bool negative,
		       char kind)
{
	const char *digits = kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned int base = kind == 'x' || kind == 'X' ? 16 : 10;
	bool prefix = c->prefix && base == 16 && value;
	size_t sign = negative + 2u * prefix; /* characters before the digits */
	char text[64];			      /* 20 digits, or zeros up to the width */
	size_t at = sizeof(text);
	size_t least = 1;

	if (c->zero && !c->left && c->width > sign)
		least = c->width - sign;
	if (c->precision != SIZE_MAX)
		least = c->precision;
	if (least > sizeof(text) - 2)
		least = sizeof(text) - 2;
	for (; value || sizeof(text) - at < least; value /= base)
		text[--at] = digits[value % base];
	if (negative)
		text[--at] = '-';
	if (prefix) {
		text[--at] = kind;
		text[--at] = '0';
	}
	out_padded(o, c, text + at, sizeof(text) - at);
}

/* Reads flags, width, precision and length of fmt, which follows a '%'. */
static const char *conversion_parse(const char *fmt, struct conversion *c, va_list *ap)
{
	*c = (struct conversion){.precision = SIZE_MAX};
	for (; *fmt == '-' || *fmt == '0' || *fmt == '#'; fmt++) {
		c->left |= *fmt == '-';
		c->zero |= *fmt == '0';
		c->prefix |= *fmt == '#';
	}
	if (*fmt == '*') {
		int width = va_arg(*ap, int);

		c->left |= width < 0;
		c->width = (size_t)(width < 0 ? -(long)width : width);
		fmt++;
	}
	for (; *fmt >= '0' && *fmt <= '9'; fmt++)
		c->width = c->width * 10 + (size_t)(*fmt - '0');
	if (*fmt == '.') {
		c->precision = 0;
		if (*++fmt == '*') {
			int precision = va_arg(*ap, int);

			c->precision = precision < 0 ? SIZE_MAX : (size_t)precision;
			fmt++;
		}
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			c->precision = c->precision * 10 + (size_t)(*fmt - '0');
	}
	for (; *fmt == 'h' || *fmt == 'l' || *fmt == 'z' || *fmt == 'j'; fmt++) {
		if (*fmt == 'l')
			c->longs++;
		else if (*fmt != 'h')
			c->longs = *fmt == 'z' ? 3 : 4;
	}
	return fmt;
}

static intmax_t conversion_signed(const struct conversion *c, va_list *ap)
{
	switch (c->longs) {
	case 0: return va_arg(*ap, int);
	case 1: return va_arg(*ap, long);
	case 2: return va_arg(*ap, long long);
	case 3: return va_arg(*ap, ptrdiff_t);
	default: return va_arg(*ap, intmax_t);
	}
}

static uintmax_t conversion_unsigned(const struct conversion *c, va_list *ap)
{
	switch (c->longs) {
	case 0: return va_arg(*ap, unsigned int);
	case 1: return va_arg(*ap, unsigned long);
	case 2: return va_arg(*ap, unsigned long long);
	case 3: return va_arg(*ap, size_t);
	default: return va_arg(*ap, uintmax_t);
	}
}

static void out_string_arg(struct out *o, const struct conversion *c, const char *s)
{
	if (!s)
		s = "(null)";
	out_padded(o, c, s, c->precision == SIZE_MAX ? strlen(s) : strnlen(s, c->precision));
}

/* Writes the conversion that ends at *end; false if there is no such one. */
static bool out_conversion(struct out *o, const struct conversion *c, const char *end, va_list *ap)
{
	intmax_t value;
	char byte;

	switch (*end) {
	case 'd':
	case 'i':
		value = conversion_signed(c, ap);
		out_number(o, c, value < 0 ? -(uintmax_t)value : (uintmax_t)value, value < 0, 'd');
		return true;
	case 'u':
	case 'x':
	case 'X': out_number(o, c, conversion_unsigned(c, ap), false, *end); return true;
	case 's': out_string_arg(o, c, va_arg(*ap, const char *)); return true;
	case 'c':
		byte = (char)va_arg(*ap, int);
		out_padded(o, c, &byte, 1);
		return true;
	case '%': out_putc(o, '%'); return true;
	default: return false;
	}
}

void out_vprintf(struct out *o, const char *fmt, va_list args)
{
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		size_t plain = strcspn(fmt, "%");
		struct conversion c;
		const char *end;

		out_write(o, fmt, plain);
		fmt += plain;
		if (!*fmt)
			break;
		end = conversion_parse(fmt + 1, &c, &ap);
		if (!out_conversion(o, &c, end, &ap)) {
			out_puts(o, fmt);
			break;
		}
		fmt = end + 1;
	}
	va_end(ap);
}

void out_printf(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	out_vprintf(o, fmt, ap);
	va_end(ap);
}

size_t format(char *buf, size_t size, const char *fmt, ...)
{
	struct out_string s;
	va_list ap;

	out_string_init(&s, buf, size);
	va_start(ap, fmt);
	out_vprintf(&s.out, fmt, ap);
	va_end(ap);
	return s.len;
}

unsigned int out_wrap(struct out *o, const char *text, unsigned int column, unsigned int indent)
{
	bool first = true; /* nothing written on this line by us yet */

	while (*text) {
		size_t len = strcspn(text, " \n");
		size_t width = out_width(text, len);

		if (len) {
			if (!first && column + 1 + width > OUT_COLUMNS - 1) {
				out_putc(o, '\n');
				out_repeat(o, ' ', indent);
				column = indent;
				first = true;
			}
			if (!first) {
				out_putc(o, ' ');
				column++;
			}
			out_write(o, text, len);
			column += (unsigned int)width;
			first = false;
		}
		text += len;
		if (*text == '\n') {
			out_putc(o, '\n');
			if (text[1] && text[1] != '\n')
				out_repeat(o, ' ', indent);
			column = indent;
			first = true;
		}
		if (*text)
			text++;
	}
	return column;
}

size_t out_width(const char *s, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)s[i] & 0xc0) != 0x80;
	return width;
}
