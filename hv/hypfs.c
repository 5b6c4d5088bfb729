/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * hypfs: a read-only tree of what the hypervisor knows about itself and the
 * machine.  One table of paths; directories are what their paths imply.
 * Source: <xen/hypfs.h>.
 */
#include "abi/abi.h"
#include "cmdline.h"
#include "console.h"
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "heap.h"
#include "hw.h"
#include "hypercall.h"
#include "lib/string.h"
#include "page.h"
#include "printk.h"
#include "vcpu.h"
#include "version.h"
#include "x86/apic.h"
#include "x86/time.h"
#include "x86/watchdog.h"

#include <xen/hypfs.h>

#define HYPFS_VERSION 1
#define PATH_MAX      64
#define CONTENT_MAX   2048

struct node {
	const char *path;
	const char *(*text)(void); /* a string */
	uint64_t (*number)(void);  /* or an unsigned number of 8 bytes */
};

static const char *text_version(void)
{
	return BULKHEAD_VERSION;
}

static const char *text_commit(void)
{
	return BULKHEAD_COMMIT;
}

static const char *text_slot(void)
{
	return options.slot;
}

static const char *text_cmdline(void)
{
	return boot_cmdline;
}

static const char *text_watchdog_device(void)
{
	struct watchdog_status s;

	watchdog_status(&s);
	return s.device;
}

static const char *text_watchdog_state(void)
{
	struct watchdog_status s;

	watchdog_status(&s);
	switch (s.state) {
	case WATCHDOG_ARMED: return "armed";
	case WATCHDOG_REFUSED: return "refused";
	case WATCHDOG_NONE:
	default: return "none";
	}
}

static const char *text_watchdog_why(void)
{
	struct watchdog_status s;

	watchdog_status(&s);
	return s.why;
}

static uint64_t number_watchdog_timeout(void)
{
	struct watchdog_status s;

	watchdog_status(&s);
	return s.timeout_s;
}

static uint64_t number_watchdog_fed(void)
{
	struct watchdog_status s;

	watchdog_status(&s);
	return s.last_feed_ns;
}

static uint64_t number_total_kib(void)
{
	return page_nr_total() << (PAGE_SHIFT - 10);
}

static uint64_t number_free_kib(void)
{
	return (page_nr_free() + heap_stats().free) << (PAGE_SHIFT - 10);
}

static uint64_t number_hv_kib(void)
{
	struct heap_stats h = heap_stats();

	return hw_image_kib() + page_table_kib() + ((h.total - h.free) << (PAGE_SHIFT - 10));
}

static uint64_t number_tsc_entry(void)
{
	return boot_tsc;
}

static uint64_t number_tsc_ctrl(void)
{
	return boot_tsc_ctrl;
}

static uint64_t number_entry_ns(void)
{
	return time_scale_delta(&time_scale, boot_tsc_ctrl - boot_tsc);
}

/* In the order of a listing; the nodes of one directory stand together. */
static const struct node nodes[] = {
	{"/boot/cmdline", text_cmdline, NULL},
	{"/boot/entry-ns", NULL, number_entry_ns},
	{"/boot/firmware", hw_firmware, NULL},
	{"/boot/slot", text_slot, NULL},
	{"/boot/tsc-ctrl", NULL, number_tsc_ctrl},
	{"/boot/tsc-entry", NULL, number_tsc_entry},
	{"/buildinfo/commit", text_commit, NULL},
	{"/buildinfo/version", text_version, NULL},
	{"/hw/console", console_name, NULL},
	{"/hw/cpu", hw_cpu_name, NULL},
	{"/hw/missing", hw_missing_text, NULL},
	{"/hw/timer", apic_timer_name, NULL},
	{"/hw/timer-source", time_source_name, NULL},
	{"/memory/free-kib", NULL, number_free_kib},
	{"/memory/hv-kib", NULL, number_hv_kib},
	{"/memory/total-kib", NULL, number_total_kib},
	{"/watchdog/device", text_watchdog_device, NULL},
	{"/watchdog/fed-ns", NULL, number_watchdog_fed},
	{"/watchdog/state", text_watchdog_state, NULL},
	{"/watchdog/timeout-s", NULL, number_watchdog_timeout},
	{"/watchdog/why", text_watchdog_why, NULL},
};

