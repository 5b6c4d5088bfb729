/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * JSON for --json: one value on one line, written as it is produced.
 *
 * Keys are part of the product's interface: lower case, words joined by '-',
 * the unit last ("memory-kib").  They are added to, never renamed.
 */
#ifndef CTRL_SHELL_JSON_H
#define CTRL_SHELL_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "shell/out.h"

#define JSON_DEPTH 8

struct json {
	struct out *out;
	unsigned int depth;
	bool array[JSON_DEPTH]; /* what is open at each depth */
	bool more[JSON_DEPTH];	/* something is in it already */
};

/* Begins the one object that is the answer; json_finish() ends it and the line. */
void json_start(struct json *j, struct out *o);
void json_finish(struct json *j);

/* key is NULL inside an array.  At most JSON_DEPTH levels are open at a time. */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j);

/* A NULL value is written as null. */
void json_string(struct json *j, const char *key, const char *value);
void json_unsigned(struct json *j, const char *key, uint64_t value);
void json_signed(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/*
 * A string in pieces: control characters are escaped, what is not UTF-8 turns
 * into U+FFFD.  A piece must not end inside a character.
 */
void json_string_open(struct json *j, const char *key);
void json_string_part(struct json *j, const char *text, size_t len);
void json_string_close(struct json *j);

#endif /* CTRL_SHELL_JSON_H */
