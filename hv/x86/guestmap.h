/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Standing maps: the few pages of guests that the ABI makes the hypervisor write
 * at any time (vcpu_info, event FIFO pages).  Each keeps its frame pinned.
 */
#ifndef HV_X86_GUESTMAP_H
#define HV_X86_GUESTMAP_H

#include "types.h"

/*
 * Map RAM frame f, read-write.  The caller's reference to f (p2m_get()) is taken
 * over; it stays the caller's when NULL is returned: all maps are in use, or no
 * table page is left.
 */
void *guestmap_open(mfn_t f);

/*
 * End it.  The frame stays pinned until no pCPU can still hold the translation.
 */
void guestmap_close(void *va);

#endif /* HV_X86_GUESTMAP_H */
