/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * First boot of the control domain: the one guest that the hypervisor builds by
 * itself, from the ELF file that the loader put beside it.
 */
#ifndef HV_CTRL_LOAD_H
#define HV_CTRL_LOAD_H

#include "compiler.h"
#include "x86/mb2.h"

/*
 * Build domain 0 of kib KiB from module 0, hand it the other modules, and leave
 * its vCPU ready to run.  Panics with the reason when that cannot be done: there
 * is nothing else to run.
 */
void ctrl_load(const struct boot_info *boot, uint64_t kib);

#endif /* HV_CTRL_LOAD_H */
