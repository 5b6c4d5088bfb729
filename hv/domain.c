/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#include "abi/bulkhead.h"
#include "errno.h"
#include "heap.h"
#include "lib/string.h"
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

#define MAX_PORTS  1024
#define MAX_TABLES 64

_Static_assert(sizeof(struct domain) <= PAGE_SIZE, "a domain's record is one page");

struct domain *domains[DOMAIN_MAX_SLOTS];
struct domain *control_domain ro_after_init_bss;
static struct spinlock domains_lock;

/* --- what evtchn.h asks for --- */

static struct domain *domain_of(struct evtchn_domain *e)
{
	return container_of(e, struct domain, evtchn);
}

static struct evtchn_domain *evtchn_domain_get(domid_t domid)
{
	struct domain *d = domid < DOMAIN_MAX_SLOTS ? domains[domid] : NULL;

	return d ? &d->evtchn : NULL;
}

static void evtchn_domain_put(struct evtchn_domain *e)
{
	(void)e;
}

static bool evtchn_may_bind(const struct evtchn_domain *e, domid_t remote)
{
	return e->domid == DOMID_CONTROL || remote == DOMID_CONTROL || e->domid == remote;
}

static void *evtchn_page_alloc(struct evtchn_domain *e)
{
	(void)e;
	return hv_page_alloc();
}

static void evtchn_page_free(struct evtchn_domain *e, void *page)
{
	(void)e;
	hv_page_free(page);
}

static int evtchn_page_map(struct evtchn_domain *e, gfn_t g, void **va)
{
	struct domain *d = domain_of(e);
	mfn_t f;

	if (p2m_lookup(&d->p2m, g, &f) != P2M_RAM)
		return -EINVAL;
	*va = guestmap_open(f);
	return *va ? 0 : -ENOMEM;
}

static void evtchn_page_unmap(struct evtchn_domain *e, void *va)
{
	(void)e;
	guestmap_close(va);
}

static void evtchn_kick(struct evtchn_vcpu *e)
{
	vcpu_kick(container_of(e, struct vcpu, evtchn));
}

static void evtchn_wake_pollers(struct evtchn_domain *e, evtchn_port_t port)
{
	const struct domain *d = domain_of(e);

	(void)port;
	for (unsigned int i = 0; i < d->max_vcpus; i++)
		if (d->vcpu[i])
			vcpu_unpause(d->vcpu[i], PAUSE_POLL);
}

static const struct evtchn_ops evtchn_ops = {
	.domain_get = evtchn_domain_get,
	.domain_put = evtchn_domain_put,
	.may_bind = evtchn_may_bind,
	.page_alloc = evtchn_page_alloc,
	.page_free = evtchn_page_free,
	.page_map = evtchn_page_map,
	.page_unmap = evtchn_page_unmap,
	.kick = evtchn_kick,
	.wake_pollers = evtchn_wake_pollers,
};

/* --- the life of a domain --- */

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

static void init_events(struct domain *d)
{
	d->evtchn = (struct evtchn_domain){
		.ops = &evtchn_ops,
		.domid = d->domid,
		.privileged = d->control,
		.nr_vcpus = (uint16_t)d->max_vcpus,
		.vcpus = d->evtchn_vcpu,
		.shared_info = d->shared_info,
		.layout = &evtchn_layout_64,
		.max_ports = MAX_PORTS,
	};
	evtchn_domain_init(&d->evtchn);
	for (unsigned int i = 0; i < NR_WATCHDOGS; i++)
		timer_init(&d->watchdog[i], watchdog_fired, d);
}

struct domain *domain_create(domid_t domid, unsigned int max_vcpus, uint64_t max_frames)
{
	struct domain *d;

	if (domid >= DOMAIN_MAX_SLOTS || max_vcpus < 1 || max_vcpus > DOMAIN_MAX_VCPUS ||
	    domains[domid])
		return NULL;
	d = hv_page_alloc();
	if (!d)
		return NULL;
	d->domid = domid;
	d->incarnation = 1;
	d->control = domid == DOMID_CONTROL;
	d->max_vcpus = max_vcpus;
	d->max_frames = max_frames;
	d->shared_info = hv_page_alloc();
	if (!d->shared_info)
		goto free_record;
	if (p2m_init(&d->p2m, MAX_TABLES))
		goto free_shared_info;
	set_wallclock(d->shared_info);
	init_events(d);
	spin_lock(&domains_lock);
	domains[domid] = d;
	spin_unlock(&domains_lock);
	return d;

free_shared_info:
	hv_page_free(d->shared_info);
free_record:
	hv_page_free(d);
	return NULL;
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

long domain_watchdog(struct domain *d, uint32_t id, uint32_t timeout_s)
{
	uint64_t deadline = system_time_ns() + timeout_s * 1000000000ul;
	uint32_t made = 0;

	if (id > NR_WATCHDOGS)
		return -EINVAL;
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
	/* The control domain proves itself alive by this, and by nothing else. */
	if (d->control && timeout_s)
		watchdog_feed();
	return made;
}

void control_virq(unsigned int virq)
{
	if (control_domain)
		evtchn_raise_global_virq(&control_domain->evtchn, virq);
}
