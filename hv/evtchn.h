/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Event channels: one bit from one place to one vCPU, by the 2-level ABI or the
 * FIFO ABI, as the guest chooses.
 *
 * This owns the port tables, the pending and masked bits in guests' memory, and
 * what the hypercall's sub-operations mean.  It leaves to others the copy of
 * arguments from and to the guest, the maps of guest pages (standing ones, given
 * as pointers or asked for through the ops), and waking a vCPU.
 *
 * Locks.  Each domain has one, evtchn_domain.lock.  Where two are needed, the
 * one at the lower address is taken first.  An event is set pending under the
 * lock of the domain it comes from; that keeps its target's port bound, since
 * binding and closing an interdomain channel take both.  The target's FIFO lock
 * nests inside any of these, and ops->kick and ops->wake_pollers are called
 * under them: whatever they lock (a run queue) comes later, and its holder must
 * not call in here.  page_map and domain_get are called without these locks.
 *
 * A poller (SCHEDOP_poll) and a sender meet like this:
 *	P1 count itself in evtchn_domain.pollers, mark its vCPU as polling; barrier
 *	P2 evtchn_is_pending() on each port: any set ends the poll
 *	S1 set the pending bit: a locked operation
 *	S2 read pollers: not 0 calls ops->wake_pollers
 * Either P2 sees S1, or S2 sees P1.
 *
 * Source: <xen/event_channel.h>, <xen/xen.h>.
 */
#ifndef HV_EVTCHN_H
#define HV_EVTCHN_H

#include "abi/abi.h"
#include "compiler.h"
#include "spinlock.h"
#include "types.h"

#include <xen/event_channel.h>

struct evtchn_domain;
struct evtchn_vcpu;

/* What the core asks of its surroundings.  Pages are PAGE_SIZE long and aligned. */
struct evtchn_ops {
	/* The living domain of this number, held until domain_put; NULL when there is none. */
	struct evtchn_domain *(*domain_get)(domid_t domid);
	void (*domain_put)(struct evtchn_domain *d);
	/* Does the manifest let d and remote have an event channel?  Asked on both ends. */
	bool (*may_bind)(const struct evtchn_domain *d, domid_t remote);
	/* A zeroed page charged to d's budget, or NULL. */
	void *(*page_alloc)(struct evtchn_domain *d);
	void (*page_free)(struct evtchn_domain *d, void *page);
	/* Map d's page for good, writable and pinned: 0, or -EINVAL, -ENOMEM. */
	int (*page_map)(struct evtchn_domain *d, gfn_t gfn, void **va);
	void (*page_unmap)(struct evtchn_domain *d, void *va);
	/* v's upcall_pending went from 0 to 1: wake it or make it leave its guest. */
	void (*kick)(struct evtchn_vcpu *v);
	/* port of d went pending while some vCPU of d polls. */
	void (*wake_pollers)(struct evtchn_domain *d, evtchn_port_t port);
};

enum evtchn_state {
	EVTCHN_FREE,
	EVTCHN_UNBOUND,	    /* waits for remote_domid */
	EVTCHN_INTERDOMAIN, /* bound to remote_port of remote */
	EVTCHN_VIRQ,
	EVTCHN_IPI,
};

/* One port.  Lock: its domain's; see above for the two ends of a channel. */
struct evtchn {
	uint8_t state;	       /* enum evtchn_state */
	uint8_t virq;	       /* of EVTCHN_VIRQ */
	uint8_t priority;      /* [atomic] FIFO: queue for the next event */
	uint8_t last_priority; /* [fifo lock] FIFO: queue of the latest event */
	uint16_t vcpu;	       /* [atomic] whom it notifies */
	uint16_t last_vcpu;    /* [fifo lock] */
	bool pending;	       /* [fifo lock] FIFO: set before its event word existed */
	domid_t remote_domid;
	evtchn_port_t remote_port; /* of EVTCHN_FREE: the next free port, 0 none */
	struct evtchn_domain *remote;
	evtchn_port_t port; /* (o) its own number */
};

#define EVTCHN_PER_CHUNK  (PAGE_SIZE / 32)
#define EVTCHN_PER_DIR	  (EVTCHN_PER_CHUNK * (PAGE_SIZE / sizeof(void *)))
#define EVTCHN_DIRS	  (EVTCHN_FIFO_NR_CHANNELS / EVTCHN_PER_DIR)
#define EVTCHN_WORDS	  (PAGE_SIZE / sizeof(event_word_t))
#define EVTCHN_FIFO_PAGES (EVTCHN_FIFO_NR_CHANNELS / EVTCHN_WORDS)

/* Where the bits are: shared info of a 64-bit or of a 32-bit guest. */
struct evtchn_layout {
	uint16_t pending_offset; /* in shared_info, bytes */
	uint16_t mask_offset;
	uint16_t sel_offset; /* in vcpu_info */
	uint8_t word_shift;  /* log2 of the bits of a guest's word */
	uint16_t nr_ports;   /* of the 2-level ABI */
};

extern const struct evtchn_layout evtchn_layout_64, evtchn_layout_32;

/* State of a domain that uses the FIFO ABI; a page of its budget. */
struct evtchn_fifo {
	struct spinlock lock; /* queues of all of the domain's vCPUs */
	unsigned int nr_pages;
	event_word_t *page[EVTCHN_FIFO_PAGES];
};

