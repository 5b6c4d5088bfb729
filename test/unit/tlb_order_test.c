/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The protocol of hv/tlb.h, step by step, under x86's memory ordering: every
 * interleaving of a pCPU that comes back from sleep, looks a frame up, enters a
 * guest and uses its TLB, with a pCPU that takes the frame away; each has a store
 * buffer that empties at any moment.  Loads may not pass loads, stores not
 * stores; a load may pass an older store, which is what the barriers are for.
 *
 * This is the protocol, not the code: that the code does these steps is for the
 * reader of hv/tlb.h to see.  Leaving out a barrier or swapping two steps is
 * found, so the steps are needed as they stand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum var { RUNNING, SEEN, CLOCK, GEN, ENTRY, NR_VARS };
enum { HV, GUEST, IDLE }; /* values of RUNNING */

#define BUFFER 6

struct cpu {
	uint8_t pc;
	uint8_t nr; /* stores in its buffer, oldest first */
	uint8_t var[BUFFER], value[BUFFER];
};

struct state {
	uint8_t mem[NR_VARS];
	struct cpu a, b;
	uint8_t t, tlb, known_gen, held; /* a's registers; tlb and held: a frame, 0 none */
	uint8_t tag, running;		 /* b's */
	uint8_t looked, kicked;		 /* b has decided whether to kick, and did */
	bool freed;			 /* frame 1 is reused */
};

/* How the protocol is broken. */
enum fault { NO_FAULT, NO_BARRIER_E3, NO_BARRIER_X, R2_AFTER_R3, E4_BEFORE_E1, EARLY_ACK };

static enum fault fault;
static bool violated, completed;

/* --- x86-TSO --- */

static void buffer_store(struct cpu *c, enum var v, uint8_t value)
{
	assert_true(c->nr < BUFFER);
	c->var[c->nr] = (uint8_t)v;
	c->value[c->nr++] = value;
}

static uint8_t load(const struct state *s, const struct cpu *c, enum var v)
{
	for (unsigned int i = c->nr; i-- > 0;)
		if (c->var[i] == v)
			return c->value[i];
	return s->mem[v];
}

static void drain_one(struct state *s, struct cpu *c)
{
	s->mem[c->var[0]] = c->value[0];
	c->nr--;
	memmove(c->var, c->var + 1, c->nr);
	memmove(c->value, c->value + 1, c->nr);
}

/* --- the steps --- */

/* True when the step could be taken: a locked one waits for an empty buffer. */
static bool locked_store(struct state *s, struct cpu *c, enum var v, uint8_t value, bool barrier)
{
	if (!barrier) {
		buffer_store(c, v, value);
		return true;
	}
	if (c->nr)
		return false;
	s->mem[v] = value;
	return true;
}

static void use(const struct state *s, uint8_t frame)
{
	if (frame == 1 && s->freed)
		violated = true;
}

static void check_gen(struct state *s)
{
	if (load(s, &s->a, GEN) != s->known_gen)
		s->tlb = 0;
}

/* Asleep; then hypervisor code that looks the frame up; then the guest. */
static bool step_a(struct state *s)
{
	struct cpu *c = &s->a;

	switch (c->pc) {
	case 0: buffer_store(c, RUNNING, HV); break;
	case 1: s->t = load(s, c, CLOCK); break;
	case 2:
		if (!locked_store(s, c, SEEN, s->t, fault != NO_BARRIER_X))
			return false;
		break;
	case 3: s->held = load(s, c, ENTRY); break;
	case 4: use(s, s->held); break;
	case 5:
		if (fault == E4_BEFORE_E1)
			check_gen(s);
		break;
	case 6: buffer_store(c, RUNNING, GUEST); break; /* E1 */
	case 7: s->t = load(s, c, CLOCK); break;	/* E2 */
	case 8:						/* E3 */
		if (!locked_store(s, c, SEEN, s->t, fault != NO_BARRIER_E3))
			return false;
		break;
	case 9: /* E4 */
		if (fault != E4_BEFORE_E1)
			check_gen(s);
		break;
	case 10: /* E5: the hardware walks when its TLB has nothing, and keeps what it found */
	case 11:
		if (!s->tlb)
			s->tlb = s->mem[ENTRY];
		use(s, s->tlb);
		/* nothing but a kick would end this */
		if (s->tlb == 1 && s->looked && !s->kicked)
			violated = true;
		break;
	default: return false;
	}
	c->pc++;
	return true;
}

