/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The table of contents: from the first C function to the program's main().
 */
#include <libos/backtrace.h>
#include <libos/boot.h>
#include <stdlib.h>
#include <string.h>

#include "src/clock.h"
#include "src/console.h"
#include "src/event.h"
#include "src/hypercall.h"
#include "src/memory.h"
#include "src/panic.h"
#include "src/startinfo.h"
#include "src/thread.h"
#include "x86/traps.h"

/* main() of a program is likely to use printf() with everything that it can. */
#define MAIN_STACK_SIZE 65536

_Noreturn void boot_start(const void *start_info);
int main(int argc, char **argv);
extern void (*const __init_array_start[])(void), (*const __init_array_end[])(void);

/* Made by the linking rule, libos.mk. */
extern const char libos_program_name[];

/* Split the command line at blanks.  Lives as long as the program. */
static char **arguments_split(int *argc)
{
	char *line = strdup(libos_cmdline());
	size_t max = 2 + strlen(libos_cmdline()) / 2 + 1;
	char **argv = calloc(max, sizeof(*argv)), *save = NULL;
	size_t n = 0;

	if (line == NULL || argv == NULL)
		libos_panic("no memory for the command line");
	argv[n++] = strdup(libos_program_name);
	for (char *w = strtok_r(line, " \t\n", &save); w != NULL;
	     w = strtok_r(NULL, " \t\n", &save))
		argv[n++] = w;
	*argc = (int)n;
	return argv;
}

static void boot_thread(void *arg)
{
	char **argv;
	int argc;

	(void)arg;
	memory_release_boot();
	for (void (*const *f)(void) = __init_array_start; f < __init_array_end; f++)
		(*f)();
	argv = arguments_split(&argc);
	exit(main(argc, argv));
}

_Noreturn void boot_start(const void *start_info)
{
	traps_init();
	hypercall_init();
	if (!startinfo_init(start_info))
		libos_panic("no start info, or one without a memory map");
	memory_init();
	hypercall_read_features();
	event_init();
	console_init();
	clock_init();
	thread_start_first(boot_thread, NULL, MAIN_STACK_SIZE);
}
