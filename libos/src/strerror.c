/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Owns the words for <libos/errno.h>'s numbers. */
#include <libos/errno.h>
#include <libos/compiler.h>
#include <stddef.h>

static const struct {
	int number;
	const char *words;
} errors[] = {
	{LIBOS_EPERM, "not permitted"},
	{LIBOS_ENOENT, "no such entry"},
	{LIBOS_ESRCH, "no such domain"},
	{LIBOS_EIO, "input/output error"},
	{LIBOS_ENXIO, "no such device or address"},
	{LIBOS_E2BIG, "too big"},
	{LIBOS_ENOEXEC, "not an executable"},
	{LIBOS_EBADF, "bad descriptor"},
	{LIBOS_EAGAIN, "try again"},
	{LIBOS_ENOMEM, "out of memory"},
	{LIBOS_EACCES, "access denied"},
	{LIBOS_EFAULT, "bad address"},
	{LIBOS_EBUSY, "busy"},
	{LIBOS_EEXIST, "exists already"},
	{LIBOS_ENODEV, "no such device"},
	{LIBOS_EINVAL, "invalid argument"},
	{LIBOS_ENOSPC, "no space left"},
	{LIBOS_ERANGE, "out of range"},
	{LIBOS_EDEADLK, "would deadlock"},
	{LIBOS_ENOSYS, "not implemented"},
	{LIBOS_EOVERFLOW, "value too large"},
	{LIBOS_EOPNOTSUPP, "not supported"},
	{LIBOS_ENOBUFS, "buffer too small"},
	{LIBOS_ETIMEDOUT, "timed out"},
};

const char *libos_strerror(int err)
{
	if (err < 0)
		err = -err;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (errors[i].number == err)
			return errors[i].words;
	}
	return err == 0 ? "no error" : "error";
}
