/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * hv/evtchn*.c, sub-operation by sub-operation, refused cases beside accepted
 * ones.  What many operations do together is evtchn_model_test.c's.
 */
#include "evtchn_world.h"
#include "errno.h"

#define D(n) (&world[n].e)

static int start_64(void **state)
{
	(void)state;
	world_start(&evtchn_layout_64);
	return 0;
}

static int start_32(void **state)
{
	(void)state;
	world_start(&evtchn_layout_32);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	world_stop();
	return 0;
}

static int alloc_rc(unsigned int domid, domid_t dom, domid_t remote)
{
	struct evtchn_alloc_unbound op = {.dom = dom, .remote_dom = remote, .port = 77};
	int rc = evtchn_op_alloc_unbound(D(domid), &op);

	if (rc)
		assert_int_equal(op.port, 77);
	return rc;
}

static int bind_rc(unsigned int domid, domid_t remote, evtchn_port_t port)
{
	struct evtchn_bind_interdomain op = {
		.remote_dom = remote, .remote_port = port, .local_port = 77};
	int rc = evtchn_op_bind_interdomain(D(domid), &op);

	if (rc)
		assert_int_equal(op.local_port, 77);
	return rc;
}

static int virq_rc(unsigned int domid, uint32_t virq, uint32_t vcpu)
{
	struct evtchn_bind_virq op = {.virq = virq, .vcpu = vcpu, .port = 77};
	int rc = evtchn_op_bind_virq(D(domid), &op);

	if (rc)
		assert_int_equal(op.port, 77);
	return rc;
}

static int bind_vcpu_rc(unsigned int domid, evtchn_port_t port, uint32_t vcpu)
{
	struct evtchn_bind_vcpu op = {.port = port, .vcpu = vcpu};

	return evtchn_op_bind_vcpu(D(domid), &op);
}

static int unmask_rc(unsigned int domid, evtchn_port_t port)
{
	struct evtchn_unmask op = {.port = port};

	return evtchn_op_unmask(D(domid), &op);
}

static int reset_rc(unsigned int domid, domid_t dom)
{
	struct evtchn_reset op = {.dom = dom};

	return evtchn_op_reset(D(domid), &op);
}

static int init_rc(unsigned int domid, uint64_t g, uint32_t offset, uint32_t vcpu)
{
	struct evtchn_init_control op = {
		.control_gfn = g, .offset = offset, .vcpu = vcpu, .link_bits = 77};
	int rc = evtchn_op_init_control(D(domid), &op);

	assert_int_equal(op.link_bits, rc ? 77 : 17);
	return rc;
}

static int expand_rc(unsigned int domid, uint64_t g)
{
	struct evtchn_expand_array op = {.array_gfn = g};

	return evtchn_op_expand_array(D(domid), &op);
}

static int priority_rc(unsigned int domid, evtchn_port_t port, uint32_t priority)
{
	struct evtchn_set_priority op = {.port = port, .priority = priority};

	return evtchn_op_set_priority(D(domid), &op);
}

/* A channel between ports *a of domain 0 and *b of domain 1, nothing pending. */
static void connect(evtchn_port_t *a, evtchn_port_t *b)
{
	*a = world_alloc(0, 1);
	*b = world_bind(1, 0, *a);
	world_clear(&world[1], *b);
	while (world_take(&world[1], 0))
		;
	world[1].kicks[0] = 0;
}

static void alloc_unbound(void **state)
{
	struct evtchn_status s;

	(void)state;
	assert_int_equal(world_alloc(1, 2), 1);
	assert_int_equal(world_alloc(1, DOMID_SELF), 2);
	s = world_status(1, 1);
	assert_int_equal(s.status, EVTCHNSTAT_unbound);
	assert_int_equal(s.u.unbound.dom, 2);
	assert_int_equal(s.vcpu, 0);
	assert_int_equal(world_status(1, 2).u.unbound.dom, 1);
	/* the control domain on behalf of another; SELF as remote is then the caller */
	assert_int_equal(alloc_rc(0, 2, DOMID_SELF), 0);
	assert_int_equal(world_status(2, 1).u.unbound.dom, 0);
	/* naming oneself needs no privilege; a remote need not exist yet */
	assert_int_equal(alloc_rc(1, 1, 900), 0);
	assert_int_equal(alloc_rc(1, 2, 1), -EPERM);
	assert_int_equal(alloc_rc(1, 900, 1), -EPERM);
	assert_int_equal(alloc_rc(0, 900, 0), -ESRCH);
	assert_int_equal(alloc_rc(0, DOMID_INVALID, 0), -ESRCH);
	world_may_bind[1][2] = false;
	assert_int_equal(alloc_rc(1, DOMID_SELF, 2), -EPERM);
	assert_int_equal(alloc_rc(0, 1, 2), -EPERM);
	world_may_bind[2][1] = false;
	assert_int_equal(alloc_rc(2, DOMID_SELF, 0), 0);
}

