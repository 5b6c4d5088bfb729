/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Giving RAM to a domain: XENMEM_populate_physmap.  Source: <xen/memory.h>. */
#ifndef HV_POPULATE_H
#define HV_POPULATE_H

#include "types.h"

struct vcpu;

/*
 * Carry out populate_physmap with the command word cmd, continuation included.
 * Extents are frames or 2 MiB, cleared before the domain sees them.  Returns how
 * many extents were populated, fewer than asked for when memory, the domain's
 * limit or its budget of tables ends it; -errno before the first; or
 * HYPERCALL_AGAIN.
 */
long populate_physmap(struct vcpu *v, uint64_t cmd, uint64_t arg);

/* v ends: what it was about to give away goes back. */
void populate_abandon(struct vcpu *v);

#endif /* HV_POPULATE_H */
