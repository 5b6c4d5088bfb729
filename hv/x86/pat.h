/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Values of the page attribute table's register that a CPU takes. */
#ifndef HV_X86_PAT_H
#define HV_X86_PAT_H

#include "types.h"

/*
 * Eight entries of a byte, each UC (0), WC (1), WT (4), WP (5), WB (6) or UC- (7).
 * Anything else is #GP for WRMSR, and a control block that VMRUN refuses.
 * Manual: AMD APM vol. 2, "Page-Attribute Table Mechanism".
 */
static inline bool pat_is_valid(uint64_t pat)
{
	const uint64_t bit1 = 0x0202020202020202ul;

	/* 2 and 3 are the numbers up to 7 with bit 1 and without bit 2. */
	return !(pat & 0xf8f8f8f8f8f8f8f8ul) && !((pat & bit1) << 1 & ~pat);
}

#endif /* HV_X86_PAT_H */