static void ports_run_out(void **state)
{
	(void)state;
	D(1)->max_ports = 200;
	for (evtchn_port_t p = 1; p < 200; p++)
		assert_int_equal(world_alloc(1, 2), p);
	assert_int_equal(alloc_rc(1, DOMID_SELF, 2), -ENOSPC);
	assert_int_equal(virq_rc(1, VIRQ_TIMER, 0), -ENOSPC);
	assert_int_equal(bind_rc(2, 1, 5), 0);
	world_alloc(2, 1);
	assert_int_equal(bind_rc(1, 2, 2), -ENOSPC);
	assert_int_equal(world_status(2, 2).status, EVTCHNSTAT_unbound);
	/* the latest freed is the next taken */
	assert_int_equal(world_close(1, 50), 0);
	assert_int_equal(world_close(1, 60), 0);
	assert_int_equal(world_alloc(1, 2), 60);
	assert_int_equal(world_alloc(1, 2), 50);
}

static void budget_runs_out(void **state)
{
	struct evtchn_bind_ipi ipi = {.vcpu = 0};

	(void)state;
	world[1].budget = 0;
	assert_int_equal(alloc_rc(1, DOMID_SELF, 2), -ENOMEM);
	world[1].budget = 1; /* the directory, but no chunk */
	assert_int_equal(alloc_rc(1, DOMID_SELF, 2), -ENOMEM);
	assert_int_equal(evtchn_op_bind_ipi(D(1), &ipi), -ENOMEM);
	world_alloc(2, 1);
	assert_int_equal(bind_rc(1, 2, 1), -ENOMEM);
	assert_int_equal(world_status(2, 1).status, EVTCHNSTAT_unbound);
	assert_int_equal(virq_rc(1, VIRQ_TIMER, 0), -ENOMEM);
	world[1].budget = 1;
	for (unsigned int i = 1; i < EVTCHN_PER_CHUNK; i++)
		world_alloc(1, 2);
	assert_int_equal(alloc_rc(1, DOMID_SELF, 2), -ENOMEM);
	world[1].budget = 1;
	assert_int_equal(virq_rc(1, VIRQ_TIMER, 0), 0);
}

static void two_level_limits(void **state)
{
	unsigned int limit = D(1)->layout->nr_ports;

	(void)state;
	D(1)->max_ports = 100000;
	for (unsigned int p = 1; p < limit; p++)
		world_alloc(1, 2);
	assert_int_equal(alloc_rc(1, DOMID_SELF, 2), -ENOSPC);
	world_use_fifo(1, 1);
	assert_int_equal(world_alloc(1, 2), limit);
}

static void bind_interdomain(void **state)
{
	evtchn_port_t a = world_alloc(0, 1), b;
	struct evtchn_status s;

	(void)state;
	assert_int_equal(bind_rc(1, 0, a + 1), -EINVAL);
	assert_int_equal(bind_rc(1, 0, 0), -EINVAL);
	assert_int_equal(bind_rc(1, 0, 1u << 31), -EINVAL);
	assert_int_equal(bind_rc(2, 0, a), -EINVAL); /* waits for 1 */
	assert_int_equal(bind_rc(1, 900, a), -ESRCH);
	world_may_bind[1][0] = false;
	assert_int_equal(bind_rc(1, 0, a), -EPERM);
	world_may_bind[1][0] = true;
	b = world_bind(1, 0, a);
	assert_int_equal(bind_rc(1, 0, a), -EINVAL); /* bound already */
	s = world_status(1, b);
	assert_int_equal(s.status, EVTCHNSTAT_interdomain);
	assert_int_equal(s.u.interdomain.dom, 0);
	assert_int_equal(s.u.interdomain.port, a);
	s = world_status(0, a);
	assert_int_equal(s.u.interdomain.dom, 1);
	assert_int_equal(s.u.interdomain.port, b);
	/* the local port is pending from the start, the remote one is not */
	assert_true(world_pending(&world[1], b));
	assert_int_equal(world[1].kicks[0], 1);
	assert_false(world_pending(&world[0], a));
	assert_int_equal(world[0].kicks[0], 0);
}

