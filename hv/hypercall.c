/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "hypercall.h"

#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "lib/string.h"
#include "vcpu.h"
#include "x86/vendor.h"

#include "abi/abi.h"

#define STUB_SIZE 32

typedef long (*hypercall_fn)(struct vcpu *v, const uint64_t *args);

static const hypercall_fn calls[] = {
	[__HYPERVISOR_memory_op] = do_memory_op,
	[__HYPERVISOR_xen_version] = do_xen_version,
	[__HYPERVISOR_console_io] = do_console_io,
	[__HYPERVISOR_grant_table_op] = do_grant_table_op,
	[__HYPERVISOR_vcpu_op] = do_vcpu_op,
	[__HYPERVISOR_sched_op] = do_sched_op,
	[__HYPERVISOR_event_channel_op] = do_event_channel_op,
	[__HYPERVISOR_hvm_op] = do_hvm_op,
	[__HYPERVISOR_sysctl] = do_sysctl,
	[__HYPERVISOR_domctl] = do_domctl,
	[__HYPERVISOR_hypfs_op] = do_hypfs_op,
};

long hypercall_dispatch(struct vcpu *v, unsigned long nr, const uint64_t args[HYPERCALL_ARGS])
{
	if (nr >= ARRAY_SIZE(calls) || !calls[nr])
		return -ENOSYS;
	return calls[nr](v, args);
}

int hypercall_page_write(struct domain *d, uint64_t value)
{
	/* mov $nr, %eax; the vendor's call instruction; ret: the same bytes in 32 and 64 bits. */
	uint8_t stub[STUB_SIZE] = {0xb8, 0, 0, 0, 0, 0, 0, 0, 0xc3};

	if (value & ~PAGE_MASK)
		return -EINVAL;
	memcpy(stub + 5, vendor->hypercall_insn, 3);
	for (unsigned int i = 0; i < PAGE_SIZE / STUB_SIZE; i++) {
		int rc;

		stub[1] = (uint8_t)i;
		rc = copy_to_domain(d, gaddr(value + i * STUB_SIZE), stub, sizeof(stub));
		if (rc)
			return rc;
	}
	return 0;
}
