/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* hvm_op: parameters of a domain.  Source: <xen/hvm/hvm_op.h>, <xen/hvm/params.h>. */
#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "vcpu.h"

#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>

#define CALLBACK_TYPE_SHIFT  56
#define CALLBACK_TYPE_VECTOR 2

/* The upcall vector; the width of the shared info follows the mode that sets it. */
static long set_callback(struct domain *d, uint64_t value)
{
	uint64_t vector = value & 0xff;

	if (value >> CALLBACK_TYPE_SHIFT != CALLBACK_TYPE_VECTOR || vector < 0x10)
		return -EINVAL;
	d->callback_vector = (uint8_t)vector;
	return 0;
}

/* A domain sets its callback; the control domain tells a domain where its rings are. */
static bool may_set(const struct vcpu *v, const struct domain *d, uint32_t index)
{
	switch (index) {
	case HVM_PARAM_CALLBACK_IRQ: return v->domain == d;
	case HVM_PARAM_STORE_PFN:
	case HVM_PARAM_STORE_EVTCHN:
	case HVM_PARAM_CONSOLE_PFN:
	case HVM_PARAM_CONSOLE_EVTCHN: return v->domain->control && v->domain != d;
	default: return false;
	}
}

static long set_param(struct vcpu *v, struct domain *d, const struct xen_hvm_param *op)
{
	long rc = 0;

	if (!may_set(v, d, op->index))
		return -EPERM;
	spin_lock(&d->lock);
	if (op->index == HVM_PARAM_CALLBACK_IRQ)
		rc = set_callback(d, op->value);
	if (!rc)
		d->hvm_param[op->index] = op->value;
	spin_unlock(&d->lock);
	return rc;
}

static long get_param(struct domain *d, struct xen_hvm_param *op, uint64_t arg)
{
	switch (op->index) {
	case HVM_PARAM_CALLBACK_IRQ:
	case HVM_PARAM_STORE_PFN:
	case HVM_PARAM_STORE_EVTCHN:
	case HVM_PARAM_CONSOLE_PFN:
	case HVM_PARAM_CONSOLE_EVTCHN: break;
	default: return -EPERM;
	}
	op->value = d->hvm_param[op->index];
	return put_guest(arg, op) ? -EFAULT : 0;
}

static long param_op(struct vcpu *v, uint64_t cmd, uint64_t arg)
{
	struct xen_hvm_param op;
	struct domain *d;
	long rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	if (op.index >= HVM_NR_PARAMS)
		return -EINVAL;
	rc = domain_target(v, op.domid, &d);
	if (rc)
		return rc;
	rc = cmd == HVMOP_set_param ? set_param(v, d, &op) : get_param(d, &op, arg);
	domain_put(d);
	return rc;
}

long do_hvm_op(struct vcpu *v, const uint64_t *args)
{
	switch (args[0]) {
	case HVMOP_set_param:
	case HVMOP_get_param: return param_op(v, args[0], args[1]);
	case HVMOP_pagetable_dying: return -EINVAL; /* only shadow paging would want to know */
	default: return -ENOSYS;
	}
}
