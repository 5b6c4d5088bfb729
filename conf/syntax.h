/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The small languages inside strings of a manifest.  Pure functions of a
 * NUL-terminated text; each returns false when the text is not in its language.
 */
#ifndef CONF_SYNTAX_H
#define CONF_SYNTAX_H

#include <stdbool.h>
#include <stdint.h>

#include "schema.h"

#define SYNTAX_MAX_CPUS 256

struct cpu_set {
	uint64_t bits[SYNTAX_MAX_CPUS / 64];
};

enum location_kind {
	LOCATION_IO,
	LOCATION_MMIO,
	LOCATION_PCI,
};

struct location {
	enum location_kind kind;
	uint64_t address; /* port or address; of a PCI function bus << 8 | dev << 3 | fn */
};

/* "io:0x3f8", "mmio:0xfe034000", "pci:00:16.3"; location may be NULL. */
bool syntax_location(const char *text, struct location *location);

/* "00:1c.1/00.0": bus:device.function of a root bus, device.function below each bridge. */
bool syntax_path(const char *text);

/* "8086:10d3" */
bool syntax_pci_id(const char *text);

/* "0108" or "010802" */
bool syntax_pci_class(const char *text);

/* "0-3,6"; cpus may be NULL. */
bool syntax_cpus(const char *text, struct cpu_set *cpus);

/* "^]": the control character of @ to _; code may be NULL. */
bool syntax_escape(const char *text, char *code);

/* A GPT partition name that every tool and shell takes as it is: 1 to 36 of [A-Za-z0-9._-]. */
bool syntax_label(const char *text);

/* A name of a node that people type at the shell: 1 to 31 of them, a letter first. */
bool syntax_name(const char *text);

/*
 * Whether text is in the language of that type, true for types that have none;
 * and what that language is, "a list of CPUs", NULL for types that have none.
 */
bool syntax_check(enum schema_type type, const char *text);
const char *syntax_what(enum schema_type type);

#endif /* CONF_SYNTAX_H */
