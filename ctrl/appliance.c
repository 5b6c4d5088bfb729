/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The manifest on the target: opened, checked, and turned into what ctrl needs.
 *
 * What a manifest may say and whether it makes sense is conf/'s; here is only
 * what follows from it.
 */
#include "appliance.h"

#include <stdlib.h>
#include <string.h>

#include <libos/boot.h>
#include <libos/thread.h>

#include "conf/check.h"
#include "conf/manifest.h"
#include "conf/sha256.h"
#include "conf/view.h"
#include "domains.h"
#include "problems.h"
#include "supervisor.h"

/* Other threads get their turn after so many bytes of a module. */
#define APPLIANCE_PIECE (1u << 20)

static struct manifest manifest;
static struct manifest_node *nodes; /* its index */
static bool sound;
static enum role role = ROLE_OPERATOR;
static struct problems wrong;
static struct problems unsafe;

bool appliance_sound(void)
{
	return sound;
}

enum role appliance_role(void)
{
	return role;
}

const char *appliance_problem(size_t i)
{
	return problems_get(&wrong, i);
}

const char *appliance_unsafe(size_t i)
{
	return problems_get(&unsafe, i);
}

static void appliance_complaint(void *arg, const char *path, const char *word, const char *text)
{
	(void)arg;
	problems_add(&wrong, "manifest: %s%s%s%s%s", path ? path : "", path ? ": " : "",
		     word ? word : "", word ? ": " : "", text);
}

/* Open and check module 0; false after saying what is wrong. */
static bool appliance_open(void)
{
	struct manifest_errs errs = {.report = appliance_complaint};
	struct libos_module module;
	unsigned int nr;

	if (libos_module(0, &module)) {
		problems_add(&wrong, "manifest: none was loaded; the image must be made anew");
		return false;
	}
	nr = manifest_count(module.data, module.size, &errs);
	if (!nr)
		return false;
	nodes = calloc(nr, sizeof(*nodes));
	if (!nodes) {
		problems_add(&wrong, "manifest: no memory for its %u nodes", nr);
		return false;
	}
	return manifest_open(&manifest, module.data, module.size, FORM_BLOB, nodes, nr, &errs) &&
	       manifest_check(&manifest, SCHEMA_STAGE_NOW, &errs);
}

static enum role role_of(enum view_shell word)
{
	switch (word) {
	case SHELL_FULL: return ROLE_FULL;
	case SHELL_OPERATOR: return ROLE_OPERATOR;
	case SHELL_OFF: return ROLE_OFF;
	}
	return ROLE_OPERATOR;
}

static bool hash_is(const struct libos_module *module, const uint8_t *want)
{
	uint8_t hash[SHA256_SIZE];
	struct sha256 sha;

	sha256_init(&sha);
	for (size_t at = 0; at < module->size; at += APPLIANCE_PIECE) {
		size_t left = module->size - at;

		sha256_update(&sha, (const char *)module->data + at,
			      left < APPLIANCE_PIECE ? left : APPLIANCE_PIECE);
		supervisor_alive(CRITICAL_SHELL);
		libos_yield();
	}
	sha256_final(&sha, hash);
	return want && memcmp(hash, want, sizeof(hash)) == 0;
}

/* Whether module index came along as the manifest means it; why not, or NULL. */
static const char *module_fault(uint32_t index)
{
	int node = view_module_by_index(&manifest, index);
	struct libos_module module;
	struct view_module want;

	if (node == MANIFEST_NONE)
		return "the manifest does not describe its module";
	if (libos_module(index, &module))
		return "its module was not loaded";
	view_module(&manifest, node, &want);
	if (module.size != want.size)
		return "its module is cut off or too long";
	if (!hash_is(&module, want.sha256))
		return "its module is not the one that the manifest was made with";
	return NULL;
}

static void appliance_domain(int node)
{
	struct view_domain view;
	struct domain *d;

	view_domain(&manifest, node, &view);
	d = domains_add(view.name, (uint16_t)view.domid);
	if (!d)
		return;
	d->autostart = view.autostart;
	d->failed = view.kernel ? module_fault(view.kernel) : NULL;
	if (!d->failed && view.ramdisk)
		d->failed = module_fault(view.ramdisk);
	if (d->failed)
		problems_add(&wrong, "%s: %s", d->name, d->failed);
}

static void appliance_domains(void)
{
	size_t nr = 0;

	for (int n = MANIFEST_NONE;
	     (n = manifest_next(&manifest, KIND_DOMAIN, n)) != MANIFEST_NONE;)
		nr++;
	if (!domains_reserve(nr)) {
		problems_add(&wrong, "no memory for a table of %zu domains", nr);
		return;
	}
	for (int n = MANIFEST_NONE;
	     (n = manifest_next(&manifest, KIND_DOMAIN, n)) != MANIFEST_NONE;)
		appliance_domain(n);
}

static void appliance_devices(void)
{
	for (int n = MANIFEST_NONE;
	     (n = manifest_next(&manifest, KIND_DEVICE, n)) != MANIFEST_NONE;) {
		struct view_device device;

		view_device(&manifest, n, &device);
		if (device.unsafe)
			problems_add(&unsafe, "%s (%s): runs without isolation", device.name,
				     device.path);
	}
}

void appliance_load(void)
{
	struct view_ctrl ctrl;

	free(nodes);
	nodes = NULL;
	role = ROLE_OPERATOR;
	wrong.nr = unsafe.nr = 0;
	domains_forget();
	sound = appliance_open();
	if (!sound) {
		problems_add(&wrong, "no domain is started, and this shell changes nothing");
		return;
	}
	view_ctrl(&manifest, &ctrl);
	role = role_of(ctrl.shell);
	appliance_domains();
	appliance_devices();
}
