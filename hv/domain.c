/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#include "abi/bulkhead.h"
#include "errno.h"
#include "heap.h"
#include "lib/string.h"
#include "page.h"
#include "panic.h"
#include "printk.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/asm.h"
#include "x86/guestmap.h"
#include "x86/percpu.h"
#include "x86/power.h"
#include "x86/time.h"
#include "x86/vendor.h"
#include "x86/watchdog.h"

#include <xen/sched.h>

/* A domain's grant table, and the maps of others' frames that it may hold. */
#define MAX_GRANT_FRAMES 32
#define MAX_GRANT_MAPS	 4096

_Static_assert(sizeof(struct domain) <= PAGE_SIZE, "a domain's record is one page");

struct domain *domains[DOMAIN_MAX_SLOTS];
struct domain *control_domain ro_after_init_bss;
static struct spinlock domains_lock;

static void set_wallclock(struct shared_info *s)
{
	uint64_t ns = wallclock_at_boot_ns();

	s->wc_version = 2;
	s->wc_sec = (uint32_t)(ns / 1000000000);
	s->wc_nsec = (uint32_t)(ns % 1000000000);
	s->wc_sec_hi = (uint32_t)((ns / 1000000000) >> 32);
}

static void watchdog_fired(void *arg)
{
	struct domain *d = arg;

	printk("domain %u: silent for longer than its watchdog allows\n", d->domid);
	domain_shutdown(d, SHUTDOWN_watchdog);
}

static void init_events(struct domain *d, uint32_t max_ports)
{
	d->evtchn = (struct evtchn_domain){
		.ops = &domain_evtchn_ops,
		.domid = d->domid,
		.privileged = d->control,
		.nr_vcpus = (uint16_t)d->max_vcpus,
		.vcpus = d->evtchn_vcpu,
		.shared_info = d->shared_info,
		.layout = &evtchn_layout_64,
		.max_ports = max_ports,
	};
	evtchn_domain_init(&d->evtchn);
	for (unsigned int i = 0; i < NR_WATCHDOGS; i++)
		timer_init(&d->watchdog[i], watchdog_fired, d);
}

static void init_grants(struct domain *d)
{
	d->grants = (struct grant_domain){
		.ops = &domain_grant_ops,
		.domid = d->domid,
		.privileged = d->control,
		.max_frames = MAX_GRANT_FRAMES,
		.max_maps = MAX_GRANT_MAPS,
	};
	grant_domain_init(&d->grants);
}

struct domain *domain_get(domid_t domid)
{
	struct domain *d = NULL;

	if (domid >= DOMAIN_MAX_SLOTS)
		return NULL;
	spin_lock(&domains_lock);
	if (domains[domid] && !domains[domid]->dying) {
		d = domains[domid];
		__atomic_add_fetch(&d->refs, 1, __ATOMIC_RELAXED);
	}
	spin_unlock(&domains_lock);
	return d;
}

void domain_put(struct domain *d)
{
	if (__atomic_sub_fetch(&d->refs, 1, __ATOMIC_ACQ_REL))
		return;
	hv_page_free(d->shared_info);
	hv_page_free(d);
}

int domain_target(const struct vcpu *v, domid_t domid, struct domain **d)
{
	bool self = domid == DOMID_SELF || domid == v->domain->domid;

	if (!self && !v->domain->control)
		return -EPERM;
	*d = domain_get(self ? v->domain->domid : domid);
	return *d ? 0 : -ESRCH;
}

/* Into its slot, if that is free. */
static int enter_slot(struct domain *d)
{
	static uint32_t incarnations[DOMAIN_MAX_SLOTS]; /* [domains_lock] */
	int rc = -EEXIST;

	spin_lock(&domains_lock);
	if (!domains[d->domid]) {
		d->incarnation = ++incarnations[d->domid];
		domains[d->domid] = d;
		rc = 0;
	}
	spin_unlock(&domains_lock);
	return rc;
}

void domain_hide(struct domain *d)
{
	spin_lock(&domains_lock);
	d->dying = true;
	spin_unlock(&domains_lock);
}

void domain_leave_slot(struct domain *d)
{
	spin_lock(&domains_lock);
	domains[d->domid] = NULL;
	spin_unlock(&domains_lock);
}

int domain_create(domid_t domid, const struct domain_limits *limits, struct domain **made)
{
	struct domain *d;
	int rc;

	if (domid >= DOMAIN_MAX_SLOTS || limits->max_vcpus < 1 ||
	    limits->max_vcpus > DOMAIN_MAX_VCPUS)
		return -EINVAL;
	d = hv_page_alloc();
	if (!d)
		return -ENOMEM;
	*d = (struct domain){
		.domid = domid,
		.control = domid == DOMID_CONTROL,
		.refs = 1,
		.pauses = 1,
		.max_vcpus = limits->max_vcpus,
		.max_frames = limits->max_frames,
		.shared_info = hv_page_alloc(),
	};
	rc = -ENOMEM;
	if (!d->shared_info)
		goto free_record;
	rc = p2m_init(&d->p2m, limits->max_tables);
	if (rc)
		goto free_record;
	set_wallclock(d->shared_info);
	init_events(d, limits->max_ports);
	init_grants(d);
	rc = enter_slot(d);
	if (rc)
		goto free_tables;
	*made = d;
	return 0;

free_tables:
	while (!pt_destroy_step(&d->p2m.pt, PT_ENTRIES))
		continue;
free_record:
	domain_put(d);
	return rc;
}

