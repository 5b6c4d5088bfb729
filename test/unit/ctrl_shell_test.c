/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Verbs, options, help, completion, $?, on a machine made up by ctrl_fake.c. */
#include "ctrl_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/complete.h"
#include "shell/near.h"

static int last; /* $? of the last run */

static const char *full(const char *line)
{
	last = 0;
	return fake_run(ROLE_FULL, line, &last);
}

static const char *operator(const char *line)
{
	last = 0;
	return fake_run(ROLE_OPERATOR, line, &last);
}

#define runs(line, output, status)                                                                 \
	do {                                                                                       \
		assert_string_equal(full(line), output);                                           \
		assert_int_equal(last, status);                                                    \
	} while (0)

static int setup(void **state)
{
	(void)state;
	fake_reset();
	return 0;
}

/* ---- status and links ---- */

static void test_echo_and_status(void **state)
{
	(void)state;
	runs("echo a  b", "a b\n", 0);
	runs("echo -n a", "a", 0);
	runs("echo a -n --json", "a -n --json\n", 0);
	runs("echo -x", "-x\n", 0);
	runs("echo -- -n", "-- -n\n", 0);
	runs("echo --json a 'b \"c\"'", "{\"text\":\"a b \\\"c\\\"\"}\n", 0);
	runs("echo; echo", "\n\n", 0);
	runs("nonsense; echo $?; echo $?",
	     "nonsense: unknown verb; 'help' lists those there are\n127\n0\n", 0);
	runs("nonsense || echo b && echo c",
	     "nonsense: unknown verb; 'help' lists those there are\nb\nc\n", 0);
	runs("echo a || echo b", "a\n", 0);
	runs("nonsense && echo b", "nonsense: unknown verb; 'help' lists those there are\n", 127);
}

static void test_status_survives(void **state)
{
	(void)state;
	/* An empty line and a comment leave $? alone. */
	last = 5;
	assert_string_equal(fake_run(ROLE_FULL, "", &last), "");
	assert_int_equal(last, 5);
	assert_string_equal(fake_run(ROLE_FULL, "# x", &last), "");
	assert_int_equal(last, 5);
	assert_string_equal(fake_run(ROLE_FULL, "echo $?", &last), "5\n");
}

static void test_labgrid(void **state)
{
	(void)state;
	/* UBootDriver */
	runs("echo 'abcd''efgh'; echo hi; echo \"$?\"; echo 'abcd''efgh';",
	     "abcdefgh\nhi\n0\nabcdefgh\n", 0);
	/* ShellDriver: the function is refused, its use is known */
	assert_non_null(
		strstr(full("run() { echo -n \"$MARKER\"; sh -c \"$@\"; echo \"$MARKER $?\"; }"),
		       "syntax error at '('"));
	assert_int_equal(last, 2);
	runs("MARKER='abcd''efgh' run 'echo x; nonsense --json'",
	     "abcdefghx\n{\"error\":\"nonsense: unknown verb; 'help' lists those there "
	     "are\"}\nabcdefgh 127\n",
	     127);
	runs("MARKER=a echo b; run 'echo c'", "b\nc\n", 0);
	runs("run --json 'echo \"q\"; nonsense'",
	     "{\"output\":\"q\\nnonsense: unknown verb; 'help' lists those there "
	     "are\\n\",\"status\":127}\n",
	     127);
	runs("run \"run 'run \\\"run list\\\"'\"", "shell: run is nested too deep\n", 1);
}

static void test_syntax_error(void **state)
{
	(void)state;
	runs("echo a; echo 'b", "syntax error: a closing ' is missing\n", 2);
	assert_non_null(strstr(full("list | more"), "syntax error at '|'"));
}

static void test_interrupt_stops_the_line(void **state)
{
	(void)state;
	fake.interrupt_after = 1;
	runs("echo a; echo b; echo c", "a\nb\n", 130);
}

/* ---- options ---- */

static void test_usage_errors(void **state)
{
	(void)state;
	runs("info -x", "info: unknown option -x\nusage: info [--json]\n", 2);
	runs("info --wrong", "info: unknown option --wrong\nusage: info [--json]\n", 2);
	runs("info extra", "info: 'extra' is one argument too many\nusage: info [--json]\n", 2);
	runs("dmesg --tail", "dmesg: --tail needs LINES\nusage: dmesg [--json] [-c] [-n LINES]\n",
	     2);
	runs("dmesg --clear=x",
	     "dmesg: --clear takes no value\nusage: dmesg [--json] [-c] [-n LINES]\n", 2);
	runs("dmesg -n 0",
	     "dmesg: --tail needs a number of lines\nusage: dmesg [--json] [-c] [-n LINES]\n", 2);
	runs("run a b", "run: 'b' is one argument too many\nusage: run [--json] [LINE]\n", 2);
	runs("terminal vt52",
	     "terminal: 'vt52' is none of auto|ansi|dumb\nusage: terminal [--json] [--columns N] "
	     "[auto|ansi|dumb]\n",
	     2);
	runs("terminal an",
	     "terminal: 'an' is none of auto|ansi|dumb\nusage: terminal [--json] [--columns N] "
	     "[auto|ansi|dumb]\n",
	     2);
	runs("info --json -x", "{\"error\":\"unknown option -x\"}\n", 2);
	runs("info -x --json", "{\"error\":\"unknown option -x\"}\n", 2);
}

