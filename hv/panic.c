/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "panic.h"

#include "cmdline.h"
#include "console.h"
#include "printk.h"
#include "spinlock.h"
#include "x86/apic.h"
#include "x86/asm.h"
#include "x86/percpu.h"
#include "x86/power.h"
#include "x86/traps.h"
#include "x86/watchdog.h"

#define NOBODY (~0u)

static unsigned int panicking = NOBODY; /* [atomic] number of the CPU that speaks */

void printk(const char *fmt, ...)
{
	char buf[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = hv_vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	if (n > 0)
		console_write(buf, MIN((size_t)n, sizeof(buf) - 1));
}

bool panic_is_on(void)
{
	return __atomic_load_n(&panicking, __ATOMIC_RELAXED) != NOBODY;
}

void panic_begin(void)
{
	unsigned int nobody = NOBODY;
	unsigned int me = this_cpu()->id;

	if (!__atomic_compare_exchange_n(&panicking, &nobody, me, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE)) {
		if (nobody == me)
			return;
		halt_forever();
	}
	console_emergency();
	if (nr_cpus > 1)
		apic_send_nmi_all_but_self();
}

noreturn void machine_give_up(void)
{
	if (options.on_crash == CRASH_HALT) {
		/* Else it would restart the machine that is to stay down. */
		watchdog_disarm();
		printk("halted\n");
		console_flush();
		halt_forever();
	}
	printk("rebooting\n");
	machine_reboot();
}

void panic(const char *fmt, ...)
{
	char buf[256];
	va_list ap;
	uint64_t rbp;

	panic_begin();
	va_start(ap, fmt);
	hv_vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	printk("panic: %s", buf);
	__asm__("mov %%rbp, %0" : "=r"(rbp));
	backtrace((uint64_t)(uintptr_t)panic, rbp);
	machine_give_up();
}

void assert_failed(const char *expr, const char *file, int line)
{
	panic("%s:%d: assertion failed: %s\n", file, line, expr);
}
