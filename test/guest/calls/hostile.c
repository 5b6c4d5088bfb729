/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Every call that takes a pointer, with every bad one: -EFAULT and nothing else, and no
 * output through a mapping that the guest itself could not write.
 */
#include "check.h"
#include <libos/compiler.h>
#include <xen/event_channel.h>
#include <xen/hvm/hvm_op.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>

struct call {
	unsigned long nr, a1, a2;
	unsigned int pointer; /* which argument, counted from 1, is the pointer */
};

static const struct call calls[] = {
	{__HYPERVISOR_xen_version, XENVER_extraversion, 0, 2},
	{__HYPERVISOR_xen_version, XENVER_compile_info, 0, 2},
	{__HYPERVISOR_xen_version, XENVER_capabilities, 0, 2},
	{__HYPERVISOR_xen_version, XENVER_changeset, 0, 2},
	{__HYPERVISOR_xen_version, XENVER_platform_parameters, 0, 2},
	{__HYPERVISOR_xen_version, XENVER_get_features, 0, 2},
	{__HYPERVISOR_xen_version, XENVER_guest_handle, 0, 2},
	{__HYPERVISOR_memory_op, XENMEM_memory_map, 0, 2},
	{__HYPERVISOR_memory_op, XENMEM_add_to_physmap, 0, 2},
	{__HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, 0, 2},
	{__HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq, 0, 2},
	{__HYPERVISOR_event_channel_op, EVTCHNOP_close, 0, 2},
	{__HYPERVISOR_event_channel_op, EVTCHNOP_send, 0, 2},
	{__HYPERVISOR_event_channel_op, EVTCHNOP_status, 0, 2},
	{__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, 0, 2},
	{__HYPERVISOR_event_channel_op, EVTCHNOP_bind_ipi, 0, 2},
	{__HYPERVISOR_event_channel_op, EVTCHNOP_unmask, 0, 2},
	{__HYPERVISOR_sched_op, SCHEDOP_shutdown, 0, 2},
	{__HYPERVISOR_sched_op, SCHEDOP_poll, 0, 2},
	{__HYPERVISOR_sched_op, SCHEDOP_watchdog, 0, 2},
	{__HYPERVISOR_vcpu_op, VCPUOP_register_vcpu_info, 0, 3},
	{__HYPERVISOR_vcpu_op, VCPUOP_get_runstate_info, 0, 3},
	{__HYPERVISOR_vcpu_op, VCPUOP_set_singleshot_timer, 0, 3},
	{__HYPERVISOR_hvm_op, HVMOP_get_param, 0, 2},
	{__HYPERVISOR_hvm_op, HVMOP_set_param, 0, 2},
};

static long call(const struct call *c, unsigned long pointer)
{
	return vmmcall(c->nr, c->a1, c->pointer == 2 ? pointer : c->a2, pointer);
}

void hostile_pointers(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++)
		for (unsigned int j = 0; j < nr_hostile; j++)
			check_equal(__FILE__, (int)(1000 + i), "call (line - 1000)",
				    call(&calls[i], hostile[j]), -XEN_EFAULT);
	check_eq(vmmcall(__HYPERVISOR_xen_version, XENVER_capabilities, read_only_address, 0),
		 -XEN_EFAULT);
	check_eq(*(const volatile unsigned long *)read_only_address, 1);
}