static void set_paused(struct domain *d, bool paused)
{
	for (unsigned int i = 0; i < d->max_vcpus; i++) {
		if (d->vcpu[i] && paused)
			vcpu_pause(d->vcpu[i], PAUSE_CTRL);
		else if (d->vcpu[i])
			vcpu_unpause(d->vcpu[i], PAUSE_CTRL);
	}
}

void domain_pause(struct domain *d)
{
	spin_lock(&d->lock);
	if (!d->pauses++)
		set_paused(d, true);
	spin_unlock(&d->lock);
}

int domain_unpause(struct domain *d)
{
	int rc = -EINVAL;

	spin_lock(&d->lock);
	if (d->pauses) {
		if (!--d->pauses)
			set_paused(d, false);
		rc = 0;
	}
	spin_unlock(&d->lock);
	return rc;
}

static const char *shutdown_word(uint8_t code)
{
	switch (code) {
	case SHUTDOWN_poweroff: return "power-off";
	case SHUTDOWN_reboot: return "reboot";
	case SHUTDOWN_suspend: return "suspend";
	case SHUTDOWN_crash: return "crash";
	default: return "soft reset";
	}
}

noreturn static void machine_shutdown(uint8_t code)
{
	switch (code) {
	case SHUTDOWN_poweroff:
		printk("power off\n");
		watchdog_disarm();
		power_off();
	case SHUTDOWN_reboot: printk("reboot\n"); machine_reboot();
	case SHUTDOWN_watchdog:
		/* As the hardware's would: on-crash is about crashes, a hang always restarts. */
		panic_begin();
		printk("control domain: hangs, rebooting\n");
		machine_reboot();
	default:
		panic_begin();
		printk("control domain: %s\n", shutdown_word(code));
		machine_give_up();
	}
}

void domain_shutdown(struct domain *d, uint8_t code)
{
	bool first;

	spin_lock(&d->lock);
	first = !d->is_shut_down;
	if (first) {
		d->is_shut_down = true;
		d->shutdown_code = code;
	}
	spin_unlock(&d->lock);
	if (!first)
		return;
	for (unsigned int i = 0; i < d->max_vcpus; i++)
		if (d->vcpu[i])
			vcpu_pause(d->vcpu[i], PAUSE_DOMAIN);
	if (d->control)
		machine_shutdown(code);
	control_virq(VIRQ_DOM_EXC);
}

static void print_where(const struct domain *d)
{
	struct vcpu_state s;
	const struct vcpu *v = current;

	if (!v || v->domain != d)
		return;
	vendor->get_state(v, &s);
	printk("vCPU %u: rip %016lx rsp %016lx rflags %08lx\n", v->id, s.rip, s.regs.rsp, s.rflags);
	printk("rax %016lx rbx %016lx rcx %016lx\n", s.regs.rax, s.regs.rbx, s.regs.rcx);
	printk("rdx %016lx rsi %016lx rdi %016lx\n", s.regs.rdx, s.regs.rsi, s.regs.rdi);
	printk("cr0 %08lx cr2 %016lx cr3 %016lx cr4 %08lx efer %04lx\n", s.cr0, s.cr2, s.cr3, s.cr4,
	       s.efer);
}

void domain_crash(struct domain *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	hv_vsnprintf(d->why, sizeof(d->why), fmt, ap);
	va_end(ap);
	printk("domain %u crashed: %s\n", d->domid, d->why);
	/* A guest gets one line; its registers are there for whoever asks. */
	if (d->control)
		print_where(d);
	domain_shutdown(d, SHUTDOWN_crash);
}

void domain_check_stopped(struct domain *d)
{
	for (unsigned int i = 0; i < d->max_vcpus; i++)
		if (d->vcpu[i] && !(d->vcpu[i]->paused & PAUSE_DOWN))
			return;
	domain_crash(d, "every vCPU has halted with interrupts off");
}

/* Lock held: a timer is armed by one vCPU at a time. */
static long set_watchdog(struct domain *d, uint32_t id, uint32_t timeout_s)
{
	uint64_t deadline = system_time_ns() + timeout_s * 1000000000ul;
	uint32_t made = 0;

	if (!id) {
		if (!timeout_s)
			return -EINVAL;
		while (id < NR_WATCHDOGS && timer_armed(&d->watchdog[id]))
			id++;
		if (id++ == NR_WATCHDOGS)
			return -ENOSPC;
		made = id;
	} else if (!timer_armed(&d->watchdog[id - 1])) {
		return -EINVAL;
	}
	if (timeout_s)
		timer_arm(&d->watchdog[id - 1], deadline);
	else
		timer_cancel(&d->watchdog[id - 1]);
	return made;
}

long domain_watchdog(struct domain *d, uint32_t id, uint32_t timeout_s)
{
	long rc;

	if (id > NR_WATCHDOGS)
		return -EINVAL;
	spin_lock(&d->lock);
	rc = set_watchdog(d, id, timeout_s);
	spin_unlock(&d->lock);
	/* The control domain proves itself alive by this, and by nothing else. */
	if (rc >= 0 && d->control && timeout_s)
		watchdog_feed();
	return rc;
}

void control_virq(unsigned int virq)
{
	if (control_domain)
		evtchn_raise_global_virq(&control_domain->evtchn, virq);
}
