/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Nodes of a checked manifest as structs.
 */
#include <inttypes.h>
#include <string.h>

#include "kind.h"
#include "sha256.h"
#include "syntax.h"
#include "view.h"

#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 10000

/* "" for a word that is not there would hide that it is not. */
static const char *text_or_null(const struct manifest *m, int node, const char *word)
{
	return manifest_has(m, node, word) ? manifest_text(m, node, word) : NULL;
}

static int only(const struct manifest *m, enum schema_kind kind)
{
	return manifest_next(m, kind, MANIFEST_NONE);
}

static uint32_t number32(const struct manifest *m, int node, const char *word)
{
	return (uint32_t)manifest_number(m, node, word);
}

void view_ctrl(const struct manifest *m, struct view_ctrl *ctrl)
{
	int node = only(m, KIND_CTRL);

	*ctrl = (struct view_ctrl){
		.memory_kib = manifest_number(m, node, "memory"),
		.shell = (enum view_shell)manifest_choice(m, node, "shell"),
		.on_crash = (enum view_host_policy)manifest_choice(m, node, "on-crash"),
	};
	syntax_escape(manifest_text(m, node, "console-escape"), &ctrl->console_escape);
}

void view_hypervisor(const struct manifest *m, struct view_hypervisor *hypervisor)
{
	int node = only(m, KIND_HYPERVISOR);
	int console = manifest_ref(m, node, "console", 0);
	int watchdog = manifest_ref(m, node, "watchdog", 0);

	*hypervisor = (struct view_hypervisor){
		.console = text_or_null(m, console, "location"),
		.speed = number32(m, console, "current-speed"),
		.watchdog = text_or_null(m, watchdog, "compatible"),
		.watchdog_timeout_s = number32(m, node, "watchdog-timeout-s"),
	};
}

void view_board(const struct manifest *m, struct view_board *board)
{
	int node = only(m, KIND_BOARD);

	*board = (struct view_board){
		.model = manifest_text(m, node, "model"),
		.memory_kib = manifest_number(m, node, "memory"),
		.cpus = number32(m, node, "cpus"),
		.iommu = manifest_text(m, node, "iommu"),
	};
}

void view_device(const struct manifest *m, int device, struct view_device *d)
{
	*d = (struct view_device){
		.name = manifest_name(m, device),
		.path = manifest_text(m, device, "path"),
		.id = text_or_null(m, device, "id"),
		.pci_class = text_or_null(m, device, "class"),
		.unsafe = manifest_has(m, device, "unsafe"),
	};
}

uint64_t view_maxmem(const struct manifest *m, int domain)
{
	return manifest_number(m, domain, manifest_has(m, domain, "maxmem") ? "maxmem" : "memory");
}

unsigned int view_maxcpus(const struct manifest *m, int domain)
{
	return number32(m, domain, manifest_has(m, domain, "maxcpus") ? "maxcpus" : "cpus");
}

/* One 4 KiB table a 2 MiB, one more a 1 GiB, and some for what is not memory. */
uint64_t view_p2m_kib(const struct manifest *m, int domain)
{
	uint64_t given = manifest_number(m, domain, "p2m-memory");
	uint64_t maxmem = view_maxmem(m, domain);

	return given ? given : maxmem / 512 + maxmem / 262144 * 4 + 64;
}

const char *view_label(const struct manifest *m, int partition)
{
	return manifest_has(m, partition, "label") ? manifest_text(m, partition, "label")
						   : manifest_name(m, partition);
}

/* Xen's prefix, and 24 bits of a hash of the two names, which outlast a reinstallation. */
void view_mac(const struct manifest *m, int vif, uint8_t mac[6])
{
	static const uint8_t prefix[3] = {0x00, 0x16, 0x3e};
	const char *names[2] = {manifest_name(m, m->nodes[vif].parent), manifest_name(m, vif)};
	uint8_t hash[SHA256_SIZE];
	struct sha256 sha;
	size_t len;
	const void *given = manifest_prop(m, vif, "mac", &len);

	if (given && len == 6) {
		memcpy(mac, given, 6);
		return;
	}
	sha256_init(&sha);
	for (int i = 0; i < 2; i++)
		sha256_update(&sha, names[i], strlen(names[i]) + 1);
	sha256_final(&sha, hash);
	memcpy(mac, prefix, 3);
	memcpy(mac + 3, hash, 3);
}

