/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The manifest compiler on every manifest of test/conf.  What each must say
 * stands in its comments, on the line that must be named:
 *
 *	// expect: TEXT		an error at this line whose text contains TEXT
 *	// note: TEXT		a note at this line
 *	// expect-anywhere: TEXT	an error wherever
 *	// stage: now		checked for what the target acts on, not for all
 *
 * and there may be no other error than those.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bhconf/memory.h"
#include "conf_world.h"

/* A line of the output that begins with start and contains text is there; it is blotted out. */
static bool take_line(char *output, const char *start, const char *text)
{
	for (char *line = output; *line;) {
		size_t n = strcspn(line, "\n");
		char *one = xstrndup(line, n);
		bool found = !strncmp(one, start, strlen(start)) && strstr(one, text);

		free(one);
		if (found) {
			memset(line, '#', n);
			return true;
		}
		line += n + (line[n] == '\n');
	}
	return false;
}

/* cmocka cuts long messages: all of it goes to the log first. */
static void missed(const char *name, unsigned int line, const char *start, const char *text,
		   const char *output)
{
	fprintf(stderr, "%s:%u: this was not said: %s%s\nbut this:\n%s\n", name, line, start, text,
		output);
	fail_msg("%s:%u: an error was not said", name, line);
}

struct expectation {
	const char *mark;
	const char *kind; /* of complaint */
	bool here;	  /* at the line of the mark */
};

static const struct expectation expectations[] = {
	{"// expect: ", "error: ", true},
	{"// note: ", "note: ", true},
	{"expect-anywhere: ", "", false},
};

/* All that one line of the source expects; returns the number of errors among it. */
static unsigned int expect_line(const char *name, unsigned int number, const char *line,
				char *output)
{
	unsigned int errors = 0;

	for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++) {
		const struct expectation *e = &expectations[i];

		for (const char *at = strstr(line, e->mark); at; at = strstr(at, e->mark)) {
			const char *end;
			char *start, *text;

			at += strlen(e->mark);
			end = strstr(at, " // ");
			if (!end)
				end = strstr(at, " */");
			if (!end)
				end = at + strlen(at);
			text = xstrndup(at, (size_t)(end - at));
			start = e->here ? xprintf("test/conf/%s:%u: %s", name, number, e->kind)
					: xstrdup("");
			if (!take_line(output, start, text))
				missed(name, number, start, text, output);
			errors += strcmp(e->kind, "note: ") != 0;
			free(start);
			free(text);
		}
	}
	return errors;
}

static void run_manifest(void **state)
{
	const char *name = *state;
	char *path = xprintf("test/conf/%s", name), *rest = NULL;
	size_t size;
	char *source = (char *)file_read(path, &size);
	bool now = strstr(source, "// stage: now");
	struct conf_result result = conf_world_compile(name, now ? SCHEMA_STAGE_NOW : STAGE_ALL);
	unsigned int errors = 0, number = 1;

	for (char *line = source; line; line = rest, number++) {
		rest = strchr(line, '\n');
		if (rest)
			*rest++ = '\0';
		errors += expect_line(name, number, line, result.text);
	}
	if (result.errors != errors) {
		fprintf(stderr, "%s\n", result.text);
		fail_msg("%s: %u errors where %u are expected", name, result.errors, errors);
	}
	assert_int_equal(result.made, errors == 0);
	free(result.text);
	free(source);
	free(path);
}

/* What is made of the whole appliance, in full. */
static void test_plan(void **state)
{
	static const char *const parts[] = {
		"\"name\": \"full\"",
		"\"memory-kib\": 1048576",
		"\"iommu\": \"vtd\"",
		"\"console\": { \"location\": \"io:0x3f8\", \"speed\": 115200 }",
		"{ \"name\": \"ethernet\", \"path\": \"00:1c.1/00.0\", \"qemu\": \"e1000e\", "
		"\"image\": "
		"false }",
		"{ \"name\": \"nvme\", \"path\": \"00:1c.0/00.0\", \"qemu\": null, \"image\": true "
		"}",
		"\"watchdog\": { \"compatible\": \"intel,tco\", \"qemu\": null }",
		"\"hv-cmdline\": \"console=io:0x3f8,115200 ctrl-mem=8192 ctrl-on-crash=reboot "
		"watchdog=tco watchdog-timeout=30\"",
		"\"ctrl\": \"ctrl.elf\"",
		"\"manifest\": \"manifest.dtb\"",
		/* nvme0, net0 and hello share one file: one module */
		"{ \"index\": 1, \"name\": \"kernel of nvme0\"",
		"{ \"index\": 2, \"name\": \"kernel of linux\", \"file\": "
		"\"payload/linux-kernel.elf\", \"size\": 4140",
		"{ \"index\": 3, \"name\": \"ramdisk of linux\"",
		"{ \"label\": \"boot\", \"image\": null, \"size-mib\": 2, \"grow\": false }",
		"\"size-mib\": 3, \"grow\": true }\n  ]\n}",
	};
	struct conf_result result = conf_world_compile("full.dts", STAGE_ALL);
	size_t size;
	char *plan;

	(void)state;
	assert_true(result.made);
	assert_string_equal(result.text, "");
	plan = (char *)conf_world_read("plan.json", &size);
	assert_non_null(plan);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!strstr(plan, parts[i]))
			fail_msg("the plan has no %s:\n%s", parts[i], plan);
	}
	assert_null(strstr(plan, "\"index\": 4"));
	free(plan);
	free(result.text);
}

