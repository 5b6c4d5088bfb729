/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* What the parts of libos's own test share. */
#ifndef SELFTEST_H
#define SELFTEST_H

#include <stdbool.h>

/* Count a claim; one that fails is printed with its place, and the test goes on. */
#define CHECK(claim) selftest_check(claim, #claim, __FILE__, __LINE__)
void selftest_check(bool ok, const char *claim, const char *file, int line);

void test_threads(void);
void test_waitqs(void);
void test_mutexes(void);
void test_floating_point(void);
void test_clocks(void);
void test_timers(void);
void test_pages(void);
void test_malloc(void);
void test_events(void);
void test_hypercalls(void);
void test_stdio(void);
void test_errno(void);
void test_date(void);

/* Fail in the way that is named; returns only if there is no such way. */
void fault(const char *way);

/* Print what the frequent paths cost, in ticks of the TSC. */
void count(void);

#endif /* SELFTEST_H */
