/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The blob as the target sees it: what a good one says, what is refused in one
 * that did not come from the compiler, and that no bytes whatever do harm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fuzz/manifest_fuzz.h"
#include "check.h"
#include "conf_world.h"
#include "view.h"

#define MAX_NODES 256

/* A blob of the whole appliance, open. */
struct world {
	struct manifest m;
	struct manifest_node nodes[MAX_NODES];
	struct manifest_errs errs;
	uint8_t *blob;
	size_t size;
	char said[8192];
};

static void listen(void *arg, const char *path, const char *word, const char *text)
{
	struct world *w = arg;
	size_t used = strlen(w->said);

	snprintf(w->said + used, sizeof(w->said) - used, "%s: %s: %s\n", path ? path : "",
		 word ? word : "", text);
}

static bool open_world(struct world *w)
{
	w->errs = (struct manifest_errs){.report = listen, .arg = w};
	w->said[0] = '\0';
	return manifest_open(&w->m, w->blob, w->size, FORM_BLOB, w->nodes, MAX_NODES, &w->errs);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct conf_result result = conf_world_compile("full.dts", STAGE_ALL);

	free(result.text);
	w->blob = conf_world_read("manifest.dtb", &w->size);
	*state = w;
	return result.made && w->blob ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *w = *state;

	free(w->blob);
	free(w);
	return 0;
}

/* The blob may grow: give libfdt room to edit it. */
static void make_editable(struct world *w)
{
	uint8_t *larger = calloc(1, w->size + 4096);

	assert_int_equal(fdt_open_into(w->blob, larger, (int)w->size + 4096), 0);
	free(w->blob);
	w->blob = larger;
	w->size += 4096;
}

static int node(const struct world *w, const char *path)
{
	int offset = fdt_path_offset(w->blob, path);

	assert_true(offset >= 0);
	return offset;
}

static void expect_said(struct world *w, const char *text)
{
	bool good = open_world(w) && manifest_check(&w->m, STAGE_ALL, &w->errs);

	if (good || !strstr(w->said, text)) {
		fprintf(stderr, "expected: %s\nsaid: %s\n", text, w->said);
		fail_msg("\"%s\" was not said", text);
	}
}

static void test_good(void **state)
{
	struct world *w = *state;

	assert_true(open_world(w));
	assert_true(manifest_check(&w->m, STAGE_ALL, &w->errs));
	assert_string_equal(w->said, "");
	assert_int_equal(manifest_count(w->blob, w->size, &w->errs), w->m.nr_nodes);
	assert_false(manifest_check(&w->m, STAGE_BOOT, &w->errs));
}

static void test_views(void **state)
{
	struct world *w = *state;
	struct view_hypervisor h;
	struct view_device dev;
	struct view_board b;
	struct view_ctrl c;
	int d;

	assert_true(open_world(w));
	view_ctrl(&w->m, &c);
	assert_int_equal(c.memory_kib, 8192);
	assert_int_equal(c.shell, SHELL_OPERATOR);
	assert_int_equal(c.on_crash, HOST_REBOOT);
	assert_int_equal(c.console_escape, 0x1d);
	view_hypervisor(&w->m, &h);
	assert_string_equal(h.console, "io:0x3f8");
	assert_int_equal(h.speed, 115200);
	assert_string_equal(h.watchdog, "intel,tco");
	assert_int_equal(h.watchdog_timeout_s, 30);
	view_board(&w->m, &b);
	assert_string_equal(b.model, "test");
	assert_int_equal(b.memory_kib, 1048576);
	assert_int_equal(b.cpus, 4);
	assert_string_equal(b.iommu, "vtd");
	d = manifest_next(&w->m, KIND_DEVICE, MANIFEST_NONE);
	view_device(&w->m, d, &dev);
	assert_string_equal(dev.name, "ethernet");
	assert_string_equal(dev.path, "00:1c.1/00.0");
	assert_string_equal(dev.id, "8086:10d3");
	assert_null(dev.pci_class);
	assert_false(dev.unsafe);
	view_device(&w->m, manifest_next(&w->m, KIND_DEVICE, d), &dev);
	assert_true(dev.unsafe);
	/* What is for the build host is gone. */
	assert_false(manifest_has(&w->m, d, "qemu,device"));
}

