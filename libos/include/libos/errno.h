/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Error numbers of the libos interfaces: 0 or -LIBOS_Exxx, with Xen's values, so
 * that what a hypercall returns is passed on as it is.  They are not newlib's
 * values: <errno.h> and errno belong to the C library's functions alone.
 */
#ifndef LIBOS_ERRNO_H
#define LIBOS_ERRNO_H

enum libos_errno {
	LIBOS_EPERM = 1,
	LIBOS_ENOENT = 2,
	LIBOS_ESRCH = 3,
	LIBOS_EIO = 5,
	LIBOS_ENXIO = 6,
	LIBOS_E2BIG = 7,
	LIBOS_ENOEXEC = 8,
	LIBOS_EBADF = 9,
	LIBOS_EAGAIN = 11,
	LIBOS_ENOMEM = 12,
	LIBOS_EACCES = 13,
	LIBOS_EFAULT = 14,
	LIBOS_EBUSY = 16,
	LIBOS_EEXIST = 17,
	LIBOS_ENODEV = 19,
	LIBOS_EINVAL = 22,
	LIBOS_ENOSPC = 28,
	LIBOS_ERANGE = 34,
	LIBOS_EDEADLK = 35,
	LIBOS_ENOSYS = 38,
	LIBOS_EOVERFLOW = 75,
	LIBOS_EOPNOTSUPP = 95,
	LIBOS_ENOBUFS = 105,
	LIBOS_ETIMEDOUT = 110,
};

/*
 * The words for an error number, of either sign; "error" for a number that is not
 * listed above.  The string is static.
 */
const char *libos_strerror(int err);

#endif /* LIBOS_ERRNO_H */
