/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* What the machine is, and what it lacks: gathered while booting, constant after. */
#ifndef HV_HW_H
#define HV_HW_H

#include "types.h"

/*
 * Note that the machine lacks something: what, and what to change.  fatal: the
 * hypervisor cannot run without.  Boot only.
 */
void hw_missing(const char *what, const char *change, bool fatal);

/* Everything noted so far: "what: change" a line, empty when nothing is missing. */
const char *hw_missing_text(void);

/* Is something fatal among it? */
bool hw_is_unfit(void);

/* Look for the features that every CPU is asked for, whoever made it; one pass names them all. */
void hw_probe(void);

const char *hw_cpu_name(void);
const char *hw_firmware(void); /* "bios" or "uefi" */
void hw_set_firmware(bool efi);

/* Size of the hypervisor's image in memory. */
uint64_t hw_image_kib(void);

/* TSC at the hypervisor's first instruction, and right before the control domain's. */
extern uint64_t boot_tsc, boot_tsc_ctrl;

#endif /* HV_HW_H */
