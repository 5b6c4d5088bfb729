/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The verbs of the control shell: the one place that says what they are called,
 * take and do.  What they do in C stands in cmd_*.c.
 */
#include "shell/verb.h"

#include <string.h>

#include "shell/cmd.h"

/* Tables, laid out to be read as such. */
/* clang-format off */

#define DOMAINS (const struct verb_arg[]){ \
	{ .name = "NAME", .kind = ARG_DOMAIN, .optional = true, .many = true }, {} }

const struct verb verbs[] = {
	{ .name = "help", .role = ROLE_OPERATOR, .run = cmd_help,
	  .args = (const struct verb_arg[]){
		  { .name = "VERB", .kind = ARG_VERB, .optional = true }, {} },
	  .brief = "list the verbs, or explain one",
	  .text = "Without an argument, all verbs with one line each. With VERB, its usage, what "
		  "it does, and its options." },

	{ .name = "list", .role = ROLE_OPERATOR, .run = cmd_list,
	  .args = DOMAINS,
	  .brief = "domains: name, id, memory, vCPUs, state, CPU time",
	  .text = "All domains of the manifest, or those named. State is one of running, blocked, "
		  "paused, shutdown (with the reason that the domain gave) and dying; a domain of "
		  "the manifest that does not exist now is absent, or failed if it cannot run." },

	{ .name = "vcpu-list", .role = ROLE_OPERATOR, .run = cmd_vcpu_list,
	  .args = DOMAINS,
	  .brief = "virtual CPUs: where they run and for how long they did",
	  .text = "One line for each vCPU of all domains, or of those named. CPU is the physical "
		  "CPU that it runs or last ran on; it is '-' while the vCPU is off line." },

	{ .name = "info", .role = ROLE_OPERATOR, .run = cmd_info,
	  .brief = "the machine: CPUs, memory, boot times, what it lacks",
	  .text = "Processor, memory (total, free, what the hypervisor and the control domain "
		  "hold), firmware, console, update slot, timer and watchdog; then what hardware "
		  "or settings fall short, each with what to change, and which devices run "
		  "without isolation because the manifest says unsafe.\n\n"
		  "The boot figures are time stamp counter values: at the hypervisor's first "
		  "instruction, at the control domain's, and at the first prompt." },

	{ .name = "version", .role = ROLE_OPERATOR, .run = cmd_version,
	  .brief = "which Bulkhead this is",
	  .text = "Version, the commit it was built from, and the version of the guest interface "
		  "(Xen's) that it offers." },

	{ .name = "dmesg", .role = ROLE_OPERATOR, .run = cmd_dmesg,
	  .options = (const struct verb_option[]){
		  { .name = "clear", .letter = 'c', .role = ROLE_FULL,
		    .help = "empty the log after it has been shown" },
		  { .name = "tail", .letter = 'n', .value = "LINES",
		    .help = "show only the last LINES lines" },
		  {} },
	  .brief = "the hypervisor's messages",
	  .text = "The hypervisor's log since it started, or since the log was cleared. Old "
		  "messages give way to new ones." },

	{ .name = "uptime", .role = ROLE_OPERATOR, .run = cmd_uptime,
	  .brief = "how long the machine has been up",
	  .text = "Time since the hypervisor started, and how many domains exist." },

	{ .name = "date", .role = ROLE_OPERATOR, .run = cmd_date,
	  .brief = "the time of day, UTC",
	  .text = "Read from the machine's clock at boot and counted since. Fails where the "
		  "machine has no clock." },

	{ .name = "watchdog", .role = ROLE_OPERATOR, .run = cmd_watchdog,
	  .options = (const struct verb_option[]){
		  { .name = "test", .role = ROLE_FULL,
		    .help = "stop feeding it: the machine must restart when its time is over" },
		  {} },
	  .brief = "the hardware watchdog and who proves to be alive",
	  .text = "Which device it is, after how many seconds it restarts the machine, whether it "
		  "is armed and being fed, and for each critical thread of the control domain how "
		  "long ago it last proved to be alive." },

	{ .name = "echo", .role = ROLE_OPERATOR, .run = cmd_echo, .verbatim = true,
	  .args = (const struct verb_arg[]){
		  { .name = "TEXT", .kind = ARG_TEXT, .optional = true, .many = true }, {} },
	  .options = (const struct verb_option[]){
		  { .name = "no-newline", .letter = 'n', .help = "do not end the line" }, {} },
	  .brief = "print its arguments",
	  .text = "The arguments, with a blank between them. Options stand before the text." },

	{ .name = "run", .role = ROLE_OPERATOR, .run = cmd_run,
	  .args = (const struct verb_arg[]){
		  { .name = "LINE", .kind = ARG_TEXT, .optional = true }, {} },
	  .brief = "run a line of commands, as test frameworks ask for it",
	  .text = "Runs LINE and gives its status back. Written as MARKER=WORD run LINE, it prints "
		  "WORD before the output, and after it WORD and the status, by which labgrid's "
		  "ShellDriver finds what belongs to its command." },

	{ .name = "terminal", .role = ROLE_OPERATOR, .run = cmd_terminal,
	  .args = (const struct verb_arg[]){
		  { .name = "KIND", .kind = ARG_WORD, .words = "auto|ansi|dumb", .optional = true },
		  {} },
	  .options = (const struct verb_option[]){
		  { .name = "columns", .value = "N", .help = "it is N columns wide" }, {} },
	  .brief = "what the terminal at the serial line understands",
	  .text = "The shell begins with dumb: it then draws with printing characters and "
		  "backspaces alone, which every terminal and every script understands. With "
		  "ansi it uses control sequences, so that lines longer than the screen is wide "
		  "can be edited on sight and ^L clears the screen. With auto it asks the "
		  "terminal, and takes ansi only if that answers. A BREAK goes back to dumb." },

	{ .name = "reboot", .role = ROLE_FULL, .run = cmd_reboot,
	  .brief = "shut down in order and restart the machine",
	  .text = "Domains are shut down first, then the machine restarts." },

	{ .name = "poweroff", .role = ROLE_FULL, .run = cmd_poweroff,
	  .brief = "shut down in order and switch the machine off",
	  .text = "Domains are shut down first, then the machine is switched off. The power "
		  "button does the same." },

	{},
};

/* clang-format on */

const struct verb *verb_find(const char *name)
{
	for (const struct verb *v = verbs; v->name; v++) {
		if (strcmp(v->name, name) == 0)
			return v;
	}
	return NULL;
}
