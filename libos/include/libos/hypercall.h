/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Hypercalls: raw ones by number, and one typed door for each that programs may need.
 * All return what the hypervisor returned: 0 or more, or -errno with Xen's numbers
 * (<libos/errno.h>), -LIBOS_ENOSYS for what it does not know.  Structures and numbers
 * come from "abi/...".  None of them waits.
 *
 * Pointers are plain addresses of this domain; the memory must be mapped.
 */
#ifndef LIBOS_HYPERCALL_H
#define LIBOS_HYPERCALL_H

#include "abi/abi.h"
#include <libos/compiler.h>

struct xen_sysctl;
struct xen_domctl;

long libos_hypercall0(unsigned int nr);
long libos_hypercall1(unsigned int nr, unsigned long a1);
long libos_hypercall2(unsigned int nr, unsigned long a1, unsigned long a2);
long libos_hypercall3(unsigned int nr, unsigned long a1, unsigned long a2, unsigned long a3);
long libos_hypercall4(unsigned int nr, unsigned long a1, unsigned long a2, unsigned long a3,
		      unsigned long a4);
long libos_hypercall5(unsigned int nr, unsigned long a1, unsigned long a2, unsigned long a3,
		      unsigned long a4, unsigned long a5);

/* XENVER_*; arg as public/version.h says for each. */
long libos_xen_version(unsigned int cmd, void *arg);

/* Whether the hypervisor offers XENFEAT_nr; read once at start. */
bool libos_xen_feature(unsigned int nr);

long libos_memory_op(unsigned int cmd, void *arg);
long libos_event_channel_op(unsigned int cmd, void *arg);
long libos_sched_op(unsigned int cmd, void *arg);
long libos_vcpu_op(unsigned int cmd, unsigned int vcpu, void *arg);
long libos_grant_table_op(unsigned int cmd, void *arg, unsigned int count);
long libos_physdev_op(unsigned int cmd, void *arg);

/* HVM parameters of this domain.  The value goes to *value. */
long must_check libos_hvm_get_param(unsigned int index, uint64_t *value);
long must_check libos_hvm_set_param(unsigned int index, uint64_t value);

/* CONSOLEIO_write returns 0, CONSOLEIO_read the number of bytes. */
long libos_console_io(unsigned int cmd, unsigned int count, void *buf);

/* The control domain's; the caller fills in the interface version. */
long libos_sysctl(struct xen_sysctl *op);
long libos_domctl(struct xen_domctl *op);

/*
 * XEN_HYPFS_OP_read of path into buf: a struct xen_hypfs_direntry and the contents after
 * it.  Returns 0, or:
 *   -LIBOS_ENOENT   no such path
 *   -LIBOS_ENOBUFS  size is too small; the entry is there, the contents are not
 *   -LIBOS_EACCES, -LIBOS_EPERM  not for this domain
 * Source: public/hypfs.h.
 */
long must_check libos_hypfs_read(const char *path, void *buf, unsigned long size);

#endif /* LIBOS_HYPERCALL_H */
