/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* memory_op: what the domain has, and the page tables under it.  Source: public/memory.h. */
#include "check.h"
#include <libos/hypercall.h>
#include <libos/mem.h>
#include <xen/memory.h>

#define RAM 1

/* Nobody is told whether a domain that he may not name exists. */
static bool refused(long ret)
{
	return ret == -XEN_ESRCH || ret == -XEN_EPERM;
}

void memory_answers(void)
{
	struct {
		uint64_t addr, size;
		uint32_t type;
	} __attribute__((packed)) map[32];
	struct xen_memory_map m = {.nr_entries = 32};
	domid_t self = DOMID_SELF;
	uint64_t ram = 0, total;
	long pages;

	set_xen_guest_handle(m.buffer, map);
	check_eq(libos_memory_op(XENMEM_memory_map, &m), 0);
	check(m.nr_entries > 0 && m.nr_entries <= 32);
	for (unsigned int i = 0; i < m.nr_entries; i++) {
		check(i == 0 || map[i].addr >= map[i - 1].addr + map[i - 1].size);
		if (map[i].type == RAM)
			ram += map[i].size;
	}
	libos_mem_info(&total, NULL);
	check(ram >= total);

	pages = libos_memory_op(XENMEM_current_reservation, &self);
	check(pages > 0 && (uint64_t)pages * 4096 >= total);
	check(libos_memory_op(XENMEM_maximum_reservation, &self) >= pages);
}

void memory_refusals(void)
{
	struct xen_memory_map m = {.nr_entries = 32};
	struct xen_add_to_physmap add = {.domid = DOMID_SELF, .space = 99};
	domid_t nobody = 77;

	check_eq(libos_memory_op(50, &m), -XEN_ENOSYS);
	check_eq(libos_memory_op(63, NULL), -XEN_ENOSYS);
	set_xen_guest_handle_raw(m.buffer, (void *)hostile[0]);
	check_eq(libos_memory_op(XENMEM_memory_map, &m), -XEN_EFAULT);
	check(refused(libos_memory_op(XENMEM_current_reservation, &nobody)));
	check(libos_memory_op(XENMEM_add_to_physmap, &add) < 0);
	add.space = XENMAPSPACE_shared_info;
	add.idx = 1;
	check(libos_memory_op(XENMEM_add_to_physmap, &add) < 0);
	add.idx = 0;
	add.domid = 77;
	check(refused(libos_memory_op(XENMEM_add_to_physmap, &add)));
	add.domid = DOMID_SELF;
	add.gpfn = 1ul << 50;
	check(libos_memory_op(XENMEM_add_to_physmap, &add) < 0);
}
