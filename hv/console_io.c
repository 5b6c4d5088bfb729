/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * console_io: the serial line for the control domain, the log for the others.
 * Source: <xen/xen.h>, "console_io operations".
 */
#include "abi/abi.h"
#include "console.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "hypercall.h"
#include "sched.h"
#include "vcpu.h"

#define CHUNK 512

/*
 * All of it, as Xen does: when the line is full, the arguments are moved on and
 * the vCPU sleeps until console_notify() says that there is room again.  It goes
 * to sleep before the try whose failure orders that notice, so that none is missed.
 */
static long console_write_op(struct vcpu *v, uint64_t count, uint64_t buf)
{
	char tmp[CHUNK];
	size_t n = MIN(count, sizeof(tmp));
	size_t taken;

	if (copy_from_guest(tmp, buf, n))
		return -EFAULT;
	vcpu_pause(v, PAUSE_CONSOLE);
	taken = console_write_guest(tmp, n);
	if (taken == n)
		vcpu_unpause(v, PAUSE_CONSOLE);
	if (taken == count)
		return 0;
	v->regs.rsi = count - taken;
	v->regs.rdx = buf + taken;
	return HYPERCALL_AGAIN;
}

static long console_read_op(uint64_t count, uint64_t buf)
{
	char tmp[CHUNK];
	size_t n = console_read_guest(tmp, MIN(count, sizeof(tmp)));

	/* What cannot be delivered is lost with the buffer that the caller named. */
	return copy_to_guest(buf, tmp, n) ? -EFAULT : (long)n;
}

long do_console_io(struct vcpu *v, const uint64_t *args)
{
	if (!v->domain->control)
		return -EPERM;
	switch (args[0]) {
	case CONSOLEIO_write: return console_write_op(v, args[1], args[2]);
	case CONSOLEIO_read: return console_read_op(args[1], args[2]);
	default: return -ENOSYS;
	}
}
