/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What happened at boot: the first lines on the console, and the figures that
 * `info` repeats.
 */
#ifndef CTRL_BOOT_H
#define CTRL_BOOT_H

#include <stdint.h>

#include "shell/out.h"

struct boot_facts {
	unsigned int ready, failed; /* domains, the control domain included */
	uint64_t tsc_main;	    /* time stamp counter in main() */
	uint64_t tsc_prompt;	    /* after the first prompt was written; 0 before */
	uint64_t prompt_ns;	    /* system time then */
};

const struct boot_facts *boot_facts(void);

/* main() has begun; the first prompt stands there. */
void boot_mark_main(void);
void boot_mark_prompt(void);

/* Count the domains, print the first lines. */
void boot_report(struct out *o);

#endif /* CTRL_BOOT_H */
