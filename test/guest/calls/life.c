/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The life of another domain: made, filled through a foreign map, run until it
 * halts for good, destroyed; and not a byte is lost by it.
 */
#include "check.h"
#include <libos/compiler.h>
#include <libos/hypercall.h>
#include <libos/mem.h>
#include <string.h>
#include <xen/domctl.h>
#include <xen/hvm/save.h>
#include <xen/hypfs.h>
#include <xen/memory.h>
#include <xen/sched.h>

#define CHILD	    5
#define CHILD_KIB   4096
#define ENTRY_GFN   1
#define CYCLES	    200
#define PAGE	    4096
#define ORDER_2M    9
#define GFN_2M	    512
#define SMALL_PAGES 16

static unsigned char window[PAGE] __attribute__((aligned(PAGE)));

static struct xen_domctl control(uint32_t cmd)
{
	return (struct xen_domctl){
		.cmd = cmd, .interface_version = XEN_DOMCTL_INTERFACE_VERSION, .domain = CHILD};
}

static long simple(uint32_t cmd)
{
	struct xen_domctl d = control(cmd);

	return libos_domctl(&d);
}

static uint64_t free_kib(void)
{
	char answer[sizeof(struct xen_hypfs_direntry) + sizeof(uint64_t)];
	uint64_t value;

	check_eq(libos_hypfs_read("/memory/free-kib", answer, sizeof(answer)), 0);
	memcpy(&value, answer + sizeof(struct xen_hypfs_direntry), sizeof(value));
	check(value > 1024);
	return value;
}

static long create(uint32_t vcpus)
{
	struct xen_domctl d = control(XEN_DOMCTL_createdomain);

	d.u.createdomain.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
	d.u.createdomain.max_vcpus = vcpus;
	d.u.createdomain.max_evtchn_port = 64;
	d.u.createdomain.arch.emulation_flags = XEN_X86_EMU_LAPIC;
	return libos_domctl(&d);
}

static long populate(domid_t domid, uint64_t first, unsigned long nr, unsigned int order)
{
	static xen_pfn_t gfns[SMALL_PAGES];
	struct xen_memory_reservation r = {.nr_extents = nr, .extent_order = order, .domid = domid};

	for (unsigned long i = 0; i < nr; i++)
		gfns[i] = first + (i << order);
	set_xen_guest_handle(r.extent_start, gfns);
	return libos_memory_op(XENMEM_populate_physmap, &r);
}

/* The child's frame appears in place of our own page at window. */
static long open_window(domid_t domid, xen_ulong_t gfn)
{
	xen_pfn_t here = libos_virt_to_gaddr(window).a / PAGE;
	int error = 1;
	struct xen_add_to_physmap_batch b = {.domid = DOMID_SELF,
					     .space = XENMAPSPACE_gmfn_foreign,
					     .size = 1,
					     .u.foreign_domid = domid};
	long rc;

	set_xen_guest_handle(b.idxs, &gfn);
	set_xen_guest_handle(b.gpfns, &here);
	set_xen_guest_handle(b.errs, &error);
	rc = libos_memory_op(XENMEM_add_to_physmap_batch, &b);
	return rc ? rc : error;
}

static void close_window(void)
{
	struct xen_remove_from_physmap r = {.domid = DOMID_SELF,
					    .gpfn = libos_virt_to_gaddr(window).a / PAGE};

	check_eq(libos_memory_op(XENMEM_remove_from_physmap, &r), 0);
	check_eq(populate(DOMID_SELF, r.gpfn, 1, 0), 1);
}

/* 0: no x87 and SSE state is given. */
static uint32_t child_mxcsr;

static long load_registers(uint32_t size_cut)
{
	static struct {
		struct hvm_save_descriptor head;
		struct hvm_hw_cpu cpu;
		struct hvm_save_descriptor end;
	} stream;
	struct xen_domctl d = control(XEN_DOMCTL_sethvmcontext);

	stream.head.typecode = HVM_SAVE_CODE(CPU);
	stream.head.length = sizeof(stream.cpu);
	stream.cpu = (struct hvm_hw_cpu){
		.rip = ENTRY_GFN * PAGE,
		.cr0 = 0x11,
		.cs_arbytes = 0xc9b,
		.ds_arbytes = 0xc93,
		.es_arbytes = 0xc93,
		.ss_arbytes = 0xc93,
		.fs_arbytes = 0xc93,
		.gs_arbytes = 0xc93,
		.tr_arbytes = 0x8b,
		.ldtr_arbytes = 0x82,
		.cs_limit = ~0u,
		.ds_limit = ~0u,
		.es_limit = ~0u,
		.ss_limit = ~0u,
		.tr_limit = 0x67,
		.dr6 = 0xffff0ff0,
		.dr7 = 0x400,
	};
	if (child_mxcsr)
		stream.cpu.flags = XEN_X86_FPU_INITIALISED;
	memcpy((char *)&stream.cpu.fpu_regs + 24, &child_mxcsr, sizeof(child_mxcsr));
	d.u.hvmcontext.size = (uint32_t)sizeof(stream) - size_cut;
	set_xen_guest_handle(d.u.hvmcontext.buffer, (uint8_t *)&stream);
	return libos_domctl(&d);
}

static uint32_t child_flags(void)
{
	struct xen_domctl d = control(XEN_DOMCTL_getdomaininfo);

	check_eq(libos_domctl(&d), 0);
	return d.u.getdomaininfo.flags;
}

