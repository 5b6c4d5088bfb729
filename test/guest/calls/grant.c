/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * grant_table_op, by a domain that grants to itself: maps, copies, and the marks
 * in the shared entries.  Source: public/grant_table.h.
 */
#include "check.h"
#include <libos/hypercall.h>
#include <libos/mem.h>
#include <string.h>
#include <xen/grant_table.h>
#include <xen/memory.h>

#define REF	 9u
#define NR_BATCH 40u /* more than one step of the hypervisor's */
#define IN_USE	 (GTF_reading | GTF_writing)
#define PAGE	 4096u

static volatile struct grant_entry_v1 *table;

static long grant_op(unsigned int cmd, void *op, unsigned long count)
{
	return vmmcall(__HYPERVISOR_grant_table_op, cmd, (unsigned long)op, count);
}

static uint64_t gfn_of(const volatile void *p)
{
	return libos_virt_to_gaddr((const void *)(uintptr_t)p).a / PAGE;
}

/* The domain's table, mapped where a page of its RAM was. */
static void need_table(void)
{
	struct xen_add_to_physmap add = {.domid = DOMID_SELF, .space = XENMAPSPACE_grant_table};
	void *page;

	if (table)
		return;
	page = libos_page_alloc(0);
	check(page != NULL);
	memset(page, 0x5a, PAGE);
	add.gpfn = gfn_of(page);
	check_eq(libos_memory_op(XENMEM_add_to_physmap, &add), 0);
	table = page;
	check_eq(table[REF].flags, 0);
}

/* An address with nothing behind it. */
static void *make_hole(void)
{
	void *page = libos_page_alloc(0);
	xen_pfn_t g;
	struct xen_memory_reservation out = {.nr_extents = 1, .domid = DOMID_SELF};

	check(page != NULL);
	g = gfn_of(page);
	set_xen_guest_handle(out.extent_start, &g);
	check_eq(libos_memory_op(XENMEM_decrease_reservation, &out), 1);
	return page;
}

static void grant(unsigned int ref, const void *page, unsigned int flags)
{
	table[ref].domid = 0;
	table[ref].frame = (uint32_t)gfn_of(page);
	__atomic_store_n(&table[ref].flags, (uint16_t)(GTF_permit_access | flags),
			 __ATOMIC_RELEASE);
}

static struct gnttab_map_grant_ref map_of(const void *hole, unsigned int ref, unsigned int flags)
{
	return (struct gnttab_map_grant_ref){.host_addr = gfn_of(hole) * PAGE,
					     .flags = GNTMAP_host_map | flags,
					     .ref = ref,
					     .status = 77};
}

void grant_loopback(void)
{
	volatile uint32_t *data = libos_page_alloc(0), *hole, *other;
	struct gnttab_map_grant_ref rw, ro;
	struct gnttab_unmap_grant_ref out = {0};
	struct gnttab_copy copy;

	need_table();
	data[0] = 0x1234;
	grant(REF, (void *)(uintptr_t)data, 0);
	hole = make_hole();
	other = make_hole();
	rw = map_of((void *)(uintptr_t)hole, REF, 0);
	ro = map_of((void *)(uintptr_t)other, REF, GNTMAP_readonly);
	check_eq(grant_op(GNTTABOP_map_grant_ref, &rw, 1), 0);
	check_eq(rw.status, GNTST_okay);
	check_eq(table[REF].flags & IN_USE, IN_USE);
	check_eq(hole[0], 0x1234);
	hole[1] = 0x5678;
	check_eq(data[1], 0x5678);
	check_eq(grant_op(GNTTABOP_map_grant_ref, &ro, 1), 0);
	check_eq(ro.status, GNTST_okay);
	check_eq(other[1], 0x5678);

	copy = (struct gnttab_copy){
		.source = {.u.ref = REF, .domid = 0, .offset = 0},
		.dest = {.u.gmfn = gfn_of(data), .domid = DOMID_SELF, .offset = 100},
		.len = 8,
		.flags = GNTCOPY_source_gref};
	check_eq(grant_op(GNTTABOP_copy, &copy, 1), 0);
	check_eq(copy.status, GNTST_okay);
	check_eq(data[25], 0x1234);
	check_eq(data[26], 0x5678);

	out.host_addr = rw.host_addr;
	out.handle = rw.handle;
	check_eq(grant_op(GNTTABOP_unmap_grant_ref, &out, 1), 0);
	check_eq(out.status, GNTST_okay);
	check_eq(table[REF].flags & IN_USE, GTF_reading);
	check_eq(grant_op(GNTTABOP_unmap_grant_ref, &out, 1), 0);
	check_eq(out.status, GNTST_bad_handle);
	out.host_addr = ro.host_addr;
	out.handle = ro.handle;
	check_eq(grant_op(GNTTABOP_unmap_grant_ref, &out, 1), 0);
	check_eq(out.status, GNTST_okay);
	check_eq(table[REF].flags, GTF_permit_access);
}

