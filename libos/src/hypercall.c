/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns the way into the hypervisor: finding it by CPUID, the hypercall page, the
 * wrappers of <libos/hypercall.h>.
 * Source: public/arch-x86/cpuid.h, public/arch-x86/xen-x86_64.h.
 */
#include "src/hypercall.h"

#include <libos/errno.h>
#include <string.h>
#include <xen/arch-x86/cpuid.h>
#include <xen/event_channel.h>
#include <xen/features.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hypfs.h>
#include <xen/version.h>

#include "src/panic.h"
#include "x86/asm.h"

#define XEN_ERRNO_SAME(name) _Static_assert((int)LIBOS_##name == (int)XEN_##name, "Xen's number")
XEN_ERRNO_SAME(EPERM);
XEN_ERRNO_SAME(ENOENT);
XEN_ERRNO_SAME(ESRCH);
XEN_ERRNO_SAME(EIO);
XEN_ERRNO_SAME(ENXIO);
XEN_ERRNO_SAME(E2BIG);
XEN_ERRNO_SAME(ENOEXEC);
XEN_ERRNO_SAME(EBADF);
XEN_ERRNO_SAME(EAGAIN);
XEN_ERRNO_SAME(ENOMEM);
XEN_ERRNO_SAME(EACCES);
XEN_ERRNO_SAME(EFAULT);
XEN_ERRNO_SAME(EBUSY);
XEN_ERRNO_SAME(EEXIST);
XEN_ERRNO_SAME(ENODEV);
XEN_ERRNO_SAME(EINVAL);
XEN_ERRNO_SAME(ENOSPC);
XEN_ERRNO_SAME(ERANGE);
XEN_ERRNO_SAME(EDEADLK);
XEN_ERRNO_SAME(ENOSYS);
XEN_ERRNO_SAME(EOVERFLOW);
XEN_ERRNO_SAME(EOPNOTSUPP);
XEN_ERRNO_SAME(ENOBUFS);
XEN_ERRNO_SAME(ETIMEDOUT);

#define NR_HYPERCALLS 64
#define FEATURE_WORDS 2

extern char hypercall_page[];

static uint32_t features[FEATURE_WORDS];

/* Where Xen's leaves start; the viridian interface may push them up.  0 if there are none. */
static uint32_t leaf_find(void)
{
	for (uint32_t base = XEN_CPUID_FIRST_LEAF; base < XEN_CPUID_FIRST_LEAF + 0x10000;
	     base += 0x100) {
		struct cpuid_regs r = cpuid(base, 0);

		if (r.ebx == XEN_CPUID_SIGNATURE_EBX && r.ecx == XEN_CPUID_SIGNATURE_ECX &&
		    r.edx == XEN_CPUID_SIGNATURE_EDX && r.eax >= base + 2)
			return base;
	}
	return 0;
}

/* mov $nr, %eax; vmmcall or vmcall; ret, for every number. */
static void page_fill(void)
{
	static const uint8_t stub[9] = {0xb8, 0, 0, 0, 0, 0x0f, 0x01, 0, 0xc3};
	struct cpuid_regs r = cpuid(0, 0);
	/* "GenuineIntel" and what is made after it know VMCALL, AMD's and Hygon's VMMCALL. */
	bool amd = r.ecx == 0x444d4163 || r.ecx == 0x656e6975;

	for (unsigned int nr = 0; nr < NR_HYPERCALLS; nr++) {
		char *slot = hypercall_page + nr * HYPERCALL_SLOT;

		memcpy(slot, stub, sizeof(stub));
		slot[1] = (char)nr;
		slot[7] = (char)(amd ? 0xd9 : 0xc1);
	}
}

void hypercall_init(void)
{
	uint32_t base = leaf_find();
	struct cpuid_regs r;

	if (base == 0)
		panic_mute("no Xen ABI");
	r = cpuid(base + 2, 0);
	if (r.eax >= 1)
		wrmsr(r.ebx, (uintptr_t)hypercall_page);
	else
		page_fill();
}

void hypercall_read_features(void)
{
	for (unsigned int i = 0; i < FEATURE_WORDS; i++) {
		struct xen_feature_info info = {.submap_idx = i};

		if (libos_xen_version(XENVER_get_features, &info) == 0)
			features[i] = info.submap;
	}
}