static bool step_b(struct state *s)
{
	struct cpu *c = &s->b;
	bool done;

	switch (c->pc) {
	case 0: buffer_store(c, ENTRY, 2); break; /* R1 */
	case 1:					  /* R2 */
		if (fault != R2_AFTER_R3)
			buffer_store(c, GEN, 2);
		break;
	case 2: /* R3 */
		if (c->nr)
			return false;
		s->tag = ++s->mem[CLOCK];
		break;
	case 3:
		if (fault == R2_AFTER_R3)
			buffer_store(c, GEN, 2);
		break;
	case 4: /* R4 */
		s->running = load(s, c, RUNNING);
		if (!s->looked)
			s->kicked = s->running == GUEST;
		s->looked = true;
		break;
	case 5:
		done = s->running == IDLE || load(s, c, SEEN) >= s->tag;
		if (fault == EARLY_ACK)
			done |= s->running == HV;
		if (!done) {
			c->pc = 4; /* look again later */
			return true;
		}
		s->freed = true;
		completed = true;
		break;
	default: return false;
	}
	c->pc++;
	return true;
}

/* --- every interleaving --- */

#define MAX_STATES 400000
static struct state seen_states[MAX_STATES];
static uint32_t hash_next[MAX_STATES], buckets[1 << 16];
static unsigned int nr_states;

/* False when s has been here before. */
static bool remember(const struct state *s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < sizeof(*s); i++)
		h = (h ^ ((const uint8_t *)s)[i]) * 16777619u;
	h = (h ^ h >> 16) & 0xffff;
	for (uint32_t i = buckets[h]; i; i = hash_next[i - 1])
		if (!memcmp(&seen_states[i - 1], s, sizeof(*s)))
			return false;
	assert_true(nr_states < MAX_STATES);
	seen_states[nr_states] = *s;
	hash_next[nr_states] = buckets[h];
	buckets[h] = ++nr_states;
	return true;
}

static void explore(const struct state *from)
{
	nr_states = 0;
	memset(buckets, 0, sizeof(buckets));
	violated = completed = false;
	remember(from);
	for (unsigned int i = 0; i < nr_states; i++)
		for (unsigned int choice = 0; choice < 4; choice++) {
			struct state s = seen_states[i];
			bool moved = false;

			switch (choice) {
			case 0: moved = step_a(&s); break;
			case 1: moved = step_b(&s); break;
			case 2:
				moved = s.a.nr > 0;
				if (moved)
					drain_one(&s, &s.a);
				break;
			case 3:
				moved = s.b.nr > 0;
				if (moved)
					drain_one(&s, &s.b);
				break;
			}
			if (moved)
				remember(&s);
		}
}

static bool finds_violation(enum fault f)
{
	struct state s;

	memset(&s, 0, sizeof(s)); /* with padding: states are compared as bytes */
	s.mem[RUNNING] = IDLE;
	s.mem[CLOCK] = 1;
	s.mem[SEEN] = 1;
	s.mem[GEN] = 1;
	s.mem[ENTRY] = 1;
	s.tlb = 1; /* from an earlier run of this guest */
	s.known_gen = 1;
	fault = f;
	explore(&s);
	assert_true(completed);
	return violated;
}

static void the_protocol_holds(void **state)
{
	(void)state;
	assert_false(finds_violation(NO_FAULT));
}

static void each_part_of_it_is_needed(void **state)
{
	(void)state;
	assert_true(finds_violation(NO_BARRIER_E3));
	assert_true(finds_violation(NO_BARRIER_X));
	assert_true(finds_violation(R2_AFTER_R3));
	assert_true(finds_violation(E4_BEFORE_E1));
	assert_true(finds_violation(EARLY_ACK));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_protocol_holds),
		cmocka_unit_test(each_part_of_it_is_needed),
	};

	return cmocka_run_group_tests_name("tlb_order", tests, NULL, NULL);
}