static void loopback(void **state)
{
	evtchn_port_t a = world_alloc(1, DOMID_SELF), b = world_bind(1, DOMID_SELF, a);

	(void)state;
	world_clear(&world[1], b);
	assert_int_equal(evtchn_send(D(1), b), 0);
	assert_true(world_pending(&world[1], a));
	assert_false(world_pending(&world[1], b));
	assert_int_equal(evtchn_send(D(1), a), 0);
	assert_true(world_pending(&world[1], b));
	assert_int_equal(world_close(1, a), 0);
	assert_int_equal(world_status(1, b).status, EVTCHNSTAT_unbound);
	assert_int_equal(world_status(1, b).u.unbound.dom, 1);
	assert_int_equal(world_bind(1, 1, b), a);
}

static void bind_virq(void **state)
{
	evtchn_port_t t0, t2, con;

	(void)state;
	assert_int_equal(virq_rc(1, NR_VIRQS, 0), -EINVAL);
	assert_int_equal(virq_rc(1, VIRQ_TIMER, WORLD_VCPUS), -ENOENT);
	assert_int_equal(virq_rc(1, VIRQ_CONSOLE, 1), -EINVAL);
	t0 = world_virq(1, VIRQ_TIMER, 0);
	t2 = world_virq(1, VIRQ_TIMER, 2);
	con = world_virq(1, VIRQ_CONSOLE, 0);
	assert_int_equal(virq_rc(1, VIRQ_TIMER, 2), -EEXIST);
	assert_int_equal(virq_rc(1, VIRQ_CONSOLE, 0), -EEXIST);
	assert_int_equal(world_status(1, t2).status, EVTCHNSTAT_virq);
	assert_int_equal(world_status(1, t2).u.virq, VIRQ_TIMER);
	assert_int_equal(world_status(1, t2).vcpu, 2);
	evtchn_raise_virq(&world[1].vcpu[2], VIRQ_TIMER);
	assert_true(world_pending(&world[1], t2));
	assert_false(world_pending(&world[1], t0));
	assert_int_equal(world[1].kicks[2], 1);
	evtchn_raise_virq(&world[1].vcpu[1], VIRQ_TIMER); /* bound nowhere */
	assert_int_equal(world[1].kicks[1], 0);
	evtchn_raise_global_virq(D(1), VIRQ_CONSOLE);
	assert_true(world_pending(&world[1], con));
	evtchn_raise_global_virq(D(2), VIRQ_CONSOLE);
	/* a global one may move; raising it then reaches the new vCPU */
	world_clear(&world[1], con);
	assert_int_equal(bind_vcpu_rc(1, con, 1), 0);
	evtchn_raise_global_virq(D(1), VIRQ_CONSOLE);
	assert_int_equal(world[1].kicks[1], 1);
	/* closed: free to be bound again, nothing more is delivered */
	assert_int_equal(world_close(1, con), 0);
	assert_int_equal(world_close(1, t2), 0);
	assert_int_equal(world_virq(1, VIRQ_TIMER, 2), t2);
	assert_false(world_pending(&world[1], t2));
	assert_int_equal(world_virq(1, VIRQ_CONSOLE, 0), con);
	assert_int_equal(evtchn_send(D(1), con), -EINVAL);
}

static void bind_ipi(void **state)
{
	struct evtchn_bind_ipi op = {.vcpu = WORLD_VCPUS, .port = 77};
	evtchn_port_t p;

	(void)state;
	assert_int_equal(evtchn_op_bind_ipi(D(1), &op), -ENOENT);
	assert_int_equal(op.port, 77);
	p = world_ipi(1, 2);
	assert_int_equal(world_status(1, p).status, EVTCHNSTAT_ipi);
	assert_int_equal(world_status(1, p).vcpu, 2);
	assert_int_equal(evtchn_send(D(1), p), 0);
	assert_int_equal(world[1].kicks[2], 1);
	assert_int_equal(world_take(&world[1], 2), p);
}

static void close_leaves_the_peer_unbound(void **state)
{
	evtchn_port_t a, b;

	(void)state;
	connect(&a, &b);
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_true(world_pending(&world[1], b));
	assert_int_equal(world_close(1, b), 0);
	assert_false(world_pending(&world[1], b)); /* the next user of b starts clean */
	assert_int_equal(world_close(1, b), -EINVAL);
	assert_int_equal(world_status(1, b).status, EVTCHNSTAT_closed);
	assert_int_equal(world_status(0, a).status, EVTCHNSTAT_unbound);
	assert_int_equal(world_status(0, a).u.unbound.dom, 1);
	/* sending into the void is no error; a new end binds to the same port */
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_int_equal(evtchn_send(D(1), b), -EINVAL);
	b = world_bind(1, 0, a);
	assert_int_equal(evtchn_send(D(1), b), 0);
	assert_true(world_pending(&world[0], a));
	/* both orders of locks: close from the other side as well */
	assert_int_equal(world_close(0, a), 0);
	assert_int_equal(world_status(1, b).status, EVTCHNSTAT_unbound);
	assert_int_equal(world_status(1, b).u.unbound.dom, 0);
	assert_int_equal(world_close(1, b), 0);
	assert_int_equal(world_close(1, 0), -EINVAL);
	assert_int_equal(world_close(1, 4000), -EINVAL);
}

