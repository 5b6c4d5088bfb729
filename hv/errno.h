/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Xen's error numbers without a prefix: the hypervisor returns 0 or -errno, and
 * what it returns is what a guest sees.
 */
#ifndef HV_ERRNO_H
#define HV_ERRNO_H

#define XEN_ERRNO(name, value) name = value,
enum hv_errno {
#include <xen/errno.h>
	ERESTART = 85, /* never leaves the hypervisor: execute the hypercall again */
};

#endif /* HV_ERRNO_H */
