/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns the formatting of emergency output. */
#include "src/format.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct out {
	char *buf;
	size_t n, max;
};

struct spec {
	bool zero;
	unsigned int width;
	bool is_long;
};

static void put(struct out *o, char c)
{
	if (o->n < o->max)
		o->buf[o->n++] = c;
}

static void put_padded(struct out *o, const struct spec *s, const char *text, size_t n)
{
	for (size_t i = n; i < s->width; i++)
		put(o, s->zero ? '0' : ' ');
	while (n-- > 0)
		put(o, *text++);
}

static void put_number(struct out *o, const struct spec *s, uint64_t v, unsigned int base,
		       bool negative)
{
	char digits[24];
	size_t i = sizeof(digits);

	do {
		digits[--i] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v != 0);
	if (negative)
		digits[--i] = '-';
	put_padded(o, s, digits + i, sizeof(digits) - i);
}

/* Flags, width and length after a '%'; returns the conversion's place. */
static const char *parse_spec(const char *p, struct spec *s)
{
	*s = (struct spec){0};
	if (*p == '0') {
		s->zero = true;
		p++;
	}
	while (*p >= '0' && *p <= '9')
		s->width = s->width * 10 + (unsigned int)(*p++ - '0');
	while (*p == 'l' || *p == 'z') {
		s->is_long = true;
		p++;
	}
	return p;
}

size_t format_string(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct out o = {buf, 0, size - 1};
	const char *text;
	struct spec s;
	int64_t d;

	for (const char *p = fmt; *p != '\0'; p++) {
		if (*p != '%') {
			put(&o, *p);
			continue;
		}
		p = parse_spec(p + 1, &s);
		switch (*p) {
		case 'd':
		case 'i':
			d = s.is_long ? va_arg(ap, long) : va_arg(ap, int);
			put_number(&o, &s, d < 0 ? -(uint64_t)d : (uint64_t)d, 10, d < 0);
			break;
		case 'u':
			put_number(&o, &s,
				   s.is_long ? va_arg(ap, unsigned long) : va_arg(ap, unsigned int),
				   10, false);
			break;
		case 'x':
			put_number(&o, &s,
				   s.is_long ? va_arg(ap, unsigned long) : va_arg(ap, unsigned int),
				   16, false);
			break;
		case 'p':
			put(&o, '0');
			put(&o, 'x');
			put_number(&o, &s, (uintptr_t)va_arg(ap, void *), 16, false);
			break;
		case 's':
			text = va_arg(ap, const char *);
			if (text == NULL)
				text = "(null)";
			put_padded(&o, &s, text, strlen(text));
			break;
		case 'c': put(&o, (char)va_arg(ap, int)); break;
		case '\0': p--; break;
		default: put(&o, *p);
		}
	}
	buf[o.n] = '\0';
	return o.n;
}
