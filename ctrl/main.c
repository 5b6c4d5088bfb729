/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The control domain: the order in which it comes up.
 */
#include <stdlib.h>

#include <libos/backtrace.h>
#include <libos/thread.h>

#include "appliance.h"
#include "boot.h"
#include "power.h"
#include "shell/shell.h"
#include "supervisor.h"
#include "tty.h"

int main(void)
{
	boot_mark_main();
	supervisor_start();
	tty_init();
	power_button_init();
	appliance_load();
	boot_report(tty_out());
	shell.role = appliance_role();
	if (shell.role == ROLE_OFF) {
		out_puts(tty_out(), "The shell is off: the manifest says so.\n");
		supervisor_forget(CRITICAL_SHELL);
	} else if (!libos_thread_create("shell", shell_thread, NULL)) {
		libos_panic("no memory for the shell");
	}
	/* Threads and handlers go on. */
	libos_thread_exit();
}
