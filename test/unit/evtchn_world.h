/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A few domains around hv/evtchn*.c: their memory, a budget of pages that can be
 * made to run out, a policy, locks that check their order, and guests that take
 * events as the two ABIs say.
 */
#ifndef TEST_UNIT_EVTCHN_WORLD_H
#define TEST_UNIT_EVTCHN_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "evtchn.h"

#define WORLD_DOMAINS 3
#define WORLD_VCPUS   3
#define WORLD_FRAMES  140 /* of guest memory that can be mapped */
#define WORLD_PORTS   4096

struct world_domain {
	struct evtchn_domain e;
	struct evtchn_vcpu vcpu[WORLD_VCPUS];
	struct evtchn_vcpu *vcpus[WORLD_VCPUS];
	uint8_t shared_info[PAGE_SIZE] aligned(4096);
	uint8_t frame[WORLD_FRAMES][PAGE_SIZE] aligned(4096);
	int mapped[WORLD_FRAMES]; /* standing maps of each */
	bool alive;		  /* domain_get() finds it */
	int refs;		  /* taken by domain_get() */
	unsigned int kicks[WORLD_VCPUS];
	unsigned int woken; /* calls of wake_pollers */
	evtchn_port_t woken_port;
	long budget;					    /* pages left */
	long nr_pages;					    /* pages out */
	uint32_t head[WORLD_VCPUS][EVTCHN_FIFO_MAX_QUEUES]; /* the guest's own FIFO heads */
	uint32_t ready[WORLD_VCPUS];			    /* and queues that it is at */
};

/* Domid n is world[n]; 0 is privileged. */
extern struct world_domain world[WORLD_DOMAINS];

/* Policy: world_may_bind[a][b] for a's channels to b.  All true after world_start(). */
extern bool world_may_bind[WORLD_DOMAINS][WORLD_DOMAINS];

/* Called at each taking and releasing of a lock, for a guest that acts just then. */
extern void (*world_hook)(void);

void world_start(const struct evtchn_layout *layout);

/* Destroy every domain, step by step, and check that nothing is left. */
void world_stop(void);

/* Begin d anew: a fresh domain under the same domid, after world_kill(). */
void world_boot(unsigned int domid, const struct evtchn_layout *layout);
void world_kill(unsigned int domid);

/* Turn d to FIFO: control blocks for all vCPUs in frame 0, nr_pages of array from frame 1. */
void world_use_fifo(unsigned int domid, unsigned int nr_pages);

/* Shorthands that assert success. */
evtchn_port_t world_alloc(unsigned int domid, domid_t remote);
evtchn_port_t world_bind(unsigned int domid, domid_t remote, evtchn_port_t remote_port);
evtchn_port_t world_ipi(unsigned int domid, unsigned int vcpu);
evtchn_port_t world_virq(unsigned int domid, unsigned int virq, unsigned int vcpu);
int world_close(unsigned int domid, evtchn_port_t port);
struct evtchn_status world_status(unsigned int domid, evtchn_port_t port);

/* A guest's view of its bits. */
event_word_t *world_word(struct world_domain *w, evtchn_port_t port);
struct evtchn_fifo_control_block *world_control(struct world_domain *w, unsigned int vcpu);
bool world_pending(struct world_domain *w, evtchn_port_t port);
void world_clear(struct world_domain *w, evtchn_port_t port);
void world_mask(struct world_domain *w, evtchn_port_t port, bool masked);
uint8_t *world_upcall(struct world_domain *w, unsigned int vcpu);

/*
 * What a guest's upcall does on a vCPU: clear upcall_pending, take one event if
 * there is one that is pending and not masked.  Returns its port, now not
 * pending, or 0.  In the 2-level ABI bits of other vCPUs are left alone.
 */
evtchn_port_t world_take(struct world_domain *w, unsigned int vcpu);

#endif /* TEST_UNIT_EVTCHN_WORLD_H */
