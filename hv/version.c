/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* xen_version: the ABI is 4.17's, the product is ours.  Source: <xen/version.h>, <xen/features.h>.
 */
#include "abi/abi.h"
#include "cmdline.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "lib/string.h"
#include "vcpu.h"
#include "version.h"

#include <xen/features.h>
#include <xen/version.h>

#define ABI_MAJOR 4
#define ABI_MINOR 17

#define FEATURES                                                                                   \
	(1u << XENFEAT_writable_page_tables | 1u << XENFEAT_auto_translated_physmap |              \
	 1u << XENFEAT_hvm_callback_vector | 1u << XENFEAT_hvm_safe_pvclock |                      \
	 1u << XENFEAT_memory_op_vnode_supported | 1u << XENFEAT_not_direct_mapped)

extern const char build_id_start[], build_id_end[];

static long put_text(uint64_t arg, const char *text, size_t size)
{
	char buf[1024] = {0};

	strlcpy(buf, text, size);
	return copy_to_guest(arg, buf, size) ? -EFAULT : 0;
}

static long compile_info(uint64_t arg)
{
	xen_compile_info_t info = {0};

	strlcpy(info.compiler, "gcc " __VERSION__, sizeof(info.compiler));
	strlcpy(info.compile_by, "bulkhead", sizeof(info.compile_by));
	strlcpy(info.compile_domain, BULKHEAD_COMMIT, sizeof(info.compile_domain));
	strlcpy(info.compile_date, BULKHEAD_DATE, sizeof(info.compile_date));
	return put_guest(arg, &info) ? -EFAULT : 0;
}

static long get_features(uint64_t arg)
{
	xen_feature_info_t info;

	if (get_guest(&info, arg))
		return -EFAULT;
	if (info.submap_idx)
		return -EINVAL;
	info.submap = FEATURES;
	return put_guest(arg, &info) ? -EFAULT : 0;
}

/* The note is a header of three words, the name "GNU", then the identifier. */
static long build_id(uint64_t arg)
{
	const char *id = build_id_start + 16;
	uint32_t len, have = (uint32_t)(build_id_end - id);

	if (build_id_end <= id)
		return -ENODATA;
	if (!arg)
		return have;
	if (get_guest(&len, arg))
		return -EFAULT;
	if (len < have)
		return -ENOBUFS;
	if (put_guest(arg, &have) || copy_to_guest(arg + sizeof(have), id, have))
		return -EFAULT;
	return have;
}

long do_xen_version(struct vcpu *v, const uint64_t *args)
{
	uint64_t arg = args[1];

	switch (args[0]) {
	case XENVER_version: return ABI_MAJOR << 16 | ABI_MINOR;
	case XENVER_extraversion: return put_text(arg, ".0-bulkhead", sizeof(xen_extraversion_t));
	case XENVER_compile_info: return compile_info(arg);
	case XENVER_capabilities:
		return put_text(arg, "hvm-3.0-x86_64 ", sizeof(xen_capabilities_info_t));
	case XENVER_changeset:
		return put_text(arg, BULKHEAD_VERSION " " BULKHEAD_COMMIT,
				sizeof(xen_changeset_info_t));
	case XENVER_platform_parameters: {
		xen_platform_parameters_t none = {0};

		return put_guest(arg, &none) ? -EFAULT : 0;
	}
	case XENVER_get_features: return get_features(arg);
	case XENVER_pagesize: return PAGE_SIZE;
	case XENVER_guest_handle: {
		xen_domain_handle_t handle = {0};

		return put_guest(arg, &handle) ? -EFAULT : 0;
	}
	case XENVER_commandline:
		/* As Xen does: what the machine was booted with is no guest's business. */
		return put_text(arg, vcpu_is_control(v) ? boot_cmdline : "<denied>",
				sizeof(xen_commandline_t));
	case XENVER_build_id: return build_id(arg);
	default: return -ENOSYS;
	}
}
