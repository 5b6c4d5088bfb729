/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The control domain's own calls: sysctl, domctl, hypfs.  Source: their public headers. */
#include "check.h"
#include <libos/compiler.h>
#include <libos/hypercall.h>
#include <string.h>
#include <xen/domctl.h>
#include <xen/hypfs.h>
#include <xen/sysctl.h>

static char buf[4096];

/* Both interfaces of hypfs that programs rely on: strings, and unsigned numbers. */
void hypfs_reads(void)
{
	static const char *const strings[] = {"/buildinfo/version", "/boot/slot", "/boot/firmware",
					      "/hw/cpu"};
	static const char *const numbers[] = {"/boot/tsc-entry", "/boot/tsc-ctrl",
					      "/memory/total-kib", "/memory/free-kib"};
	struct xen_hypfs_direntry *e = (struct xen_hypfs_direntry *)buf;

	for (unsigned int i = 0; i < ARRAY_SIZE(strings); i++) {
		check_eq(libos_hypfs_read(strings[i], buf, sizeof(buf)), 0);
		check_eq(e->type, XEN_HYPFS_TYPE_STRING);
		check(e->content_len > 1);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		check_eq(libos_hypfs_read(numbers[i], buf, sizeof(buf)), 0);
		check_eq(e->type, XEN_HYPFS_TYPE_UINT);
		check_eq(e->content_len, 8);
	}
	check_eq(libos_hypfs_read("/boot", buf, sizeof(buf)), 0);
	check_eq(e->type, XEN_HYPFS_TYPE_DIR);
	check_eq(libos_hypfs_read("/", buf, sizeof(buf)), 0);
	check_eq(libos_hypfs_read("/boot/nothing", buf, sizeof(buf)), -XEN_ENOENT);
	check_eq(libos_hypfs_read("/hw/cpu", buf, sizeof(*e)), -XEN_ENOBUFS);
	check_eq(libos_hypfs_read("/hw/cpu", (void *)hostile[0], 4096), -XEN_EFAULT);
	check_eq(libos_hypercall5(__HYPERVISOR_hypfs_op, 99, 0, 0, 0, 0), -XEN_ENOSYS);
}

void sysctl_refusals(void)
{
	struct xen_sysctl s = {.cmd = XEN_SYSCTL_physinfo, .interface_version = 1};

	check_eq(libos_sysctl(&s), -XEN_EACCES);
	s.interface_version = XEN_SYSCTL_INTERFACE_VERSION;
	check_eq(libos_sysctl(&s), 0);
	check(s.u.physinfo.nr_cpus > 0);
	check(s.u.physinfo.total_pages > 0);
	s.cmd = 999;
	check_eq(libos_sysctl(&s), -XEN_ENOSYS);
	check_eq(libos_sysctl((struct xen_sysctl *)hostile[0]), -XEN_EFAULT);
}

void domctl_answers(void)
{
	struct xen_domctl d = {.cmd = XEN_DOMCTL_getdomaininfo, .interface_version = 1};

	check_eq(libos_domctl(&d), -XEN_EACCES);
	d.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	d.domain = 0;
	check_eq(libos_domctl(&d), 0);
	check_eq(d.u.getdomaininfo.domain, 0);
	check(d.u.getdomaininfo.tot_pages > 0);
	check_eq(d.u.getdomaininfo.nr_online_vcpus, 1);
	d.domain = 77;
	check_eq(libos_domctl(&d), -XEN_ESRCH);
	d.cmd = 999;
	d.domain = 0;
	check_eq(libos_domctl(&d), -XEN_ENOSYS);
	check_eq(libos_domctl((struct xen_domctl *)hostile[0]), -XEN_EFAULT);
}
