/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Running cpp and dtc, and saying what they say in our words.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "source.h"

#define MAX_ARGS 64

extern char **environ;

struct command {
	const char *args[MAX_ARGS];
	unsigned int n;
};

static void add(struct command *c, const char *arg)
{
	if (c->n < MAX_ARGS - 1)
		c->args[c->n++] = arg;
}

/* Run it, its complaints into the file errors; returns its exit status, 127 when it is not there.
 */
static int run(const struct command *c, const char *errors)
{
	posix_spawn_file_actions_t actions;
	char *args[MAX_ARGS];
	int status, err;
	pid_t pid;

	for (unsigned int i = 0; i < c->n; i++)
		args[i] = xstrdup(c->args[i]);
	args[c->n] = NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors,
					 O_WRONLY | O_CREAT | O_TRUNC, 0666);
	err = posix_spawnp(&pid, args[0], &actions, NULL, args, environ);
	posix_spawn_file_actions_destroy(&actions);
	for (unsigned int i = 0; i < c->n; i++)
		free(args[i]);
	if (err)
		return 127;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return 127;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

/* The folder that a path's last component is in. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
}

static int preprocess(const struct source_options *o, const char *to, const char *errors)
{
	struct command c = {.n = 0};
	char *folder = folder_of(o->manifest);
	int status;

	add(&c, "cpp");
	add(&c, "-nostdinc");
	add(&c, "-undef");
	add(&c, "-D__DTS__");
	add(&c, "-x");
	add(&c, "assembler-with-cpp");
	add(&c, "-I");
	add(&c, folder);
	for (char **dir = o->includes; *dir; dir++) {
		add(&c, "-I");
		add(&c, *dir);
	}
	if (o->depfile) {
		add(&c, "-MD");
		add(&c, "-MP");
		add(&c, "-MF");
		add(&c, o->depfile);
		add(&c, "-MT");
		add(&c, o->deptarget);
	}
	add(&c, o->manifest);
	add(&c, "-o");
	add(&c, to);
	status = run(&c, errors);
	free(folder);
	return status;
}

static int compile(const char *from, const char *to, bool tree, const char *errors)
{
	struct command c = {.n = 0};

	add(&c, "dtc");
	add(&c, "-q");
	add(&c, "-f"); /* our own checks say more than dtc's: let them see the tree */
	add(&c, "-I");
	add(&c, "dts");
	add(&c, "-O");
	add(&c, tree ? "dtb" : "dts");
	if (!tree) {
		add(&c, "-T"); /* annotate with places */
		add(&c, "-T"); /* and with whole file names */
	}
	add(&c, "-o");
	add(&c, to);
	add(&c, from);
	return run(&c, errors);
}

static char *last_colon(char *from, char *to)
{
	while (to > from) {
		if (*--to == ':')
			return to;
	}
	return NULL;
}

/* "FILE:LINE.COL-...: Error: text" and "FILE:LINE.COL-...: ERROR (check): text". */
static void dtc_line(struct report *r, char *line)
{
	char *place = line, *text, *end;
	unsigned long number;

	if (!strncmp(line, "Error: ", 7))
		place = line + 7;
	text = strchr(place, ' ');
	end = text ? last_colon(place, text - (text[-1] == ':')) : NULL;
	/* What cannot be followed is told better when the words are checked; blanks continue a
	 * line. */
	if (*line == ' ' || strstr(line, "non-existent node or label") ||
	    strstr(line, "FATAL ERROR: Unable") || strstr(line, "output forced"))
		return;
	/* So is what is there twice; but dtc resolves no reference any more. */
	r->unresolved = true;
	if (strstr(line, "Duplicate property name"))
		return;
	r->errors++;
	if (!end) {
		fprintf(r->out, "%s: error: %s\n", r->manifest, line);
		return;
	}
	number = strtoul(end + 1, NULL, 10);
	if (!strncmp(text, " ERROR (", 8) && strstr(text, "): "))
		text = strstr(text, "): ") + 2;
	fprintf(r->out, "%.*s:%lu: error:%s\n", (int)(end - place), place, number, text);
}

static void show_errors(struct report *r, const char *errors, bool dtc)
{
	size_t size;
	char *text = (char *)file_read(errors, &size), *rest = NULL;

	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (dtc) {
			dtc_line(r, line);
		} else {
			r->errors += *line != ' ' && strstr(line, "error: ");
			fprintf(r->out, "%s\n", line);
		}
	}
	free(text);
}

static bool tool_failed(struct report *r, const char *tool, int status, const char *errors)
{
	unsigned int before = r->errors;

	if (!status)
		return false;
	show_errors(r, errors, !strcmp(tool, "dtc"));
	if (status == 127)
		report_error(r, NULL, NULL, "%s is not installed", tool);
	else if (r->errors == before)
		report_error(r, NULL, NULL, "%s failed with status %d", tool, status);
	return true;
}

bool source_read(const struct source_options *o, struct source *source, struct report *r)
{
	char *plain = xprintf("%s/manifest.i", o->out), *errors = xprintf("%s/errors", o->out);
	char *annotated = xprintf("%s/manifest.places.dts", o->out);
	char *tree = xprintf("%s/manifest.source.dtb", o->out);
	char *text = NULL;
	bool good = false;
	size_t size;

	if (tool_failed(r, "cpp", preprocess(o, plain, errors), errors) ||
	    tool_failed(r, "dtc", compile(plain, tree, true, errors), errors))
		goto out;
	show_errors(r, errors, true);
	if (tool_failed(r, "dtc", compile(plain, annotated, false, errors), errors))
		goto out;
	text = (char *)file_read(plain, &size);
	if (!text)
		goto out;
	source->all = places_read_source(text, r->out);
	free(text);
	text = (char *)file_read(annotated, &size);
	source->dtb = file_read(tree, &source->dtb_size);
	if (!text || !source->dtb)
		goto out;
	source->places = places_read(text);
	r->places = source->places;
	r->source = source->all;
	good = true;
out:
	unlink(errors);
	free(text);
	free(plain);
	free(errors);
	free(annotated);
	free(tree);
	return good;
}

void source_free(struct source *source)
{
	free(source->dtb);
	places_free(source->places);
	places_free(source->all);
}