/* make builds again when an included or a named file changes. */
static void test_dependencies(void **state)
{
	struct conf_result result = conf_world_compile("full.dts", STAGE_ALL);
	size_t size;
	char *text = (char *)conf_world_read("d", &size);

	(void)state;
	assert_non_null(strstr(text, "test/conf/full.dtsi:"));
	assert_non_null(strstr(text, "conf/include/bulkhead.h:"));
	assert_non_null(strstr(text, "manifest.dtb"));
	assert_non_null(strstr(text, "/initrd:"));
	assert_non_null(strstr(text, "/rootfs.img:"));
	free(text);
	free(result.text);
}

/* The compiler's own tools and folder fail it. */
static void test_surroundings(void **state)
{
	char *path = xstrdup(getenv("PATH")), *fake = xprintf("%s/cpp", conf_world_folder());
	char *payload = xprintf("%s/payload", conf_world_folder());
	char *remove = xprintf("rm -r '%s'", payload);
	struct conf_result result;

	(void)state;
	assert_int_equal(setenv("PATH", conf_world_folder(), 1), 0);
	result = conf_world_compile("full.dts", STAGE_ALL);
	assert_non_null(strstr(result.text, "full.dts: error: cpp is not installed"));
	assert_int_equal(result.errors, 1);
	free(result.text);
	assert_true(file_write(fake, "#!/bin/sh\nexit 3\n", 17));
	assert_int_equal(chmod(fake, 0777), 0);
	result = conf_world_compile("full.dts", STAGE_ALL);
	assert_non_null(strstr(result.text, "full.dts: error: cpp failed with status 3"));
	free(result.text);
	setenv("PATH", path, 1);

	/* A file where a folder is wanted. */
	assert_int_equal(system(remove), 0);
	assert_true(file_write(payload, "", 0));
	result = conf_world_compile("full.dts", STAGE_ALL);
	assert_non_null(strstr(result.text, "the kernel cannot be written to"));
	assert_false(result.made);
	free(result.text);
	assert_int_equal(unlink(payload), 0);
	free(path);
	free(fake);
	free(payload);
	free(remove);
}

/* The same source makes the same blob. */
static void test_reproducible(void **state)
{
	struct conf_result result = conf_world_compile("full.dts", STAGE_ALL);
	size_t size, again_size;
	uint8_t *blob = conf_world_read("manifest.dtb", &size), *again;

	(void)state;
	free(result.text);
	result = conf_world_compile("full.dts", STAGE_ALL);
	again = conf_world_read("manifest.dtb", &again_size);
	assert_int_equal(size, again_size);
	assert_memory_equal(blob, again, size);
	free(result.text);
	free(blob);
	free(again);
}

int main(void)
{
	static const struct CMUnitTest fixed[] = {
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_dependencies),
		cmocka_unit_test(test_reproducible),
		cmocka_unit_test(test_surroundings),
	};
	struct CMUnitTest *tests;
	glob_t found;
	int failed;

	if (glob("test/conf/*.dts", 0, NULL, &found))
		return 1;
	tests = xalloc((found.gl_pathc + sizeof(fixed) / sizeof(fixed[0])) * sizeof(*tests));
	for (size_t i = 0; i < found.gl_pathc; i++)
		tests[i] =
			(struct CMUnitTest){.name = found.gl_pathv[i],
					    .test_func = run_manifest,
					    .initial_state = strrchr(found.gl_pathv[i], '/') + 1};
	memcpy(tests + found.gl_pathc, fixed, sizeof(fixed));
	failed = _cmocka_run_group_tests("bhconf", tests,
					 found.gl_pathc + sizeof(fixed) / sizeof(fixed[0]),
					 conf_world_make, conf_world_remove);
	globfree(&found);
	free(tests);
	return failed;
}
