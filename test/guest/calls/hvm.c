/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* hvm_op and console_io.  Source: public/hvm/hvm_op.h, hvm/params.h, xen.h. */
#include "check.h"
#include <libos/hypercall.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>

static long param(unsigned int op, domid_t domid, uint32_t index, uint64_t *value)
{
	struct xen_hvm_param p = {.domid = domid, .index = index, .value = *value};
	long ret = libos_hypercall2(__HYPERVISOR_hvm_op, op, (unsigned long)&p);

	*value = p.value;
	return ret;
}

void hvm_params(void)
{
	uint64_t v = 0;

	/* The control domain's console is the serial line itself. */
	check_eq(param(HVMOP_get_param, DOMID_SELF, HVM_PARAM_CONSOLE_PFN, &v), 0);
	check_eq(v, 0);
	v = 1;
	check_eq(param(HVMOP_get_param, DOMID_SELF, HVM_PARAM_CONSOLE_EVTCHN, &v), 0);
	check_eq(v, 0);
	check_eq(param(HVMOP_get_param, DOMID_SELF, HVM_PARAM_CALLBACK_IRQ, &v), 0);
	check_eq(v >> 56, HVM_PARAM_CALLBACK_TYPE_VECTOR);
	check_eq(param(HVMOP_set_param, DOMID_SELF, HVM_PARAM_CALLBACK_IRQ, &v), 0);
}

void hvm_refusals(void)
{
	uint64_t v = 0;
	long ret;

	check_eq(libos_hypercall2(__HYPERVISOR_hvm_op, 99, 0), -XEN_ENOSYS);
	check_eq(param(HVMOP_get_param, DOMID_SELF, HVM_NR_PARAMS, &v), -XEN_EINVAL);
	check_eq(param(HVMOP_get_param, DOMID_SELF, ~0u, &v), -XEN_EINVAL);
	check_eq(param(HVMOP_set_param, DOMID_SELF, HVM_NR_PARAMS, &v), -XEN_EINVAL);
	check_eq(param(HVMOP_set_param, DOMID_SELF, HVM_PARAM_CONSOLE_PFN, &v), -XEN_EPERM);
	check_eq(param(HVMOP_set_param, DOMID_SELF, HVM_PARAM_STORE_EVTCHN, &v), -XEN_EPERM);
	ret = param(HVMOP_get_param, 77, HVM_PARAM_CALLBACK_IRQ, &v);
	check(ret == -XEN_ESRCH || ret == -XEN_EPERM);
	v = 0x0200000000000003; /* an exception's vector */
	check_eq(param(HVMOP_set_param, DOMID_SELF, HVM_PARAM_CALLBACK_IRQ, &v), -XEN_EINVAL);
}

void console_answers(void)
{
	char text[] = "console-io: written\r\n";
	char in[4];

	check_eq(libos_console_io(CONSOLEIO_write, sizeof(text) - 1, text), 0);
	check_eq(libos_console_io(CONSOLEIO_write, 0, text), 0);
	check(libos_console_io(CONSOLEIO_read, sizeof(in), in) >= 0);
}

void console_refusals(void)
{
	char c = 'x';

	check_eq(libos_console_io(99, 1, &c), -XEN_ENOSYS);
	check_eq(libos_console_io(~0u, 1, &c), -XEN_ENOSYS);
	check_eq(libos_console_io(CONSOLEIO_write, 1, (void *)hostile[0]), -XEN_EFAULT);
	check_eq(libos_console_io(CONSOLEIO_write, 4, (void *)hostile[3]), -XEN_EFAULT);
}