static struct xen_hypfs_direntry describe(const struct node *n, const void **content,
					  uint64_t *number)
{
	struct xen_hypfs_direntry e = {.encoding = XEN_HYPFS_ENC_PLAIN};

	if (n->text) {
		const char *text = n->text();

		e.type = XEN_HYPFS_TYPE_STRING;
		e.content_len = (uint32_t)strlen(text) + 1;
		*content = text;
	} else {
		*number = n->number();
		e.type = XEN_HYPFS_TYPE_UINT;
		e.content_len = sizeof(*number);
		*content = number;
	}
	return e;
}

/* Entry and contents behind each other at dst, or only the entry and -ENOBUFS. */
static long reply(uint64_t dst, uint64_t room, const struct xen_hypfs_direntry *e,
		  const void *content)
{
	if (room < sizeof(*e))
		return -ENOBUFS;
	if (put_guest(dst, e))
		return -EFAULT;
	if (room < sizeof(*e) + e->content_len)
		return -ENOBUFS;
	return copy_to_guest(dst + sizeof(*e), content, e->content_len) ? -EFAULT : 0;
}

/* The name right below dir that path leads through, or NULL; *leaf: it is path's own. */
static const char *child_name(const char *path, const char *dir, size_t *len, bool *leaf)
{
	size_t n = strlen(dir);
	const char *name = path + n + 1, *end;

	if (strncmp(path, dir, n) || path[n] != '/')
		return NULL;
	end = strchr(name, '/');
	*leaf = !end;
	*len = end ? (size_t)(end - name) : strlen(name);
	return name;
}

struct listing {
	char buf[CONTENT_MAX];
	size_t len, last; /* last: where the last entry begins */
	const char *name;
	size_t name_len;
};

static void list_add(struct listing *l, const struct node *n, const char *name, size_t len,
		     bool leaf)
{
	struct xen_hypfs_dirlistentry *e, *prev;
	size_t size = ALIGN_UP(offsetof(struct xen_hypfs_dirlistentry, name) + len + 1, 8);
	const void *content;
	uint64_t number;

	/* Nodes of one subdirectory stand together: name it once. */
	if (l->name && l->name_len == len && !strncmp(l->name, name, len))
		return;
	if (l->len + size > sizeof(l->buf))
		return;
	e = (void *)(l->buf + l->len);
	if (l->name) {
		prev = (void *)(l->buf + l->last);
		prev->off_next = (uint16_t)(l->len - l->last);
	}
	memset(e, 0, size);
	if (leaf)
		e->e = describe(n, &content, &number);
	memcpy(e->name, name, len);
	l->name = name;
	l->name_len = len;
	l->last = l->len;
	l->len += size;
}

static long list(const char *dir, uint64_t dst, uint64_t room)
{
	struct listing l = {.len = 0};
	struct xen_hypfs_direntry e = {.type = XEN_HYPFS_TYPE_DIR};

	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		size_t len;
		bool leaf;
		const char *name = child_name(nodes[i].path, dir, &len, &leaf);

		if (name)
			list_add(&l, &nodes[i], name, len, leaf);
	}
	if (!l.name)
		return -ENOENT;
	e.content_len = (uint32_t)l.len;
	return reply(dst, room, &e, l.buf);
}

static long read_op(uint64_t path_arg, uint64_t path_len, uint64_t dst, uint64_t room)
{
	char path[PATH_MAX];

	if (path_len < 2 || path_len > sizeof(path))
		return -EINVAL;
	if (copy_from_guest(path, path_arg, path_len))
		return -EFAULT;
	if (path[path_len - 1] || strlen(path) != path_len - 1 || path[0] != '/')
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		if (!strcmp(nodes[i].path, path)) {
			const void *content;
			uint64_t number;
			struct xen_hypfs_direntry e = describe(&nodes[i], &content, &number);

			return reply(dst, room, &e, content);
		}
	}
	return list(path[1] ? path : "", dst, room);
}

long do_hypfs_op(struct vcpu *v, const uint64_t *args)
{
	if (!v->domain->control)
		return -EPERM;
	switch (args[0]) {
	case XEN_HYPFS_OP_get_version: return HYPFS_VERSION;
	case XEN_HYPFS_OP_read: return read_op(args[1], args[2], args[3], args[4]);
	case XEN_HYPFS_OP_write_contents: return -EACCES;
	default: return -ENOSYS;
	}
}
