/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The LAPIC's timer over the host's: one-shot, periodic, TSC-deadline.  Its bus
 * runs at 1 GHz, so that a count times its divider is nanoseconds.
 * Source: Intel SDM vol. 3, "APIC Timer".
 */
#include "vlapic_priv.h"

/* A guest that wants interrupts faster than this gets them at this pace: work stays bounded. */
#define MIN_PERIOD_NS 20000ull

static uint32_t mode(const struct vlapic *l)
{
	return l->s.lvt[VLAPIC_LVT_TIMER] & VLAPIC_LVT_TIMER_MODE;
}

static bool by_deadline(uint32_t m)
{
	return m & VLAPIC_LVT_TIMER_DEADLINE;
}

/* 1, 2, 4 ... 128, in a code of three bits that are not neighbours. */
static unsigned int divider_shift(uint32_t tdcr)
{
	return (((tdcr & 8) >> 1 | (tdcr & 3)) + 1) & 7;
}

static uint64_t count_ns(const struct vlapic *l, uint32_t count)
{
	return (uint64_t)count << divider_shift(l->s.tdcr);
}

static void set_deadline(struct vlapic *l, uint64_t ns)
{
	l->s.deadline_ns = ns;
	l->host->arm(l, ns);
}

void vlapic_timer_stop(struct vlapic *l)
{
	l->s.deadline_tsc = 0;
	if (l->s.deadline_ns)
		set_deadline(l, 0);
}

void vlapic_timer_write_count(struct vlapic *l, uint32_t count)
{
	if (by_deadline(mode(l)))
		return;
	l->s.tmict = count;
	set_deadline(l, count ? l->host->now_ns(l) + count_ns(l, count) : 0);
}

uint32_t vlapic_timer_count(const struct vlapic *l)
{
	if (by_deadline(mode(l)) || l->s.deadline_ns == 0)
		return 0;
	uint64_t now = l->host->now_ns(l);
	if (now >= l->s.deadline_ns)
		return 0;
	return (uint32_t)((l->s.deadline_ns - now) >> divider_shift(l->s.tdcr));
}

/* What is left of the count goes on at the new rate. */
void vlapic_timer_write_divide(struct vlapic *l, uint32_t tdcr)
{
	uint32_t left = vlapic_timer_count(l);

	l->s.tdcr = tdcr;
	if (left)
		set_deadline(l, l->host->now_ns(l) + count_ns(l, left));
}

void vlapic_timer_write_lvt(struct vlapic *l, uint32_t lvt)
{
	bool changed = by_deadline(lvt) != by_deadline(mode(l));

	l->s.lvt[VLAPIC_LVT_TIMER] = lvt;
	if (changed) {
		vlapic_timer_stop(l);
		l->s.tmict = 0;
	}
}

void vlapic_timer_write_deadline(struct vlapic *l, uint64_t tsc)
{
	if (!by_deadline(mode(l)))
		return;
	l->s.deadline_tsc = tsc;
	if (tsc == 0) {
		vlapic_timer_stop(l);
		return;
	}
	uint64_t ns = l->host->tsc_to_ns(l, tsc);
	set_deadline(l, ns ? ns : 1);
}

/* Beats that were missed are not made up for. */
static uint64_t next_beat(const struct vlapic *l, uint64_t now)
{
	uint64_t period = count_ns(l, l->s.tmict);

	if (period < MIN_PERIOD_NS)
		period = MIN_PERIOD_NS;
	uint64_t late = now - l->s.deadline_ns;
	return l->s.deadline_ns + (late / period + 1) * period;
}

void vlapic_timer_expired(struct vlapic *l)
{
	uint64_t now = l->host->now_ns(l);

	if (l->s.deadline_ns == 0)
		return;
	if (now < l->s.deadline_ns) {
		l->host->arm(l, l->s.deadline_ns);
		return;
	}
	l->s.deadline_tsc = 0;
	set_deadline(l, mode(l) == VLAPIC_LVT_TIMER_PERIODIC && l->s.tmict ? next_beat(l, now) : 0);
	vlapic_lvt_fire(l, VLAPIC_LVT_TIMER);
}

void vlapic_timer_resume(struct vlapic *l)
{
	if (l->s.deadline_ns)
		l->host->arm(l, l->s.deadline_ns);
}
