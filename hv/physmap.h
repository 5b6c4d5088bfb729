/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * memory_op's half that says what a guest-physical frame is: shared info, another
 * domain's memory, nothing.  Source: <xen/memory.h>.
 */
#ifndef HV_PHYSMAP_H
#define HV_PHYSMAP_H

#include "compiler.h"
#include "types.h"

struct domain;
struct vcpu;

#define MAX_GFN (1ul << 36) /* guest-physical addresses have 48 bits */

/*
 * A continued command carries in its upper bits how many extents are done.
 * Source: <xen/memory.h>; the split is between the hypervisor and itself.
 */
#define MEMOP_EXTENT_SHIFT 6
#define MEMOP_CMD_MASK	   ((1ul << MEMOP_EXTENT_SHIFT) - 1)

/* The sub-operations; arg as the guest gave it.  They may return HYPERCALL_AGAIN. */
long physmap_add(struct vcpu *v, uint64_t arg);
long physmap_add_batch(struct vcpu *v, uint64_t arg);
long physmap_remove(struct vcpu *v, uint64_t arg);

#endif /* HV_PHYSMAP_H */
