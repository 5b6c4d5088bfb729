/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * hv/evtchn*.c under random seeded sequences of operations by several domains,
 * against a reference that knows only what each port is bound to and whether an
 * event is on its way: every result is foreseen, and no event is lost, whether
 * the guests use the 2-level or the FIFO ABI, mask, move ports between vCPUs and
 * priorities, die and are born again.  Guests take events between any two locks
 * of a running operation; one test lets them do so on a CPU of their own.
 */
#include "evtchn_world.h"
#include "errno.h"

#include <pthread.h>

#define NR_PORTS 40 /* few, so that operations meet */
#define STEPS	 6000
#define SEEDS	 6

/* What the reference knows of a port. */
struct ref {
	enum evtchn_state state;
	unsigned int remote, remote_port; /* domid; of INTERDOMAIN also the port */
	unsigned int virq, vcpu;
	bool pending; /* sent, and not yet taken by the guest */
	bool masked;  /* as the guest has set it */
	bool taken;   /* by the guest, while an operation ran */
};

static struct ref ref[WORLD_DOMAINS][NR_PORTS];
static uint64_t random_state;
static unsigned long nr_taken;

static unsigned int rnd(unsigned int below)
{
	uint64_t z = (random_state += 0x9e3779b97f4a7c15ul);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ul;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebul;
	return (unsigned int)((z ^ (z >> 31)) % below);
}

static unsigned int any_port(unsigned int d)
{
	/* mostly one in use */
	for (unsigned int i = 0; i < 4; i++) {
		unsigned int p = rnd(NR_PORTS);

		if (ref[d][p].state != EVTCHN_FREE)
			return p;
	}
	return rnd(NR_PORTS + 2);
}

static struct ref *get(unsigned int d, unsigned int p)
{
	return p && p < NR_PORTS && ref[d][p].state != EVTCHN_FREE ? &ref[d][p] : NULL;
}

/* --- guests --- */

/*
 * An event is taken: it must have been sent, or be about to, in the operation
 * that runs.  (A port can be found pending once without cause right after it
 * moved from hand to hand; Xen's ABI allows that, and so the reference does.)
 */
static void take_one(unsigned int d, unsigned int vcpu)
{
	evtchn_port_t p = world_take(&world[d], vcpu);

	if (!p)
		return;
	assert_true(p < NR_PORTS);
	assert_false(ref[d][p].masked);
	ref[d][p].pending = false;
	ref[d][p].taken = true;
	nr_taken++;
}

static void guest_acts(void)
{
	if (rnd(4) == 0)
		take_one(rnd(WORLD_DOMAINS), rnd(WORLD_VCPUS));
}

/* Everything that is pending and not masked arrives, whatever happened before. */
static void check_delivery(void)
{
	for (unsigned int d = 0; d < WORLD_DOMAINS; d++)
		for (unsigned int v = 0; v < WORLD_VCPUS; v++)
			while (*world_upcall(&world[d], v))
				take_one(d, v);
	for (unsigned int d = 0; d < WORLD_DOMAINS; d++)
		for (unsigned int p = 1; p < NR_PORTS; p++) {
			const struct ref *r = &ref[d][p];

			if (r->state == EVTCHN_FREE)
				continue;
			if (r->pending && !r->masked)
				fail_msg("event of domain %u, port %u is lost", d, p);
			if (r->pending)
				assert_true(world_pending(&world[d], p));
		}
}

/* --- operations --- */

static void expect_pending(unsigned int d, unsigned int p)
{
	if (!ref[d][p].taken)
		ref[d][p].pending = true;
}

static void forget_taken(void)
{
	for (unsigned int d = 0; d < WORLD_DOMAINS; d++)
		for (unsigned int p = 0; p < NR_PORTS; p++)
			ref[d][p].taken = false;
}

static bool has_room(unsigned int d)
{
	for (unsigned int p = 1; p < NR_PORTS; p++)
		if (ref[d][p].state == EVTCHN_FREE)
			return true;
	return false;
}

static struct ref *taken_port(unsigned int d, unsigned int p, enum evtchn_state state)
{
	struct ref *r = &ref[d][p];

	assert_in_range(p, 1, NR_PORTS - 1);
	assert_int_equal(r->state, EVTCHN_FREE);
	/* mask bits outlive a port: they are the guest's */
	*r = (struct ref){.state = state, .masked = r->masked, .taken = r->taken};
	return r;
}

