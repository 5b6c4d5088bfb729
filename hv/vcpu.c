/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "vcpu.h"

#include "domain.h"
#include "heap.h"
#include "lib/string.h"
#include "populate.h"
#include "sched.h"
#include "x86/fpu.h"
#include "x86/time.h"
#include "x86/vendor.h"

#include <xen/vcpu.h>

#define CR0_PE	  1ul
#define CR0_ET	  0x10ul
#define DR6_RESET 0xffff0ff0ul
#define DR7_RESET 0x400ul
#define PAT_RESET 0x0007040600070406ul

#define ATTR_CODE32 0xc9b
#define ATTR_DATA32 0xc93
#define ATTR_TSS    0x08b
#define ATTR_LDT    0x082

_Static_assert(sizeof(struct vcpu) <= PAGE_SIZE, "a vCPU's record is one page");

domid_t vcpu_domid(const struct vcpu *v)
{
	return v->domain->domid;
}

unsigned int vcpu_number(const struct vcpu *v)
{
	return v->id;
}

bool vcpu_is_control(const struct vcpu *v)
{
	return v->domain->control;
}

struct domain *vcpu_domain(const struct vcpu *v)
{
	return v->domain;
}

static void singleshot_due(void *arg)
{
	struct vcpu *v = arg;

	evtchn_raise_virq(&v->evtchn, VIRQ_TIMER);
}

static void poll_over(void *arg)
{
	vcpu_unpause(arg, PAUSE_POLL);
}

struct vcpu *vcpu_create(struct domain *d, unsigned int id, unsigned int cpu)
{
	struct vcpu *v = hv_page_alloc();

	if (!v)
		return NULL;
	v->domain = d;
	v->id = id;
	v->fpu = hv_page_alloc();
	if (!v->fpu)
		goto free_record;
	fpu_init_vcpu(v);
	if (vendor->vcpu_init(v))
		goto free_fpu;
	timer_init(&v->singleshot, singleshot_due, v);
	timer_init(&v->poll, poll_over, v);
	tlb_vcpu_reset(&v->tlb);
	evtchn_vcpu_init(&d->evtchn, &v->evtchn, (uint16_t)id, &d->shared_info->vcpu_info[id]);
	sched_init_vcpu(v, cpu);
	if (d->pauses)
		v->paused |= PAUSE_CTRL;
	vcpu_update_time(v);
	d->vcpu[id] = v;
	return v;

free_fpu:
	hv_page_free(v->fpu);
free_record:
	hv_page_free(v);
	return NULL;
}

void vcpu_destroy(struct vcpu *v)
{
	populate_abandon(v);
	vendor->vcpu_destroy(v);
	hv_page_free(v->fpu);
	hv_page_free(v);
}

void vcpu_start_pvh(struct vcpu *v, uint32_t eip, uint32_t start_info)
{
	const struct vcpu_seg data = {.attr = ATTR_DATA32, .limit = ~0u};
	struct vcpu_state s = {
		.version = VCPU_STATE_VERSION,
		.rip = eip,
		.cr0 = CR0_PE | CR0_ET,
		.xcr0 = 1,
		.dr6 = DR6_RESET,
		.dr7 = DR7_RESET,
		.seg = {data,
			{.attr = ATTR_CODE32, .limit = ~0u},
			data,
			data,
			data,
			data,
			{.attr = ATTR_LDT},
			{.attr = ATTR_TSS, .limit = 0x67}},
		.pat = PAT_RESET,
	};

	s.regs.rbx = start_info;
	vendor->set_state(v, &s);
	v->initialised = true;
}

void vcpu_poll_begin(struct vcpu *v)
{
	/* Of an earlier poll, which an event ended. */
	timer_cancel(&v->poll);
	__atomic_add_fetch(&v->domain->evtchn.pollers, 1, __ATOMIC_SEQ_CST);
	__atomic_or_fetch(&v->paused, PAUSE_POLL, __ATOMIC_SEQ_CST);
}

void vcpu_poll_end(struct vcpu *v)
{
	timer_cancel(&v->poll);
	vcpu_unpause(v, PAUSE_POLL);
}

void vcpu_update_time(struct vcpu *v)
{
	struct vcpu_info *info = v->evtchn.info;
	struct vcpu_time_info *t = &info->time;

	/* One record serves for good: the scale never changes.  Odd while it is written. */
	t->version |= 1;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	t->tsc_timestamp = time_scale.tsc_base;
	t->system_time = time_scale.ns_base;
	t->tsc_to_system_mul = time_scale.tsc_to_system_mul;
	t->tsc_shift = time_scale.tsc_shift;
	t->flags = XEN_PVCLOCK_TSC_STABLE_BIT;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	t->version++;
}