static void test_options(void **state)
{
	(void)state;
	runs("dmesg -n 1", "third\n", 0);
	runs("dmesg -n2", "second \"x\"\nthird\n", 0);
	runs("dmesg --tail=1", "third\n", 0);
	runs("dmesg --tail 99", "first\nsecond \"x\"\nthird\n", 0);
	runs("dmesg --json --tail 2", "{\"lines\":[\"second \\\"x\\\"\",\"third\"]}\n", 0);
	runs("dmesg -cn1", "third\n", 0);
	runs("dmesg", "", 0);
}

/* ---- roles ---- */

static void test_operator_changes_nothing(void **state)
{
	(void)state;
	static const char *const refused[] = {"reboot",		 "poweroff",	  "dmesg -c",
					      "watchdog --test", "reboot --json", "run reboot"};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const char *output = operator(refused[i]);

		assert_int_equal(last, 1);
		assert_non_null(strstr(output, "refused"));
		assert_non_null(strstr(output, "operator"));
		if (strstr(refused[i], "--json"))
			assert_memory_equal(output, "{\"error\":\"", 10);
	}
	assert_int_equal(fake.power, -1);
	assert_false(fake.supervisor_stopped);
	assert_string_not_equal(fake.log, "");
	operator("list; info; dmesg; watchdog; help reboot; reboot --help");
	assert_int_equal(last, 0);
}

static void test_power(void **state)
{
	(void)state;
	runs("reboot", "", 0);
	assert_int_equal(fake.power, POWER_RESTART);
	runs("poweroff --json", "{\"action\":\"poweroff\"}\n", 0);
	assert_int_equal(fake.power, POWER_OFF);
	full("watchdog --test");
	assert_true(fake.supervisor_stopped);
}

/* ---- the verbs ---- */

static void test_list(void **state)
{
	(void)state;
	runs("list",
	     "Name          ID  Mem(MiB)  VCPUs  State    Time(s)\n"
	     "ctrl           0         8      1  running      1.2\n"
	     "camera-left   16         -      -  failed         -\n"
	     "camera-right  17         -      -  absent         -\n",
	     0);
	runs("list --json ctrl camera-left",
	     "{\"domains\":[{\"name\":\"ctrl\",\"domid\":0,\"state\":\"running\",\"reason\":null,"
	     "\"memory-kib\":8192,\"vcpus\":1,\"cpu-time-ns\":1234567890,\"failed\":null},"
	     "{\"name\":\"camera-left\",\"domid\":16,\"state\":\"failed\",\"reason\":null,\"memory-"
	     "kib\":0,"
	     "\"vcpus\":0,\"cpu-time-ns\":0,\"failed\":\"its kernel is missing\"}]}\n",
	     0);
	runs("list camera-middle", "list: no domain 'camera-middle' in the manifest\n", 1);
	runs("vcpu-list --json",
	     "{\"vcpus\":[{\"name\":\"ctrl\",\"domid\":0,\"vcpu\":0,\"cpu\":2,\"state\":"
	     "\"running\","
	     "\"cpu-time-ns\":1234567890}]}\n",
	     0);
	runs("vcpu-list",
	     "Name  ID  VCPU  CPU  State    Time(s)\n"
	     "ctrl   0     0    2  running      1.2\n",
	     0);
}

static void test_time(void **state)
{
	(void)state;
	runs("uptime", "up 1 day, 02:03:04, 1 domain\n", 0);
	runs("uptime --json", "{\"uptime-ns\":93784000000000,\"uptime-s\":93784,\"domains\":1}\n",
	     0);
	runs("date", "2026-11-22 17:54:09 UTC\n", 0);
	runs("date --json", "{\"utc\":\"2026-11-22T17:54:09Z\",\"unix\":1795370049}\n", 0);
	fake.wallclock_ns = 0;
	runs("date", "date: this machine has no clock\n", 1);
	runs("date --json", "{\"error\":\"this machine has no clock\"}\n", 1);
}