static void death_and_a_new_incarnation(void **state)
{
	evtchn_port_t a, b;

	(void)state;
	connect(&a, &b);
	world_virq(1, VIRQ_TIMER, 1);
	world_kill(1);
	assert_int_equal(world_status(0, a).status, EVTCHNSTAT_unbound);
	assert_int_equal(evtchn_send(D(0), a), 0);
	world_boot(1, &evtchn_layout_64);
	b = world_bind(1, 0, a);
	assert_true(world_pending(&world[1], b));
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_int_equal(evtchn_send(D(1), b), 0);
	assert_true(world_pending(&world[0], a));
}

static void the_dying_get_no_ports(void **state)
{
	evtchn_port_t a = world_alloc(1, 2);

	(void)state;
	world_alloc(2, 1);
	for (unsigned int i = 0; i < 600; i++)
		world_ipi(1, 0);
	assert_false(evtchn_destroy_step(D(1), 10));
	assert_int_equal(alloc_rc(1, DOMID_SELF, 2), -ESRCH);
	assert_int_equal(virq_rc(1, VIRQ_TIMER, 0), -ESRCH);
	assert_int_equal(bind_rc(2, 1, a), -ESRCH);
	assert_int_equal(bind_rc(1, 2, 1), -ESRCH);
	assert_int_equal(init_rc(1, 0x1000, 0, 0), -ESRCH);
	assert_int_equal(world_status(2, 1).status, EVTCHNSTAT_unbound);
}

static void send(void **state)
{
	evtchn_port_t a, b;

	(void)state;
	connect(&a, &b);
	assert_int_equal(evtchn_send(D(0), 0), -EINVAL);
	assert_int_equal(evtchn_send(D(0), a + 1), -EINVAL);
	assert_int_equal(evtchn_send(D(0), ~0u), -EINVAL);
	struct evtchn_send op = {.port = a};
	assert_int_equal(evtchn_op_send(D(0), &op), 0);
	assert_int_equal(world[1].kicks[0], 1);
	assert_int_equal(*world_upcall(&world[1], 0), 1);
	/* pending already: no second upcall */
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_int_equal(world[1].kicks[0], 1);
	/* told, but not looked yet: no second upcall either */
	world_clear(&world[1], b);
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_int_equal(world[1].kicks[0], 1);
	assert_int_equal(world_take(&world[1], 0), b);
	assert_int_equal(world_take(&world[1], 0), 0);
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_int_equal(world[1].kicks[0], 2);
}

static void masked_ports_wait(void **state)
{
	evtchn_port_t a, b;

	(void)state;
	connect(&a, &b);
	world_mask(&world[1], b, true);
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_true(world_pending(&world[1], b));
	assert_int_equal(world[1].kicks[0], 0);
	assert_int_equal(unmask_rc(1, b), 0);
	assert_int_equal(world[1].kicks[0], 1);
	assert_int_equal(unmask_rc(1, b), 0); /* was not masked */
	assert_int_equal(world[1].kicks[0], 1);
	assert_int_equal(world_take(&world[1], 0), b);
	assert_int_equal(world_take(&world[1], 0), 0);
	world_mask(&world[1], b, true);
	assert_int_equal(unmask_rc(1, b), 0); /* nothing pending */
	assert_int_equal(world[1].kicks[0], 1);
	assert_int_equal(unmask_rc(1, 0), -EINVAL);
	assert_int_equal(unmask_rc(1, b + 1), -EINVAL);
}

static void masked_ports_wait_in_fifo(void **state)
{
	world_use_fifo(1, 1);
	masked_ports_wait(state);
}

