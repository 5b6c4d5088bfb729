/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * What this appliance is: the manifest, checked again on the target, and all
 * that was found wrong with it and with the modules that came along.
 *
 * Loaded before any thread starts that asks for it; read-only after.
 */
#ifndef CTRL_APPLIANCE_H
#define CTRL_APPLIANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "shell/verb.h"

/*
 * Check the manifest (module 0) and every other module against it, and fill the
 * table of domains.  Never fails: without a sound manifest there is the control
 * domain alone, with a shell that looks and changes nothing.  Replaces what was loaded before.
 */
void appliance_load(void);

/* Whether the manifest is sound. */
bool appliance_sound(void);

/* What the manifest lets the person at the serial line do; ROLE_OPERATOR without one. */
enum role appliance_role(void);

/* What is wrong, one sentence each, or NULL behind the last. */
const char *appliance_problem(size_t i);

/* Which devices run without isolation, by name, or NULL behind the last. */
const char *appliance_unsafe(size_t i);

#endif /* CTRL_APPLIANCE_H */
