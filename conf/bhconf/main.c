/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * bhconf: the manifest compiler.  Source in, blob and plan out, and every
 * mistake named on the way.
 *
 *	bhconf [-a] [-I folder]... [-L folder]... [-c ctrl.elf] [-d depfile] -o folder manifest.dts
 *	bhconf [-a] --check-blob manifest.dtb
 *	bhconf --man
 *
 * -a lets words pass that the target does not act on yet, to check a manifest
 * for a later release; the target itself goes on to refuse them.
 */
#include <getopt.h>
#include <stdlib.h>

#include "compile.h"
#include "man.h"
#include "memory.h"

#define MAX_FOLDERS 16

struct options {
	struct compile_options compile;
	char *includes[MAX_FOLDERS + 1];
	char *libraries[MAX_FOLDERS + 1];
	unsigned int nr_includes, nr_libraries;
	const char *blob;
	bool man;
};

static int usage(void)
{
	fputs("usage: bhconf [-a] [-I folder]... [-L folder]... [-c ctrl.elf] [-d depfile] -o "
	      "folder "
	      "manifest.dts\n"
	      "       bhconf [-a] --check-blob manifest.dtb\n"
	      "       bhconf --man\n",
	      stderr);
	return 2;
}

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{"check-blob", required_argument, NULL, 'b'}, {"man", no_argument, NULL, 'm'}, {0}};
	int c;

	o->compile.includes = o->includes;
	o->compile.libraries = o->libraries;
	o->compile.stage = SCHEMA_STAGE_NOW;
	while ((c = getopt_long(argc, argv, "aI:L:c:d:o:", longs, NULL)) >= 0) {
		switch (c) {
		case 'a': o->compile.stage = STAGE_ALL; break;
		case 'I':
			if (o->nr_includes < MAX_FOLDERS)
				o->includes[o->nr_includes++] = optarg;
			break;
		case 'L':
			if (o->nr_libraries < MAX_FOLDERS)
				o->libraries[o->nr_libraries++] = optarg;
			break;
		case 'c': o->compile.ctrl = optarg; break;
		case 'd': o->compile.depfile = optarg; break;
		case 'o': o->compile.out = optarg; break;
		case 'b': o->blob = optarg; break;
		case 'm': o->man = true; break;
		default: return false;
		}
	}
	o->compile.manifest = optind < argc ? argv[optind++] : NULL;
	if (optind < argc)
		return false;
	return o->man || o->blob ? !o->compile.manifest : o->compile.manifest && o->compile.out;
}

static int compile(struct options *o)
{
	struct report r;

	report_init(&r, o->compile.manifest, stderr);
	return compile_manifest(&o->compile, &r) ? 0 : 1;
}

static int check_file(const char *path, enum schema_stage stage)
{
	struct report r;
	size_t size;
	uint8_t *blob = file_read(path, &size);

	report_init(&r, path, stderr);
	if (!blob) {
		perror(path);
		return 2;
	}
	compile_check_blob(blob, size, stage, &r);
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
		return check_file(o.blob, o.compile.stage);
	return compile(&o);
}