static void bind_vcpu(void **state)
{
	evtchn_port_t a, b, ipi = world_ipi(1, 0), timer = world_virq(1, VIRQ_TIMER, 0), u;

	(void)state;
	connect(&a, &b);
	u = world_alloc(1, 2);
	assert_int_equal(bind_vcpu_rc(1, b, WORLD_VCPUS), -ENOENT);
	assert_int_equal(bind_vcpu_rc(1, 0, 1), -EINVAL);
	assert_int_equal(bind_vcpu_rc(1, 999, 1), -EINVAL);
	assert_int_equal(bind_vcpu_rc(1, ipi, 1), -EINVAL);
	assert_int_equal(bind_vcpu_rc(1, timer, 1), -EINVAL);
	assert_int_equal(bind_vcpu_rc(1, u, 1), 0);
	assert_int_equal(bind_vcpu_rc(1, b, 2), 0);
	assert_int_equal(world_status(1, b).vcpu, 2);
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_int_equal(world[1].kicks[2], 1);
	assert_int_equal(world[1].kicks[0], 0);
	/* the binding ends with the port */
	assert_int_equal(world_close(1, b), 0);
	assert_int_equal(world_alloc(1, 2), b);
	assert_int_equal(world_status(1, b).vcpu, 0);
}

static void status(void **state)
{
	struct evtchn_status op = {.dom = 1, .port = 1};

	(void)state;
	world_ipi(1, 0);
	assert_int_equal(evtchn_op_status(D(2), &op), -EPERM);
	assert_int_equal(evtchn_op_status(D(0), &op), 0);
	assert_int_equal(op.status, EVTCHNSTAT_ipi);
	op.dom = 900;
	assert_int_equal(evtchn_op_status(D(0), &op), -ESRCH);
	assert_int_equal(evtchn_op_status(D(1), &op), -EPERM);
	op = (struct evtchn_status){.dom = DOMID_SELF, .port = WORLD_PORTS};
	assert_int_equal(evtchn_op_status(D(1), &op), -EINVAL);
	assert_int_equal(world_status(1, WORLD_PORTS - 1).status, EVTCHNSTAT_closed);
	assert_int_equal(world_status(1, 0).status, EVTCHNSTAT_closed);
}

static void layout_of_the_bits(void **state)
{
	bool wide = D(1)->layout == &evtchn_layout_64;
	evtchn_port_t p = 0;

	(void)state;
	while (p < 100)
		p = world_ipi(1, 1);
	assert_int_equal(evtchn_send(D(1), 100), 0);
	assert_int_equal(world[1].shared_info[0x800 + 100 / 8], 1 << 100 % 8);
	/* vCPU 1's vcpu_info: upcall_pending, selector */
	assert_int_equal(world[1].shared_info[64], 1);
	assert_int_equal(world[1].shared_info[64 + (wide ? 8 : 4)], 1 << (wide ? 1 : 3));
	world[1].shared_info[(wide ? 0xa00 : 0x880) + 99 / 8] = 1 << 99 % 8;
	world[1].shared_info[64] = 0;
	assert_int_equal(evtchn_send(D(1), 99), 0);
	assert_int_equal(world[1].shared_info[64], 0);
	assert_int_equal(unmask_rc(1, 99), 0);
	assert_int_equal(world[1].shared_info[(wide ? 0xa00 : 0x880) + 99 / 8], 0);
	/* the selector bit is there already: nobody is told twice */
	assert_int_equal(world[1].kicks[1], 1);
}

static void width_is_latched_late(void **state)
{
	evtchn_port_t p = world_ipi(1, 0);

	(void)state;
	while (p < 1023)
		p = world_ipi(1, 0);
	evtchn_set_layout(D(1), &evtchn_layout_64);
	assert_int_equal(world_ipi(1, 0), 1024);
	evtchn_set_layout(D(1), &evtchn_layout_32);
	/* beyond the 32-bit bits: dropped, no stray write */
	assert_int_equal(evtchn_send(D(1), 1024), 0);
	for (unsigned int i = 0x800; i < 0xc00; i++)
		assert_int_equal(world[1].shared_info[i], 0);
	assert_int_equal(unmask_rc(1, 1024), 0);
	assert_int_equal(world_close(1, 1024), 0);
}

static void vcpu_info_moves(void **state)
{
	static uint8_t elsewhere[64] aligned(64);
	evtchn_port_t p = world_ipi(1, 1);

	(void)state;
	memset(elsewhere, 0, sizeof(elsewhere));
	evtchn_vcpu_set_info(&world[1].vcpu[1], elsewhere);
	assert_int_equal(world[1].kicks[1], 1);
	assert_int_equal(elsewhere[0], 1);
	for (unsigned int i = 8; i < 16; i++)
		assert_int_equal(elsewhere[i], 0xff);
	assert_int_equal(elsewhere[16], 0);
	elsewhere[0] = 0;
	memset(elsewhere + 8, 0, 8);
	assert_int_equal(evtchn_send(D(1), p), 0);
	assert_int_equal(elsewhere[0], 1);
	assert_int_equal(elsewhere[8], 1);
	assert_int_equal(world[1].shared_info[64], 0);
}