static void do_alloc(unsigned int d)
{
	struct evtchn_alloc_unbound op = {.dom = DOMID_SELF,
					  .remote_dom = (domid_t)rnd(WORLD_DOMAINS)};
	unsigned int remote = op.remote_dom;
	int rc = evtchn_op_alloc_unbound(&world[d].e, &op);

	assert_int_equal(rc, has_room(d) ? 0 : -ENOSPC);
	if (!rc)
		taken_port(d, op.port, EVTCHN_UNBOUND)->remote = remote;
}

static void do_bind(unsigned int d)
{
	unsigned int o = rnd(WORLD_DOMAINS), p = any_port(o);
	struct evtchn_bind_interdomain op = {.remote_dom = (domid_t)o, .remote_port = p};
	struct ref *peer = get(o, p), *r;
	bool fits = peer && peer->state == EVTCHN_UNBOUND && peer->remote == d;
	int rc = evtchn_op_bind_interdomain(&world[d].e, &op);

	assert_int_equal(rc, !fits ? -EINVAL : has_room(d) ? 0 : -ENOSPC);
	if (rc)
		return;
	r = taken_port(d, op.local_port, EVTCHN_INTERDOMAIN);
	r->remote = o;
	r->remote_port = p;
	peer->state = EVTCHN_INTERDOMAIN;
	peer->remote = d;
	peer->remote_port = op.local_port;
	expect_pending(d, op.local_port);
}

static bool virq_is_bound(unsigned int d, unsigned int virq, unsigned int vcpu)
{
	for (unsigned int p = 1; p < NR_PORTS; p++)
		if (ref[d][p].state == EVTCHN_VIRQ && ref[d][p].virq == virq &&
		    (virq != VIRQ_TIMER || ref[d][p].vcpu == vcpu))
			return true;
	return false;
}

static void do_virq(unsigned int d)
{
	struct evtchn_bind_virq op = {.virq = rnd(2) ? VIRQ_TIMER : VIRQ_CONSOLE};
	unsigned int virq = op.virq, vcpu = virq == VIRQ_TIMER ? rnd(WORLD_VCPUS) : 0;
	struct ref *r;
	int rc;

	op.vcpu = vcpu;
	rc = evtchn_op_bind_virq(&world[d].e, &op);
	assert_int_equal(rc, virq_is_bound(d, virq, vcpu) ? -EEXIST : has_room(d) ? 0 : -ENOSPC);
	if (rc)
		return;
	r = taken_port(d, op.port, EVTCHN_VIRQ);
	r->virq = virq;
	r->vcpu = vcpu;
}

static void do_ipi(unsigned int d)
{
	struct evtchn_bind_ipi op = {.vcpu = rnd(WORLD_VCPUS)};
	int rc = evtchn_op_bind_ipi(&world[d].e, &op);

	assert_int_equal(rc, has_room(d) ? 0 : -ENOSPC);
	if (!rc)
		taken_port(d, op.port, EVTCHN_IPI)->vcpu = op.vcpu;
}

static void ref_close(unsigned int d, unsigned int p)
{
	struct ref *r = &ref[d][p];

	if (r->state == EVTCHN_INTERDOMAIN) {
		struct ref *peer = &ref[r->remote][r->remote_port];

		peer->state = EVTCHN_UNBOUND;
		peer->remote = d;
	}
	r->state = EVTCHN_FREE;
	r->pending = false;
}

static void do_close(unsigned int d)
{
	unsigned int p = any_port(d);
	bool used = get(d, p) != NULL;

	assert_int_equal(world_close(d, p), used ? 0 : -EINVAL);
	if (used)
		ref_close(d, p);
}

static void do_send(unsigned int d)
{
	unsigned int p = any_port(d);
	const struct ref *r = get(d, p);
	int rc = evtchn_send(&world[d].e, p);

	assert_int_equal(rc, r && r->state != EVTCHN_VIRQ ? 0 : -EINVAL);
	if (rc || r->state == EVTCHN_UNBOUND)
		return;
	if (r->state == EVTCHN_IPI)
		expect_pending(d, p);
	else
		expect_pending(r->remote, r->remote_port);
}

static void do_raise(unsigned int d)
{
	unsigned int virq = rnd(2) ? VIRQ_TIMER : VIRQ_CONSOLE, vcpu = rnd(WORLD_VCPUS);

	if (virq == VIRQ_TIMER)
		evtchn_raise_virq(&world[d].vcpu[vcpu], virq);
	else
		evtchn_raise_global_virq(&world[d].e, virq);
	for (unsigned int p = 1; p < NR_PORTS; p++)
		if (ref[d][p].state == EVTCHN_VIRQ && ref[d][p].virq == virq &&
		    (virq != VIRQ_TIMER || ref[d][p].vcpu == vcpu))
			expect_pending(d, p);
}

