/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Which interface the hypervisor offers to guests.
 * Source: public/version.h.
 */
#include "hv.h"

#include <string.h>

#include <libos/hypercall.h>
#include <xen/version.h>

/* Copy a string that may lack its '\0'. */
static void copy(char *to, size_t size, const char *from, size_t from_size)
{
	size_t len = strnlen(from, from_size);

	if (len > size - 1)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

int hv_version(struct hv_version *v)
{
	long number = libos_xen_version(XENVER_version, NULL);
	xen_capabilities_info_t capabilities;
	xen_extraversion_t extra;
	long err;

	if (number < 0)
		return (int)number;
	v->major = (unsigned int)number >> 16;
	v->minor = (unsigned int)number & 0xffff;
	err = libos_xen_version(XENVER_extraversion, &extra);
	if (err)
		return (int)err;
	copy(v->extra, sizeof(v->extra), extra, sizeof(extra));
	memset(capabilities, 0, sizeof(capabilities));
	err = libos_xen_version(XENVER_capabilities, &capabilities);
	if (err)
		return (int)err;
	copy(v->capabilities, sizeof(v->capabilities), capabilities, sizeof(capabilities));
	return 0;
}
