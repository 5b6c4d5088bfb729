/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the hypervisor says about the machine and all its domains.
 * Source: public/sysctl.h, interface version 0x15.
 */
#include "hv.h"

#include <libos/errno.h>
#include <libos/hypercall.h>
#include <libos/mem.h>
#include <xen/sysctl.h>

#define PAGES_TO_KIB(pages) ((pages) * (LIBOS_PAGE_SIZE / 1024))

static int hv_sysctl(struct xen_sysctl *op, uint32_t cmd)
{
	op->cmd = cmd;
	op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
	return (int)libos_sysctl(op);
}

int hv_machine(struct hv_machine *m)
{
	struct xen_sysctl op = {0};
	int err = hv_sysctl(&op, XEN_SYSCTL_physinfo);

	if (err)
		return err;
	*m = (struct hv_machine){
		.cpus = op.u.physinfo.nr_cpus,
		.cpu_khz = op.u.physinfo.cpu_khz,
		.total_kib = PAGES_TO_KIB(op.u.physinfo.total_pages),
		.free_kib = PAGES_TO_KIB(op.u.physinfo.free_pages),
	};
	return 0;
}

int hv_log(char *buf, size_t size, uint32_t *index)
{
	struct xen_sysctl op = {.u.readconsole = {.incremental = 1, .index = *index}};
	int err;

	if (size > LIBOS_PAGE_SIZE)
		size = LIBOS_PAGE_SIZE;
	set_xen_guest_handle(op.u.readconsole.buffer, buf);
	op.u.readconsole.count = (uint32_t)size;
	err = hv_sysctl(&op, XEN_SYSCTL_readconsole);
	if (err)
		return err;
	*index = op.u.readconsole.index;
	return (int)op.u.readconsole.count;
}

int hv_log_clear(void)
{
	struct xen_sysctl op = {.u.readconsole = {.clear = 1}};
	char last;

	set_xen_guest_handle(op.u.readconsole.buffer, &last);
	op.u.readconsole.count = sizeof(last);
	return hv_sysctl(&op, XEN_SYSCTL_readconsole);
}

/* A domain that is dying or has shut down may still be flagged for more. */
static enum hv_domain_state state_of(uint32_t flags)
{
	if (flags & XEN_DOMINF_dying)
		return HV_DYING;
	if (flags & XEN_DOMINF_shutdown)
		return HV_SHUTDOWN;
	if (flags & XEN_DOMINF_paused)
		return HV_PAUSED;
	return flags & XEN_DOMINF_running ? HV_RUNNING : HV_BLOCKED;
}

static void domain_of(struct hv_domain *d, const struct xen_domctl_getdomaininfo *info)
{
	*d = (struct hv_domain){
		.domid = info->domain,
		.state = state_of(info->flags),
		.reason = info->flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask,
		.memory_kib = PAGES_TO_KIB(info->tot_pages),
		.max_memory_kib = PAGES_TO_KIB(info->max_pages),
		.cpu_time_ns = info->cpu_time,
		.vcpus = info->nr_online_vcpus,
		.max_vcpu_id = info->max_vcpu_id,
	};
}

int hv_domains(uint16_t first, struct hv_domain *d, unsigned int max)
{
	struct xen_domctl_getdomaininfo info[8] = {0};
	struct xen_sysctl op = {.u.getdomaininfolist = {.first_domain = first}};
	unsigned int n;
	int err;

	op.u.getdomaininfolist.max_domains = max < 8 ? max : 8;
	set_xen_guest_handle(op.u.getdomaininfolist.buffer, info);
	err = hv_sysctl(&op, XEN_SYSCTL_getdomaininfolist);
	if (err)
		return err;
	n = op.u.getdomaininfolist.num_domains;
	if (n > max || n > 8)
		return -LIBOS_EINVAL;
	for (unsigned int i = 0; i < n; i++)
		domain_of(&d[i], &info[i]);
	return (int)n;
}