static void do_status(unsigned int d)
{
	unsigned int p = any_port(d);
	const struct ref *r = get(d, p);
	struct evtchn_status op = {.dom = DOMID_SELF, .port = p};

	assert_int_equal(evtchn_op_status(&world[d].e, &op), p < NR_PORTS ? 0 : -EINVAL);
	if (p >= NR_PORTS)
		return;
	switch (r ? r->state : EVTCHN_FREE) {
	case EVTCHN_FREE: assert_int_equal(op.status, EVTCHNSTAT_closed); return;
	case EVTCHN_UNBOUND:
		assert_int_equal(op.status, EVTCHNSTAT_unbound);
		assert_int_equal(op.u.unbound.dom, r->remote);
		break;
	case EVTCHN_INTERDOMAIN:
		assert_int_equal(op.status, EVTCHNSTAT_interdomain);
		assert_int_equal(op.u.interdomain.dom, r->remote);
		assert_int_equal(op.u.interdomain.port, r->remote_port);
		break;
	case EVTCHN_VIRQ:
		assert_int_equal(op.status, EVTCHNSTAT_virq);
		assert_int_equal(op.u.virq, r->virq);
		break;
	case EVTCHN_IPI: assert_int_equal(op.status, EVTCHNSTAT_ipi); break;
	}
	assert_int_equal(op.vcpu, r->vcpu);
}

static void do_bind_vcpu(unsigned int d)
{
	struct evtchn_bind_vcpu op = {.port = any_port(d), .vcpu = rnd(WORLD_VCPUS + 1)};
	struct ref *r = get(d, op.port);
	bool fixed =
		r && (r->state == EVTCHN_IPI || (r->state == EVTCHN_VIRQ && r->virq == VIRQ_TIMER));
	int rc = evtchn_op_bind_vcpu(&world[d].e, &op);

	assert_int_equal(rc, op.vcpu == WORLD_VCPUS ? -ENOENT : r && !fixed ? 0 : -EINVAL);
	if (!rc)
		r->vcpu = op.vcpu;
}

static void do_priority(unsigned int d)
{
	struct evtchn_set_priority op = {.port = any_port(d), .priority = rnd(17)};
	bool used = get(d, op.port) != NULL;
	int rc = evtchn_op_set_priority(&world[d].e, &op);

	if (!used)
		assert_int_equal(rc, -EINVAL);
	else if (!world[d].e.fifo)
		assert_int_equal(rc, -EOPNOTSUPP);
	else
		assert_int_equal(rc, op.priority == 16 ? -EINVAL : 0);
}

static void do_mask(unsigned int d)
{
	unsigned int p = any_port(d);
	struct evtchn_unmask op = {.port = p};
	struct ref *r = get(d, p);

	if (rnd(2)) {
		if (!r)
			return;
		r->masked = true;
		world_mask(&world[d], p, true);
		return;
	}
	if (r)
		r->masked = false;
	assert_int_equal(evtchn_op_unmask(&world[d].e, &op), r ? 0 : -EINVAL);
}

static void begin(unsigned int d, bool fifo)
{
	memset(ref[d], 0, sizeof(ref[d]));
	world[d].e.max_ports = NR_PORTS;
	if (fifo)
		world_use_fifo(d, 1);
}

static void do_reset(unsigned int d)
{
	struct evtchn_reset op = {.dom = DOMID_SELF};
	bool fifo = world[d].e.fifo != NULL;

	for (unsigned int p = 1; p < NR_PORTS; p++)
		if (ref[d][p].state != EVTCHN_FREE)
			ref_close(d, p);
	assert_int_equal(evtchn_op_reset(&world[d].e, &op), 0);
	/* a kexec: the guest's memory starts clean */
	memset(world[d].shared_info, 0, PAGE_SIZE);
	memset(world[d].frame, 0, sizeof(world[d].frame));
	memset(world[d].head, 0, sizeof(world[d].head));
	memset(world[d].ready, 0, sizeof(world[d].ready));
	begin(d, fifo && rnd(2));
}

static void do_die(unsigned int d)
{
	const struct evtchn_layout *layout = world[d].e.layout;

	for (unsigned int p = 1; p < NR_PORTS; p++)
		if (ref[d][p].state != EVTCHN_FREE)
			ref_close(d, p);
	world_kill(d);
	world_boot(d, layout);
	begin(d, rnd(2));
}

