/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What follows from a manifest on the target: role, domains, modules that are
 * missing, cut off or not the right ones, what is unsafe.  How a manifest is read
 * and judged is conf's, which is faked here; its hash is the real one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <libos/boot.h>
#include <libos/errno.h>
#include <libos/thread.h>

#include "appliance.h"
#include "conf/check.h"
#include "conf/sha256.h"
#include "conf/view.h"
#include "domains.h"
#include "problems.h"
#include "supervisor.h"

static const char kernel[3u << 20] = "a kernel of some megabytes";
static const char ramdisk[] = "a ramdisk";

static struct {
	bool no_manifest, not_a_tree, not_sound;
	struct libos_module module[4];
	unsigned int nr_modules, yields;
	uint8_t hash[4][SHA256_SIZE];
	struct view_domain domain[3];
	enum view_shell shell;
} given;

/* ---- libos ---- */

int libos_module(unsigned int i, struct libos_module *m)
{
	if (i >= given.nr_modules)
		return -LIBOS_ENOENT;
	*m = given.module[i];
	return 0;
}

void libos_yield(void)
{
	given.yields++;
}

void supervisor_alive(enum critical who)
{
	assert_int_equal(who, CRITICAL_SHELL);
}

/* ---- conf ---- */

unsigned int manifest_count(const void *blob, size_t size, struct manifest_errs *errs)
{
	(void)blob;
	(void)size;
	if (given.not_a_tree)
		errs->report(errs->arg, NULL, NULL, "this is no device tree");
	return given.not_a_tree ? 0 : 10;
}

bool manifest_open(struct manifest *m, const void *blob, size_t size, enum schema_form form,
		   struct manifest_node *nodes, unsigned int max_nodes, struct manifest_errs *errs)
{
	(void)size;
	(void)errs;
	assert_int_equal(form, FORM_BLOB);
	*m = (struct manifest){.blob = blob, .nodes = nodes, .nr_nodes = max_nodes, .form = form};
	return true;
}

bool manifest_check(const struct manifest *m, enum schema_stage stage, struct manifest_errs *errs)
{
	(void)m;
	assert_int_equal(stage, SCHEMA_STAGE_NOW);
	for (int i = 0; i < 20 && given.not_sound; i++)
		errs->report(errs->arg, "/chosen/hypervisor", "consol", "no such word");
	return !given.not_sound;
}

/* Nodes 0 to 2 of each kind. */
int manifest_next(const struct manifest *m, enum schema_kind kind, int prev)
{
	(void)m;
	(void)kind;
	return prev == MANIFEST_NONE ? 0 : prev < 2 ? prev + 1 : MANIFEST_NONE;
}

void view_ctrl(const struct manifest *m, struct view_ctrl *ctrl)
{
	(void)m;
	*ctrl = (struct view_ctrl){.shell = given.shell};
}

void view_domain(const struct manifest *m, int domain, struct view_domain *d)
{
	(void)m;
	*d = given.domain[domain];
}

void view_device(const struct manifest *m, int device, struct view_device *d)
{
	(void)m;
	*d = (struct view_device){
		.name = device == 1 ? "nic" : "ssd", .path = "00:1c.1/00.0", .unsafe = device == 1};
}

int view_module_by_index(const struct manifest *m, uint32_t index)
{
	(void)m;
	return index < 4 ? (int)index : MANIFEST_NONE;
}

void view_module(const struct manifest *m, int module, struct view_module *mod)
{
	(void)m;
	*mod = (struct view_module){.index = (uint32_t)module,
				    .sha256 = given.hash[module],
				    .size = module == 1 ? sizeof(kernel) : sizeof(ramdisk)};
}

/* ---- tests ---- */

static void problems_print(char *buf, size_t size)
{
	buf[0] = '\0';
	for (size_t i = 0; appliance_problem(i); i++)
		snprintf(buf + strlen(buf), size - strlen(buf), "%s\n", appliance_problem(i));
}

/* Module 1 is the kernel of `one` and `two`, 2 the ramdisk of `two`; `three` has 3. */
static int setup(void **state)
{
	(void)state;
	memset(&given, 0, sizeof(given));
	given.nr_modules = 4;
	given.module[0] = (struct libos_module){.data = "", .size = 1, .cmdline = "manifest"};
	given.module[1] = (struct libos_module){.data = kernel, .size = sizeof(kernel)};
	given.module[2] = (struct libos_module){.data = ramdisk, .size = sizeof(ramdisk)};
	given.module[3] = given.module[2];
	sha256(kernel, sizeof(kernel), given.hash[1]);
	sha256(ramdisk, sizeof(ramdisk), given.hash[2]);
	sha256(ramdisk, sizeof(ramdisk), given.hash[3]);
	given.domain[0] = (struct view_domain){.name = "one", .domid = 1, .kernel = 1};
	given.domain[1] = (struct view_domain){
		.name = "two", .domid = 2, .kernel = 1, .ramdisk = 2, .autostart = true};
	given.domain[2] = (struct view_domain){.name = "three", .domid = 30, .kernel = 3};
	return 0;
}

