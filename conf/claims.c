/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Who may have what: devices, partitions and wires belong to one domain each,
 * and are given away only where the machine can confine them.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "check.h"
#include "deps.h"
#include "view.h"

/* The console stays with the hypervisor. */
static void check_console(const struct manifest *m, int domain, int device,
			  struct manifest_errs *errs)
{
	const char *path = manifest_text(m, device, "path");

	manifest_for_each(m, KIND_SERIAL, s)
	{
		const char *location = manifest_text(m, s, "location");

		if (!strncmp(location, "pci:", 4) && !strcasecmp(location + 4, path))
			manifest_complain(errs, m, domain, "pci",
					  "\"%s\" is the serial port \"%s\", which stays with the "
					  "hypervisor",
					  manifest_name(m, device), manifest_name(m, s));
	}
}

static void check_confined(const struct manifest *m, int domain, int device,
			   struct manifest_errs *errs)
{
	struct view_board board;

	view_board(m, &board);
	if (!strcmp(board.iommu, "none") && !manifest_has(m, device, "unsafe"))
		manifest_complain(
			errs, m, domain, "pci",
			"the board has no IOMMU that would confine \"%s\"; say unsafe; in "
			"the device's node if it may reach all of memory",
			manifest_name(m, device));
}

static void check_device_refs(const struct manifest *m, int domain, struct manifest_errs *errs)
{
	for (unsigned int i = 0; i < manifest_nr_refs(m, domain, "pci"); i++) {
		int device = manifest_ref(m, domain, "pci", i), owner;

		if (device == MANIFEST_NONE)
			continue;
		owner = deps_owner(m, device);
		if (owner != domain)
			manifest_complain(errs, m, domain, "pci",
					  "\"%s\" is given to \"%s\" already; a device belongs to "
					  "one domain",
					  manifest_name(m, device), manifest_name(m, owner));
		check_console(m, domain, device, errs);
		check_confined(m, domain, device, errs);
	}
}

static void check_passthrough(const struct manifest *m, int domain, struct manifest_errs *errs)
{
	bool enabled = manifest_choice(m, domain, "passthrough") == 0;

	if (manifest_has(m, domain, "pci") && !enabled)
		manifest_complain(errs, m, domain, "pci",
				  "a domain is given devices only when it also says passthrough = "
				  "\"enabled\";");
	if (manifest_has(m, domain, "passthrough") && enabled && !manifest_has(m, domain, "pci"))
		manifest_complain(errs, m, domain, "passthrough",
				  "no device is named; right would be: pci = <&label>;");
}

static void check_paths(const struct manifest *m, struct manifest_errs *errs)
{
	manifest_for_each(m, KIND_DEVICE, d)
	{
		const char *path = manifest_text(m, d, "path");

		for (int e = manifest_next(m, KIND_DEVICE, MANIFEST_NONE); e != d;
		     e = manifest_next(m, KIND_DEVICE, e)) {
			if (*path && !strcasecmp(path, manifest_text(m, e, "path")))
				manifest_complain(errs, m, d, "path",
						  "\"%s\" has this path already",
						  manifest_name(m, e));
		}
	}
}

/* Two disks share what they are made of when one lies within the other. */
static bool overlap(const struct manifest *m, int a, int b)
{
	return a == b || m->nodes[a].parent == b || m->nodes[b].parent == a;
}

static bool is_read_only(const struct manifest *m, int vbd)
{
	return manifest_choice(m, vbd, "access") == 1;
}

static void check_disk(const struct manifest *m, int vbd, struct manifest_errs *errs)
{
	int target = manifest_ref(m, vbd, "partition", 0), device = deps_disk_device(m, vbd);

	if (target == MANIFEST_NONE)
		return;
	if (deps_owner(m, device) == MANIFEST_NONE)
		manifest_complain(
			errs, m, vbd, "partition",
			"no domain drives \"%s\"; right would be a domain with pci = <&...>; "
			"for it",
			manifest_name(m, device));
	for (int other = manifest_next(m, KIND_VBD, MANIFEST_NONE); other != vbd;
	     other = manifest_next(m, KIND_VBD, other)) {
		int theirs = manifest_ref(m, other, "partition", 0);

		if (theirs == MANIFEST_NONE || !overlap(m, target, theirs) ||
		    (is_read_only(m, vbd) && is_read_only(m, other)))
			continue;
		manifest_complain(errs, m, vbd, "partition",
				  "\"%s\" is disk %s of \"%s\" already; only disks with access = "
				  "\"ro\"; share",
				  manifest_name(m, target), manifest_name(m, other),
				  manifest_name(m, m->nodes[other].parent));
		return;
	}
}

