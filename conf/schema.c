/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The two tables of the manifest language: nodes and words, in the order in
 * which the manual page presents them.  Looking things up in them: lookup.c.
 */
#include "schema.h"

#define B  FORM_BLOB
#define SB (FORM_SOURCE | FORM_BLOB)

const struct schema_node schema_nodes[NR_KINDS] = {
	[KIND_NONE] = {"unknown node", NULL, NULL, KIND_NONE, 0, 0, 0, STAGE_BOOT, ""},
	[KIND_ROOT] = {"root", "", NULL, KIND_NONE, 1, 1, SB, STAGE_BOOT,
		       "The whole: one board and one appliance that runs on it."},
	[KIND_BOARD] =
		{"board", "board", "bulkhead,board", KIND_ROOT, 1, 1, SB, STAGE_BOOT,
		 "The machine; kept in a file of its own so that a product runs on several."},
	[KIND_SERIAL] = {"serial port", NULL, "ns16550a", KIND_BOARD, 0, 0, SB, STAGE_BOOT,
			 "A 16550 serial port."},
	[KIND_WATCHDOG] = {"watchdog", NULL, "intel,tco|intel,i6300esb", KIND_BOARD, 0, 0, SB,
			   STAGE_BOOT, "A hardware watchdog: the chipset's TCO, or an i6300ESB."},
	[KIND_DEVICE] = {"device", NULL, NULL, KIND_BOARD, 0, 0, SB, STAGE_BOOT,
			 "A PCI function that a domain can be given; any node of the board without "
			 "compatible is one."},
	[KIND_PARTITION] = {"partition", NULL, NULL, KIND_DEVICE, 0, 124, SB, STAGE_BOOT,
			    "A part of the disk that the device above it is."},
	[KIND_CHOSEN] = {"chosen", "chosen", NULL, KIND_ROOT, 1, 1, SB, STAGE_BOOT,
			 "Holds the hypervisor node, as in Xen's bindings."},
	[KIND_HYPERVISOR] = {"hypervisor", "hypervisor", "bulkhead,manifest-v1", KIND_CHOSEN, 1, 1,
			     SB, STAGE_BOOT, "The hypervisor's options, and every domain."},
	[KIND_CTRL] = {"control domain", "ctrl", "xen,domain", KIND_HYPERVISOR, 1, 1, SB,
		       STAGE_BOOT, "The control domain, domid 0."},
	[KIND_SEGMENT] = {"segment", NULL, "bulkhead,segment", KIND_HYPERVISOR, 0, 0, SB,
			  STAGE_DEVICES, "A virtual Ethernet segment, with or without a wire."},
	[KIND_DOMAIN] = {"domain", NULL, "xen,domain", KIND_HYPERVISOR, 0, 0, SB, STAGE_GUESTS,
			 "A guest or a driver domain."},
	[KIND_VCPU] = {"vCPU", NULL, "xen,vcpu", KIND_DOMAIN, 0, 128, SB, STAGE_GUESTS,
		       "What is special about one vCPU; those without a node have the defaults."},
	[KIND_VBD] = {"disk", NULL, "xen,vbd", KIND_DOMAIN, 0, 26, SB, STAGE_DEVICES,
		      "A disk of the domain, named as the guest knows it: xvda, xvdb."},
	[KIND_VIF] = {"interface", NULL, "xen,vif", KIND_DOMAIN, 0, 16, SB, STAGE_DEVICES,
		      "A network interface of the domain; the first is eth0 in most guests."},
	[KIND_MODULES] = {"module table", "modules", NULL, KIND_ROOT, 1, 1, B, STAGE_BOOT,
			  "The files that go with the blob; made by the manifest compiler."},
	[KIND_MODULE] = {"module", NULL, NULL, KIND_MODULES, 0, 0, B, STAGE_BOOT,
			 "One file, in manifest order from index 1."},
};

#define REQ    .flags = WORD_REQUIRED
#define NUM(n) .flags = WORD_DEFAULT, .number = (n)
#define TXT(t) .flags = WORD_DEFAULT, .text = (t)

#define MIB UINT64_C(1024) /* in KiB */
#define GIB (1024 * MIB)

