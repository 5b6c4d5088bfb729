/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The domains of the manifest, by their slots.  Filled once at boot; the control
 * domain is the first.
 */
#ifndef CTRL_DOMAINS_H
#define CTRL_DOMAINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct domain {
	const char *name;
	uint16_t domid;
	bool autostart;
	const char *failed; /* why it cannot run, or NULL */
};

/* Forget all but the control domain. */
void domains_forget(void);

/* Make room for nr domains beside the control domain; false if there is no memory. */
bool domains_reserve(size_t nr);

/* Add a domain, whose name stays where it is; NULL if there is no room for it. */
struct domain *domains_add(const char *name, uint16_t domid);

/* How many there are, at least 1. */
size_t domains_nr(void);

/* Domain i < domains_nr(). */
const struct domain *domains_get(size_t i);

/* The name of domain i, or NULL behind the last. */
const char *domains_name(size_t i);

/* The domain of that name, or of that number if name is one, or NULL. */
const struct domain *domains_find(const char *name);

#endif /* CTRL_DOMAINS_H */