static void vcpu_without_info(void **state)
{
	evtchn_port_t p = world_ipi(1, 1);

	(void)state;
	world[1].vcpu[1].info = NULL;
	assert_int_equal(evtchn_send(D(1), p), 0);
	assert_true(world_pending(&world[1], p));
	assert_int_equal(world[1].kicks[1], 0);
	world[1].vcpu[1].info = world[1].shared_info + 64;
}

static void pollers_are_woken(void **state)
{
	evtchn_port_t a, b;
	bool pending;

	(void)state;
	connect(&a, &b);
	world_mask(&world[1], b, true);
	assert_int_equal(evtchn_is_pending(D(1), b, &pending), 0);
	assert_false(pending);
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_int_equal(world[1].woken, 0);
	assert_int_equal(evtchn_is_pending(D(1), b, &pending), 0);
	assert_true(pending);
	D(1)->pollers = 1;
	assert_int_equal(evtchn_send(D(0), a), 0); /* was pending: P2 has seen it */
	assert_int_equal(world[1].woken, 0);
	world_clear(&world[1], b);
	assert_int_equal(evtchn_send(D(0), a), 0);
	assert_int_equal(world[1].woken, 1);
	assert_int_equal(world[1].woken_port, b);
	assert_int_equal(evtchn_is_pending(D(1), WORLD_PORTS, &pending), -EINVAL);
	assert_int_equal(evtchn_is_pending(D(1), WORLD_PORTS - 1, &pending), 0);
	assert_false(pending);
}

static void pollers_are_woken_in_fifo(void **state)
{
	world_use_fifo(1, 1);
	pollers_are_woken(state);
}

static void reset(void **state)
{
	evtchn_port_t a = world_alloc(0, 1), b;
	unsigned int again = 0;

	(void)state;
	for (unsigned int i = 0; i < 1000; i++)
		world_ipi(1, 0);
	b = world_bind(1, 0, a);
	assert_int_equal(reset_rc(1, 2), -EPERM);
	assert_int_equal(reset_rc(1, 900), -EPERM);
	assert_int_equal(reset_rc(0, 900), -ESRCH);
	while (reset_rc(1, DOMID_SELF) == -ERESTART)
		again++;
	assert_true(again >= 3 && again < 10);
	assert_int_equal(world_status(0, a).status, EVTCHNSTAT_unbound);
	assert_int_equal(world_status(1, b).status, EVTCHNSTAT_closed);
	assert_int_equal(D(1)->nr_active, 0);
	assert_int_equal(world_ipi(1, 0), 1); /* numbering starts anew */
	assert_int_equal(reset_rc(0, 1), 0);
	assert_int_equal(D(1)->nr_active, 0);
}

static void reset_ends_fifo(void **state)
{
	(void)state;
	world_use_fifo(1, 2);
	world_ipi(1, 0);
	assert_int_equal(reset_rc(1, 1), 0);
	assert_null(D(1)->fifo);
	for (unsigned int i = 0; i < WORLD_FRAMES; i++)
		assert_int_equal(world[1].mapped[i], 0);
	assert_int_equal(expand_rc(1, 0x1001), -EOPNOTSUPP);
	memset(world[1].frame, 0, sizeof(world[1].frame));
	world_use_fifo(1, 1);
	assert_int_equal(world_ipi(1, 0), 1);
	assert_int_equal(evtchn_send(D(1), 1), 0);
	assert_int_equal(world_take(&world[1], 0), 1);
}