const struct schema_word schema_words[] = {
	/* The board */
	{KIND_BOARD, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_BOOT,
	 .doc = "Says that this node describes a board."},
	{KIND_BOARD, "model", TYPE_STRING, REQ, .stage = STAGE_BOOT, .min = 1, .max = 63,
	 .doc = "Name of the board, for people."},
	{KIND_BOARD, "memory", TYPE_U64, REQ, .stage = STAGE_BOOT, .min = 64 * MIB,
	 .max = 16384 * GIB, .unit = "KiB",
	 .doc = "Memory of the board; what all domains need together must fit."},
	{KIND_BOARD, "cpus", TYPE_U32, REQ, .stage = STAGE_BOOT, .min = 1, .max = 256,
	 .doc = "Number of the board's CPUs (pCPUs)."},
	{KIND_BOARD, "iommu", TYPE_CHOICE, TXT("none"), .stage = STAGE_BOOT,
	 .choices = "vtd|amd-vi|none",
	 .doc = "The board's IOMMU; without one only a device marked unsafe can be given away."},
	{KIND_BOARD, "qemu,cpu", TYPE_STRING, .flags = WORD_DEFAULT | WORD_HOST,
	 .text = "EPYC-Rome", .stage = STAGE_BOOT, .min = 1, .max = 255,
	 .doc = "CPU model with which make run starts QEMU."},

	{KIND_SERIAL, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_BOOT,
	 .doc = "The register layout."},
	{KIND_SERIAL, "location", TYPE_LOCATION, REQ, .stage = STAGE_BOOT,
	 .doc = "Where its registers are: \"io:0x3f8\", \"mmio:0xfe034000\" or \"pci:00:16.3\"."},
	{KIND_SERIAL, "current-speed", TYPE_U32, NUM(115200), .stage = STAGE_BOOT, .min = 300,
	 .max = 4000000, .unit = "baud", .doc = "Line speed; always 8 data bits, no parity."},

	{KIND_WATCHDOG, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_BOOT,
	 .doc = "The watchdog's programming interface."},
	{KIND_WATCHDOG, "qemu,device", TYPE_STRING, .flags = WORD_HOST, .stage = STAGE_BOOT,
	 .min = 1, .max = 255, .doc = "The -device option with which QEMU has it."},

	{KIND_DEVICE, "path", TYPE_PATH, REQ, .stage = STAGE_BOOT,
	 .doc = "The function as seen from its root bus, \"00:1c.1/00.0\": numbers below a bridge "
		"move when a card is added, so each hop names device and function only."},
	{KIND_DEVICE, "id", TYPE_PCI_ID, .stage = STAGE_BOOT,
	 .doc = "Vendor and device that must be found there, \"8086:10d3\"."},
	{KIND_DEVICE, "class", TYPE_PCI_CLASS, .stage = STAGE_BOOT,
	 .doc = "Class and subclass that must be found there, \"0108\"."},
	{KIND_DEVICE, "unsafe", TYPE_FLAG, .stage = STAGE_BOOT,
	 .doc = "Allows the device to be given away though the machine cannot confine it; every "
		"status view repeats that."},
	{KIND_DEVICE, "qemu,device", TYPE_STRING, .flags = WORD_HOST, .stage = STAGE_BOOT, .min = 1,
	 .max = 255, .doc = "The -device option with which QEMU has it."},

	{KIND_PARTITION, "label", TYPE_LABEL, .stage = STAGE_BOOT,
	 .doc = "Its GPT name; the node's name when not given."},
	{KIND_PARTITION, "image", TYPE_FILE, .flags = WORD_HOST, .stage = STAGE_BOOT,
	 .doc = "File with its contents; the partition becomes part of the flashed image."},
	{KIND_PARTITION, "size", TYPE_U64, .stage = STAGE_BOOT, .min = 1 * MIB, .max = 16384 * GIB,
	 .unit = "KiB",
	 .doc = "Its size in the flashed image, whole MiB; the image file's size when not given."},
	{KIND_PARTITION, "grow", TYPE_FLAG, .stage = STAGE_DEVICES,
	 .doc = "Lets the partition, which must be the last, grow to the end of the medium."},
	{KIND_PARTITION, "number", TYPE_U32, .stage = STAGE_DEVICES, .min = 1, .max = 128,
	 .doc = "Finds a partition that is there already by its number instead of its label."},
	{KIND_PARTITION, "range", TYPE_CELLS, .stage = STAGE_DEVICES, .min = 4, .max = 4,
	 .unit = "512-byte sectors",
	 .doc = "First sector and number of sectors (two cells each), for a disk without GPT."},

	/* The hypervisor */
	{KIND_HYPERVISOR, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_BOOT,
	 .doc = "The version of the manifest language."},
	{KIND_HYPERVISOR, "console", TYPE_REF, .stage = STAGE_BOOT,
	 .targets = KIND_BIT(KIND_SERIAL),
	 .doc = "The serial port of the console; found by ACPI's SPCR table, then COM1, when not "
		"given."},
	{KIND_HYPERVISOR, "watchdog", TYPE_REF, .stage = STAGE_BOOT,
	 .targets = KIND_BIT(KIND_WATCHDOG),
	 .doc = "The watchdog, armed before the control domain starts; none when not given."},
	{KIND_HYPERVISOR, "watchdog-timeout-s", TYPE_U32, NUM(30), .stage = STAGE_BOOT, .min = 2,
	 .max = 600, .unit = "s",
	 .doc = "Time after which a machine whose control domain hangs is reset."},

	{KIND_CTRL, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_BOOT,
	 .doc = "Says that this node describes a domain."},
	{KIND_CTRL, "domid", TYPE_U32, REQ, .stage = STAGE_BOOT, .doc = "Must be 0."},
	{KIND_CTRL, "memory", TYPE_U64, NUM(8 * MIB), .stage = STAGE_BOOT, .min = 4 * MIB,
	 .max = 4 * GIB - MIB, .unit = "KiB",
	 .doc = "Its memory; the quotas of all domains together must fit into it."},
	{KIND_CTRL, "on-crash", TYPE_CHOICE, TXT("reboot-host"), .stage = STAGE_BOOT,
	 .choices = "reboot-host|halt-host",
	 .doc = "What the machine does when the control domain crashes; one that hangs "
		"always restarts it."},
	{KIND_CTRL, "shell", TYPE_CHOICE, TXT("full"), .stage = STAGE_BOOT,
	 .choices = "full|operator|off",
	 .doc = "Role of whoever sits at the serial shell: operator looks and changes no domain."},
	{KIND_CTRL, "console-escape", TYPE_ESCAPE, TXT("^]"), .stage = STAGE_GUESTS,
	 .doc = "Key that leaves a guest's console."},
	{KIND_CTRL, "kernel", TYPE_FILE, .flags = WORD_HOST, .stage = STAGE_BOOT,
	 .doc = "A control domain of one's own in place of the one that comes with Bulkhead."},

	{KIND_SEGMENT, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_DEVICES,
	 .doc = "Says that this node describes a segment."},
	{KIND_SEGMENT, "uplink", TYPE_REF, .stage = STAGE_DEVICES, .targets = KIND_BIT(KIND_DOMAIN),
	 .doc = "The driver domain whose network device is the segment's wire; a segment without "
		"one is purely virtual."},

	/* Domains */
	{KIND_DOMAIN, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_GUESTS,
	 .doc = "Says that this node describes a domain."},
	{KIND_DOMAIN, "domid", TYPE_U32, REQ, .stage = STAGE_GUESTS, .min = 1, .max = 32751,
	 .doc = "Its fixed domain number, which a restart does not change."},
	{KIND_DOMAIN, "kernel", TYPE_FILE, REQ, .stage = STAGE_GUESTS,
	 .doc = "ELF or bzImage with a PVH entry point."},
	{KIND_DOMAIN, "ramdisk", TYPE_FILE, .stage = STAGE_GUESTS,
	 .doc = "Handed to the kernel as its first module."},
	{KIND_DOMAIN, "bootargs", TYPE_STRING, TXT(""), .stage = STAGE_GUESTS, .max = 2047,
	 .doc = "The kernel's command line."},
	{KIND_DOMAIN, "memory", TYPE_U64, REQ, .stage = STAGE_GUESTS, .min = 1 * MIB,
	 .max = 8192 * GIB, .unit = "KiB", .doc = "Memory at its start."},
	{KIND_DOMAIN, "maxmem", TYPE_U64, .stage = STAGE_GUESTS, .min = 1 * MIB, .max = 8192 * GIB,
	 .unit = "KiB", .doc = "Up to where mem-set may grow it; memory when not given."},
	{KIND_DOMAIN, "cpus", TYPE_U32, NUM(1), .stage = STAGE_GUESTS, .min = 1, .max = 128,
	 .doc = "Number of vCPUs at its start."},
	{KIND_DOMAIN, "maxcpus", TYPE_U32, .stage = STAGE_GUESTS, .min = 1, .max = 128,
	 .doc = "Up to how many vCPUs vcpu-set may give it; cpus when not given."},
	{KIND_DOMAIN, "cpu-weight", TYPE_U32, NUM(256), .stage = STAGE_GUESTS, .min = 1,
	 .max = 65535, .doc = "Share of CPU time relative to other domains'."},
	{KIND_DOMAIN, "cap", TYPE_U32, NUM(0), .stage = STAGE_GUESTS, .max = 12800, .unit = "%",
	 .doc = "Most CPU time that it may use, in hundredths of one pCPU; 0 is no limit."},
	{KIND_DOMAIN, "autostart", TYPE_CHOICE, TXT("enabled"), .stage = STAGE_GUESTS,
	 .choices = "enabled|disabled", .doc = "Whether it is started at boot."},
	{KIND_DOMAIN, "depends-on", TYPE_REFS, .stage = STAGE_GUESTS,
	 .targets = KIND_BIT(KIND_DOMAIN),
	 .doc = "Domains that must be ready first; otherwise they start in manifest order."},
	{KIND_DOMAIN, "ready", TYPE_STRING, TXT(""), .stage = STAGE_GUESTS, .max = 255,
	 .doc = "Store node, relative to the domain's own, whose writing says that it is ready; "
		"running is ready when not given."},
	{KIND_DOMAIN, "on-poweroff", TYPE_CHOICE, TXT("destroy"), .stage = STAGE_GUESTS,
	 .choices = "restart|destroy|preserve", .doc = "What follows when it powers off."},
	{KIND_DOMAIN, "on-reboot", TYPE_CHOICE, TXT("restart"), .stage = STAGE_GUESTS,
	 .choices = "restart|destroy|preserve", .doc = "What follows when it reboots."},
	{KIND_DOMAIN, "on-crash", TYPE_CHOICE, TXT("destroy"), .stage = STAGE_GUESTS,
	 .choices = "restart|destroy|preserve", .doc = "What follows when it crashes."},
	{KIND_DOMAIN, "on-watchdog", TYPE_CHOICE, TXT("destroy"), .stage = STAGE_GUESTS,
	 .choices = "restart|destroy|preserve",
	 .doc = "What follows when it stops feeding its watchdog."},
	{KIND_DOMAIN, "restart-backoff-ms", TYPE_CELLS, .stage = STAGE_GUESTS, .min = 2, .max = 2,
	 .unit = "ms",
	 .doc = "Shortest and longest wait before a restart, doubled each time; 100 and 10000 "
		"when not given."},
	{KIND_DOMAIN, "restart-per-hour", TYPE_U32, NUM(60), .stage = STAGE_GUESTS, .min = 1,
	 .max = 3600, .doc = "Restarts in an hour after which it is left down."},
	{KIND_DOMAIN, "passthrough", TYPE_CHOICE, TXT("disabled"), .stage = STAGE_DEVICES,
	 .choices = "enabled|disabled", .doc = "Whether it is given PCI functions."},
	{KIND_DOMAIN, "pci", TYPE_REFS, .stage = STAGE_DEVICES, .targets = KIND_BIT(KIND_DEVICE),
	 .doc = "The PCI functions that it is given."},
	{KIND_DOMAIN, "max-grant-frames", TYPE_U32, NUM(16), .stage = STAGE_GUESTS, .min = 1,
	 .max = 64, .doc = "Pages of its grant table."},
	{KIND_DOMAIN, "max-maptrack-frames", TYPE_U32, NUM(16), .stage = STAGE_GUESTS, .max = 1024,
	 .doc = "Pages that note which grants of others it has mapped."},
	{KIND_DOMAIN, "max-event-channels", TYPE_U32, NUM(1023), .stage = STAGE_GUESTS, .min = 31,
	 .max = 131071, .doc = "Its highest event-channel port."},
	{KIND_DOMAIN, "p2m-memory", TYPE_U32, NUM(0), .stage = STAGE_GUESTS, .max = 1048576,
	 .unit = "KiB",
	 .doc = "Budget of its page tables; 0 takes what maxmem needs when it is mapped in the "
		"smallest pages."},
	{KIND_DOMAIN, "store-size", TYPE_U32, NUM(64), .stage = STAGE_GUESTS, .min = 4,
	 .max = 65536, .unit = "KiB", .doc = "Its quota of names and values in the store."},
	{KIND_DOMAIN, "store-nodes", TYPE_U32, NUM(256), .stage = STAGE_GUESTS, .min = 16,
	 .max = 65536, .doc = "Its quota of store nodes."},
	{KIND_DOMAIN, "store-watches", TYPE_U32, NUM(64), .stage = STAGE_GUESTS, .min = 8,
	 .max = 8192, .doc = "Its quota of store watches."},
	{KIND_DOMAIN, "store-transactions", TYPE_U32, NUM(8), .stage = STAGE_GUESTS, .min = 1,
	 .max = 64, .doc = "Its quota of open store transactions."},
	{KIND_DOMAIN, "store-outstanding", TYPE_U32, NUM(8), .stage = STAGE_GUESTS, .min = 1,
	 .max = 256, .doc = "Its quota of store replies and events that it has not read yet."},

	{KIND_VCPU, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_GUESTS,
	 .doc = "Says that this node describes a vCPU."},
	{KIND_VCPU, "id", TYPE_U32, REQ, .stage = STAGE_GUESTS, .max = 127,
	 .doc = "Which vCPU, from 0."},
	{KIND_VCPU, "hard-affinity", TYPE_CPUS, .stage = STAGE_GUESTS,
	 .doc = "pCPUs on which alone it runs, \"0-1,3\"; all when not given."},

	{KIND_VBD, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_DEVICES,
	 .doc = "Says that this node describes a disk."},
	{KIND_VBD, "partition", TYPE_REF, REQ, .stage = STAGE_DEVICES,
	 .targets = KIND_BIT(KIND_PARTITION) | KIND_BIT(KIND_DEVICE),
	 .doc = "What it is made of: a partition, or a device for a whole disk."},
	{KIND_VBD, "access", TYPE_CHOICE, TXT("rw"), .stage = STAGE_DEVICES, .choices = "rw|ro",
	 .doc = "Read and write, or read only; only read-only disks may share a partition."},

	{KIND_VIF, "compatible", TYPE_STRINGS, REQ, .stage = STAGE_DEVICES,
	 .doc = "Says that this node describes an interface."},
	{KIND_VIF, "segment", TYPE_REF, REQ, .stage = STAGE_DEVICES,
	 .targets = KIND_BIT(KIND_SEGMENT), .doc = "The segment that it is plugged into."},
	{KIND_VIF, "mac", TYPE_BYTES, .stage = STAGE_DEVICES, .min = 6, .max = 6,
	 .doc = "Its address; made from the domain's and the interface's name when not given."},

	/* What the manifest compiler adds for the target */
	{KIND_MODULE, "index", TYPE_U32, .flags = WORD_REQUIRED | WORD_BLOB, .stage = STAGE_BOOT,
	 .min = 1, .max = 4096, .doc = "Its place among the boot modules; the blob itself is 0."},
	{KIND_MODULE, "name", TYPE_STRING, .flags = WORD_REQUIRED | WORD_BLOB, .stage = STAGE_BOOT,
	 .min = 1, .max = 127, .doc = "What it is, for people."},
	{KIND_MODULE, "size", TYPE_U64, .flags = WORD_REQUIRED | WORD_BLOB, .stage = STAGE_BOOT,
	 .min = 1, .max = UINT64_C(1) << 40, .unit = "bytes", .doc = "Its exact size."},
	{KIND_MODULE, "sha256", TYPE_BYTES, .flags = WORD_REQUIRED | WORD_BLOB, .stage = STAGE_BOOT,
	 .min = 32, .max = 32, .doc = "Its SHA-256."},
};

const unsigned int schema_nr_words = sizeof(schema_words) / sizeof(schema_words[0]);
