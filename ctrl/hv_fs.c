/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's tree of names and values.
 * Source: public/hypfs.h.
 */
#include "hv.h"

#include <string.h>

#include <libos/errno.h>
#include <libos/hypercall.h>
#include <xen/hypfs.h>

/* No value is longer: the list of missing features is the longest. */
#define HV_FS_MAX 4096

static struct {
	struct xen_hypfs_direntry entry;
	char contents[HV_FS_MAX];
} hv_fs __attribute__((aligned(8)));

/* Read path into hv_fs, which the next call overwrites; there is one thread at a time. */
static int hv_fs_read(const char *path)
{
	long err = libos_hypfs_read(path, &hv_fs, sizeof(hv_fs));

	if (err)
		return (int)err;
	if (hv_fs.entry.encoding != XEN_HYPFS_ENC_PLAIN || hv_fs.entry.content_len > HV_FS_MAX)
		return -LIBOS_EINVAL;
	return 0;
}

int hv_text(const char *path, char *buf, size_t size)
{
	int err = hv_fs_read(path);
	size_t len;

	if (err)
		return err;
	if (hv_fs.entry.type != XEN_HYPFS_TYPE_STRING)
		return -LIBOS_EINVAL;
	len = strnlen(hv_fs.contents, hv_fs.entry.content_len);
	if (len > size - 1)
		len = size - 1;
	memcpy(buf, hv_fs.contents, len);
	buf[len] = '\0';
	return 0;
}

int hv_number(const char *path, uint64_t *value)
{
	int err = hv_fs_read(path);

	if (err)
		return err;
	if (hv_fs.entry.type != XEN_HYPFS_TYPE_UINT || hv_fs.entry.content_len > sizeof(*value))
		return -LIBOS_EINVAL;
	/* Little-endian, of any length: a shorter number fills the low bytes. */
	*value = 0;
	memcpy(value, hv_fs.contents, hv_fs.entry.content_len);
	return 0;
}