/* More than one step: the call goes on by itself, element by element. */
void grant_batches(void)
{
	static struct gnttab_map_grant_ref in[NR_BATCH];
	static struct gnttab_unmap_grant_ref out[NR_BATCH];
	static void *hole[NR_BATCH];
	void *data = libos_page_alloc(0);

	need_table();
	memset(data, 0x3c, PAGE);
	grant(REF, data, 0);
	for (unsigned int i = 0; i < NR_BATCH; i++) {
		hole[i] = make_hole();
		in[i] = map_of(hole[i], i == 7 ? REF + 1 : REF, 0);
	}
	check_eq(grant_op(GNTTABOP_map_grant_ref, in, NR_BATCH), 0);
	for (unsigned int i = 0; i < NR_BATCH; i++) {
		check_eq(in[i].status, i == 7 ? GNTST_general_error : GNTST_okay);
		if (i != 7)
			check_eq(*(volatile uint8_t *)hole[i], 0x3c);
		out[i].host_addr = in[i].host_addr;
		out[i].handle = i == 7 ? 12345 : in[i].handle;
	}
	check_eq(grant_op(GNTTABOP_unmap_grant_ref, out, NR_BATCH), 0);
	for (unsigned int i = 0; i < NR_BATCH; i++)
		check_eq(out[i].status, i == 7 ? GNTST_bad_handle : GNTST_okay);
	check_eq(table[REF].flags & IN_USE, 0);
}

void grant_refusals(void)
{
	struct gnttab_query_size size = {.dom = DOMID_SELF};
	struct gnttab_set_version version = {.version = 2};
	struct gnttab_get_version get = {.dom = DOMID_SELF};
	struct gnttab_map_grant_ref in;
	struct gnttab_copy copy = {.len = PAGE, .dest.offset = 1};
	struct xen_add_to_physmap add = {.domid = DOMID_SELF, .space = XENMAPSPACE_grant_table};
	void *data = libos_page_alloc(0);

	need_table();
	check_eq(grant_op(GNTTABOP_query_size, &size, 1), 0);
	check_eq(size.status, GNTST_okay);
	check(size.nr_frames >= 1 && size.max_nr_frames >= size.nr_frames);
	add.gpfn = gfn_of(data);
	add.idx = size.max_nr_frames;
	check_eq(libos_memory_op(XENMEM_add_to_physmap, &add), -XEN_EINVAL);
	add.idx = 1ul << 63;
	check(libos_memory_op(XENMEM_add_to_physmap, &add) < 0);
	check_eq(grant_op(GNTTABOP_set_version, &version, 1), -XEN_ENOSYS);
	version.version = 1;
	check_eq(grant_op(GNTTABOP_set_version, &version, 1), 0);
	check_eq(grant_op(GNTTABOP_get_version, &get, 1), 0);
	check_eq(get.version, 1);
	check_eq(grant_op(GNTTABOP_setup_table, &size, 1), -XEN_ENOSYS);
	check_eq(grant_op(GNTTABOP_transfer, &size, 1), -XEN_ENOSYS);
	check_eq(grant_op(GNTTABOP_cache_flush, &size, 1), -XEN_EOPNOTSUPP);
	check_eq(grant_op(99, &size, 1), -XEN_ENOSYS);
	check_eq(grant_op(GNTTABOP_map_grant_ref, (void *)hostile[0], 0), 0); /* of nothing */

	/* onto RAM, from an entry that grants nothing, beyond the table */
	grant(REF, data, GTF_readonly);
	in = map_of(data, REF, GNTMAP_readonly);
	check_eq(grant_op(GNTTABOP_map_grant_ref, &in, 1), 0);
	check_eq(in.status, GNTST_bad_virt_addr);
	in = map_of(data, REF, 0);
	check_eq(grant_op(GNTTABOP_map_grant_ref, &in, 1), 0);
	check_eq(in.status, GNTST_general_error);
	in = map_of(data, 1u << 30, 0);
	check_eq(grant_op(GNTTABOP_map_grant_ref, &in, 1), 0);
	check_eq(in.status, GNTST_bad_gntref);
	check_eq(grant_op(GNTTABOP_copy, &copy, 1), 0);
	check_eq(copy.status, GNTST_bad_copy_arg);
	check_eq(table[REF].flags & IN_USE, 0);
	for (unsigned int i = 0; i < nr_hostile; i++) {
		check_eq(grant_op(GNTTABOP_map_grant_ref, (void *)hostile[i], 1), -XEN_EFAULT);
		check_eq(grant_op(GNTTABOP_unmap_grant_ref, (void *)hostile[i], 40), -XEN_EFAULT);
		check_eq(grant_op(GNTTABOP_copy, (void *)hostile[i], 0xffffffff), -XEN_EFAULT);
	}
}
