/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * sysctl: what the control domain asks about the machine.  The subset of Xen
 * 4.17's interface that doc/ABI.md lists.  Source: <xen/sysctl.h>.
 */
#include "abi/abi.h"
#include "console.h"
#include "domain.h"
#include "domain_info.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "page.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/percpu.h"
#include "x86/time.h"

#include <xen/domctl.h>
#include <xen/sysctl.h>

#define LOG_CHUNK 512

static long readconsole(struct xen_sysctl_readconsole *op)
{
	uint64_t dst = (uint64_t)(uintptr_t)op->buffer.p;
	uint32_t index = op->incremental ? op->index : console_log_start();
	uint32_t done = 0;

	while (done < op->count) {
		char chunk[LOG_CHUNK];
		size_t n = console_log_read(&index, chunk, MIN(sizeof(chunk), op->count - done));

		if (!n)
			break;
		if (copy_to_guest(dst + done, chunk, n))
			return -EFAULT;
		done += (uint32_t)n;
	}
	if (op->clear)
		console_log_clear();
	op->index = index;
	op->count = done;
	return 0;
}

static long physinfo(struct xen_sysctl_physinfo *op)
{
	*op = (struct xen_sysctl_physinfo){
		.threads_per_core = 1,
		.cores_per_socket = nr_cpus,
		.nr_cpus = nr_cpus,
		.max_cpu_id = nr_cpus - 1,
		.nr_nodes = 1,
		.cpu_khz = tsc_khz,
		.capabilities = XEN_SYSCTL_PHYSCAP_hvm | XEN_SYSCTL_PHYSCAP_hap,
		.total_pages = page_nr_total(),
		.free_pages = page_nr_free(),
		.max_mfn = page_max_mfn(),
	};
	return 0;
}

static long domaininfolist(struct xen_sysctl_getdomaininfolist *op)
{
	uint64_t dst = (uint64_t)(uintptr_t)op->buffer.p;
	uint32_t n = 0;

	for (unsigned int i = op->first_domain; i < DOMAIN_MAX_SLOTS && n < op->max_domains; i++) {
		struct xen_domctl_getdomaininfo info;

		if (!domains[i])
			continue;
		domain_info(domains[i], &info);
		if (copy_to_guest(dst + n * sizeof(info), &info, sizeof(info)))
			return -EFAULT;
		n++;
	}
	op->num_domains = n;
	return 0;
}

static long cpuinfo(struct xen_sysctl_getcpuinfo *op)
{
	uint64_t dst = (uint64_t)(uintptr_t)op->info.p;
	uint32_t n = MIN(op->max_cpus, nr_cpus);

	for (uint32_t i = 0; i < n; i++) {
		struct xen_sysctl_cpuinfo info = {.idletime = sched_idle_ns(i)};

		if (copy_to_guest(dst + i * sizeof(info), &info, sizeof(info)))
			return -EFAULT;
	}
	op->nr_cpus = n;
	return 0;
}

long do_sysctl(struct vcpu *v, const uint64_t *args)
{
	struct xen_sysctl op;
	long rc;

	if (!v->domain->control)
		return -EPERM;
	if (get_guest(&op, args[0]))
		return -EFAULT;
	if (op.interface_version != XEN_SYSCTL_INTERFACE_VERSION)
		return -EACCES;
	switch (op.cmd) {
	case XEN_SYSCTL_readconsole: rc = readconsole(&op.u.readconsole); break;
	case XEN_SYSCTL_physinfo: rc = physinfo(&op.u.physinfo); break;
	case XEN_SYSCTL_getdomaininfolist: rc = domaininfolist(&op.u.getdomaininfolist); break;
	case XEN_SYSCTL_getcpuinfo: rc = cpuinfo(&op.u.getcpuinfo); break;
	default: return -ENOSYS;
	}
	if (!rc && put_guest(args[0], &op))
		return -EFAULT;
	return rc;
}