static void test_info(void **state)
{
	const char *output;

	(void)state;
	fake.missing = "NX: switch on execute disable in the firmware\nx2APIC: nothing";
	output = full("info --json");
	assert_int_equal(last, 0);
	assert_non_null(strstr(output, "\"boot-tsc-prompt\":4000"));
	assert_non_null(strstr(output, "\"memory-hv-kib\":4321"));
	assert_non_null(strstr(output, "\"unsafe\":[\"nic\"]"));
	assert_non_null(strstr(output,
			       "\"missing\":[{\"feature\":\"NX\",\"change\":\"switch on execute "
			       "disable in the firmware\"},{\"feature\":\"x2APIC\","
			       "\"change\":\"nothing\"}]"));
	assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
	output = full("info");
	assert_non_null(strstr(output, "Missing    NX: switch on"));
	assert_non_null(strstr(output, "\n           x2APIC: nothing\n"));
	assert_non_null(strstr(output, "Problems   camera-left: its kernel is missing\n"));
}

/* No hypervisor below that answers: every verb still says something and says that it failed. */
static void test_no_hypervisor(void **state)
{
	(void)state;
	fake.hv_error = -38;
	runs("version", "version: the hypervisor says: not implemented\n", 1);
	full("info");
	assert_int_equal(last, 1);
	full("info --json");
	assert_int_equal(last, 1);
	runs("dmesg --json", "{\"error\":\"not implemented\"}\n", 1);
	full("list");
	assert_int_equal(last, 1);
	full("vcpu-list --json");
	assert_int_equal(last, 1);
}

static void test_terminal(void **state)
{
	(void)state;
	runs("terminal dumb", "dumb, 80 columns\n", 0);
	runs("terminal ansi --columns 132", "ansi, 132 columns\n", 0);
	runs("terminal dumb --columns=80; terminal auto --json",
	     "dumb, 80 columns\n{\"terminal\":\"ansi\",\"columns\":132}\n", 0);
	runs("terminal --columns 5",
	     "terminal: columns are a number from 20 to 1000\nusage: terminal [--json] [--columns "
	     "N] [auto|ansi|dumb]\n",
	     2);
}

/* ---- the table itself ---- */

static void test_every_verb(void **state)
{
	char line[128];
	char *output;

	(void)state;
	for (const struct verb *v = verbs; v->name; v++) {
		assert_non_null(v->run);
		assert_ptr_equal(verb_find(v->name), v);
		assert_true(strlen(v->name) <= 12);
		assert_true(strlen(v->brief) <= OUT_COLUMNS - 1 - 13 - strlen(" (refused)"));
		assert_true(v->text[strlen(v->text) - 1] == '.');
		snprintf(line, sizeof(line), "help %s; %s --help; %s -h", v->name, v->name,
			 v->name);
		output = strdup(full(line));
		assert_int_equal(last, 0);
		for (char *l = strtok(output, "\n"); l; l = strtok(NULL, "\n"))
			assert_true(strlen(l) < OUT_COLUMNS);
		free(output);
		/* --json makes one line, whatever comes of it. */
		snprintf(line, sizeof(line), "%s --json", v->name);
		output = strdup(full(line));
		assert_true(output[0] == '{');
		assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
		free(output);
		/* One argument too many is a usage error, if there can be too many. */
		snprintf(line, sizeof(line), "%s a b c d e", v->name);
		full(line);
		assert_true(last == 2 || v->args);
	}
}

static void test_output_fits(void **state)
{
	char *output =
		strdup(full("help; list; vcpu-list; info; version; watchdog; uptime; dmesg"));

	(void)state;
	assert_int_equal(last, 0);
	for (char *l = strtok(output, "\n"); l; l = strtok(NULL, "\n")) {
		if (strlen(l) >= OUT_COLUMNS)
			fail_msg("too wide: %s", l);
	}
	free(output);
}

static void test_help(void **state)
{
	(void)state;
	assert_non_null(strstr(full("help"), "\nvcpu-list    virtual CPUs"));
	assert_non_null(strstr(operator("help"), "(refused)"));
	assert_non_null(strstr(full("help dmesg"), "usage: dmesg [--json] [-c] [-n LINES]\n"));
	runs("help dmseg", "help: no verb 'dmseg'; did you mean 'dmesg'?\n", 1);
	runs("help xyzzy", "help: no verb 'xyzzy'\n", 1);
	assert_non_null(strstr(full("help --json"),
			       "{\"name\":\"list\",\"usage\":\"list [--json] [NAME...]\""));
}

