/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* memory_op: what the domain has, and the page tables under it.  Source: public/memory.h. */
#include "check.h"
#include <libos/hypercall.h>
#include <libos/mem.h>
#include <xen/event_channel.h>
#include <xen/memory.h>
#include <xen/vcpu.h>

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

static long give_back(unsigned long gfn)
{
	struct xen_memory_reservation r = {.nr_extents = 1, .domid = DOMID_SELF};
	xen_pfn_t frame = gfn;

	set_xen_guest_handle(r.extent_start, &frame);
	return libos_memory_op(XENMEM_decrease_reservation, &r);
}

static long populate(xen_pfn_t frame)
{
	struct xen_memory_reservation r = {.nr_extents = 1, .domid = DOMID_SELF};

	set_xen_guest_handle(r.extent_start, &frame);
	return libos_memory_op(XENMEM_populate_physmap, &r);
}

static unsigned long frame_of(const void *page)
{
	return (unsigned long)(libos_virt_to_gaddr(page).a >> 12);
}

/* RAM goes into holes only: what was mapped there would be lost to everybody. */
void populate_refuses_what_is_there(void)
{
	uint64_t *page = libos_page_alloc(0), *spare = libos_page_alloc(0);

	*page = 0x1234;
	*spare = 0x5678;
	check_eq(give_back(frame_of(spare)), 1);
	check_eq(populate(frame_of(page)), -XEN_EEXIST);
	check_eq(*page, 0x1234);
	check_eq(populate(frame_of(spare)), 1);
	check_eq(*(volatile uint64_t *)spare, 0);
	libos_page_free(page, 0);
	libos_page_free(spare, 0);
}

/*
 * The last property: from here on events are signalled where libos does not look.
 * The page of a vcpu_info can be given back like any other, and what is then
 * written there reaches nobody.
 */
void vcpu_info_given_back(void)
{
	domid_t self = DOMID_SELF;
	void *page = libos_page_alloc(0);
	unsigned long gfn = frame_of(page);
	struct vcpu_register_vcpu_info info = {.mfn = gfn, .offset = 64};
	struct evtchn_alloc_unbound port = {.dom = DOMID_SELF, .remote_dom = DOMID_SELF};
	struct evtchn_bind_interdomain peer = {.remote_dom = DOMID_SELF};
	struct evtchn_send send;
	long before;

	check_eq(libos_vcpu_op(VCPUOP_register_vcpu_info, 0, &info), 0);
	check_eq(*((volatile uint8_t *)page + 64), 1);
	check_eq(libos_vcpu_op(VCPUOP_register_vcpu_info, 0, &info), -XEN_EINVAL);
	before = libos_memory_op(XENMEM_current_reservation, &self);
	check_eq(give_back(gfn), 1);
	check_eq(give_back(gfn), 0);
	check_eq(libos_memory_op(XENMEM_current_reservation, &self), before - 1);
	check_eq(libos_event_channel_op(EVTCHNOP_alloc_unbound, &port), 0);
	peer.remote_port = port.port;
	check_eq(libos_event_channel_op(EVTCHNOP_bind_interdomain, &peer), 0);
	send.port = peer.local_port;
	for (unsigned int i = 0; i < 100; i++)
		check_eq(libos_event_channel_op(EVTCHNOP_send, &send), 0);
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
