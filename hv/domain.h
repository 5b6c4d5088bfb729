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
#include "p2m.h"
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
	struct spinlock lock; /* [d] */
	struct p2m p2m;
	uint64_t nr_frames;  /* [d] RAM frames it has now */
	uint64_t max_frames; /* [d] and may have */

	struct shared_info *shared_info; /* (o) page of the heap */
	struct evtchn_domain evtchn;
	struct evtchn_vcpu *evtchn_vcpu[DOMAIN_MAX_VCPUS]; /* (o) as evtchn wants them */
	uint64_t hvm_param[HVM_NR_PARAMS];		   /* [d] */
	uint8_t callback_vector;			   /* [d] 0: none set */

	unsigned int max_vcpus;		     /* (o) */
	struct vcpu *vcpu[DOMAIN_MAX_VCPUS]; /* (o) */

	/* (o) what memory_map answers; e820 types */
	struct packed memory_range {
		uint64_t addr, size;
		uint32_t type;
	} range[DOMAIN_MAX_RANGES];
	unsigned int nr_ranges;

	bool is_shut_down;		     /* [d] */
	uint8_t shutdown_code;		     /* [d] SHUTDOWN_* */
	char why[80];			     /* [d] of a crash, for people */
	struct timer watchdog[NR_WATCHDOGS]; /* [control pCPU] SCHEDOP_watchdog */
};

extern struct domain *domains[DOMAIN_MAX_SLOTS]; /* [domains_lock] to change */

/* The control domain, NULL until it has been made. */
extern struct domain *control_domain;

/*
 * An empty domain with max_vcpus vCPUs, all down.  Returns NULL when memory is
 * short, the slot is taken or a number is out of range.
 */
struct domain *domain_create(domid_t domid, unsigned int max_vcpus, uint64_t max_frames);

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
