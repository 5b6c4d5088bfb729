/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * event_channel_op: arguments in, evtchn.h's operation, results out.  One table
 * says for each sub-operation how large its structure is and whether the guest
 * wants it back.
 */
#include "domain.h"
#include "errno.h"
#include "evtchn.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "vcpu.h"

union any_op {
	struct evtchn_alloc_unbound alloc_unbound;
	struct evtchn_bind_interdomain bind_interdomain;
	struct evtchn_bind_virq bind_virq;
	struct evtchn_bind_ipi bind_ipi;
	struct evtchn_close close;
	struct evtchn_send send;
	struct evtchn_status status;
	struct evtchn_bind_vcpu bind_vcpu;
	struct evtchn_unmask unmask;
	struct evtchn_reset reset;
	struct evtchn_init_control init_control;
	struct evtchn_expand_array expand_array;
	struct evtchn_set_priority set_priority;
};

/* Callers of one signature for the table; the structure is the operation's own. */
#define WRAP(name)                                                                                 \
	static int op_##name(struct evtchn_domain *d, union any_op *op)                            \
	{                                                                                          \
		return evtchn_op_##name(d, &op->name);                                             \
	}
WRAP(alloc_unbound)
WRAP(bind_interdomain)
WRAP(bind_virq)
WRAP(bind_ipi)
WRAP(close)
WRAP(send)
WRAP(status)
WRAP(bind_vcpu)
WRAP(unmask)
WRAP(reset)
WRAP(init_control)
WRAP(expand_array)
WRAP(set_priority)

struct row {
	int (*fn)(struct evtchn_domain *d, union any_op *op);
	uint8_t size;
	bool out;
};

#define ROW(name, back)                                                                            \
	{                                                                                          \
		op_##name, sizeof(struct evtchn_##name), back                                      \
	}

static const struct row rows[] = {
	[EVTCHNOP_bind_interdomain] = ROW(bind_interdomain, true),
	[EVTCHNOP_bind_virq] = ROW(bind_virq, true),
	[EVTCHNOP_close] = ROW(close, false),
	[EVTCHNOP_send] = ROW(send, false),
	[EVTCHNOP_status] = ROW(status, true),
	[EVTCHNOP_alloc_unbound] = ROW(alloc_unbound, true),
	[EVTCHNOP_bind_ipi] = ROW(bind_ipi, true),
	[EVTCHNOP_bind_vcpu] = ROW(bind_vcpu, false),
	[EVTCHNOP_unmask] = ROW(unmask, false),
	[EVTCHNOP_reset] = ROW(reset, false),
	[EVTCHNOP_init_control] = ROW(init_control, true),
	[EVTCHNOP_expand_array] = ROW(expand_array, false),
	[EVTCHNOP_set_priority] = ROW(set_priority, false),
};

long do_event_channel_op(struct vcpu *v, const uint64_t *args)
{
	struct evtchn_domain *d = &v->domain->evtchn;
	const struct row *row;
	union any_op op;
	int rc;

	if (args[0] >= ARRAY_SIZE(rows) || !rows[args[0]].fn)
		return -ENOSYS;
	row = &rows[args[0]];
	if (copy_from_guest(&op, args[1], row->size))
		return -EFAULT;
	rc = row->fn(d, &op);
	if (rc == -ERESTART)
		return HYPERCALL_AGAIN;
	if (!rc && row->out && copy_to_guest(args[1], &op, row->size)) {
		/* A new port that its owner cannot learn of is closed when the domain ends. */
		return -EFAULT;
	}
	return rc;
}
