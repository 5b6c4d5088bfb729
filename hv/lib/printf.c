/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Formatting into a bounded buffer.  Pure: no lock, no global.  The subset is
 * named in printk.h; an unknown conversion is printed as it stands.
 */
#include "printk.h"
#include "lib/string.h"

struct out {
	char *buf;
	size_t size;
	size_t len; /* what an endless buffer would hold */
};

struct spec {
	bool zero, left, upper;
	int width;
	int length; /* 0 int, 1 long, 2 long long, 3 size_t */
};

static void out_char(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void out_padded(struct out *o, const struct spec *s, const char *text, size_t n, char pad)
{
	int fill = s->width - (int)n;

	if (!s->left)
		while (fill-- > 0)
			out_char(o, pad);
	for (size_t i = 0; i < n; i++)
		out_char(o, text[i]);
	if (s->left)
		while (fill-- > 0)
			out_char(o, ' ');
}

static void out_number(struct out *o, const struct spec *s, uint64_t v, unsigned int base, bool neg)
{
	const char *digits = s->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char tmp[24];
	size_t n = sizeof(tmp);
	struct spec rest = *s;

	do {
		tmp[--n] = digits[v % base];
		v /= base;
	} while (v);
	if (neg && s->zero && !s->left) {
		out_char(o, '-');
		rest.width--;
	} else if (neg) {
		tmp[--n] = '-';
	}
	out_padded(o, &rest, tmp + n, sizeof(tmp) - n, s->zero && !s->left ? '0' : ' ');
}

static const char *parse_spec(const char *f, struct spec *s, va_list *ap)
{
	*s = (struct spec){0};
	for (;; f++) {
		if (*f == '0')
			s->zero = true;
		else if (*f == '-')
			s->left = true;
		else
			break;
	}
	if (*f == '*') {
		s->width = va_arg(*ap, int);
		f++;
	}
	while (*f >= '0' && *f <= '9')
		s->width = s->width * 10 + (*f++ - '0');
	if (*f == 'z') {
		s->length = 3;
		f++;
	}
	while (*f == 'l') {
		s->length++;
		f++;
	}
	return f;
}

static void out_signed(struct out *o, const struct spec *s, va_list *ap)
{
	int64_t v = s->length ? va_arg(*ap, long) : va_arg(*ap, int);

	out_number(o, s, v < 0 ? -(uint64_t)v : (uint64_t)v, 10, v < 0);
}

static void out_unsigned(struct out *o, const struct spec *s, va_list *ap, unsigned int base)
{
	out_number(o, s, s->length ? va_arg(*ap, unsigned long) : va_arg(*ap, unsigned int), base,
		   false);
}

static void out_string(struct out *o, const struct spec *s, const char *text)
{
	if (!text)
		text = "(null)";
	out_padded(o, s, text, strlen(text), ' ');
}

static void out_pointer(struct out *o, const void *p)
{
	struct spec s = {.zero = true, .width = 16};

	out_number(o, &s, (uintptr_t)p, 16, false);
}

int hv_vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = {buf, size, 0};
	struct spec s;
	va_list ap;

	va_copy(ap, args);
	for (const char *f = fmt; *f; f++) {
		if (*f != '%') {
			out_char(&o, *f);
			continue;
		}
		f = parse_spec(f + 1, &s, &ap);
		s.upper = *f == 'X';
		switch (*f) {
		case 'd':
		case 'i': out_signed(&o, &s, &ap); break;
		case 'u': out_unsigned(&o, &s, &ap, 10); break;
		case 'x':
		case 'X': out_unsigned(&o, &s, &ap, 16); break;
		case 'p': out_pointer(&o, va_arg(ap, void *)); break;
		case 's': out_string(&o, &s, va_arg(ap, const char *)); break;
		case 'c': out_char(&o, (char)va_arg(ap, int)); break;
		case '%': out_char(&o, '%'); break;
		case '\0': f--; break;
		default: out_char(&o, '%'); out_char(&o, *f);
		}
	}
	va_end(ap);
	if (size)
		buf[MIN(o.len, size - 1)] = '\0';
	return (int)o.len;
}

int hv_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = hv_vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}
