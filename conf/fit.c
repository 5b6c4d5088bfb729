/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Whether it all fits: domains into the board, quotas into the control domain.
 */
#include <inttypes.h>
#include <stdio.h>

#include "check.h"
#include "fit.h"
#include "syntax.h"
#include "view.h"

uint64_t fit_domain_kib(const struct view_domain *d)
{
	return d->memory_kib + d->p2m_kib + (uint64_t)d->maxcpus * FIT_VCPU_KIB + FIT_DOMAIN_KIB +
	       (d->max_grant_frames + d->max_maptrack_frames) * 4ULL +
	       d->max_event_channels / FIT_EVENTS_PER_KIB;
}

uint64_t fit_quota_kib(const struct view_domain *d)
{
	uint64_t bytes = (uint64_t)d->store_nodes * FIT_STORE_NODE +
			 (uint64_t)d->store_watches * FIT_STORE_WATCH +
			 (uint64_t)d->store_transactions * FIT_STORE_TRANSACTION +
			 (uint64_t)d->store_outstanding * FIT_STORE_MESSAGE;

	return (bytes + 1023) / 1024 + d->store_kib + FIT_CONSOLE_KIB;
}

static void check_memory(const struct manifest *m, struct manifest_errs *errs)
{
	struct view_board board;
	struct view_ctrl ctrl;
	uint64_t base, sum;

	view_board(m, &board);
	view_ctrl(m, &ctrl);
	base = FIT_HV_KIB + ctrl.memory_kib;
	sum = base;
	manifest_for_each(m, KIND_DOMAIN, i)
	{
		struct view_domain d;
		uint64_t need;

		view_domain(m, i, &d);
		need = fit_domain_kib(&d);
		sum += d.autostart ? need : 0;
		if (board.memory_kib && base + need > board.memory_kib)
			manifest_complain(
				errs, m, i, "memory",
				"does not fit the board: with the hypervisor's %u MiB and "
				"the control domain %" PRIu64 " MiB of %" PRIu64 " MiB are needed",
				FIT_HV_KIB / 1024, (base + need + 1023) / 1024,
				board.memory_kib / 1024);
	}
	if (board.memory_kib && sum > board.memory_kib)
		manifest_complain(errs, m, manifest_next(m, KIND_BOARD, MANIFEST_NONE), "memory",
				  "%" PRIu64 " MiB is less than the domains need together: %" PRIu64
				  " MiB, of which the hypervisor has %u and the control domain "
				  "%" PRIu64,
				  board.memory_kib / 1024, (sum + 1023) / 1024, FIT_HV_KIB / 1024,
				  ctrl.memory_kib / 1024);
}

static void check_quotas(const struct manifest *m, struct manifest_errs *errs)
{
	uint64_t sum = FIT_CTRL_KIB;
	struct view_ctrl ctrl;

	view_ctrl(m, &ctrl);
	manifest_for_each(m, KIND_DOMAIN, i)
	{
		struct view_domain d;

		view_domain(m, i, &d);
		sum += fit_quota_kib(&d);
	}
	if (sum > ctrl.memory_kib)
		manifest_complain(errs, m, manifest_next(m, KIND_CTRL, MANIFEST_NONE), "memory",
				  "%" PRIu64 " KiB is less than the quotas of all domains need "
				  "together: %" PRIu64 " KiB, of which %u are its own; right would "
				  "be: memory = <MB(%" PRIu64 ")>;",
				  ctrl.memory_kib, sum, FIT_CTRL_KIB, (sum + 1023) / 1024);
}

static void check_vcpu_affinity(const struct manifest *m, int vcpu, uint32_t cpus,
				struct manifest_errs *errs)
{
	struct cpu_set set;

	if (!manifest_has(m, vcpu, "hard-affinity") ||
	    !syntax_cpus(manifest_text(m, vcpu, "hard-affinity"), &set))
		return;
	for (unsigned int cpu = cpus; cpu < SYNTAX_MAX_CPUS; cpu++) {
		if (set.bits[cpu / 64] >> cpu % 64 & 1) {
			manifest_complain(errs, m, vcpu, "hard-affinity",
					  "pCPU %u is not there: the board has 0 to %u", cpu,
					  cpus - 1);
			return;
		}
	}
}

static void check_cpus(const struct manifest *m, struct manifest_errs *errs)
{
	struct view_board board;

	view_board(m, &board);
	if (!board.cpus)
		return;
	manifest_for_each(m, KIND_DOMAIN, d)
	{
		const char *word = manifest_has(m, d, "maxcpus") ? "maxcpus" : "cpus";

		if (view_maxcpus(m, d) > board.cpus)
			manifest_complain(errs, m, d, word,
					  "%u vCPUs are more than the board's %u CPUs",
					  view_maxcpus(m, d), board.cpus);
	}
	manifest_for_each(m, KIND_VCPU, v) check_vcpu_affinity(m, v, board.cpus, errs);
}

/* Pairs of words of which the second must not be less than the first. */
static void check_order(const struct manifest *m, int domain, struct manifest_errs *errs)
{
	struct view_domain d;
	size_t backoff;

	view_domain(m, domain, &d);
	manifest_prop(m, domain, "restart-backoff-ms", &backoff);
	if (d.maxmem_kib < d.memory_kib)
		manifest_complain(errs, m, domain, "maxmem", "is less than memory, %" PRIu64 " KiB",
				  d.memory_kib);
	if (d.maxcpus < d.cpus)
		manifest_complain(errs, m, domain, "maxcpus", "is less than cpus, %u", d.cpus);
	if (backoff == 8 && (d.backoff_max_ms < d.backoff_min_ms || !d.backoff_min_ms))
		manifest_complain(errs, m, domain, "restart-backoff-ms",
				  "right would be: <SHORTEST LONGEST>, not 0");
}

void check_fit(const struct manifest *m, struct manifest_errs *errs)
{
	/* Without a board or a control domain, which has been said, nothing can be compared. */
	if (manifest_next(m, KIND_BOARD, MANIFEST_NONE) == MANIFEST_NONE ||
	    manifest_next(m, KIND_CTRL, MANIFEST_NONE) == MANIFEST_NONE)
		return;
	manifest_for_each(m, KIND_DOMAIN, d) check_order(m, d, errs);
	check_memory(m, errs);
	check_quotas(m, errs);
	check_cpus(m, errs);
}
