/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* A blob of unknown origin, through every function of the target's validation. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "deps.h"
#include "fit.h"
#include "manifest_fuzz.h"
#include "view.h"

/* Every byte of what is said is looked at, so that sanitizers see it too. */
static void listen(void *arg, const char *path, const char *word, const char *text)
{
	size_t *sum = arg;

	*sum += (path ? strlen(path) : 0) + (word ? strlen(word) : 0) + strlen(text);
}

static void view_all(const struct manifest *m, struct manifest_errs *errs)
{
	struct view_hypervisor hypervisor;
	struct view_domain domain;
	struct view_device device;
	struct view_board board;
	struct view_ctrl ctrl;
	uint8_t mac[6];

	view_ctrl(m, &ctrl);
	view_board(m, &board);
	view_hypervisor(m, &hypervisor);
	manifest_for_each(m, KIND_DOMAIN, d)
	{
		unsigned int cursor = 0;

		view_domain(m, d, &domain);
		fit_domain_kib(&domain);
		while (deps_next(m, d, &cursor) != MANIFEST_NONE)
			;
	}
	manifest_for_each(m, KIND_DEVICE, d) view_device(m, d, &device);
	manifest_for_each(m, KIND_PARTITION, p) view_label(m, p);
	manifest_for_each(m, KIND_VIF, v) view_mac(m, v, mac);
	manifest_for_each(m, KIND_MODULE, i) view_module_check(m, i, "module", 6, errs);
	view_module_by_index(m, 1);
}

static void try_form(const void *blob, size_t size, enum schema_form form, enum schema_stage stage)
{
	size_t sum = 0;
	struct manifest_errs errs = {.report = listen, .arg = &sum};
	unsigned int n = manifest_count(blob, size, &errs);
	struct manifest_node *nodes = calloc(n ? n : 1, sizeof(*nodes));
	struct manifest m;

	if (n && manifest_open(&m, blob, size, form, nodes, n, &errs)) {
		manifest_check(&m, stage, &errs);
		view_all(&m, &errs);
	}
	free(nodes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *blob = malloc(size ? size : 1);

	/* In memory of exactly its size, so that reading beyond it is noticed. */
	memcpy(blob, data, size);
	try_form(blob, size, FORM_BLOB, SCHEMA_STAGE_NOW);
	try_form(blob, size, FORM_BLOB, STAGE_ALL);
	try_form(blob, size, FORM_SOURCE, STAGE_ALL);
	free(blob);
	return 0;
}
