/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What the loader handed over: command line and modules of the PVH start info.
 *
 * The program's entry is int main(int argc, char **argv).  argv[0] is the program's
 * name as given to the linking rule (libos.mk), the other words are the command line
 * split at blanks; quotes are not special.  main runs as the first thread.
 * Returning 0 from it powers the domain off, any other value ends it as a crash.
 *
 * Source: public/arch-x86/hvm/start_info.h.
 */
#ifndef LIBOS_BOOT_H
#define LIBOS_BOOT_H

#include <libos/compiler.h>
#include <stddef.h>

/* A boot module.  Read-only memory, valid for the life of the domain. */
struct libos_module {
	const void *data;    /* page-aligned if the loader aligned it; NULL only if size is 0 */
	size_t size;	     /* bytes */
	const char *cmdline; /* never NULL; "" if the loader gave none */
};

/* The domain's command line, whole; "" if there is none.  Valid for ever. */
const char *libos_cmdline(void);

/* How many modules the loader handed over. */
unsigned int libos_nr_modules(void);

/*
 * Describe module i, counted from 0 in the loader's order.
 * Returns 0, or -LIBOS_ENOENT with *m untouched if there is no module i.
 */
int must_check libos_module(unsigned int i, struct libos_module *m);

#endif /* LIBOS_BOOT_H */
