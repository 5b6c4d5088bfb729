/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns what newlib asks of an operating system.  There are no files: descriptors 0, 1
 * and 2 are the console, nothing else can be opened.  newlib's own error numbers are
 * used here and only here.
 */
#include <libos/backtrace.h>
#include <libos/console.h>
#include <libos/power.h>
#include <libos/thread.h>
#include <libos/time.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "src/console.h"
#include "src/memory.h"

#undef errno
#define errno (_REENT->_errno)

/* The C library declares these only where it was told of POSIX timers. */
int clock_gettime(clockid_t clock, struct timespec *ts);
int clock_getres(clockid_t clock, struct timespec *res);
int nanosleep(const struct timespec *time, struct timespec *left);
int kill(pid_t pid, int signal);
int open(const char *path, int flags, ...);
int rename(const char *from, const char *to);

static bool is_console(int fd)
{
	return fd >= STDIN_FILENO && fd <= STDERR_FILENO;
}

static int fail(int error)
{
	errno = error;
	return -1;
}

_READ_WRITE_RETURN_TYPE read(int fd, void *buf, size_t n)
{
	if (fd != STDIN_FILENO)
		return fail(EBADF);
	return (_READ_WRITE_RETURN_TYPE)libos_console_read(buf, n, LIBOS_FOREVER);
}

/* ONLCR, in pieces of a small buffer so that few calls go out. */
_READ_WRITE_RETURN_TYPE write(int fd, const void *buf, size_t n)
{
	const char *p = buf;
	char piece[128];
	size_t have = 0;

	if (fd != STDOUT_FILENO && fd != STDERR_FILENO)
		return fail(EBADF);
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n')
			piece[have++] = '\r';
		piece[have++] = p[i];
		if (have >= sizeof(piece) - 1) {
			libos_console_write(piece, have);
			have = 0;
		}
	}
	libos_console_write(piece, have);
	return (_READ_WRITE_RETURN_TYPE)n;
}

int open(const char *path, int flags, ...)
{
	(void)path;
	(void)flags;
	return fail(ENOENT);
}

int close(int fd)
{
	return is_console(fd) ? 0 : fail(EBADF);
}

int fstat(int fd, struct stat *st)
{
	if (!is_console(fd))
		return fail(EBADF);
	memset(st, 0, sizeof(*st));
	st->st_mode = S_IFCHR;
	return 0;
}

int stat(const char *restrict path, struct stat *restrict st)
{
	(void)path;
	(void)st;
	return fail(ENOENT);
}

int isatty(int fd)
{
	return is_console(fd) ? 1 : fail(EBADF) + 1;
}

off_t lseek(int fd, off_t offset, int whence)
{
	(void)offset;
	(void)whence;
	return fail(is_console(fd) ? ESPIPE : EBADF);
}

int link(const char *from, const char *to)
{
	(void)from;
	(void)to;
	return fail(ENOENT);
}

int unlink(const char *path)
{
	(void)path;
	return fail(ENOENT);
}

int rename(const char *from, const char *to)
{
	(void)from;
	(void)to;
	return fail(ENOENT);
}

void *sbrk(ptrdiff_t increment)
{
	void *old = memory_heap_grow(increment);

	if (old == NULL) {
		errno = ENOMEM;
		return (void *)-1;
	}
	return old;
}

pid_t getpid(void)
{
	return 1;
}

/* raise() and abort() come here; there is nobody else to signal. */
int kill(pid_t pid, int signal)
{
	if (pid != getpid())
		return fail(ESRCH);
	if (signal == 0)
		return 0;
	libos_panic("signal %d%s", signal, signal == SIGABRT ? " (abort)" : "");
}

void _exit(int status)
{
	if (status != 0)
		libos_emergency_printf("exit status %d\n", status);
	console_drain();
	libos_shutdown(status == 0 ? LIBOS_SHUTDOWN_POWEROFF : LIBOS_SHUTDOWN_CRASH);
}

static uint64_t clock_ns(clockid_t clock)
{
	return clock == CLOCK_REALTIME ? libos_wallclock_ns() : libos_now_ns();
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	uint64_t ns = clock_ns(clock);

	if (clock != CLOCK_REALTIME && clock != (clockid_t)4 /* CLOCK_MONOTONIC */)
		return fail(EINVAL);
	ts->tv_sec = (time_t)(ns / LIBOS_NS_PER_SEC);
	ts->tv_nsec = (long)(ns % LIBOS_NS_PER_SEC);
	return 0;
}

int clock_getres(clockid_t clock, struct timespec *res)
{
	(void)clock;
	*res = (struct timespec){.tv_nsec = 1};
	return 0;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	uint64_t ns = libos_wallclock_ns();

	(void)tz;
	if (tv != NULL) {
		tv->tv_sec = (time_t)(ns / LIBOS_NS_PER_SEC);
		tv->tv_usec = (suseconds_t)(ns % LIBOS_NS_PER_SEC / LIBOS_NS_PER_US);
	}
	return 0;
}

/* All of the time since the start is the program's. */
clock_t times(struct tms *t)
{
	clock_t now = (clock_t)(libos_now_ns() / (LIBOS_NS_PER_SEC / CLOCKS_PER_SEC));

	*t = (struct tms){.tms_utime = now};
	return now;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
	if (time->tv_sec < 0 || time->tv_nsec < 0 || time->tv_nsec >= (long)LIBOS_NS_PER_SEC)
		return fail(EINVAL);
	libos_sleep_ns((uint64_t)time->tv_sec * LIBOS_NS_PER_SEC + (uint64_t)time->tv_nsec);
	if (left != NULL)
		*left = (struct timespec){0};
	return 0;
}

unsigned int sleep(unsigned int seconds)
{
	libos_sleep_ns(seconds * LIBOS_NS_PER_SEC);
	return 0;
}

int usleep(useconds_t us)
{
	libos_sleep_ns(us * LIBOS_NS_PER_US);
	return 0;
}