static void step(void)
{
	unsigned int d = rnd(WORLD_DOMAINS);

	forget_taken();
	switch (rnd(24)) {
	case 0: do_alloc(d); break;
	case 1:
	case 2: do_bind(d); break;
	case 3: do_virq(d); break;
	case 4: do_ipi(d); break;
	case 5: do_close(d); break;
	case 6: do_raise(d); break;
	case 7: do_status(d); break;
	case 8:
	case 9: do_bind_vcpu(d); break;
	case 10: do_priority(d); break;
	case 11:
	case 12:
	case 13: do_mask(d); break;
	case 14:
		if (rnd(20) == 0)
			do_reset(d);
		else if (rnd(20) == 0)
			do_die(d);
		break;
	default: do_send(d); break;
	}
}

static void run(const struct evtchn_layout *layout, unsigned int fifo_domains)
{
	for (unsigned int seed = 1; seed <= SEEDS; seed++) {
		random_state = seed;
		nr_taken = 0;
		world_start(layout);
		for (unsigned int d = 0; d < WORLD_DOMAINS; d++)
			begin(d, d < fifo_domains);
		for (unsigned int i = 0; i < STEPS; i++) {
			world_hook = guest_acts;
			step();
			world_hook = NULL;
			guest_acts();
			if (i % 16 == 0)
				check_delivery();
		}
		assert_true(nr_taken > STEPS / 20);
		world_stop();
	}
}

static void two_level(void **state)
{
	(void)state;
	run(&evtchn_layout_64, 0);
}

static void two_level_of_32_bits(void **state)
{
	(void)state;
	run(&evtchn_layout_32, 0);
}

static void fifo(void **state)
{
	(void)state;
	run(&evtchn_layout_64, WORLD_DOMAINS);
}

static void mixed(void **state)
{
	(void)state;
	run(&evtchn_layout_64, 2);
	run(&evtchn_layout_32, 1);
}

/* --- a guest on a CPU of its own --- */

#define SENDS	    60000
#define NR_CHANNELS 8
static uint32_t sent[NR_PORTS], seen[NR_PORTS];
static bool over;

/* Notes for each event how much of its port's counter it has seen. */
static void *consumer(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE))
		for (unsigned int v = 0; v < WORLD_VCPUS; v++) {
			evtchn_port_t p = world_take(&world[1], v);

			if (p)
				seen[p] = __atomic_load_n(&sent[p], __ATOMIC_ACQUIRE);
		}
	return NULL;
}

static void race(bool use_fifo)
{
	evtchn_port_t local[NR_CHANNELS], remote[NR_CHANNELS];
	pthread_t thread;

	world_start(&evtchn_layout_64);
	random_state = 1;
	if (use_fifo)
		world_use_fifo(1, 1);
	memset(sent, 0, sizeof(sent));
	memset(seen, 0, sizeof(seen));
	over = false;
	for (unsigned int i = 0; i < NR_CHANNELS; i++) {
		local[i] = world_alloc(0, 1);
		remote[i] = world_bind(1, 0, local[i]);
	}
	assert_int_equal(pthread_create(&thread, NULL, consumer, NULL), 0);
	for (unsigned int n = 0; n < SENDS; n++) {
		unsigned int i = rnd(NR_CHANNELS);
		struct evtchn_bind_vcpu op = {.port = remote[i], .vcpu = rnd(WORLD_VCPUS)};

		/* the 2-level ABI leaves a moved port's pending bit to the guest */
		if (use_fifo && rnd(16) == 0)
			assert_int_equal(evtchn_op_bind_vcpu(&world[1].e, &op), 0);
		__atomic_fetch_add(&sent[remote[i]], 1, __ATOMIC_RELEASE);
		assert_int_equal(evtchn_send(&world[0].e, local[i]), 0);
	}
	__atomic_store_n(&over, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	/* what is left is pending and found; then all has been seen */
	for (unsigned int v = 0; v < WORLD_VCPUS; v++)
		while (*world_upcall(&world[1], v)) {
			evtchn_port_t p = world_take(&world[1], v);

			if (p)
				seen[p] = sent[p];
		}
	for (unsigned int i = 0; i < NR_CHANNELS; i++)
		assert_int_equal(seen[remote[i]], sent[remote[i]]);
	world_stop();
}

static void no_event_is_lost_to_another_cpu(void **state)
{
	(void)state;
	race(false);
}

static void no_event_is_lost_to_another_cpu_in_fifo(void **state)
{
	(void)state;
	race(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_level),
		cmocka_unit_test(two_level_of_32_bits),
		cmocka_unit_test(fifo),
		cmocka_unit_test(mixed),
		cmocka_unit_test(no_event_is_lost_to_another_cpu),
		cmocka_unit_test(no_event_is_lost_to_another_cpu_in_fifo),
	};

	return cmocka_run_group_tests_name("evtchn_model", tests, NULL, NULL);
}
