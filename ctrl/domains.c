/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The table of domains.  Pure but for malloc().
 */
#include "domains.h"

#include <stdlib.h>
#include <string.h>

static struct domain domain_ctrl = {.name = "ctrl", .domid = 0, .autostart = true};

/* All of them, the control domain first; until domains_reserve() that one alone. */
static struct domain *domains = &domain_ctrl;
static size_t nr_domains = 1;
static size_t max_domains = 1;

void domains_forget(void)
{
	if (domains != &domain_ctrl)
		free(domains);
	domains = &domain_ctrl;
	nr_domains = 1;
	max_domains = 1;
}

bool domains_reserve(size_t nr)
{
	struct domain *table = calloc(nr + 1, sizeof(*table));

	if (!table)
		return false;
	domains_forget();
	table[0] = domain_ctrl;
	domains = table;
	max_domains = nr + 1;
	return true;
}

struct domain *domains_add(const char *name, uint16_t domid)
{
	if (nr_domains == max_domains)
		return NULL;
	domains[nr_domains] = (struct domain){.name = name, .domid = domid};
	return &domains[nr_domains++];
}

size_t domains_nr(void)
{
	return nr_domains;
}

const struct domain *domains_get(size_t i)
{
	return &domains[i];
}

const char *domains_name(size_t i)
{
	return i < nr_domains ? domains[i].name : NULL;
}

const struct domain *domains_find(const char *name)
{
	char *end;
	unsigned long domid = strtoul(name, &end, 10);
	bool number = end != name && !*end;

	for (size_t i = 0; i < nr_domains; i++) {
		if (strcmp(domains[i].name, name) == 0)
			return &domains[i];
	}
	for (size_t i = 0; number && i < nr_domains; i++) {
		if (domains[i].domid == domid)
			return &domains[i];
	}
	return NULL;
}