static const char *load(void)
{
	static char text[8192];

	appliance_load();
	problems_print(text, sizeof(text));
	return text;
}

static void test_sound(void **state)
{
	(void)state;
	assert_string_equal(load(), "");
	assert_true(appliance_sound());
	assert_int_equal(appliance_role(), ROLE_FULL);
	assert_int_equal(domains_nr(), 4);
	assert_string_equal(domains_name(0), "ctrl");
	assert_string_equal(domains_name(3), "three");
	assert_null(domains_name(4));
	assert_int_equal(domains_find("two")->domid, 2);
	assert_true(domains_find("two")->autostart);
	assert_ptr_equal(domains_find("30"), domains_find("three"));
	assert_null(domains_find("4"));
	assert_null(domains_find(""));
	assert_string_equal(appliance_unsafe(0), "nic (00:1c.1/00.0): runs without isolation");
	assert_null(appliance_unsafe(1));
	/* Others get their turn while a long module is hashed. */
	assert_true(given.yields >= 6);
}

static void test_roles(void **state)
{
	(void)state;
	given.shell = SHELL_OPERATOR;
	load();
	assert_int_equal(appliance_role(), ROLE_OPERATOR);
	given.shell = SHELL_OFF;
	load();
	assert_int_equal(appliance_role(), ROLE_OFF);
}

static void check_safe(void)
{
	assert_false(appliance_sound());
	assert_int_equal(appliance_role(), ROLE_OPERATOR);
	assert_int_equal(domains_nr(), 1);
}

static void test_no_manifest(void **state)
{
	(void)state;
	given.nr_modules = 0;
	assert_string_equal(load(), "manifest: none was loaded; the image must be made anew\n"
				    "no domain is started, and this shell changes nothing\n");
	check_safe();
}

static void test_not_a_tree(void **state)
{
	(void)state;
	given.not_a_tree = true;
	assert_string_equal(load(), "manifest: this is no device tree\n"
				    "no domain is started, and this shell changes nothing\n");
	check_safe();
}

static void test_not_sound(void **state)
{
	const char *text;

	(void)state;
	given.not_sound = true;
	text = load();
	assert_non_null(strstr(text, "manifest: /chosen/hypervisor: consol: no such word\n"));
	assert_null(appliance_problem(PROBLEMS_MAX));
	assert_string_equal(appliance_problem(PROBLEMS_MAX - 1), "and 6 more");
	check_safe();
}

static void test_module_missing(void **state)
{
	(void)state;
	given.nr_modules = 3;
	assert_string_equal(load(), "three: its module was not loaded\n");
	assert_string_equal(domains_find("three")->failed, "its module was not loaded");
	assert_null(domains_find("one")->failed);
	assert_true(appliance_sound());
}

static void test_module_cut_off(void **state)
{
	(void)state;
	given.module[2].size--;
	assert_string_equal(load(), "two: its module is cut off or too long\n");
	assert_null(domains_find("one")->failed);
}

static void test_module_changed(void **state)
{
	(void)state;
	given.hash[1][31] ^= 1;
	assert_string_equal(load(),
			    "one: its module is not the one that the manifest was made with\n"
			    "two: its module is not the one that the manifest was made with\n");
	assert_null(domains_find("three")->failed);
}

static void test_module_not_described(void **state)
{
	(void)state;
	given.domain[2].kernel = 9;
	assert_string_equal(load(), "three: the manifest does not describe its module\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sound, setup),
		cmocka_unit_test_setup(test_roles, setup),
		cmocka_unit_test_setup(test_no_manifest, setup),
		cmocka_unit_test_setup(test_not_a_tree, setup),
		cmocka_unit_test_setup(test_not_sound, setup),
		cmocka_unit_test_setup(test_module_missing, setup),
		cmocka_unit_test_setup(test_module_cut_off, setup),
		cmocka_unit_test_setup(test_module_changed, setup),
		cmocka_unit_test_setup(test_module_not_described, setup),
	};

	return cmocka_run_group_tests_name("ctrl_appliance", tests, NULL, NULL);
}
