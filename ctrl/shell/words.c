/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The word splitter.  Pure: the line, the buffers and "$?" are parameters.
 */
#include "shell/words.h"

#include <errno.h>
#include <string.h>

#include "shell/out.h"

/* One call of words_next(). */
struct command {
	struct words *w;
	int status;
	size_t len; /* bytes used in w->buf */
	size_t argc;
};

void words_init(struct words *w, const char *line, char *buf, size_t size, char **argv, size_t max)
{
	*w = (struct words){.at = line, .buf = buf, .size = size, .argv = argv, .max = max};
}

static int words_fail(struct words *w, const char *error, const char *mark, size_t mark_len)
{
	w->error = error;
	memcpy(w->mark, mark, mark_len);
	w->mark[mark_len] = '\0';
	return -EINVAL;
}

static int command_put(struct command *c, char byte)
{
	if (c->len >= c->w->size)
		return words_fail(c->w, "the line is too long", "", 0);
	c->w->buf[c->len++] = byte;
	return 0;
}

/* "$?" or "${?}" at w->at; no other expansion exists. */
static int command_dollar(struct command *c)
{
	struct words *w = c->w;
	bool braces = strncmp(w->at, "${?}", 4) == 0;
	char number[12];
	int err = 0;

	if (!braces && w->at[1] != '?') {
		/* A '$' that begins no expansion stands for itself. */
		if (w->at[1] == '\0' || strchr(" \t;\"'", w->at[1])) {
			w->at++;
			return command_put(c, '$');
		}
		return words_fail(w, "there are no variables but $? here; quote it as '$'", "$", 1);
	}
	format(number, sizeof(number), "%d", c->status);
	for (const char *p = number; *p && !err; p++)
		err = command_put(c, *p);
	w->at += braces ? 4 : 2;
	return err;
}

static int command_single_quoted(struct command *c)
{
	struct words *w = c->w;

	for (w->at++; *w->at != '\''; w->at++) {
		if (!*w->at)
			return words_fail(w, "a closing ' is missing", "", 0);
		if (command_put(c, *w->at))
			return -EINVAL;
	}
	w->at++;
	return 0;
}

static int command_double_quoted(struct command *c)
{
	struct words *w = c->w;
	int err = 0;

	w->at++;
	while (*w->at != '"' && !err) {
		if (!*w->at)
			return words_fail(w, "a closing \" is missing", "", 0);
		if (*w->at == '`')
			return words_fail(w, "no such thing as command substitution here; quote it",
					  "`", 1);
		if (*w->at == '$') {
			err = command_dollar(c);
			continue;
		}
		/* Only these four lose their backslash between double quotes. */
		if (*w->at == '\\' && w->at[1] && strchr("$`\"\\", w->at[1]))
			w->at++;
		err = command_put(c, *w->at++);
	}
	if (!err)
		w->at++;
	return err;
}

static int command_backslash(struct command *c)
{
	if (!c->w->at[1])
		return words_fail(c->w, "nothing follows the \\ at the end of the line", "", 0);
	c->w->at += 2;
	return command_put(c, c->w->at[-1]);
}

/* One word, which begins at w->at and is not empty. */
static int command_word(struct command *c)
{
	struct words *w = c->w;
	int err = 0;

	if (c->argc + 1 >= w->max)
		return words_fail(w, "too many words", "", 0);
	w->argv[c->argc++] = w->buf + c->len;
	while (*w->at && !strchr(" \t;&|<>()`", *w->at) && !err) {
		switch (*w->at) {
		case '\'': err = command_single_quoted(c); break;
		case '"': err = command_double_quoted(c); break;
		case '\\': err = command_backslash(c); break;
		case '$': err = command_dollar(c); break;
		default: err = command_put(c, *w->at++); break;
		}
	}
	return err ? err : command_put(c, '\0');
}

static void words_blanks(struct words *w)
{
	w->at += strspn(w->at, " \t");
	if (*w->at == '#')
		w->at += strlen(w->at);
}

/* The operator at w->at after a command of argc words; sets w->link for the next. */
static int words_operator(struct words *w, size_t argc)
{
	size_t len = w->at[0] == w->at[1] && strchr("&|;", w->at[0]) ? 2 : 1;

	if (len == 2 && *w->at == ';')
		return words_fail(w, "nothing stands between the two", ";;", 2);
	if (*w->at != ';' && len == 1)
		return words_fail(w, "pipes, redirection and jobs do not exist here; quote it",
				  w->at, 1);
	if (!argc)
		return words_fail(w, "a command is missing before it", w->at, len);
	w->link = *w->at == '&' ? WORDS_AND : *w->at == '|' ? WORDS_OR : WORDS_ALWAYS;
	w->at += len;
	words_blanks(w);
	if (!*w->at && w->link != WORDS_ALWAYS)
		return words_fail(w, "a command is missing after it",
				  w->link == WORDS_AND ? "&&" : "||", 2);
	return 0;
}

int words_next(struct words *w, int status, enum words_link *link)
{
	struct command c = {.w = w, .status = status};
	int err = 0;

	*link = w->link;
	for (words_blanks(w); *w->at && !strchr(";&|<>()`", *w->at) && !err; words_blanks(w))
		err = command_word(&c);
	w->argv[c.argc] = NULL;
	if (!err && *w->at)
		err = words_operator(w, c.argc);
	return err ? err : (int)c.argc;
}

int words_check(struct words *w)
{
	struct words walk = *w;
	enum words_link link;
	int n;

	do {
		n = words_next(&walk, 255, &link);
	} while (n > 0);
	w->error = walk.error;
	memcpy(w->mark, walk.mark, sizeof(w->mark));
	return n;
}
