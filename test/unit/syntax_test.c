/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The small languages inside strings of a manifest: what is in them and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "syntax.h"

static void expect_all(bool (*check)(const char *), bool want, const char *const *texts)
{
	for (; *texts; texts++) {
		if (check(*texts) != want)
			fail_msg("\"%s\" is %s", *texts, want ? "refused" : "accepted");
	}
}

static void test_location(void **state)
{
	static const char *const bad[] = {"",
					  "io:",
					  "io:3f8",
					  "io:0x",
					  "io:0x0",
					  "io:0xfff9",
					  "io:0x10000",
					  "io:0x3f8 ",
					  "mmio:0x",
					  "mmio:0x0",
					  "mmio:0x1g",
					  "pci:00:16",
					  "pci:0:16.3",
					  "pci:00:20.0",
					  "pci:00:16.8",
					  "pci:00:16.33",
					  "IO:0x3f8",
					  "mmio:0x10000000000000"};
	struct location l;

	(void)state;
	assert_true(syntax_location("io:0x3f8", &l));
	assert_int_equal(l.kind, LOCATION_IO);
	assert_int_equal(l.address, 0x3f8);
	assert_true(syntax_location("mmio:0xFE034000", &l));
	assert_int_equal(l.kind, LOCATION_MMIO);
	assert_int_equal(l.address, 0xfe034000);
	assert_true(syntax_location("pci:0a:1f.7", &l));
	assert_int_equal(l.kind, LOCATION_PCI);
	assert_int_equal(l.address, 0x0aff);
	assert_true(syntax_location("io:0xfff8", NULL));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (syntax_location(bad[i], NULL))
			fail_msg("\"%s\" is accepted", bad[i]);
	}
}

static void test_pci(void **state)
{
	static const char *const paths[] = {"00:1c.1/00.0", "00:1f.2", "ff:00.0/1f.7/00.0", NULL};
	static const char *const no_paths[] = {"",
					       "1c.1",
					       "00:1c",
					       "00:1c.1/",
					       "00:1c.1/0",
					       "000:1c.1",
					       "00:1c.1/20.0",
					       "00:1c.1/00.8",
					       "00:1c.1//00.0",
					       "00:1c.1 ",
					       "0g:1c.1",
					       "00:1.0/1.0/1.0/1.0/1.0/1.0/1.0/1.0/1.0/1.0",
					       NULL};
	static const char *const ids[] = {"8086:10d3", "1AF4:1041", NULL};
	static const char *const no_ids[] = {"",	   "8086",	"8086:", "8086:10d",
					     "8086:10d33", "0x86:10d3", NULL};
	static const char *const classes[] = {"0108", "010802", NULL};
	static const char *const no_classes[] = {"",	 "01",	   "01080", "0108021",
						 "0x08", "01080g", NULL};

	(void)state;
	expect_all(syntax_path, true, paths);
	expect_all(syntax_path, false, no_paths);
	expect_all(syntax_pci_id, true, ids);
	expect_all(syntax_pci_id, false, no_ids);
	expect_all(syntax_pci_class, true, classes);
	expect_all(syntax_pci_class, false, no_classes);
}

static void test_cpus(void **state)
{
	static const char *const bad[] = {"",	"-",	"1-",  "-1",	"3-1", "1,",
					  ",1", "1,,2", "256", "0-256", "a",   "1 2"};
	struct cpu_set set;

	(void)state;
	assert_true(syntax_cpus("0-1,3,64,255", &set));
	assert_int_equal(set.bits[0], 0xb);
	assert_int_equal(set.bits[1], 1);
	assert_int_equal(set.bits[2], 0);
	assert_true(set.bits[3] == UINT64_C(1) << 63);
	assert_true(syntax_cpus("0-255", &set));
	assert_true(set.bits[3] == UINT64_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (syntax_cpus(bad[i], NULL))
			fail_msg("\"%s\" is accepted", bad[i]);
	}
}

static void test_escape(void **state)
{
	static const char *const bad[] = {"", "^", "]", "^a", "^]]", "^?", "^`"};
	char code = 0;

	(void)state;
	assert_true(syntax_escape("^]", &code));
	assert_int_equal(code, 0x1d);
	assert_true(syntax_escape("^@", &code));
	assert_int_equal(code, 0);
	assert_true(syntax_escape("^_", NULL));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (syntax_escape(bad[i], NULL))
			fail_msg("\"%s\" is accepted", bad[i]);
	}
}

static void test_names(void **state)
{
	static const char *const names[] = {"a", "nvme0", "Web.Server_1-b",
					    "abcdefghijklmnopqrstuvwxyz01234", NULL};
	static const char *const bad[] = {
		"",    "0day", "-a",	   "a b",
		"a/b", "a@1",  "\xc3\xa4", "abcdefghijklmnopqrstuvwxyz012345",
		NULL};
	static const char *const labels[] = {"0day", "root-fs",
					     "abcdefghijklmnopqrstuvwxyz0123456789", NULL};
	static const char *const bad_labels[] = {"", "a b", "abcdefghijklmnopqrstuvwxyz0123456789x",
						 NULL};

	(void)state;
	expect_all(syntax_name, true, names);
	expect_all(syntax_name, false, bad);
	expect_all(syntax_label, true, labels);
	expect_all(syntax_label, false, bad_labels);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_location), cmocka_unit_test(test_pci),
		cmocka_unit_test(test_cpus),	 cmocka_unit_test(test_escape),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("syntax", tests, NULL, NULL);
}
