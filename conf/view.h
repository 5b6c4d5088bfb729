/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A checked manifest as structs: defaults filled in, words turned into enums.
 * The strings point into the blob.
 */
#ifndef CONF_VIEW_H
#define CONF_VIEW_H

#include "manifest.h"

/* In the order of the schema's choices. */
enum view_shell {
	SHELL_FULL,
	SHELL_OPERATOR,
	SHELL_OFF,
};

enum view_host_policy {
	HOST_REBOOT,
	HOST_HALT,
};

enum view_policy {
	POLICY_RESTART,
	POLICY_DESTROY,
	POLICY_PRESERVE,
};

struct view_ctrl {
	uint64_t memory_kib;
	enum view_shell shell;
	enum view_host_policy on_crash;
	char console_escape; /* control character */
};

struct view_hypervisor {
	const char *console;  /* "io:0x3f8", NULL: not given */
	uint32_t speed;	      /* baud, of that console */
	const char *watchdog; /* compatible, NULL: none */
	uint32_t watchdog_timeout_s;
};

struct view_board {
	const char *model;
	uint64_t memory_kib;
	uint32_t cpus;
	const char *iommu; /* "vtd", "amd-vi", "none" */
};

struct view_device {
	const char *name;
	const char *path;
	const char *id;	       /* NULL: any */
	const char *pci_class; /* NULL: any */
	bool unsafe;
};

struct view_module {
	uint32_t index;
	const char *name;
	uint64_t size;
	const uint8_t *sha256; /* 32 bytes */
};

struct view_domain {
	const char *name;
	uint32_t domid;
	uint64_t memory_kib, maxmem_kib, p2m_kib;
	uint32_t cpus, maxcpus;
	uint32_t cpu_weight, cap;
	uint32_t kernel, ramdisk; /* module indexes, 0: none */
	const char *bootargs;
	const char *ready; /* "": ready when it runs */
	bool autostart;
	bool passthrough;
	enum view_policy on_poweroff, on_reboot, on_crash, on_watchdog;
	uint32_t backoff_min_ms, backoff_max_ms, restarts_per_hour;
	uint32_t max_grant_frames, max_maptrack_frames, max_event_channels;
	uint32_t store_kib, store_nodes, store_watches, store_transactions, store_outstanding;
};

/* Each expects a node of its kind; those without a node take the only one there is. */
void view_ctrl(const struct manifest *m, struct view_ctrl *ctrl);
void view_hypervisor(const struct manifest *m, struct view_hypervisor *hypervisor);
void view_board(const struct manifest *m, struct view_board *board);
void view_device(const struct manifest *m, int device, struct view_device *d);
void view_domain(const struct manifest *m, int domain, struct view_domain *d);
void view_module(const struct manifest *m, int module, struct view_module *mod);

/* The node of the module with that index, or MANIFEST_NONE. */
int view_module_by_index(const struct manifest *m, uint32_t index);

/* Single values that are derived from others when they are not given. */
uint64_t view_maxmem(const struct manifest *m, int domain);
unsigned int view_maxcpus(const struct manifest *m, int domain);
uint64_t view_p2m_kib(const struct manifest *m, int domain);
const char *view_label(const struct manifest *m, int partition);
void view_mac(const struct manifest *m, int vif, uint8_t mac[6]);

/*
 * Check that data (size bytes) is the module that the manifest means.
 * Returns false with one complaint when size or SHA-256 differ.
 */
bool view_module_check(const struct manifest *m, int module, const void *data, uint64_t size,
		       struct manifest_errs *errs);

#endif /* CONF_VIEW_H */
