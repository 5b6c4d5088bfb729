/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* xen_version: what the hypervisor says about itself.  Source: public/version.h. */
#include "check.h"
#include <libos/hypercall.h>
#include <string.h>
#include <xen/features.h>
#include <xen/version.h>

void version_answers(void)
{
	xen_extraversion_t extra;
	xen_capabilities_info_t caps;
	xen_changeset_info_t changeset;
	xen_compile_info_t compile;
	xen_platform_parameters_t platform;
	xen_domain_handle_t handle;
	struct xen_feature_info features = {0};

	check_eq(libos_xen_version(XENVER_version, NULL) >> 16, 4);
	check_eq(libos_xen_version(XENVER_extraversion, extra), 0);
	check(memchr(extra, 0, sizeof(extra)) != NULL);
	check_eq(libos_xen_version(XENVER_capabilities, caps), 0);
	check(memchr(caps, 0, sizeof(caps)) != NULL);
	check(strstr(caps, "hvm-3.0-x86_64") != NULL);
	check_eq(libos_xen_version(XENVER_changeset, changeset), 0);
	check_eq(libos_xen_version(XENVER_compile_info, &compile), 0);
	check_eq(libos_xen_version(XENVER_platform_parameters, &platform), 0);
	check_eq(libos_xen_version(XENVER_pagesize, NULL), 4096);
	check_eq(libos_xen_version(XENVER_guest_handle, &handle), 0);
	check_eq(libos_xen_version(XENVER_get_features, &features), 0);
	check(features.submap & (1u << XENFEAT_auto_translated_physmap));
	check(features.submap & (1u << XENFEAT_hvm_callback_vector));
	check(features.submap & (1u << XENFEAT_hvm_safe_pvclock));
	check_eq(features.submap & (1u << XENFEAT_hvm_pirqs), 0);
}

void version_refusals(void)
{
	struct xen_feature_info features = {.submap_idx = 7};

	check_eq(libos_xen_version(99, NULL), -XEN_ENOSYS);
	check_eq(libos_xen_version(~0u, &features), -XEN_ENOSYS);
	check_eq(libos_xen_version(XENVER_get_features, &features), -XEN_EINVAL);
}