struct evtchn_domain {
	struct spinlock lock;
	const struct evtchn_ops *ops;	    /* (o) */
	domid_t domid;			    /* (o) */
	bool privileged;		    /* (o) may name other domains: the control domain */
	bool dying;			    /* [lock] no port is given out any more */
	uint16_t nr_vcpus;		    /* (o) size of vcpus */
	struct evtchn_vcpu **vcpus;	    /* (o) by number; NULL: not created */
	void *shared_info;		    /* (o) standing map */
	const struct evtchn_layout *layout; /* [atomic] */
	uint32_t pollers;		    /* [atomic] vCPUs in SCHEDOP_poll */
	uint32_t max_ports;		    /* (o) limit of the manifest, port 0 included */
	uint32_t nr_ports;		  /* [lock] ports that have a record: 0 ... nr_ports - 1 */
	uint32_t nr_active;		  /* [lock] ports that are not free */
	evtchn_port_t free;		  /* [lock] first of the free ports with a record, 0 none */
	evtchn_port_t next;		  /* [lock] where reset or destruction goes on */
	struct evtchn **dir[EVTCHN_DIRS]; /* [lock] chunks of ports */
	struct evtchn_fifo *fifo;	  /* [lock to write, atomic] NULL: 2-level */
	evtchn_port_t virq_port[NR_VIRQS]; /* [lock] of global VIRQs, 0 none */
};

struct evtchn_vcpu {
	struct evtchn_domain *d; /* (o) */
	uint16_t id;		 /* (o) */
	void *info;		 /* [atomic] vcpu_info, standing map; NULL: nowhere to tell it */
	evtchn_port_t virq_port[NR_VIRQS];	    /* [lock] of per-vCPU VIRQs, 0 none */
	struct evtchn_fifo_control_block *control;  /* [lock to write, atomic] */
	evtchn_port_t tail[EVTCHN_FIFO_MAX_QUEUES]; /* [fifo lock] */
};

/*
 * Make an empty table.  The caller has filled ops, domid, privileged, nr_vcpus,
 * vcpus, shared_info, layout and max_ports, and zeroed the rest.
 * max_ports is cut to what FIFO can name.
 */
void evtchn_domain_init(struct evtchn_domain *d);

/* d->vcpus[id] becomes v, whose vcpu_info is info. */
void evtchn_vcpu_init(struct evtchn_domain *d, struct evtchn_vcpu *v, uint16_t id, void *info);

/*
 * v's vcpu_info moves to info, a standing map like the old one, which stays
 * valid.  Marks everything as perhaps pending, so that no event is lost.
 */
void evtchn_vcpu_set_info(struct evtchn_vcpu *v, void *info);

/* The guest's width has been latched: layout is one of the two above. */
void evtchn_set_layout(struct evtchn_domain *d, const struct evtchn_layout *layout);

/*
 * The sub-operations of event_channel_op.  op is the hypervisor's own copy: read
 * once, OUT members written on success alone.  DOMID_SELF is d.  They take the
 * locks that they need.  Common errors:
 *   -EINVAL  the port has no channel, or not one that the operation is for
 *   -ENOENT  no such vCPU
 *   -ESRCH   no such domain, or it is dying
 *   -EPERM   another domain named without privilege, or the manifest forbids it
 *   -ENOSPC  d's limit of ports is reached
 *   -ENOMEM  d's budget is spent
 */
int must_check evtchn_op_alloc_unbound(struct evtchn_domain *d, struct evtchn_alloc_unbound *op);
int must_check evtchn_op_bind_interdomain(struct evtchn_domain *d,
					  struct evtchn_bind_interdomain *op);
/* -EEXIST: bound already.  -EINVAL: no such VIRQ, or a global one and not vCPU 0. */
int must_check evtchn_op_bind_virq(struct evtchn_domain *d, struct evtchn_bind_virq *op);
int must_check evtchn_op_bind_ipi(struct evtchn_domain *d, struct evtchn_bind_ipi *op);
int must_check evtchn_op_close(struct evtchn_domain *d, struct evtchn_close *op);
int must_check evtchn_op_send(struct evtchn_domain *d, struct evtchn_send *op);
int must_check evtchn_op_status(struct evtchn_domain *d, struct evtchn_status *op);
int must_check evtchn_op_bind_vcpu(struct evtchn_domain *d, struct evtchn_bind_vcpu *op);
int must_check evtchn_op_unmask(struct evtchn_domain *d, struct evtchn_unmask *op);
/* -ERESTART: not through yet, call again (the hypercall is executed again). */
int must_check evtchn_op_reset(struct evtchn_domain *d, struct evtchn_reset *op);
int must_check evtchn_op_init_control(struct evtchn_domain *d, struct evtchn_init_control *op);
/* -EOPNOTSUPP: d uses the 2-level ABI (also set_priority).  -ENOSPC: the array is complete. */
int must_check evtchn_op_expand_array(struct evtchn_domain *d, struct evtchn_expand_array *op);
int must_check evtchn_op_set_priority(struct evtchn_domain *d, struct evtchn_set_priority *op);

/* Send from d's port, as evtchn_op_send(); for the hypervisor's own hot paths. */
int must_check evtchn_send(struct evtchn_domain *d, evtchn_port_t port);

/* Raise a per-vCPU VIRQ (VIRQ_TIMER ...) or a global one; nothing happens when it is not bound. */
void evtchn_raise_virq(struct evtchn_vcpu *v, unsigned int virq);
void evtchn_raise_global_virq(struct evtchn_domain *d, unsigned int virq);

/* Is this VIRQ one per vCPU? */
bool evtchn_virq_is_per_vcpu(unsigned int virq);

/* Is d's port pending, masked or not?  *pending is set; -EINVAL: d can have no such port. */
int must_check evtchn_is_pending(struct evtchn_domain *d, evtchn_port_t port, bool *pending);

/*
 * Close all ports of a domain that dies and give back its pages, budget ports at
 * a time; its vCPUs do not run any more.  True when done.
 */
bool must_check evtchn_destroy_step(struct evtchn_domain *d, unsigned int budget);

#endif /* HV_EVTCHN_H */