static void check_uplink(const struct manifest *m, int segment, struct manifest_errs *errs)
{
	int owner = manifest_ref(m, segment, "uplink", 0);

	if (owner == MANIFEST_NONE)
		return;
	if (!manifest_nr_refs(m, owner, "pci"))
		manifest_complain(
			errs, m, segment, "uplink",
			"\"%s\" has no network device; right would be a domain with pci = "
			"<&...>;",
			manifest_name(m, owner));
	for (int s = manifest_next(m, KIND_SEGMENT, MANIFEST_NONE); s != segment;
	     s = manifest_next(m, KIND_SEGMENT, s)) {
		if (manifest_ref(m, s, "uplink", 0) == owner)
			manifest_complain(errs, m, segment, "uplink",
					  "\"%s\" is the wire of segment \"%s\" already",
					  manifest_name(m, owner), manifest_name(m, s));
	}
}

static bool in_image(const struct manifest *m, int partition)
{
	return manifest_has(m, partition, "image") || manifest_has(m, partition, "size") ||
	       manifest_has(m, partition, "grow");
}

/* One disk is flashed; its last partition may grow. */
static void check_image_disk(const struct manifest *m, struct manifest_errs *errs)
{
	int disk = MANIFEST_NONE, grows = MANIFEST_NONE;

	manifest_for_each(m, KIND_PARTITION, p)
	{
		if (!in_image(m, p))
			continue;
		if (disk != MANIFEST_NONE && m->nodes[p].parent != disk) {
			manifest_complain(
				errs, m, p, NULL,
				"image, size and grow belong to partitions of the one disk "
				"that is flashed, which is \"%s\"",
				manifest_name(m, disk));
			continue;
		}
		disk = m->nodes[p].parent;
		if (grows != MANIFEST_NONE)
			manifest_complain(errs, m, grows, "grow",
					  "only the last partition can grow, and \"%s\" follows",
					  manifest_name(m, p));
		grows = manifest_has(m, p, "grow") ? p : MANIFEST_NONE;
	}
}

static void check_partition(const struct manifest *m, int p, struct manifest_errs *errs)
{
	bool number = manifest_has(m, p, "number"), range = manifest_has(m, p, "range");

	if (number + range + manifest_has(m, p, "label") > 1 ||
	    (in_image(m, p) && (number || range)))
		manifest_complain(errs, m, p, NULL,
				  "is found by its label, its number or its range, not by several; "
				  "one in the flashed image by its label");
	if (m->form == FORM_SOURCE && in_image(m, p) && !manifest_has(m, p, "image") &&
	    !manifest_has(m, p, "size"))
		manifest_complain(errs, m, p, "size",
				  "missing; an empty partition needs one: size = <MB(N)>;");
	if (manifest_number(m, p, "size") % 1024)
		manifest_complain(errs, m, p, "size",
				  "is not whole MiB; right would be: size = "
				  "<MB(N)>;");
}

void check_claims(const struct manifest *m, struct manifest_errs *errs)
{
	manifest_for_each(m, KIND_DOMAIN, d)
	{
		check_passthrough(m, d, errs);
		check_device_refs(m, d, errs);
	}
	check_paths(m, errs);
	manifest_for_each(m, KIND_VBD, b) check_disk(m, b, errs);
	manifest_for_each(m, KIND_SEGMENT, s) check_uplink(m, s, errs);
	manifest_for_each(m, KIND_PARTITION, p) check_partition(m, p, errs);
	check_image_disk(m, errs);
}