static int domain_named(const struct world *w, const char *name)
{
	int hypervisor = manifest_next(&w->m, KIND_HYPERVISOR, MANIFEST_NONE);

	return manifest_by_name(&w->m, hypervisor, name);
}

static void test_domains(void **state)
{
	struct world *w = *state;
	struct view_domain d;
	uint8_t mac[6], again[6];
	int guest, vif;

	assert_true(open_world(w));
	guest = domain_named(w, "linux");
	view_domain(&w->m, guest, &d);
	assert_string_equal(d.name, "linux");
	assert_int_equal(d.domid, 16);
	assert_int_equal(d.memory_kib, 262144);
	assert_int_equal(d.maxmem_kib, 524288);
	assert_int_equal(d.p2m_kib, 1096);
	assert_int_equal(d.cpus, 2);
	assert_int_equal(d.maxcpus, 4);
	assert_int_equal(d.cpu_weight, 256);
	assert_int_equal(d.kernel, 2);
	assert_int_equal(d.ramdisk, 3);
	assert_string_equal(d.bootargs, "root=/dev/xvda console=hvc0");
	assert_string_equal(d.ready, "data/ready");
	assert_true(d.autostart);
	assert_false(d.passthrough);
	assert_int_equal(d.on_poweroff, POLICY_DESTROY);
	assert_int_equal(d.on_reboot, POLICY_RESTART);
	assert_int_equal(d.backoff_min_ms, 100);
	assert_int_equal(d.backoff_max_ms, 10000);
	assert_int_equal(d.restarts_per_hour, 60);
	vif = manifest_child(&w->m, guest, KIND_VIF, MANIFEST_NONE);
	view_mac(&w->m, vif, mac);
	assert_memory_equal(mac, "\x00\x16\x3e\x00\x00\x10", 6);
	/* Without one of its own it has one that is made of its names. */
	vif = manifest_child(&w->m, guest, KIND_VIF, vif);
	view_mac(&w->m, vif, mac);
	view_mac(&w->m, manifest_child(&w->m, domain_named(w, "hello"), KIND_VIF, MANIFEST_NONE),
		 again);
	assert_memory_equal(mac, "\x00\x16\x3e", 3);
	assert_memory_equal(again, "\x00\x16\x3e", 3);
	assert_memory_not_equal(mac, again, 6);
	view_domain(&w->m, domain_named(w, "nvme0"), &d);
	assert_int_equal(d.backoff_min_ms, 10);
	assert_int_equal(d.backoff_max_ms, 5000);
	assert_true(d.passthrough);
	assert_int_equal(d.kernel, 1);
	view_domain(&w->m, domain_named(w, "hello"), &d);
	assert_false(d.autostart);
	assert_int_equal(d.kernel, 1);
	assert_int_equal(d.on_crash, POLICY_PRESERVE);
	assert_string_equal(d.bootargs, "");
}

static void test_modules(void **state)
{
	struct world *w = *state;
	struct view_module mod;
	int module;

	assert_true(open_world(w));
	module = view_module_by_index(&w->m, 3);
	view_module(&w->m, module, &mod);
	assert_string_equal(mod.name, "ramdisk of linux");
	assert_int_equal(mod.size, 6);
	assert_true(view_module_check(&w->m, module, "initrd", 6, &w->errs));
	assert_string_equal(w->said, "");
	assert_false(view_module_check(&w->m, module, "initrx", 6, &w->errs));
	assert_non_null(strstr(w->said, "SHA-256 differs"));
	assert_false(view_module_check(&w->m, module, "initrd", 5, &w->errs));
	assert_non_null(strstr(w->said, "has 5 bytes where the manifest says 6"));
	assert_int_equal(view_module_by_index(&w->m, 4), MANIFEST_NONE);
}

