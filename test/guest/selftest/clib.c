/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* newlib on libos: stdio, errno, dates. */
#include "selftest.h"

#include <errno.h>
#include <libos/thread.h>
#include <libos/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

void test_stdio(void)
{
	unsigned int a = 0, b = 0;
	char s[100];
	struct stat st;

	CHECK(snprintf(s, sizeof(s), "%d %lld %zu %5.3f %g %x %s|%-5s|%05d", -1,
		       1234567890123456789LL, sizeof(s), 3.14159, 1e100, 0xbeef, "str", "ab",
		       42) > 0);
	CHECK(strcmp(s, "-1 1234567890123456789 100 3.142 1e+100 beef str|ab   |00042") == 0);
	CHECK(sscanf("17 0x2a", "%u %x", &a, &b) == 2 && a == 17 && b == 42);
	CHECK(strtod("2.5e3", NULL) == 2500.0);
	CHECK(isatty(1) == 1 && fstat(1, &st) == 0 && S_ISCHR(st.st_mode));
	errno = 0;
	CHECK(fopen("/etc/passwd", "r") == NULL && errno == ENOENT);
	errno = 0;
	CHECK(write(7, s, 1) == -1 && errno == EBADF);
	errno = 0;
	CHECK(isatty(7) == 0 && errno == EBADF);
	CHECK(fflush(stdout) == 0);
	CHECK(fprintf(stderr, "stderr works\n") == 13);
}

static int seen[2];

static void errno_thread(void *arg)
{
	size_t n = (size_t)arg;

	errno = 100 + (int)n;
	libos_yield();
	seen[n] = errno;
}

void test_errno(void)
{
	errno = 99;
	for (size_t n = 0; n < 2; n++)
		CHECK(libos_thread_create("errno", errno_thread, (void *)n) != NULL);
	for (int i = 0; i < 4; i++)
		libos_yield();
	CHECK(errno == 99);
	CHECK(seen[0] == 100 && seen[1] == 101);
}

void test_date(void)
{
	time_t t = 1700000000, now = time(NULL);
	struct timeval tv;
	char s[40];

	CHECK(strftime(s, sizeof(s), "%Y-%m-%d %H:%M:%S", gmtime(&t)) > 0);
	CHECK(strcmp(s, "2023-11-14 22:13:20") == 0);
	CHECK(gettimeofday(&tv, NULL) == 0 && tv.tv_sec - now <= 1);
	CHECK(libos_wallclock_ns() / LIBOS_NS_PER_SEC - (uint64_t)now <= 1);
	CHECK(clock() != (clock_t)-1);
	printf("  the date is %s", asctime(gmtime(&now)));
}
