/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What Bulkhead says to its control domain beyond the public Xen ABI: names for
 * the numbers that Xen leaves to the architecture, nothing more.
 */
#ifndef HV_ABI_BULKHEAD_H
#define HV_ABI_BULKHEAD_H

#include "abi.h"

/* The serial line saw a BREAK; input received before it has been dropped. */
#define VIRQ_BULKHEAD_BREAK VIRQ_ARCH_0

/* The power button was pressed: the control domain shuts the machine down in order. */
#define VIRQ_BULKHEAD_POWER_BUTTON VIRQ_ARCH_1

#endif /* HV_ABI_BULKHEAD_H */
