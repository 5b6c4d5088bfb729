/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A scanner for device-tree source.
 * Source: Devicetree Specification, chapter 6 "Devicetree Source (DTS) Format".
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dts.h"

#define NAME_MAX_LEN 256

struct scanner {
	const char *at;
	struct dts_place place; /* of at, by line markers */
	const struct dts_events *events;
};

/* One line marker of cpp: # LINE "FILE" [FLAGS]; at is behind the #. */
static void line_marker(struct scanner *s)
{
	char *end;
	unsigned long line;

	if (!strncmp(s->at, "line", 4))
		s->at += 4;
	line = strtoul(s->at, &end, 10);
	if (end != s->at && *(end += strspn(end, " \t")) == '"') {
		const char *close = strchr(end + 1, '"');

		if (close) {
			s->place.file = end + 1;
			s->place.file_len = (size_t)(close - end - 1);
			s->place.line = (unsigned int)line - 1;
		}
	}
	s->at += strcspn(s->at, "\n");
}

static void skip_comment(struct scanner *s)
{
	const char *end = strstr(s->at + 2, "*/");

	for (; *s->at && s->at != end; s->at++)
		s->place.line += *s->at == '\n';
	if (*s->at)
		s->at += 2;
}

/* Blanks, comments and line markers. */
static void skip_blank(struct scanner *s)
{
	for (;;) {
		if (*s->at == '\n') {
			s->place.line++;
			s->at++;
			if (*s->at == '#' && (s->at[1] == ' ' || !strncmp(s->at + 1, "line", 4)))
				s->at++, line_marker(s);
		} else if (isspace((unsigned char)*s->at)) {
			s->at++;
		} else if (s->at[0] == '/' && s->at[1] == '*') {
			skip_comment(s);
		} else if (s->at[0] == '/' && s->at[1] == '/') {
			s->at += strcspn(s->at, "\n");
		} else {
			return;
		}
	}
}

/*
 * The place that dtc's comment gives, which ends the line of what it is about:
 * a 'FILE:LINE:COLUMN-...' in a C comment.  Without one the place is by line markers.
 */
static struct dts_place place_here(struct scanner *s, struct dts_place otherwise)
{
	const char *p = s->at + strspn(s->at, " \t"), *end, *colon;
	struct dts_place place = otherwise;

	if (strncmp(p, "/* ", 3) != 0)
		return place;
	p += 3;
	end = strstr(p, " */");
	colon = end;
	for (const char *c = p; end && c + 1 < end; c++) {
		if (*c == ':' && isdigit((unsigned char)c[1])) {
			colon = c;
			break;
		}
	}
	if (end && colon < end) {
		place.file = p;
		place.file_len = (size_t)(colon - p);
		place.line = (unsigned int)strtoul(colon + 1, NULL, 10);
	}
	return place;
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr(",._+*#?@-&\\", c));
}

/* A name, a label or a reference into buf, which holds NAME_MAX_LEN. */
static void take_name(struct scanner *s, char *buf)
{
	size_t n = 0;
	bool path = s->at[0] == '&' && s->at[1] == '{';

	for (; *s->at; s->at++) {
		if (path ? *s->at == '}' : !is_name_char(*s->at))
			break;
		if (n < NAME_MAX_LEN - 1)
			buf[n++] = *s->at;
	}
	if (path && *s->at)
		s->at++;
	buf[n] = '\0';
}

static void skip_string(struct scanner *s, char quote)
{
	for (s->at++; *s->at && *s->at != quote; s->at++) {
		if (*s->at == '\\' && s->at[1])
			s->at++;
		s->place.line += *s->at == '\n';
	}
	if (*s->at)
		s->at++;
}

/* Move behind a value's semicolon; returns the sorts of its parts. */
static unsigned int skip_value(struct scanner *s)
{
	unsigned int sorts = 0, depth = 0;

	for (;;) {
		skip_blank(s);
		switch (*s->at) {
		case '\0': return sorts;
		case ';': s->at++; return sorts;
		case '"':
			sorts |= depth ? 0 : DTS_STRING;
			skip_string(s, '"');
			continue;
		case '\'': skip_string(s, '\''); continue;
		case '<': sorts |= depth++ ? 0 : DTS_CELLS; break;
		case '[': sorts |= depth++ ? 0 : DTS_BYTES; break;
		case '>':
			/* A shift inside of an expression comes in parentheses. */
			depth -= depth == 1;
			break;
		case '(': depth++; break;
		case ']':
		case ')': depth -= depth > 0; break;
		case '&': sorts |= depth ? 0 : DTS_REF; break;
		default: break;
		}
		s->at++;
	}
}

static void scan_prop(struct scanner *s, const char *name, struct dts_place start)
{
	const char *value = s->at, *end;
	unsigned int sorts = 0;
	char *text;

	if (*s->at == '=') {
		value = ++s->at;
		sorts = skip_value(s);
	} else {
		s->at++;
	}
	end = s->at > value ? s->at - 1 : value;
	text = strndup(value, (size_t)(end - value));
	start = place_here(s, start);
	s->events->prop(s->events->arg, name, sorts, text ? text : "", &start);
	free(text);
}

/* /dts-v1/, /delete-node/ and their like; at is at the slash. */
static void scan_directive(struct scanner *s)
{
	char name[NAME_MAX_LEN];
	bool node = !strncmp(s->at, "/delete-node/", 13);
	bool prop = !strncmp(s->at, "/delete-property/", 17);

	if (!strncmp(s->at, "/omit-if-no-ref/", 16)) {
		s->at += 16;
		return;
	}
	if (node || prop) {
		s->at += node ? 13 : 17;
		skip_blank(s);
		take_name(s, name);
		(node ? s->events->delete_node : s->events->delete_prop)(s->events->arg, name);
	}
	skip_value(s);
}

/* A property or a node, whose first label, if any, has been read. */
static void scan_item(struct scanner *s, const char *name, const char *label)
{
	struct dts_place start = s->place;

	skip_blank(s);
	if (*s->at == '{') {
		s->at++;
		start = place_here(s, start);
		s->events->enter(s->events->arg, name, label, &start);
	} else if (*s->at == '=' || *s->at == ';') {
		scan_prop(s, name, start);
	} else if (*s->at) {
		s->at++;
	}
}

void dts_scan(const char *text, const struct dts_events *events)
{
	struct scanner s = {.at = text, .place = {"", 0, 1}, .events = events};
	char name[NAME_MAX_LEN], label[NAME_MAX_LEN] = "";

	if (*text == '#')
		s.at++, line_marker(&s);
	for (skip_blank(&s); *s.at; skip_blank(&s)) {
		if (*s.at == '}') {
			s.at++;
			events->leave(events->arg);
			skip_value(&s);
		} else if (s.at[0] == '/' && isalpha((unsigned char)s.at[1])) {
			scan_directive(&s);
		} else if (s.at[0] == '/') {
			s.at++;
			scan_item(&s, "/", NULL);
		} else if (is_name_char(*s.at)) {
			take_name(&s, name);
			if (*s.at == ':') {
				s.at++;
				memcpy(label, name, sizeof(label));
				continue;
			}
			scan_item(&s, name, *label ? label : NULL);
			label[0] = '\0';
		} else {
			s.at++;
		}
	}
}