static void init_control(void **state)
{
	evtchn_port_t p = world_ipi(1, 0), q = world_ipi(1, 1);

	(void)state;
	assert_int_equal(evtchn_send(D(1), q), 0); /* pending before the change */
	assert_int_equal(init_rc(1, 0x1000, 0, WORLD_VCPUS), -ENOENT);
	assert_int_equal(init_rc(1, 0x1000, 4, 0), -EINVAL);
	assert_int_equal(init_rc(1, 0x1000, 4096 - 64, 0), -EINVAL);
	assert_int_equal(init_rc(1, 0x1000, 4096, 0), -EINVAL);
	assert_int_equal(init_rc(1, 0x1000, ~7u, 0), -EINVAL);
	assert_int_equal(init_rc(1, 5, 0, 0), -EINVAL); /* no such frame */
	assert_int_equal(expand_rc(1, 0x1001), -EOPNOTSUPP);
	assert_int_equal(priority_rc(1, p, 3), -EOPNOTSUPP);
	world[1].budget = 0;
	assert_int_equal(init_rc(1, 0x1000, 0, 0), -ENOMEM);
	assert_int_equal(world[1].mapped[0], 0);
	assert_null(D(1)->fifo);
	world[1].budget = 100;
	assert_int_equal(init_rc(1, 0x1000, 4096 - 72, 0), 0);
	assert_int_equal(init_rc(1, 0x1000, 0, 0), -EINVAL); /* has one */
	assert_int_equal(world[1].mapped[0], 1);
	assert_int_equal(init_rc(1, 0x1000, 128, 1), 0);
	world[1].kicks[1] = 0;
	*world_upcall(&world[1], 1) = 0;
	assert_int_equal(expand_rc(1, 5), -EINVAL);
	assert_int_equal(expand_rc(1, 0x1001), 0);
	assert_int_equal(world[1].kicks[1], 1);
	assert_int_equal(world_take(&world[1], 1), q);
	assert_int_equal(world_take(&world[1], 1), 0);
}

static void event_array_grows(void **state)
{
	evtchn_port_t p = 0;
	struct evtchn_status s;

	(void)state;
	D(1)->max_ports = 3000;
	world_use_fifo(1, 1);
	while (p < 2500)
		p = world_ipi(1, 2);
	assert_int_equal(evtchn_send(D(1), 2500), 0); /* no word yet */
	assert_int_equal(evtchn_send(D(1), 2500), 0);
	assert_int_equal(evtchn_send(D(1), 2400), 0);
	assert_int_equal(unmask_rc(1, 2500), 0);
	assert_int_equal(world_close(1, 2400), 0); /* and will never need one */
	assert_int_equal(world_take(&world[1], 2), 0);
	assert_int_equal(expand_rc(1, 0x1002), 0);
	assert_int_equal(world_take(&world[1], 2), 0);
	assert_int_equal(expand_rc(1, 0x1003), 0);
	assert_int_equal(world[1].kicks[2], 1);
	assert_int_equal(world_take(&world[1], 2), 2500);
	assert_int_equal(world_take(&world[1], 2), 0);
	for (unsigned int i = 3; i < EVTCHN_FIFO_PAGES; i++)
		assert_int_equal(expand_rc(1, 0x1001 + i), 0);
	assert_int_equal(expand_rc(1, 0x1001), -ENOSPC);
	assert_int_equal(world[1].mapped[1], 1);
	s = world_status(1, 2500);
	assert_int_equal(s.status, EVTCHNSTAT_ipi);
}

static void priorities(void **state)
{
	evtchn_port_t port[4];

	(void)state;
	world_use_fifo(1, 1);
	for (unsigned int i = 0; i < 4; i++)
		port[i] = world_ipi(1, 0);
	assert_int_equal(priority_rc(1, 0, 3), -EINVAL);
	assert_int_equal(priority_rc(1, 999, 3), -EINVAL);
	assert_int_equal(priority_rc(1, port[1], 16), -EINVAL);
	assert_int_equal(priority_rc(1, port[1], 15), 0);
	assert_int_equal(priority_rc(1, port[2], 0), 0);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(evtchn_send(D(1), port[i]), 0);
	assert_int_equal(world[1].kicks[0], 1);
	assert_int_equal(world_take(&world[1], 0), port[2]);
	assert_int_equal(world_take(&world[1], 0), port[0]);
	assert_int_equal(world_take(&world[1], 0), port[3]);
	assert_int_equal(world_take(&world[1], 0), port[1]);
	assert_int_equal(world_take(&world[1], 0), 0);
}

static void a_linked_port_keeps_its_queue_for_that_turn(void **state)
{
	evtchn_port_t a = world_ipi(1, 0), b, c, r = world_alloc(0, 1);

	(void)state;
	world_use_fifo(1, 1);
	b = world_bind(1, 0, r);
	c = world_ipi(1, 0);
	while (world_take(&world[1], 0))
		;
	assert_int_equal(evtchn_send(D(1), a), 0);
	assert_int_equal(evtchn_send(D(0), r), 0);
	assert_int_equal(bind_vcpu_rc(1, b, 1), 0);
	assert_int_equal(priority_rc(1, b, 2), 0);
	assert_int_equal(evtchn_send(D(0), r), 0);
	assert_int_equal(evtchn_send(D(1), c), 0);
	assert_int_equal(world_take(&world[1], 1), 0);
	assert_int_equal(world_take(&world[1], 0), a);
	assert_int_equal(world_take(&world[1], 0), b);
	/* b is free of vCPU 0 now; c, behind it there, is not disturbed */
	assert_int_equal(evtchn_send(D(0), r), 0);
	assert_int_equal(world_take(&world[1], 1), b);
	assert_int_equal(evtchn_send(D(0), r), 0);
	assert_int_equal(world_take(&world[1], 0), c);
	assert_int_equal(world_take(&world[1], 0), 0);
	assert_int_equal(world_take(&world[1], 1), b);
	assert_int_equal(world_take(&world[1], 1), 0);
}

