/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A domain: memory, event channels, vCPUs and what its owner allowed it.
 *
 * The slot is the domid that the manifest fixes; each start in it is one more
 * incarnation.
 */
#ifndef HV_DOMAIN_H
#define HV_DOMAIN_H

#include "compiler.h"
#include "evtchn.h"
#include "grant.h"
#include "p2m.h"
#include "sched.h"
#include "spinlock.h"
#include "timer.h"
#include "types.h"

#include <xen/hvm/params.h>

#define DOMAIN_MAX_VCPUS  32
#define DOMAIN_MAX_SLOTS  1024
#define DOMID_CONTROL	  0
#define NR_WATCHDOGS	  2
#define DOMAIN_MAX_RANGES 8

struct vcpu;

struct domain {
	domid_t domid;	      /* (o) slot */
	uint32_t incarnation; /* (o) */
	bool control;	      /* (o) the control domain */
	bool dying;	      /* [domains_lock] being destroyed: found by nobody any more */
	uint32_t refs;	      /* [atomic] of the record: the slot's one, and lookups under way */
	bool has_run;	      /* [d] it was unpaused once: its registers are its own */
	uint32_t pauses;      /* [d] by the control domain; it starts with one */
	struct spinlock lock; /* [d] */
	struct p2m p2m;
	uint64_t nr_frames;  /* [d] RAM frames it has now */
	uint64_t max_frames; /* [d] and may have */

	struct shared_info *shared_info; /* (o) page of the heap */
	struct evtchn_domain evtchn;
	struct evtchn_vcpu *evtchn_vcpu[DOMAIN_MAX_VCPUS]; /* (o) as evtchn wants them */
	struct grant_domain grants;
	uint64_t hvm_param[HVM_NR_PARAMS]; /* [d] */
	uint8_t callback_vector;	   /* [d] 0: none set */

	struct sched_domain sched;	     /* see sched.h */
	unsigned int max_vcpus;		     /* (o) */
	struct vcpu *vcpu[DOMAIN_MAX_VCPUS]; /* (o) */

	/* (o) what memory_map answers; e820 types */
	struct packed memory_range {
		uint64_t addr, size;
		uint32_t type;
	} range[DOMAIN_MAX_RANGES];
	unsigned int nr_ranges;

	unsigned int destroy_stage; /* [control domain] see domain_destroy.c */
	uint64_t destroy_next;	    /* [control domain] p2m: where to go on */
	uint64_t destroy_tag;	    /* [control domain] quiescence waited for */

	bool is_shut_down;		     /* [d] */
	uint8_t shutdown_code;		     /* [d] SHUTDOWN_* */
	char why[80];			     /* [d] of a crash, for people */
	struct timer watchdog[NR_WATCHDOGS]; /* [d] SCHEDOP_watchdog */
};

extern struct domain *domains[DOMAIN_MAX_SLOTS]; /* [domains_lock] to change */

/* The control domain, NULL until it has been made. */
extern struct domain *control_domain;

/* What a domain may use, fixed when it is made. */
struct domain_limits {
	unsigned int max_vcpus;
	uint64_t max_frames;
	uint64_t max_tables; /* pages of its p2m */
	uint32_t max_ports;  /* event channels */
};

/*
 * An empty domain in a free slot, paused once, without vCPUs.  *made gets it.
 * Returns 0, or:
 *   -EINVAL  a number is out of range
 *   -EEXIST  the slot is taken
 *   -ENOMEM  memory is short
 */
int must_check domain_create(domid_t domid, const struct domain_limits *limits,
			     struct domain **made);

/* The living domain of that number, held until domain_put(); NULL when there is none. */
struct domain *domain_get(domid_t domid);
void domain_put(struct domain *d);

/*
 * The domain that an operation of v names: v's own, or any that lives when v is
 * the control domain's.  Held until domain_put().  Returns 0, or:
 *   -EPERM  another domain, and v's has no right to it
 *   -ESRCH  there is no such domain
 */
int must_check domain_target(const struct vcpu *v, domid_t domid, struct domain **d);

/*
 * Take d apart, a bounded piece a call.  0 when it is gone (d is then not to be
 * touched), -ERESTART: come again.  The control domain only calls this, for one
 * domain at a time in any one slot.
 */
int must_check domain_destroy_step(struct domain *d);

/* Pauses count; the domain runs while there is none.  unpause: -EINVAL when there was none. */
void domain_pause(struct domain *d);
int must_check domain_unpause(struct domain *d);

/* For domain_destroy.c: nobody finds it any more; the slot may be taken again. */
void domain_hide(struct domain *d);
void domain_leave_slot(struct domain *d);

/* evtchn.h's and grant.h's questions, answered in domain_events.c and domain_grants.c. */
extern const struct evtchn_ops domain_evtchn_ops;
extern const struct grant_ops domain_grant_ops;

/* The domain stops for good with that code; for the control domain, so does the machine. */
void domain_shutdown(struct domain *d, uint8_t code);

/* The domain did something that cannot go on; one line says what. */
void domain_crash(struct domain *d, const char *fmt, ...) printf_like(2, 3);

/* Every vCPU of d is down: nothing will ever happen in it again.  Then it has crashed. */
void domain_check_stopped(struct domain *d);

/*
 * SCHEDOP_watchdog: id 0 makes one that fires timeout_s from now and returns its
 * id, 1 or 2; otherwise re-arm (0 s: stop) that one.  Returns the id or 0, or:
 *   -EINVAL  there is no such watchdog
 *   -ENOSPC  both are taken
 */
long domain_watchdog(struct domain *d, uint32_t id, uint32_t timeout_s);

/* A global VIRQ for the control domain; nothing while it does not listen. */
void control_virq(unsigned int virq);

#endif /* HV_DOMAIN_H */
