/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The window: this pCPU's few pages of address space through which a guest's
 * frame is seen for the length of one copy.  Nothing else of a guest's memory is
 * mapped here, but for the few standing maps of guestmap.h.
 */
#ifndef HV_X86_WINDOW_H
#define HV_X86_WINDOW_H

#include "compiler.h"
#include "types.h"

/* One slot each, so that a walk of a guest's tables can go on in the middle of a copy. */
enum window_slot {
	WINDOW_COPY,  /* the frame that is copied */
	WINDOW_WALK,  /* a guest's page table */
	WINDOW_OTHER, /* the other side of a copy between two frames */
	WINDOW_NR,
};

/* Make the running pCPU's window.  0 or -ENOMEM. */
int must_check window_init_cpu(void);

/*
 * See frame f, read-write, in slot of the running pCPU.  Ends with window_close()
 * of the slot; opening an open slot is a mistake of ours.
 */
void *window_open(enum window_slot slot, mfn_t f);
void window_close(enum window_slot slot);

/* Close what is open on the running pCPU: a fault has cut its user short. */
void window_close_all(void);

#endif /* HV_X86_WINDOW_H */
