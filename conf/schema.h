/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The words of a manifest: which nodes there are, which properties each may
 * have, what they may hold, and since which stage the target acts on them.
 *
 * One table serves the checker on the build host, the checker on the target
 * and the manual page.  Nothing here reads a manifest.
 * Manual: doc/bulkhead-manifest.5.
 */
#ifndef CONF_SCHEMA_H
#define CONF_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the target can act on.  A word of a later stage than the target's is
 * refused with that reason; to bring words to life raise SCHEMA_STAGE_NOW, or
 * give single words the stage that has been reached.
 */
enum schema_stage {
	STAGE_BOOT = 1, /* control domain, console, watchdog, disk layout */
	STAGE_GUESTS,	/* domains with memory, vCPUs, consoles, a life cycle */
	STAGE_DEVICES,	/* driver domains, disks, networks */
	STAGE_ALL = STAGE_DEVICES,
};

#define SCHEMA_STAGE_NOW STAGE_BOOT

/* A manifest as the author wrote it, and as the target gets it. */
enum schema_form {
	FORM_SOURCE = 1, /* files by name, words for the build host too */
	FORM_BLOB = 2,	 /* files by module index, only what the target needs */
};

enum schema_kind {
	KIND_NONE, /* no node of a manifest */
	KIND_ROOT,
	KIND_BOARD,
	KIND_SERIAL,
	KIND_WATCHDOG,
	KIND_DEVICE,
	KIND_PARTITION,
	KIND_CHOSEN,
	KIND_HYPERVISOR,
	KIND_CTRL,
	KIND_SEGMENT,
	KIND_DOMAIN,
	KIND_VCPU,
	KIND_VBD,
	KIND_VIF,
	KIND_MODULES,
	KIND_MODULE,
	NR_KINDS,
};

#define KIND_BIT(k) (1u << (k))

enum schema_type {
	TYPE_FLAG,	/* no value: being there is the value */
	TYPE_U32,	/* one cell */
	TYPE_U64,	/* two cells */
	TYPE_CELLS,	/* min cells, which is max */
	TYPE_BYTES,	/* min bytes, which is max */
	TYPE_STRING,	/* min to max characters, printable */
	TYPE_STRINGS,	/* one or more strings */
	TYPE_CHOICE,	/* one of the strings in choices */
	TYPE_REF,	/* one phandle of a node of the kinds in targets */
	TYPE_REFS,	/* one or more of them */
	TYPE_FILE,	/* source: file name; blob: module index */
	TYPE_LOCATION,	/* where a serial port is: io:PORT, mmio:ADDR, pci:BB:DD.F */
	TYPE_PATH,	/* PCI function from its root bus: BB:DD.F[/DD.F]... */
	TYPE_PCI_ID,	/* vendor:device in hexadecimal */
	TYPE_PCI_CLASS, /* class and subclass [and interface] in hexadecimal */
	TYPE_CPUS,	/* CPU list: 0-3,6 */
	TYPE_ESCAPE,	/* control key: ^] */
	TYPE_LABEL,	/* name of a GPT partition */
	NR_TYPES,
};

enum schema_flags {
	WORD_REQUIRED = 1 << 0,
	WORD_DEFAULT = 1 << 1, /* has a default: number or text */
	WORD_HOST = 1 << 2,    /* for the build host, not in the blob */
	WORD_BLOB = 1 << 3,    /* made by bhconf, only in the blob */
};

struct schema_word {
	enum schema_kind kind; /* of the node that it belongs to */
	const char *name;
	enum schema_type type;
	unsigned int flags; /* WORD_* */
	enum schema_stage stage;
	uint64_t min, max;    /* of the number, or of the length; 0, 0: any */
	uint64_t number;      /* default */
	const char *text;     /* default */
	const char *choices;  /* TYPE_CHOICE and compatible: "this|that" */
	unsigned int targets; /* TYPE_REF, TYPE_REFS: KIND_BIT()s */
	const char *unit;
	const char *doc; /* one sentence */
};

struct schema_node {
	const char *title;	/* for people: "domain" */
	const char *name;	/* the only name that it may have, or NULL */
	const char *compatible; /* "this|that": one of them must be there, or NULL */
	enum schema_kind parent;
	unsigned int min, max; /* how many in one parent; max 0: any number */
	unsigned int forms;    /* FORM_SOURCE | FORM_BLOB */
	enum schema_stage stage;
	const char *doc;
};

extern const struct schema_node schema_nodes[NR_KINDS];
extern const struct schema_word schema_words[];
extern const unsigned int schema_nr_words;

/* What a stage brings, for "comes with ...". */
const char *schema_stage_name(enum schema_stage stage);

/* The word of that name in a node of that kind, or NULL. */
const struct schema_word *schema_find(enum schema_kind kind, const char *name);

/* Whether a word or a node of these properties occurs in that form. */
bool schema_word_in_form(const struct schema_word *w, enum schema_form form);

/*
 * Whether text (len characters) is one of choices ("this|that").
 * Stores its position in *index when index is not NULL.
 */
bool schema_choice(const char *choices, const char *text, size_t len, unsigned int *index);

/*
 * The known spelling nearest to name among the words of kind in that form, or
 * NULL when nothing is near enough to be what was meant.
 */
const char *schema_nearest_word(enum schema_kind kind, enum schema_form form, const char *name);

/* The same among choices; the answer is copied to buf (size bytes). */
const char *schema_nearest_choice(const char *choices, const char *text, char *buf, size_t size);

/* Number of single-character edits from a to b, at most limit + 1. */
unsigned int schema_distance(const char *a, const char *b, unsigned int limit);

#endif /* CONF_SCHEMA_H */
