/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the hypervisor says about one domain.
 * Source: public/domctl.h, interface version 0x15.
 */
#include "hv.h"

#include <libos/hypercall.h>
#include <xen/domctl.h>

int hv_vcpu(uint16_t domid, uint32_t vcpu, struct hv_vcpu *v)
{
	struct xen_domctl op = {
		.cmd = XEN_DOMCTL_getvcpuinfo,
		.interface_version = XEN_DOMCTL_INTERFACE_VERSION,
		.domain = domid,
		.u.getvcpuinfo.vcpu = vcpu,
	};
	int err = (int)libos_domctl(&op);

	if (err)
		return err;
	*v = (struct hv_vcpu){
		.online = op.u.getvcpuinfo.online,
		.blocked = op.u.getvcpuinfo.blocked,
		.running = op.u.getvcpuinfo.running,
		.cpu = op.u.getvcpuinfo.cpu,
		.cpu_time_ns = op.u.getvcpuinfo.cpu_time,
	};
	return 0;
}
