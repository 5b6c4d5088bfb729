/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * From a manifest's source to the blob and the plan, all checks included.
 */
#include <stdlib.h>
#include <string.h>

#include "../check.h"
#include "blob.h"
#include "compile.h"
#include "memory.h"
#include "payload.h"
#include "plan.h"
#include "source.h"

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
static bool add_dependencies(const struct compile_options *o, const struct payloads *payloads)
{
	FILE *f = fopen(o->depfile, "a");

	if (!f)
		return false;
	for (unsigned int i = 0; i < payloads->nr; i++)
		fprintf(f, "%s/manifest.dtb %s/plan.json: %s\n%s:\n", o->out, o->out,
			payloads->list[i].origin, payloads->list[i].origin);
	return !fclose(f);
}

bool compile_check_blob(const void *blob, size_t size, enum schema_stage stage, struct report *r)
{
	struct manifest_node *nodes;
	unsigned int before = r->errors;
	struct manifest m;

	if (open_tree(&m, blob, size, FORM_BLOB, &nodes, &r->errs))
		manifest_check(&m, stage, &r->errs);
	free(nodes);
	return r->errors == before;
}

static bool write_products(const struct compile_options *o, const struct manifest *m,
			   const struct payloads *payloads, struct report *r)
{
	char *blob_path = xprintf("%s/manifest.dtb", o->out);
	char *plan_path = xprintf("%s/plan.json", o->out), *name = name_of(o->manifest);
	char *ctrl = o->ctrl ? realpath(o->ctrl, NULL) : NULL, *plan;
	struct plan_options options = {name, ctrl ? ctrl : o->ctrl};
	size_t size;
	void *blob = blob_make(m, payloads, &size, r);
	bool good = false;

	if (blob && compile_check_blob(blob, size, o->stage, r)) {
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

static bool build(const struct compile_options *o, struct source *source, struct report *r)
{
	struct payload_options files = {o->manifest, o->out, o->libraries};
	struct payloads payloads = {0};
	struct manifest_node *nodes;
	struct manifest m;
	bool good = false;

	if (open_tree(&m, source->dtb, source->dtb_size, FORM_SOURCE, &nodes, &r->errs)) {
		report_types(r, &m);
		manifest_check(&m, o->stage, &r->errs);
		payload_collect(&m, &files, &payloads, r);
		plan_check(&m, &payloads, r);
		good = !r->errors && write_products(o, &m, &payloads, r);
	}
	payload_free(&payloads);
	free(nodes);
	return good;
}

bool compile_manifest(const struct compile_options *o, struct report *r)
{
	char *target = xprintf("%s/manifest.dtb %s/plan.json", o->out, o->out);
	struct source_options options = {o->manifest, o->out, o->includes, o->depfile, target};
	struct source source = {0};
	bool good;

	good = source_read(&options, &source, r) && build(o, &source, r);
	if (r->errors)
		fprintf(r->out, "%s: %u error%s; nothing was made\n", o->manifest, r->errors,
			r->errors == 1 ? "" : "s");
	report_end(r);
	source_free(&source);
	free(target);
	return good;
}
