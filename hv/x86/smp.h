/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Application processors: from INIT-SIPI in real mode to ap_main().
 *
 * One CPU at a time, in MADT order, so that numbers are dense and the same at
 * every boot.  The trampoline runs in one page below 640 KiB under page tables
 * that map that page read-execute and share the hypervisor's half; they are left
 * for the real ones before ap_main().
 */
#ifndef HV_X86_SMP_H
#define HV_X86_SMP_H

#include "percpu.h"

/*
 * Start every enabled CPU of the MADT but this one.  One that does not answer is
 * named and left out; one that answers late finds its turn over and halts.
 * Sets nr_cpus.  After time_init(); interrupts off.
 */
void smp_boot_aps(void);

/* Supplied by the core. */

/* A RAM page below 640 KiB that nobody else uses, or ma 0: then there are no application
 * processors. */
maddr_t boot_low_page(void);
/* The same page, writable, until boot is done. */
void *boot_low_page_map(void);
/* Machine address of an object in the image. */
maddr_t hv_image_maddr(const void *va);
/* The hypervisor's root table, to be read. */
const uint64_t *hv_root_table(void);

#endif /* HV_X86_SMP_H */
