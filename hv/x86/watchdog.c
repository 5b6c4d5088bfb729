/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Choosing, arming and feeding the hardware watchdog; the devices have files of their own. */
#include "errno.h"
#include "lib/string.h"
#include "printk.h"
#include "time.h"
#include "watchdog.h"

static const struct watchdog_ops *const kinds[] = {&tco_ops, &i6300esb_ops};

static const struct watchdog_ops *armed ro_after_init;
static struct watchdog_status state ro_after_init = {
	.state = WATCHDOG_NONE, .device = "none", .why = "not asked for"};
static uint64_t last_feed; /* [atomic] */

static bool asked_for(const char *option, const struct watchdog_ops *ops)
{
	return strcmp(option, "auto") == 0 || strcmp(option, ops->name) == 0;
}

/* The best outcome wins: a device that refuses is named unless another one serves. */
static const struct watchdog_ops *find(const char *option)
{
	state.why = "the board has none that is known";
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!asked_for(option, kinds[i]))
			continue;
		int rc = kinds[i]->probe();

		if (rc == 0)
			return kinds[i];
		if (rc == -EPERM) {
			state.state = WATCHDOG_REFUSED;
			state.device = kinds[i]->name;
			state.why = "the board's straps keep it from resetting";
		}
	}
	return NULL;
}

static bool known(const char *option)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (asked_for(option, kinds[i]))
			return true;
	}
	return false;
}

void watchdog_init(const char *option, unsigned int timeout_s)
{
	if (!option || strcmp(option, "none") == 0)
		return;
	if (!known(option)) {
		printk("watchdog: \"%s\" is not a kind that is known, taken as auto\n", option);
		option = "auto";
	}
	const struct watchdog_ops *ops = find(option);
	if (!ops) {
		printk("watchdog: not armed: %s\n", state.why);
		return;
	}
	last_feed = system_time_ns();
	state = (struct watchdog_status){.state = WATCHDOG_ARMED,
					 .device = ops->name,
					 .timeout_s = ops->arm(timeout_s),
					 .why = ""};
	armed = ops;
	printk("watchdog: %s armed, %u s\n", ops->name, state.timeout_s);
}

void watchdog_feed(void)
{
	if (!armed)
		return;
	armed->feed();
	__atomic_store_n(&last_feed, system_time_ns(), __ATOMIC_RELAXED);
}

void watchdog_status(struct watchdog_status *status)
{
	*status = state;
	status->last_feed_ns = __atomic_load_n(&last_feed, __ATOMIC_RELAXED);
}

void watchdog_disarm(void)
{
	if (armed)
		armed->disarm();
}
