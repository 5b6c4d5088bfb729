/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What a verb is.  The table of all verbs is verbs.c; `help`, completion, the
 * parsing of options and the manual page are read off that table.
 *
 * Every verb also takes --json and --help (-h), which the table does not repeat.
 */
#ifndef CTRL_SHELL_VERB_H
#define CTRL_SHELL_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "shell/json.h"
#include "shell/out.h"

/* What the person at the serial line may do; the manifest says it. */
enum role {
	ROLE_OFF,      /* no shell */
	ROLE_OPERATOR, /* looks, changes nothing */
	ROLE_FULL,
};

/* $? of a verb. */
enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_UNKNOWN = 127,
	STATUS_INTERRUPTED = 130
};

enum verb_arg_kind {
	ARG_TEXT,
	ARG_VERB,   /* a verb's name */
	ARG_DOMAIN, /* a domain's name */
	ARG_WORD,   /* one of the words in .words */
};

/* Arguments stand in order; a list ends with an entry without name. */
struct verb_arg {
	const char *name; /* in capitals, as usage shows it */
	enum verb_arg_kind kind;
	const char *words; /* ARG_WORD: "on|off" */
	bool optional;
	bool many; /* the last one may be repeated */
};

#define VERB_OPTIONS 8

struct verb_option {
	const char *name;  /* without the "--" */
	char letter;	   /* or 0 */
	const char *value; /* what it takes, in capitals, or NULL */
	enum role role;	   /* who may use it, if it takes more than the verb does */
	const char *help;
};

struct command;
struct shell;

struct verb {
	const char *name;
	enum role role; /* the least that may run it */
	bool verbatim;	/* options stand first; from the first argument on all is text */
	const struct verb_arg *args;	   /* or NULL */
	const struct verb_option *options; /* or NULL; at most VERB_OPTIONS */
	const char *brief;		   /* a line without a full stop */
	const char *text;		   /* paragraphs, parted by an empty line */
	int (*run)(struct command *c);	   /* returns $? */
};

/* Ends with an entry without name, in the order of `help`. */
extern const struct verb verbs[];

/* The verb of that name, or NULL. */
const struct verb *verb_find(const char *name);

/* The verb that name is a slip of, or NULL. */
const struct verb *verb_near(const char *name);

/* "list [--json] [NAME...]" */
void verb_usage(const struct verb *v, struct out *o);

/* ---- one run of a verb ------------------------------------------------------ */

struct command {
	const struct verb *verb;
	struct out *out;
	enum role role;
	struct shell *shell; /* that runs it */
	bool json;
	bool help; /* --help was given */
	int argc;  /* arguments without options */
	char **argv;
	const char *value[VERB_OPTIONS]; /* per option: what was given, "" without value, or NULL */
};

/*
 * Sort argv (argv[0] is the verb, argv[argc] is NULL) into c, whose verb, out
 * and role are set: options taken out, arguments left in c->argv in order.
 *
 * Returns STATUS_OK, or STATUS_USAGE or STATUS_FAILED after saying why.
 */
int command_parse(struct command *c, int argc, char **argv);

/* What option `name` of the verb was given, "" if it takes nothing, or NULL. */
const char *command_option(const struct command *c, const char *name);

/*
 * Say why the verb fails, as people or as JSON read it.  Returns STATUS_FAILED
 * and STATUS_USAGE.
 */
int command_fail(struct command *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int command_misuse(struct command *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* CTRL_SHELL_VERB_H */
