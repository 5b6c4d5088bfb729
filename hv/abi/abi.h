/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The door to Xen's public headers: every component reaches <xen/...> through
 * this folder and nowhere else.
 *
 * Xen's headers bring no <stdint.h> of their own, and pick their dialect by
 * __XEN_INTERFACE_VERSION__.  __XEN_TOOLS__ (ctrl, and hv's control interface)
 * sets that to the latest by itself.  __XEN__ is never defined: it would make
 * the headers include private ones that are not packaged.
 */
#ifndef HV_ABI_ABI_H
#define HV_ABI_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(__XEN_TOOLS__)
#define __XEN_INTERFACE_VERSION__ 0x00040e00
#endif

#include <xen/xen.h>

/* Error numbers are Xen's, XEN_EPERM ... XEN_ENOSYS, whatever the C library says. */
#include <xen/errno.h>

#endif /* HV_ABI_ABI_H */
