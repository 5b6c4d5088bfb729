/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* sched_op and vcpu_op, and the time they are about.  Source: public/sched.h, vcpu.h. */
#include "check.h"
#include <libos/hypercall.h>
#include <libos/power.h>
#include <libos/time.h>
#include <xen/sched.h>
#include <xen/vcpu.h>

#define MS LIBOS_NS_PER_MS

void sched_answers(void)
{
	struct sched_poll poll = {.nr_ports = 0};
	uint64_t start = libos_now_ns();

	check_eq(libos_sched_op(SCHEDOP_yield, NULL), 0);
	poll.timeout = start + 20 * MS;
	check_eq(libos_sched_op(SCHEDOP_poll, &poll), 0);
	/* An event may end the poll early, a deadline must: a second is for slow machines. */
	check(libos_now_ns() < start + 1000 * MS);
}

void sched_refusals(void)
{
	evtchn_port_t port = ~0u;
	struct sched_poll poll = {.nr_ports = 129};
	struct sched_watchdog dog = {.id = 99, .timeout = 1};
	struct sched_shutdown end = {.reason = 99};

	check_eq(libos_sched_op(99, NULL), -XEN_ENOSYS);
	check_eq(libos_sched_op(~0u, NULL), -XEN_ENOSYS);
	check_eq(libos_sched_op(SCHEDOP_poll, &poll), -XEN_EINVAL);
	poll.nr_ports = 1;
	set_xen_guest_handle(poll.ports, &port);
	check_eq(libos_sched_op(SCHEDOP_poll, &poll), -XEN_EINVAL);
	set_xen_guest_handle_raw(poll.ports, (evtchn_port_t *)hostile[0]);
	check_eq(libos_sched_op(SCHEDOP_poll, &poll), -XEN_EFAULT);
	check_eq(libos_sched_op(SCHEDOP_watchdog, &dog), -XEN_EINVAL);
	check_eq(libos_sched_op(SCHEDOP_shutdown, &end), -XEN_EINVAL);
	check_eq(libos_sched_op(SCHEDOP_shutdown, (void *)hostile[0]), -XEN_EFAULT);
}

void vcpu_answers(void)
{
	struct vcpu_runstate_info r = {0};

	check_eq(libos_vcpu_op(VCPUOP_is_up, 0, NULL), 1);
	check_eq(libos_vcpu_op(VCPUOP_stop_periodic_timer, 0, NULL), 0);
	check_eq(libos_vcpu_op(VCPUOP_get_runstate_info, 0, &r), 0);
	check_eq(r.state, RUNSTATE_running);
	check(r.time[RUNSTATE_running] > 0);
}

void vcpu_refusals(void)
{
	struct vcpu_set_singleshot_timer t = {.timeout_abs_ns = 1};
	struct vcpu_register_vcpu_info info = {.mfn = 1ul << 50, .offset = 0};

	check_eq(libos_vcpu_op(99, 0, NULL), -XEN_ENOSYS);
	check_eq(libos_vcpu_op(VCPUOP_is_up, 9999, NULL), -XEN_ENOENT);
	check_eq(libos_vcpu_op(VCPUOP_is_up, ~0u, NULL), -XEN_ENOENT);
	check_eq(libos_vcpu_op(VCPUOP_set_singleshot_timer, 9999, &t), -XEN_ENOENT);
	check(libos_vcpu_op(VCPUOP_register_vcpu_info, 0, &info) < 0);
}

void timer_fires(void)
{
	uint64_t start = libos_now_ns();

	libos_sleep_ns(30 * MS);
	check(libos_now_ns() >= start + 30 * MS);
	check(libos_now_ns() < start + 3000 * MS);
	/* A deadline that has passed fires at once. */
	start = libos_now_ns();
	libos_sleep_until(1);
	check(libos_now_ns() < start + 1000 * MS);
}

void clock_runs(void)
{
	uint64_t last = libos_now_ns(), wall = libos_wallclock_ns();

	for (unsigned int i = 0; i < 100000; i++) {
		uint64_t now = libos_now_ns();

		check(now >= last);
		last = now;
	}
	/* 0 where the machine has no clock; else later than this was written. */
	check(wall == 0 || wall / LIBOS_NS_PER_SEC > 1600000000);
}