static void the_old_tail_moves_away(void **state)
{
	evtchn_port_t r = world_alloc(0, 1), b, c;

	(void)state;
	world_use_fifo(1, 1);
	b = world_bind(1, 0, r);
	c = world_ipi(1, 0);
	assert_int_equal(world_take(&world[1], 0), b); /* b was the tail of vCPU 0's queue */
	assert_int_equal(world_take(&world[1], 0), 0);
	assert_int_equal(bind_vcpu_rc(1, b, 1), 0);
	assert_int_equal(evtchn_send(D(0), r), 0);
	/* c must not be linked behind b, which is in the other queue now */
	assert_int_equal(evtchn_send(D(1), c), 0);
	assert_int_equal(world_take(&world[1], 0), c);
	assert_int_equal(world_take(&world[1], 1), b);
	assert_int_equal(world_take(&world[1], 1), 0);
	assert_int_equal(world_take(&world[1], 0), 0);
}

static void a_vcpu_without_control_block(void **state)
{
	evtchn_port_t p = world_ipi(1, 1);

	(void)state;
	assert_int_equal(init_rc(1, 0x1000, 0, 0), 0);
	assert_int_equal(expand_rc(1, 0x1001), 0);
	assert_int_equal(evtchn_send(D(1), p), 0);
	assert_true(world_pending(&world[1], p));
	assert_int_equal(init_rc(1, 0x1000, 128, 1), 0);
	assert_int_equal(unmask_rc(1, p), 0);
	assert_int_equal(world_take(&world[1], 1), p);
}

/* Words that no honest guest would write: nothing but its own events suffers. */
static void hostile_words(void **state)
{
	evtchn_port_t a = world_ipi(1, 0), b = world_ipi(1, 0);
	static const event_word_t words[] = {~0u,	 0x2fffffff, 0x3fffffff, 0x1fffffff,
					     0x10000000, 0x0001ffff, 0x20000000};

	(void)state;
	world_use_fifo(1, 1);
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		for (unsigned int j = 0; j < ARRAY_SIZE(words); j++) {
			*world_word(&world[1], a) = words[i];
			*world_word(&world[1], b) = words[j];
			world_control(&world[1], 0)->head[7] = ~0u;
			assert_int_equal(evtchn_send(D(1), a), 0);
			assert_int_equal(unmask_rc(1, b), 0);
			assert_int_equal(evtchn_send(D(1), b), 0);
			assert_int_equal(unmask_rc(1, a), 0);
			assert_true(world_pending(&world[1], a));
			assert_true(world_pending(&world[1], b));
		}
	assert_int_equal(world_close(1, a), 0);
	assert_int_equal(world_close(1, b), 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, start_64, stop)
#define T32(f)                                                                                     \
	{                                                                                          \
		"32-bit: " #f, f, start_32, stop, NULL                                             \
	}
	const struct CMUnitTest tests[] = {
		T(alloc_unbound),
		T(ports_run_out),
		T(budget_runs_out),
		T(two_level_limits),
		T32(two_level_limits),
		T(bind_interdomain),
		T(loopback),
		T(bind_virq),
		T32(bind_virq),
		T(bind_ipi),
		T(close_leaves_the_peer_unbound),
		T(death_and_a_new_incarnation),
		T(the_dying_get_no_ports),
		T(send),
		T32(send),
		T(masked_ports_wait),
		T32(masked_ports_wait),
		T(masked_ports_wait_in_fifo),
		T(bind_vcpu),
		T(status),
		T(layout_of_the_bits),
		T32(layout_of_the_bits),
		T32(width_is_latched_late),
		T(vcpu_info_moves),
		T(vcpu_without_info),
		T(pollers_are_woken),
		T(pollers_are_woken_in_fifo),
		T(reset),
		T(reset_ends_fifo),
		T(init_control),
		T(event_array_grows),
		T(priorities),
		T(a_linked_port_keeps_its_queue_for_that_turn),
		T(the_old_tail_moves_away),
		T(a_vcpu_without_control_block),
		T(hostile_words),
	};

	return cmocka_run_group_tests_name("evtchn", tests, NULL, NULL);
}