static void fill(void)
{
	struct xen_domctl d = control(XEN_DOMCTL_max_mem);

	d.u.max_mem.max_memkb = CHILD_KIB;
	check_eq(libos_domctl(&d), 0);
	check_eq(populate(CHILD, 0, SMALL_PAGES, 0), SMALL_PAGES);
	check_eq(populate(CHILD, GFN_2M, 1, ORDER_2M), 1);
	/* The limit holds: the second 2 MiB do not fit. */
	check_eq(populate(CHILD, 2 * GFN_2M, 1, ORDER_2M), -XEN_ENOMEM);
	check_eq(open_window(CHILD, ENTRY_GFN), 0);
	/* What a new domain sees was cleared. */
	for (unsigned int i = 0; i < PAGE; i++)
		check_eq(window[i], 0);
	window[0] = 0xfa; /* cli */
	window[1] = 0xf4; /* hlt */
	close_window();
}

/* It halts with interrupts off: from then on it is shut down, as crashed. */
static void run(void)
{
	uint32_t flags = 0;

	child_mxcsr = 0x11f80; /* a reserved bit, which no CPU may be given to load */
	check_eq(load_registers(0), -XEN_EINVAL);
	child_mxcsr = 0x1f80;
	check_eq(load_registers(0), 0);
	child_mxcsr = 0;
	check_eq(simple(XEN_DOMCTL_unpausedomain), 0);
	for (unsigned int i = 0; i < 1000 && !(flags & XEN_DOMINF_shutdown); i++) {
		check_eq(libos_sched_op(SCHEDOP_yield, NULL), 0);
		flags = child_flags();
	}
	check(flags & XEN_DOMINF_shutdown);
	check_eq((flags >> XEN_DOMINF_shutdownshift) & XEN_DOMINF_shutdownmask, 3);
	check_eq(load_registers(0), -XEN_EBUSY);
}

void domain_life(void)
{
	uint64_t before = 0;

	for (unsigned int i = 0; i < CYCLES; i++) {
		check_eq(create(2), 0);
		fill();
		run();
		check_eq(simple(XEN_DOMCTL_destroydomain), 0);
		check_eq(simple(XEN_DOMCTL_getdomaininfo), -XEN_ESRCH);
		/* The first time round, tables of our own memory are made that stay. */
		if (i == 1)
			before = free_kib();
	}
	check_eq(free_kib(), before);
}

/* mov eax, [256 MiB]; mov [256 MiB + 4], eax; movzx ecx, byte [256 MiB]; cli; hlt */
static const unsigned char touch_nothing[] = {
	0xa1, 0, 0, 0, 0x10, 0xa3, 4, 0, 0, 0x10, 0x0f, 0xb6, 0x0d, 0, 0, 0, 0x10, 0xfa, 0xf4,
};

/* Where a domain has no memory it reads all ones, its writes vanish, and it goes on. */
void domain_reads_ones(void)
{
	struct xen_domctl d = control(XEN_DOMCTL_gethvmcontext_partial);
	static struct hvm_hw_cpu cpu;

	check_eq(create(1), 0);
	fill();
	check_eq(open_window(CHILD, ENTRY_GFN), 0);
	memcpy(window, touch_nothing, sizeof(touch_nothing));
	close_window();
	run();
	d.u.hvmcontext_partial.type = HVM_SAVE_CODE(CPU);
	d.u.hvmcontext_partial.bufsz = sizeof(cpu);
	set_xen_guest_handle(d.u.hvmcontext_partial.buffer, (uint8_t *)&cpu);
	check_eq(libos_domctl(&d), 0);
	check_eq(cpu.rip, ENTRY_GFN * PAGE + sizeof(touch_nothing));
	check_eq(cpu.rax, 0xffffffff);
	check_eq(cpu.rcx, 0xff);
	check_eq(simple(XEN_DOMCTL_destroydomain), 0);
}

/* A frame that we look into outlives its domain, and comes back when we let go. */
void domain_outlived(void)
{
	uint64_t before = free_kib();

	check_eq(create(1), 0);
	fill();
	check_eq(open_window(CHILD, ENTRY_GFN), 0);
	check_eq(simple(XEN_DOMCTL_destroydomain), 0);
	check_eq(window[0], 0xfa);
	check_eq(create(1), 0);
	check_eq(window[1], 0xf4);
	check_eq(simple(XEN_DOMCTL_destroydomain), 0);
	close_window();
	check_eq(free_kib(), before);
}

void domain_refusals(void)
{
	check_eq(create(0), -XEN_EINVAL);
	check_eq(create(1000), -XEN_EINVAL);
	check_eq(simple(XEN_DOMCTL_destroydomain), -XEN_ESRCH);
	check_eq(simple(XEN_DOMCTL_unpausedomain), -XEN_ESRCH);
	check_eq(populate(CHILD, 0, 1, 0), -XEN_ESRCH);
	check_eq(open_window(CHILD, 0), -XEN_ESRCH);
	check_eq(create(1), 0);
	check_eq(create(1), -XEN_EEXIST);
	/* No limit of memory was given, so there is none to be had. */
	check_eq(populate(CHILD, 0, 1, 0), -XEN_ENOMEM);
	check_eq(open_window(CHILD, 0), -XEN_EINVAL);
	check_eq(load_registers(sizeof(struct hvm_save_descriptor)), -XEN_EINVAL);
	check_eq(load_registers(sizeof(struct hvm_save_descriptor) + 1), -XEN_EINVAL);
	check_eq(simple(XEN_DOMCTL_destroydomain), 0);
}
