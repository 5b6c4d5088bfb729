/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The files that a manifest names: found, unpacked, checked and measured.
 */
#ifndef BHCONF_PAYLOAD_H
#define BHCONF_PAYLOAD_H

#include "../manifest.h"
#include "../sha256.h"
#include "report.h"

enum payload_use {
	PAYLOAD_KERNEL,	   /* of a domain: a boot module, PVH ELF */
	PAYLOAD_RAMDISK,   /* of a domain: a boot module, as it is */
	PAYLOAD_CONTROL,   /* the control domain's own kernel */
	PAYLOAD_PARTITION, /* contents of a partition */
};

struct payload {
	enum payload_use use;
	int node; /* that names it */
	const char *word;
	uint32_t index; /* as a boot module; 0: is none */
	char *name;	/* "kernel of linux" */
	char *origin;	/* the file that was named, absolute */
	char *file;	/* what goes into the image: origin, or its kernel in the build folder */
	uint64_t size;
	uint8_t sha256[SHA256_SIZE];
};

struct payloads {
	struct payload *list;
	unsigned int nr;
	uint32_t nr_modules;
};

struct payload_options {
	const char *manifest;
	const char *out;
	char **libraries; /* folders to look in when a file is not beside the manifest */
};

/*
 * Find all files of the manifest, in its order; put kernels, unpacked and without
 * what no loader needs, into the build folder.  Complaints go to r.
 */
void payload_collect(const struct manifest *m, const struct payload_options *options,
		     struct payloads *payloads, struct report *r);

/* The payload of a word of a node, or NULL. */
const struct payload *payload_find(const struct payloads *payloads, int node, const char *word);

void payload_free(struct payloads *payloads);

#endif /* BHCONF_PAYLOAD_H */