/* Where the compiler would put an index that is not in the table, or a twin. */
static void test_foreign_modules(void **state)
{
	struct world *w = *state;

	make_editable(w);
	fdt_setprop_u32(w->blob, node(w, "/chosen/hypervisor/hello"), "kernel", 4);
	expect_said(w, "kernel: module 4 is not in the module table");
	fdt_setprop_u32(w->blob, node(w, "/modules/m3"), "index", 2);
	expect_said(w, "/modules/m3: index: this index belongs to \"m2\" already");
	fdt_setprop_u32(w->blob, node(w, "/modules/m3"), "index", 0);
	expect_said(w, "/modules/m3: index: 0 is out of range; right would be 1 to 4096");
	fdt_setprop(w->blob, node(w, "/modules/m1"), "sha256", "short", 5);
	expect_said(w, "/modules/m1: sha256: 5 bytes long; right would be 32 bytes");
	fdt_setprop_string(w->blob, node(w, "/chosen/hypervisor/linux"), "kernel", "bzImage");
	expect_said(w, "kernel: 8 bytes long where a module index belongs");
	fdt_setprop_string(w->blob, node(w, "/board"), "qemu,cpu", "max");
	expect_said(w, "/board: qemu,cpu: unknown word");
	fdt_del_node(w->blob, node(w, "/modules"));
	expect_said(w, "has no module table node");
}

/* Values that dtc would not make of what the compiler accepts. */
static void test_foreign_values(void **state)
{
	struct world *w = *state;

	make_editable(w);
	fdt_setprop(w->blob, node(w, "/board"), "compatible", "bulkhead,board", 14);
	expect_said(w, "/board: compatible: is not a list of strings");
	fdt_setprop(w->blob, node(w, "/chosen/hypervisor/linux"), "depends-on", "abc", 3);
	expect_said(w, "depends-on: is not a list of references");
	fdt_setprop(w->blob, node(w, "/chosen/hypervisor/hello"), "domid", "abc", 3);
	expect_said(w, "domid: 3 bytes long where one cell belongs");
	fdt_setprop(w->blob, node(w, "/chosen/hypervisor/ctrl"), "memory", "abc", 3);
	expect_said(w, "memory: 3 bytes long where a 64-bit size belongs");
	fdt_setprop(w->blob, node(w, "/chosen/hypervisor"), "console", "abc", 3);
	expect_said(w, "console: 3 bytes long where one reference belongs");
}

/* Replace bytes of the blob that occur exactly once. */
static void replace(struct world *w, const void *old, const void *new, size_t n)
{
	unsigned int found = 0;

	for (size_t i = 0; i + n <= w->size; i++) {
		if (memcmp(w->blob + i, old, n) != 0)
			continue;
		memcpy(w->blob + i, new, n);
		found++;
	}
	assert_int_equal(found, 1);
}

static void test_twins(void **state)
{
	struct world *w = *state;

	replace(w, "xvdb", "xvda", 4);
	expect_said(w, "/chosen/hypervisor/linux/xvda: : there are two nodes of this name");
}

static void test_phandles(void **state)
{
	struct world *w = *state;
	uint32_t taken;

	make_editable(w);
	taken = fdt_get_phandle(w->blob, node(w, "/board/serial"));
	fdt_setprop_u32(w->blob, node(w, "/board/watchdog"), "phandle", taken);
	expect_said(w, "phandle: 0x1 is another node's phandle already");
	fdt_setprop_u32(w->blob, node(w, "/board/watchdog"), "phandle", 0);
	expect_said(w, "/board/watchdog: phandle: is not a phandle");
	fdt_setprop_u64(w->blob, node(w, "/board/watchdog"), "phandle", 7);
	expect_said(w, "/board/watchdog: phandle: is not a phandle");
}

