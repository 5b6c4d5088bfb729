/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The door that guests knock on: the page of call stubs and the table of calls.
 * Numbers and structures are Xen's; doc/ABI.md lists what is there.
 */
#ifndef HV_HYPERCALL_H
#define HV_HYPERCALL_H

#include "compiler.h"
#include "types.h"

struct domain;
struct vcpu;

#define HYPERCALL_ARGS 5

/* The call is to be executed again: it did a part, or has to wait.  Never seen by a guest. */
#define HYPERCALL_AGAIN (-85l) /* -ERESTART */

/*
 * Carry out call nr of the running vCPU.  Returns what the guest gets, or
 * HYPERCALL_AGAIN.  -ENOSYS: there is no such call.
 */
long hypercall_dispatch(struct vcpu *v, unsigned long nr, const uint64_t args[HYPERCALL_ARGS]);

/*
 * Fill the RAM page at the guest-physical address in value with call stubs.
 * 0, or -EINVAL (bits below the page), -EFAULT (no RAM).
 */
int must_check hypercall_page_write(struct domain *d, uint64_t value);

/* The calls, one file each; cmd and arg as the guest gave them. */
long do_memory_op(struct vcpu *v, const uint64_t *args);
long do_xen_version(struct vcpu *v, const uint64_t *args);
long do_console_io(struct vcpu *v, const uint64_t *args);
long do_vcpu_op(struct vcpu *v, const uint64_t *args);
long do_sched_op(struct vcpu *v, const uint64_t *args);
long do_event_channel_op(struct vcpu *v, const uint64_t *args);
long do_grant_table_op(struct vcpu *v, const uint64_t *args);
long do_hvm_op(struct vcpu *v, const uint64_t *args);
long do_sysctl(struct vcpu *v, const uint64_t *args);
long do_domctl(struct vcpu *v, const uint64_t *args);
long do_hypfs_op(struct vcpu *v, const uint64_t *args);

#endif /* HV_HYPERCALL_H */
