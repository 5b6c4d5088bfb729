/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * grant_table_op: arguments in, grant.h's operations, results out; a long array
 * goes in steps, each with one flush at most.  Source: <xen/grant_table.h>.
 */
#include "abi/abi.h"
#include "domain.h"
#include "errno.h"
#include "grant.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "vcpu.h"

#define STEP GRANT_UNMAP_BATCH

union any_op {
	struct gnttab_map_grant_ref map;
	struct gnttab_copy copy;
	struct gnttab_query_size query_size;
};

static void op_map(struct grant_domain *d, union any_op *op)
{
	grant_op_map(d, &op->map);
}

static void op_copy(struct grant_domain *d, union any_op *op)
{
	grant_op_copy(d, &op->copy);
}

static void op_query_size(struct grant_domain *d, union any_op *op)
{
	grant_op_query_size(d, &op->query_size);
}

/* Operations that each stand alone, and have their result in themselves. */
static const struct row {
	void (*fn)(struct grant_domain *d, union any_op *op);
	size_t size;
} rows[] = {
	[GNTTABOP_map_grant_ref] = {op_map, sizeof(struct gnttab_map_grant_ref)},
	[GNTTABOP_copy] = {op_copy, sizeof(struct gnttab_copy)},
	[GNTTABOP_query_size] = {op_query_size, sizeof(struct gnttab_query_size)},
};

static long each_by_itself(struct grant_domain *d, const struct row *row, uint64_t arg,
			   unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++, arg += row->size) {
		union any_op op;

		if (copy_from_guest(&op, arg, row->size))
			return -EFAULT;
		row->fn(d, &op);
		/* A handle that its owner cannot learn of goes when the domain does. */
		if (copy_to_guest(arg, &op, row->size))
			return -EFAULT;
	}
	return 0;
}

static long unmap(struct grant_domain *d, uint64_t arg, unsigned int nr)
{
	struct gnttab_unmap_grant_ref op[STEP];

	if (copy_from_guest(op, arg, nr * sizeof(op[0])))
		return -EFAULT;
	grant_op_unmap(d, op, nr);
	return copy_to_guest(arg, op, nr * sizeof(op[0])) ? -EFAULT : 0;
}

static long set_version(struct grant_domain *d, uint64_t arg)
{
	struct gnttab_set_version op;
	int rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	rc = grant_op_set_version(d, &op);
	if (rc)
		return rc;
	return put_guest(arg, &op) ? -EFAULT : 0;
}

static long get_version(struct grant_domain *d, uint64_t arg)
{
	struct gnttab_get_version op;
	int rc;

	if (get_guest(&op, arg))
		return -EFAULT;
	rc = grant_op_get_version(d, &op);
	if (rc)
		return rc;
	return put_guest(arg, &op) ? -EFAULT : 0;
}

/* The first nr of an array.  *size: of one element. */
static long step(struct grant_domain *d, uint64_t cmd, uint64_t arg, unsigned int nr, size_t *size)
{
	if (cmd == GNTTABOP_unmap_grant_ref) {
		*size = sizeof(struct gnttab_unmap_grant_ref);
		return unmap(d, arg, nr);
	}
	*size = rows[cmd].size;
	return each_by_itself(d, &rows[cmd], arg, nr);
}

long do_grant_table_op(struct vcpu *v, const uint64_t *args)
{
	struct grant_domain *d = &v->domain->grants;
	uint64_t cmd = args[0], arg = args[1];
	uint32_t count = (uint32_t)args[2];
	unsigned int nr = MIN(count, (uint32_t)STEP);
	size_t size;
	long rc;

	switch (cmd) {
	case GNTTABOP_set_version: return count == 1 ? set_version(d, arg) : -EINVAL;
	case GNTTABOP_get_version: return count == 1 ? get_version(d, arg) : -EINVAL;
	case GNTTABOP_cache_flush: return -EOPNOTSUPP;
	case GNTTABOP_unmap_grant_ref: break;
	default:
		if (cmd >= ARRAY_SIZE(rows) || !rows[cmd].fn)
			return -ENOSYS;
	}
	rc = step(d, cmd, arg, nr, &size);
	if (rc || nr == count)
		return rc;
	/* Go on where this step ended. */
	v->regs.rsi = arg + nr * size;
	v->regs.rdx = count - nr;
	return HYPERCALL_AGAIN;
}
