/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What a domain costs beyond its memory, in the hypervisor and in the control
 * domain.  The checker proves with these numbers that everything fits; the
 * hypervisor and the control domain must not need more.
 */
#ifndef CONF_FIT_H
#define CONF_FIT_H

#include <stdint.h>

struct view_domain;

/* The hypervisor itself, its CPUs' stacks and tables. */
#define FIT_HV_KIB 16384u

/* Per domain and per vCPU: structures, bitmaps, save areas. */
#define FIT_DOMAIN_KIB	   64u
#define FIT_VCPU_KIB	   32u
#define FIT_EVENTS_PER_KIB 16u

/* The control domain's own code, heap and stacks. */
#define FIT_CTRL_KIB 3072u

/* Per domain in the control domain: console ring and log; bytes per thing in the store. */
#define FIT_CONSOLE_KIB	      72u
#define FIT_STORE_NODE	      160u
#define FIT_STORE_WATCH	      256u
#define FIT_STORE_TRANSACTION 1024u
#define FIT_STORE_MESSAGE     4224u

/* KiB of the board's memory that a domain takes. */
uint64_t fit_domain_kib(const struct view_domain *d);

/* KiB of the control domain's memory that a domain's quotas add up to. */
uint64_t fit_quota_kib(const struct view_domain *d);

#endif /* CONF_FIT_H */