static enum view_policy policy(const struct manifest *m, int domain, const char *word)
{
	return (enum view_policy)manifest_choice(m, domain, word);
}

static void view_quotas(const struct manifest *m, int domain, struct view_domain *d)
{
	d->max_grant_frames = number32(m, domain, "max-grant-frames");
	d->max_maptrack_frames = number32(m, domain, "max-maptrack-frames");
	d->max_event_channels = number32(m, domain, "max-event-channels");
	d->store_kib = number32(m, domain, "store-size");
	d->store_nodes = number32(m, domain, "store-nodes");
	d->store_watches = number32(m, domain, "store-watches");
	d->store_transactions = number32(m, domain, "store-transactions");
	d->store_outstanding = number32(m, domain, "store-outstanding");
}

void view_domain(const struct manifest *m, int domain, struct view_domain *d)
{
	bool backoff = manifest_has(m, domain, "restart-backoff-ms");

	*d = (struct view_domain){
		.name = manifest_name(m, domain),
		.domid = number32(m, domain, "domid"),
		.memory_kib = manifest_number(m, domain, "memory"),
		.maxmem_kib = view_maxmem(m, domain),
		.p2m_kib = view_p2m_kib(m, domain),
		.cpus = number32(m, domain, "cpus"),
		.maxcpus = view_maxcpus(m, domain),
		.cpu_weight = number32(m, domain, "cpu-weight"),
		.cap = number32(m, domain, "cap"),
		.kernel = manifest_file(m, domain, "kernel"),
		.ramdisk = manifest_file(m, domain, "ramdisk"),
		.bootargs = manifest_text(m, domain, "bootargs"),
		.ready = manifest_text(m, domain, "ready"),
		.autostart = manifest_choice(m, domain, "autostart") == 0,
		.passthrough = manifest_choice(m, domain, "passthrough") == 0,
		.on_poweroff = policy(m, domain, "on-poweroff"),
		.on_reboot = policy(m, domain, "on-reboot"),
		.on_crash = policy(m, domain, "on-crash"),
		.on_watchdog = policy(m, domain, "on-watchdog"),
		.backoff_min_ms = BACKOFF_MIN_MS,
		.backoff_max_ms = BACKOFF_MAX_MS,
		.restarts_per_hour = number32(m, domain, "restart-per-hour"),
	};
	if (backoff) {
		d->backoff_min_ms = manifest_cell(m, domain, "restart-backoff-ms", 0);
		d->backoff_max_ms = manifest_cell(m, domain, "restart-backoff-ms", 1);
	}
	view_quotas(m, domain, d);
}

void view_module(const struct manifest *m, int module, struct view_module *mod)
{
	size_t len;

	*mod = (struct view_module){
		.index = number32(m, module, "index"),
		.name = manifest_text(m, module, "name"),
		.size = manifest_number(m, module, "size"),
		.sha256 = manifest_prop(m, module, "sha256", &len),
	};
}

int view_module_by_index(const struct manifest *m, uint32_t index)
{
	for (int i = only(m, KIND_MODULE); i != MANIFEST_NONE;
	     i = manifest_next(m, KIND_MODULE, i)) {
		if (manifest_number(m, i, "index") == index)
			return i;
	}
	return MANIFEST_NONE;
}

bool view_module_check(const struct manifest *m, int module, const void *data, uint64_t size,
		       struct manifest_errs *errs)
{
	uint8_t hash[SHA256_SIZE];
	struct view_module mod;

	view_module(m, module, &mod);
	if (size != mod.size) {
		manifest_complain(errs, m, module, "size",
				  "%s has %" PRIu64 " bytes where the manifest says %" PRIu64,
				  mod.name, size, mod.size);
		return false;
	}
	sha256(data, (size_t)size, hash);
	if (!mod.sha256 || memcmp(hash, mod.sha256, sizeof(hash)) != 0) {
		manifest_complain(errs, m, module, "sha256",
				  "%s is not what the manifest was made with: its SHA-256 differs",
				  mod.name);
		return false;
	}
	return true;
}