static void test_near(void **state)
{
	(void)state;
	assert_int_equal(near_distance("list", "list"), 0);
	assert_int_equal(near_distance("lsit", "list"), 1);
	assert_int_equal(near_distance("", "list"), 4);
	assert_int_equal(near_distance("kitten", "sitting"), 3);
	assert_int_equal(near_distance("a-word-longer-than-any-verb-is", "list"), NEAR_LENGTH);
	assert_string_equal(verb_near("lsit")->name, "list");
	assert_string_equal(verb_near("shutdwn") ? "x" : "none", "none");
	assert_string_equal(verb_near("power-off")->name, "poweroff");
	assert_string_equal(verb_near("vcpulist")->name, "vcpu-list");
	assert_string_equal(verb_near("power")->name, "poweroff");
	assert_null(verb_near("x"));
	assert_null(verb_near("xyzzy"));
	assert_non_null(strstr(full("lits"), "did you mean 'list'?"));
	assert_int_equal(last, 127);
}

/* ---- completion ---- */

static const char *completions(const char *text)
{
	static char names[512];
	struct line_candidates c;

	complete(text, strlen(text), &c);
	names[0] = '\0';
	for (size_t i = 0; i < c.nr; i++) {
		assert_memory_equal(c.name[i], text + strlen(text) - c.typed, c.typed);
		strcat(names, i ? " " : "");
		strcat(names, c.name[i]);
	}
	return names;
}

static void test_complete(void **state)
{
	(void)state;
	assert_string_equal(completions("d"), "dmesg date");
	assert_string_equal(completions("  vc"), "vcpu-list");
	assert_string_equal(completions("xyz"), "");
	assert_string_equal(completions("help wat"), "watchdog");
	assert_string_equal(completions("help list wat"), "");
	assert_string_equal(completions("list "), "ctrl camera-left camera-right");
	assert_string_equal(completions("list --json ctrl camera-r"), "camera-right");
	assert_string_equal(completions("dmesg --"), "--clear --tail --json --help");
	assert_string_equal(completions("dmesg --t"), "--tail");
	assert_string_equal(completions("terminal a"), "auto ansi");
	assert_string_equal(completions("echo a; ech"), "echo");
	assert_string_equal(completions("echo a && vcpu-list ct"), "ctrl");
	assert_string_equal(completions("echo 'a; ech"), "");
	assert_string_equal(completions("# li"), "");
	assert_string_equal(completions("nonsense x"), "");
}

static void press(struct line *l, const char *keys)
{
	for (; *keys; keys++)
		line_feed(l, (unsigned char)*keys);
}

static void test_tab(void **state)
{
	static char screen[8192];
	static struct line l;
	struct out_string s;

	(void)state;
	out_string_init(&s, screen, sizeof(screen));
	line_init(&l, &s.out, NULL, complete);
	line_begin(&l, "> ");
	press(&l, "vc\tca\t");
	assert_memory_equal(l.text, "vcpu-list camera-", l.len);
	press(&l, "\t\t");
	assert_non_null(strstr(screen, "\a\ncamera-left   camera-right\n> vcpu-list camera-"));
	press(&l, "r\t");
	assert_memory_equal(l.text, "vcpu-list camera-right ", l.len);
	press(&l, "\025zzz\t");
	assert_int_equal(l.len, 3);
	/* In the middle of a line. */
	press(&l, "\025 ctrl\001li\t");
	assert_memory_equal(l.text, "list  ctrl", l.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_echo_and_status, setup),
		cmocka_unit_test_setup(test_status_survives, setup),
		cmocka_unit_test_setup(test_labgrid, setup),
		cmocka_unit_test_setup(test_syntax_error, setup),
		cmocka_unit_test_setup(test_interrupt_stops_the_line, setup),
		cmocka_unit_test_setup(test_usage_errors, setup),
		cmocka_unit_test_setup(test_options, setup),
		cmocka_unit_test_setup(test_operator_changes_nothing, setup),
		cmocka_unit_test_setup(test_power, setup),
		cmocka_unit_test_setup(test_list, setup),
		cmocka_unit_test_setup(test_time, setup),
		cmocka_unit_test_setup(test_info, setup),
		cmocka_unit_test_setup(test_no_hypervisor, setup),
		cmocka_unit_test_setup(test_terminal, setup),
		cmocka_unit_test_setup(test_every_verb, setup),
		cmocka_unit_test_setup(test_output_fits, setup),
		cmocka_unit_test_setup(test_help, setup),
		cmocka_unit_test_setup(test_near, setup),
		cmocka_unit_test_setup(test_complete, setup),
		cmocka_unit_test_setup(test_tab, setup),
	};

	return cmocka_run_group_tests_name("ctrl_shell", tests, NULL, NULL);
}
