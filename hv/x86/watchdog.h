/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Hardware watchdogs: they reset the machine when nobody feeds them.  Who
 * deserves a feed is decided elsewhere (domain 0's proof of life).
 */
#ifndef HV_X86_WATCHDOG_H
#define HV_X86_WATCHDOG_H

#include "compiler.h"
#include "types.h"

enum watchdog_state {
	WATCHDOG_NONE,	  /* option `none`, or nothing found */
	WATCHDOG_REFUSED, /* found but cannot reset this board (a strap forbids it) */
	WATCHDOG_ARMED,
};

struct watchdog_status {
	enum watchdog_state state;
	const char *device;	/* "tco", "i6300esb", "none" */
	unsigned int timeout_s; /* what the device does, at least 1; 0 when not armed */
	uint64_t last_feed_ns;	/* system time */
	const char *why;	/* one phrase for people when not armed, else "" */
};

/*
 * Find and arm a watchdog.  option: tco | i6300esb | auto | none (NULL: none).
 * timeout_s is clamped to what the device can do, and the result is said.  The
 * machine resets if no feed comes for that long.  Missing hardware is named, and
 * not fatal here.  After time_init().
 */
void watchdog_init(const char *option, unsigned int timeout_s);

/* Start the period over.  Cheap; any CPU, no lock needed.  Nothing when not armed. */
void watchdog_feed(void);

void watchdog_status(struct watchdog_status *status);

/* Stop it, where the device allows: before an ordered power-off.  Boot CPU. */
void watchdog_disarm(void);

/* One kind of device.  Times in seconds. */
struct watchdog_ops {
	const char *name;
	/* 0 and ready to arm; -ENODEV not there; -EPERM there but unable to reset the machine. */
	int (*probe)(void);
	/* Arm, return the period really set. */
	unsigned int (*arm)(unsigned int timeout_s);
	void (*feed)(void);
	void (*disarm)(void);
};

extern const struct watchdog_ops tco_ops, i6300esb_ops;

#endif /* HV_X86_WATCHDOG_H */
