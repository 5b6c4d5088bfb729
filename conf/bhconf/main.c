/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * bhconf: the manifest compiler.  Source in, blob and plan out, and every
 * mistake named on the way.
 *
 *	bhconf [-I folder]... [-L folder]... [-c ctrl.elf] [-d depfile] -o folder manifest.dts
 *	bhconf --check-blob manifest.dtb
 *	bhconf --man
 */
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../check.h"
#include "blob.h"
#include "man.h"
#include "memory.h"
#include "payload.h"
#include "plan.h"
#include "report.h"
#include "source.h"

#define MAX_FOLDERS 16

struct options {
	char *includes[MAX_FOLDERS + 1];
	char *libraries[MAX_FOLDERS + 1];
	unsigned int nr_includes, nr_libraries;
	const char *ctrl, *depfile, *out, *manifest, *blob;
	bool man;
};

static int usage(void)
{
	fputs("usage: bhconf [-I folder]... [-L folder]... [-c ctrl.elf] [-d depfile] -o folder "
	      "manifest.dts\n"
	      "       bhconf --check-blob manifest.dtb\n"
	      "       bhconf --man\n",
	      stderr);
	return 2;
}

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{"check-blob", required_argument, NULL, 'b'}, {"man", no_argument, NULL, 'm'}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "I:L:c:d:o:", longs, NULL)) >= 0) {
		switch (c) {
		case 'I':
			if (o->nr_includes < MAX_FOLDERS)
				o->includes[o->nr_includes++] = optarg;
			break;
		case 'L':
			if (o->nr_libraries < MAX_FOLDERS)
				o->libraries[o->nr_libraries++] = optarg;
			break;
		case 'c': o->ctrl = optarg; break;
		case 'd': o->depfile = optarg; break;
		case 'o': o->out = optarg; break;
		case 'b': o->blob = optarg; break;
		case 'm': o->man = true; break;
		default: return false;
		}
	}
	o->manifest = optind < argc ? argv[optind++] : NULL;
	if (optind < argc)
		return false;
	return o->man || o->blob ? !o->manifest : o->manifest && o->out;
}

/* "demo" of "conf/demo.dts" */
static char *name_of(const char *manifest)
{
	const char *slash = strrchr(manifest, '/');
	char *name = xstrdup(slash ? slash + 1 : manifest);
	char *dot = strrchr(name, '.');

	if (dot && dot != name)
		*dot = '\0';
	return name;
}

/* Index the tree at blob; nodes is to be freed, whatever is returned. */
static bool open_tree(struct manifest *m, const void *blob, size_t size, enum schema_form form,
		      struct manifest_node **nodes, struct manifest_errs *errs)
{
	unsigned int n = manifest_count(blob, size, errs);

	*nodes = xalloc(n * sizeof(**nodes));
	return n && manifest_open(m, blob, size, form, *nodes, n, errs);
}

/* Payloads are dependencies too; those that have gone are not missed. */
static bool add_dependencies(const struct options *o, const struct payloads *payloads)
{
	FILE *f = fopen(o->depfile, "a");

	if (!f)
		return false;
	for (unsigned int i = 0; i < payloads->nr; i++)
		fprintf(f, "%s/manifest.dtb %s/plan.json: %s\n%s:\n", o->out, o->out,
			payloads->list[i].origin, payloads->list[i].origin);
	return !fclose(f);
}

/* What the target will say about the blob, said here. */
static bool check_blob(const void *blob, size_t size, struct report *r)
{
	struct manifest_node *nodes;
	unsigned int before = r->errors;
	struct manifest m;

	if (open_tree(&m, blob, size, FORM_BLOB, &nodes, &r->errs))
		manifest_check(&m, SCHEMA_STAGE_NOW, &r->errs);
	free(nodes);
	return r->errors == before;
}

static bool write_products(const struct options *o, const struct manifest *m,
			   const struct payloads *payloads, struct report *r)
{
	char *blob_path = xprintf("%s/manifest.dtb", o->out);
	char *plan_path = xprintf("%s/plan.json", o->out), *name = name_of(o->manifest);
	char *ctrl = o->ctrl ? realpath(o->ctrl, NULL) : NULL, *plan;
	struct plan_options options = {name, ctrl ? ctrl : o->ctrl};
	size_t size;
	void *blob = blob_make(m, payloads, &size, r);
	bool good = false;

	if (blob && check_blob(blob, size, r)) {
		plan = plan_make(m, payloads, &options);
		good = plan && file_write(blob_path, blob, size) &&
		       file_write(plan_path, plan, strlen(plan)) &&
		       (!o->depfile || add_dependencies(o, payloads));
		free(plan);
	}
	free(blob);
	free(ctrl);
	free(name);
	free(plan_path);
	free(blob_path);
	return good;
}

static bool build(const struct options *o, struct source *source, struct report *r)
{
	struct payload_options files = {o->manifest, o->out, (char **)(uintptr_t)o->libraries};
	struct payloads payloads = {0};
	struct manifest_node *nodes;
	struct manifest m;
	bool good = false;

	if (open_tree(&m, source->dtb, source->dtb_size, FORM_SOURCE, &nodes, &r->errs)) {
		report_types(r, &m);
		manifest_check(&m, SCHEMA_STAGE_NOW, &r->errs);
		payload_collect(&m, &files, &payloads, r);
		plan_check(&m, &payloads, r);
		good = !r->errors && write_products(o, &m, &payloads, r);
	}
	payload_free(&payloads);
	free(nodes);
	return good;
}

static int compile(struct options *o)
{
	char *target = xprintf("%s/manifest.dtb %s/plan.json", o->out, o->out);
	struct source_options options = {o->manifest, o->out, o->includes, o->depfile, target};
	struct source source = {0};
	struct report r;
	bool good;

	report_init(&r, o->manifest, stderr);
	good = source_read(&options, &source, &r) && build(o, &source, &r);
	if (r.errors)
		fprintf(stderr, "%s: %u error%s; nothing was made\n", o->manifest, r.errors,
			r.errors == 1 ? "" : "s");
	source_free(&source);
	free(target);
	return good ? 0 : 1;
}

static int check_file(const char *path)
{
	struct report r;
	size_t size;
	uint8_t *blob = file_read(path, &size);

	report_init(&r, path, stderr);
	if (!blob) {
		perror(path);
		return 2;
	}
	check_blob(blob, size, &r);
	free(blob);
	return r.errors ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct options o = {0};

	if (!parse(argc, argv, &o))
		return usage();
	if (o.man)
		return man_print(stdout);
	if (o.blob)
		return check_file(o.blob);
	return compile(&o);
}
