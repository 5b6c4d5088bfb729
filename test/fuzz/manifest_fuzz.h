/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Everything that the target does with a manifest blob, done to any bytes.
 * libFuzzer runs it for hours, the unit test for a second.
 */
#ifndef TEST_MANIFEST_FUZZ_H
#define TEST_MANIFEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's name for it; always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* TEST_MANIFEST_FUZZ_H */
