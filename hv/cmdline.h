/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's options, as the image recipe makes them from the manifest:
 * words of the form name=value between blanks.  An unknown word is reported and
 * ignored, a bad value reported and replaced by the default.
 */
#ifndef HV_CMDLINE_H
#define HV_CMDLINE_H

#include "types.h"

enum crash_policy { CRASH_REBOOT, CRASH_HALT };

struct options {
	char console[64];	    /* "auto", "io:0x3f8,115200", "mmio:...", "pci:..." */
	char watchdog[16];	    /* "tco", "i6300esb", "auto", "none" */
	unsigned int watchdog_s;    /* seconds until the machine resets when ctrl is silent */
	uint64_t ctrl_kib;	    /* memory of the control domain */
	enum crash_policy on_crash; /* of the control domain and of the hypervisor itself */
	char slot[8];		    /* "A", "B", or "-" when the loader did not say */
};

/* The options as the loader gave them. */
extern const char *boot_cmdline;

extern struct options options; /* (o) after cmdline_parse() */

/*
 * Read text into o.  complain(word, why) is called for every word that is
 * not understood.
 */
void cmdline_parse(const char *text, struct options *o,
		   void (*complain)(const char *word, const char *why));

#endif /* HV_CMDLINE_H */
