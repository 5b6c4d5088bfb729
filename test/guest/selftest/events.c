/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Event channels from this domain to itself, and what hypercalls refuse. */
#include "selftest.h"

#include <libos/errno.h>
#include <libos/event.h>
#include <libos/hypercall.h>
#include <libos/thread.h>

#include <xen/features.h>
#include <xen/sched.h>

static unsigned int count_a, count_b;
static struct libos_waitq wq;

static void handler(libos_port_t port, void *arg)
{
	unsigned int *n = arg;

	(void)port;
	(*n)++;
	libos_waitq_wake_all(&wq);
}

void test_events(void)
{
	libos_port_t a, b;

	CHECK(libos_event_alloc_unbound(DOMID_SELF, handler, &count_a, &a) == 0);
	CHECK(libos_event_bind_interdomain(DOMID_SELF, a.p, handler, &count_b, &b) == 0);
	libos_yield();
	CHECK(count_b == 1); /* a new port starts pending */
	count_a = 0;

	libos_event_notify(b);
	while (count_a == 0)
		(void)libos_waitq_wait(&wq, LIBOS_FOREVER);
	CHECK(count_a == 1 && count_b == 1);

	libos_event_mask(a);
	libos_event_notify(b);
	libos_event_notify(b);
	libos_yield();
	CHECK(count_a == 1);
	libos_event_unmask(a);
	libos_yield();
	CHECK(count_a == 2);

	libos_event_close(b);
	libos_event_close(a);
	CHECK(libos_event_bind_interdomain(DOMID_SELF, 4000, handler, NULL, &b) < 0);
	CHECK(libos_event_bind_virq(1000, handler, NULL, &b) == -LIBOS_EINVAL);
	CHECK(libos_event_bind_virq(VIRQ_TIMER, handler, NULL, &b) == -LIBOS_EEXIST);
}

void test_hypercalls(void)
{
	struct sched_poll poll = {.nr_ports = 1000};

	CHECK(libos_hypercall0(47) == -LIBOS_ENOSYS);
	CHECK(libos_hypercall0(63) == -LIBOS_ENOSYS);
	CHECK(libos_hypercall0(1000) == -LIBOS_ENOSYS);
	CHECK(libos_sched_op(1000, NULL) == -LIBOS_ENOSYS);
	CHECK(libos_sched_op(SCHEDOP_poll, &poll) < 0);
	CHECK(libos_xen_version(0, NULL) >= 0x40000);
	CHECK(libos_xen_feature(XENFEAT_hvm_callback_vector));
	CHECK(libos_xen_feature(XENFEAT_auto_translated_physmap));
	CHECK(!libos_xen_feature(XENFEAT_hvm_pirqs));
	CHECK(!libos_xen_feature(1000));
}