bool libos_xen_feature(unsigned int nr)
{
	return nr < 32 * FEATURE_WORDS && (features[nr / 32] >> nr % 32 & 1);
}

long libos_hypercall5(unsigned int nr, unsigned long a1, unsigned long a2, unsigned long a3,
		      unsigned long a4, unsigned long a5)
{
	register unsigned long r10 __asm__("r10") = a4;
	register unsigned long r8 __asm__("r8") = a5;
	long ret;

	if (nr >= NR_HYPERCALLS)
		return -LIBOS_ENOSYS;
	__asm__ volatile("call *%[stub]"
			 : "=a"(ret), "+D"(a1), "+S"(a2), "+d"(a3), "+r"(r10), "+r"(r8)
			 : [stub] "a"(hypercall_page + nr * HYPERCALL_SLOT)
			 : "memory");
	return ret;
}

long libos_hypercall0(unsigned int nr)
{
	return libos_hypercall5(nr, 0, 0, 0, 0, 0);
}

long libos_hypercall1(unsigned int nr, unsigned long a1)
{
	return libos_hypercall5(nr, a1, 0, 0, 0, 0);
}

long libos_hypercall2(unsigned int nr, unsigned long a1, unsigned long a2)
{
	return libos_hypercall5(nr, a1, a2, 0, 0, 0);
}

long libos_hypercall3(unsigned int nr, unsigned long a1, unsigned long a2, unsigned long a3)
{
	return libos_hypercall5(nr, a1, a2, a3, 0, 0);
}

long libos_hypercall4(unsigned int nr, unsigned long a1, unsigned long a2, unsigned long a3,
		      unsigned long a4)
{
	return libos_hypercall5(nr, a1, a2, a3, a4, 0);
}

long libos_xen_version(unsigned int cmd, void *arg)
{
	return hypercall2(__HYPERVISOR_xen_version, cmd, (unsigned long)arg);
}

long libos_memory_op(unsigned int cmd, void *arg)
{
	return hypercall2(__HYPERVISOR_memory_op, cmd, (unsigned long)arg);
}

long libos_event_channel_op(unsigned int cmd, void *arg)
{
	return hypercall2(__HYPERVISOR_event_channel_op, cmd, (unsigned long)arg);
}

long libos_sched_op(unsigned int cmd, void *arg)
{
	return hypercall2(__HYPERVISOR_sched_op, cmd, (unsigned long)arg);
}

long libos_vcpu_op(unsigned int cmd, unsigned int vcpu, void *arg)
{
	return hypercall3(__HYPERVISOR_vcpu_op, cmd, vcpu, (unsigned long)arg);
}

long libos_grant_table_op(unsigned int cmd, void *arg, unsigned int count)
{
	return hypercall3(__HYPERVISOR_grant_table_op, cmd, (unsigned long)arg, count);
}

long libos_physdev_op(unsigned int cmd, void *arg)
{
	return hypercall2(__HYPERVISOR_physdev_op, cmd, (unsigned long)arg);
}

long libos_hvm_get_param(unsigned int index, uint64_t *value)
{
	struct xen_hvm_param p = {.domid = DOMID_SELF, .index = index};
	long ret = hypercall2(__HYPERVISOR_hvm_op, HVMOP_get_param, (unsigned long)&p);

	if (ret == 0)
		*value = p.value;
	return ret;
}

long libos_hvm_set_param(unsigned int index, uint64_t value)
{
	struct xen_hvm_param p = {.domid = DOMID_SELF, .index = index, .value = value};

	return hypercall2(__HYPERVISOR_hvm_op, HVMOP_set_param, (unsigned long)&p);
}

long libos_console_io(unsigned int cmd, unsigned int count, void *buf)
{
	return hypercall3(__HYPERVISOR_console_io, cmd, count, (unsigned long)buf);
}

long libos_sysctl(struct xen_sysctl *op)
{
	return libos_hypercall1(__HYPERVISOR_sysctl, (unsigned long)op);
}

long libos_domctl(struct xen_domctl *op)
{
	return libos_hypercall1(__HYPERVISOR_domctl, (unsigned long)op);
}

long libos_hypfs_read(const char *path, void *buf, unsigned long size)
{
	return libos_hypercall5(__HYPERVISOR_hypfs_op, XEN_HYPFS_OP_read, (unsigned long)path,
				strlen(path) + 1, (unsigned long)buf, size);
}
