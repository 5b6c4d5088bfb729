/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The smallest guest: says what it runs on, and that a second is a second.  The same
 * file runs on Xen and on Bulkhead.
 *
 * With the word "stay" on its command line it goes on and counts, once a second.
 */
#include <libos/hypercall.h>
#include <libos/mem.h>
#include <libos/time.h>
#include <stdio.h>
#include <string.h>

#include <xen/version.h>

int main(int argc, char **argv)
{
	long version = libos_xen_version(XENVER_version, NULL);
	xen_extraversion_t extra = "";
	uint64_t total, free, start;

	(void)libos_xen_version(XENVER_extraversion, extra);
	libos_mem_info(&total, &free);
	printf("hello from a unikernel\n");
	printf("hypervisor interface %ld.%ld%s\n", version >> 16, version & 0xffff, extra);
	printf("memory %lu KiB, free %lu KiB\n", total / 1024, free / 1024);
	start = libos_now_ns();
	libos_sleep_ns(LIBOS_NS_PER_SEC);
	printf("slept %.1f s\n", (double)(libos_now_ns() - start) / 1e9);
	for (unsigned long n = 1; argc > 1 && strcmp(argv[1], "stay") == 0; n++) {
		printf("tick %lu\n", n);
		libos_sleep_ns(LIBOS_NS_PER_SEC);
	}
	printf("bye\n");
	return 0;
}
