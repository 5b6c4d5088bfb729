/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A vCPU's registers as a record of the HVM save format, the way in which the
 * control domain gives and reads them.  Source: <xen/hvm/save.h>.
 */
#ifndef HV_HVM_CONTEXT_H
#define HV_HVM_CONTEXT_H

#include "compiler.h"
#include "types.h"

struct domain;

/*
 * Load the CPU records of the stream of size bytes at the caller's buf into d's
 * vCPUs, which do not run; each vCPU given is then up.  Records HEADER, CPU, MTRR
 * (which has nothing to say here) and END are known.  Returns 0, or with earlier
 * records loaded:
 *   -EBUSY   d has run already
 *   -EFAULT  buf is not readable
 *   -EINVAL  a record is unknown, of the wrong size, or of a vCPU that is not there;
 *            MXCSR has a reserved bit; there is no END, or it is over 64 KiB
 */
long hvm_context_load(struct domain *d, uint64_t buf, uint32_t size);

/*
 * Write the CPU record of one vCPU to the caller's buf of size bytes.  Returns 0, or:
 *   -EBUSY    it runs
 *   -EFAULT   buf is not writable
 *   -ENOENT   there is no such vCPU
 *   -ENOBUFS  buf is too small
 */
long hvm_context_read_cpu(const struct domain *d, uint32_t instance, uint64_t buf, uint64_t size);

#endif /* HV_HVM_CONTEXT_H */
