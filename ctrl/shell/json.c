/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The JSON writer.  Pure.  RFC 8259; the encoding of its strings, RFC 3629.
 */
#include "shell/json.h"

#include <string.h>

static void json_escaped(struct json *j, unsigned char c)
{
	switch (c) {
	case '"': out_puts(j->out, "\\\""); break;
	case '\\': out_puts(j->out, "\\\\"); break;
	case '\n': out_puts(j->out, "\\n"); break;
	case '\r': out_puts(j->out, "\\r"); break;
	case '\t': out_puts(j->out, "\\t"); break;
	default: out_printf(j->out, "\\u%04x", c); break;
	}
}

/* Length of the UTF-8 character at s, or 0 if it is none (RFC 3629, section 4). */
static size_t json_utf8(const unsigned char *s, size_t len)
{
	size_t n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;

	if (s[0] < 0xc2 || s[0] > 0xf4 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

void json_string_part(struct json *j, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t from = 0;
	size_t at = 0;

	/* Runs of plain bytes go out in one piece. */
	while (at < len) {
		bool ascii = s[at] < 0x80;
		size_t n = ascii ? 1 : json_utf8(s + at, len - at);

		if (n &&
		    (!ascii || (s[at] >= 0x20 && s[at] != '"' && s[at] != '\\' && s[at] != 0x7f))) {
			at += n;
			continue;
		}
		out_write(j->out, text + from, at - from);
		if (ascii)
			json_escaped(j, s[at]);
		else
			out_puts(j->out, "\\ufffd");
		from = ++at;
	}
	out_write(j->out, text + from, at - from);
}

/* The comma before a member, and its name. */
static void json_key(struct json *j, const char *key)
{
	bool *more = &j->more[j->depth - 1];

	if (*more)
		out_putc(j->out, ',');
	*more = true;
	if (!key)
		return;
	out_putc(j->out, '"');
	json_string_part(j, key, strlen(key));
	out_puts(j->out, "\":");
}

static void json_open(struct json *j, bool array)
{
	out_putc(j->out, array ? '[' : '{');
	j->array[j->depth] = array;
	j->more[j->depth] = false;
	j->depth++;
}

void json_start(struct json *j, struct out *o)
{
	*j = (struct json){.out = o};
	json_open(j, false);
}

void json_finish(struct json *j)
{
	while (j->depth)
		json_end(j);
	out_putc(j->out, '\n');
}

void json_object(struct json *j, const char *key)
{
	json_key(j, key);
	json_open(j, false);
}

void json_array(struct json *j, const char *key)
{
	json_key(j, key);
	json_open(j, true);
}

void json_end(struct json *j)
{
	j->depth--;
	out_putc(j->out, j->array[j->depth] ? ']' : '}');
}

void json_string_open(struct json *j, const char *key)
{
	json_key(j, key);
	out_putc(j->out, '"');
}

void json_string_close(struct json *j)
{
	out_putc(j->out, '"');
}

void json_string(struct json *j, const char *key, const char *value)
{
	if (!value) {
		json_null(j, key);
		return;
	}
	json_string_open(j, key);
	json_string_part(j, value, strlen(value));
	json_string_close(j);
}

void json_unsigned(struct json *j, const char *key, uint64_t value)
{
	json_key(j, key);
	out_printf(j->out, "%llu", (unsigned long long)value);
}

void json_signed(struct json *j, const char *key, int64_t value)
{
	json_key(j, key);
	out_printf(j->out, "%lld", (long long)value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	json_key(j, key);
	out_puts(j->out, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	json_key(j, key);
	out_puts(j->out, "null");
}