static void test_many_nodes(void **state)
{
	struct world *w = *state;
	void *tree = calloc(1, MANIFEST_MAX_SIZE);
	char name[16];

	fdt_create(tree, MANIFEST_MAX_SIZE);
	fdt_finish_reservemap(tree);
	fdt_begin_node(tree, "");
	for (unsigned int i = 0; i < MANIFEST_MAX_NODES; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		fdt_begin_node(tree, name);
		fdt_end_node(tree);
	}
	fdt_end_node(tree);
	assert_int_equal(fdt_finish(tree), 0);
	w->errs = (struct manifest_errs){.report = listen, .arg = w};
	assert_int_equal(manifest_count(tree, fdt_totalsize(tree), &w->errs), 0);
	assert_non_null(strstr(w->said, "has more than 16384 nodes"));
	free(tree);
}

static void test_shapes(void **state)
{
	struct world *w = *state;
	int at;

	w->errs = (struct manifest_errs){.report = listen, .arg = w};
	assert_false(manifest_open(&w->m, w->blob + 4, w->size - 4, FORM_BLOB, w->nodes, MAX_NODES,
				   &w->errs));
	assert_int_equal(manifest_count(w->blob + 4, w->size - 4, &w->errs), 0);
	assert_non_null(strstr(w->said, "not aligned"));
	assert_int_equal(manifest_count(w->blob, 8, &w->errs), 0);
	assert_non_null(strstr(w->said, "too short: 8 bytes"));
	assert_int_equal(manifest_count(w->blob, MANIFEST_MAX_SIZE + 1, &w->errs), 0);
	assert_non_null(strstr(w->said, "too long"));
	assert_int_equal(manifest_count(w->blob, w->size - 1, &w->errs), 0);
	assert_non_null(strstr(w->said, "broken: FDT_ERR_TRUNCATED"));
	assert_false(manifest_open(&w->m, w->blob, w->size, FORM_BLOB, w->nodes, 5, &w->errs));
	make_editable(w);
	at = node(w, "/chosen/hypervisor/linux/eth0");
	for (int i = 0; i < 4; i++)
		at = fdt_add_subnode(w->blob, at, "deep");
	assert_true(at > 0);
	assert_false(open_world(w));
	assert_non_null(strstr(w->said, "too many or nested too deep"));
}

/* Cut anywhere, one bit turned anywhere, and then at random: nothing but complaints. */
static void test_hostile(void **state)
{
	struct world *w = *state;
	uint8_t *copy = malloc(w->size);
	uint32_t random = 1;

	for (size_t n = 0; n < w->size; n += 3)
		LLVMFuzzerTestOneInput(w->blob, n);
	for (size_t i = 0; i < w->size; i++) {
		memcpy(copy, w->blob, w->size);
		copy[i] ^= (uint8_t)(1 << i % 8);
		LLVMFuzzerTestOneInput(copy, w->size);
	}
	for (unsigned int i = 0; i < 2000; i++) {
		memcpy(copy, w->blob, w->size);
		for (unsigned int k = 0; k < 1 + i % 4; k++) {
			random = random * 1664525 + 1013904223;
			copy[(random >> 8) % w->size] = (uint8_t)random;
		}
		LLVMFuzzerTestOneInput(copy, w->size);
	}
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good, setup, teardown),
		cmocka_unit_test_setup_teardown(test_views, setup, teardown),
		cmocka_unit_test_setup_teardown(test_domains, setup, teardown),
		cmocka_unit_test_setup_teardown(test_modules, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign_modules, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_twins, setup, teardown),
		cmocka_unit_test_setup_teardown(test_phandles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shapes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_nodes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
	};

	return cmocka_run_group_tests_name("manifest", tests, conf_world_make, conf_world_remove);
}
