/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A build folder with the files that the manifests of test/conf name, and the
 * manifest compiler run in it.
 */
#ifndef TEST_CONF_WORLD_H
#define TEST_CONF_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "schema.h"

/* cmocka's group set-up and tear-down. */
int conf_world_make(void **state);
int conf_world_remove(void **state);

/* The build folder. */
const char *conf_world_folder(void);

struct conf_result {
	bool made;
	unsigned int errors;
	char *text; /* all that was said; to be freed */
};

/* Compile test/conf/NAME. */
struct conf_result conf_world_compile(const char *name, enum schema_stage stage);

/* A file of the build folder, to be freed. */
uint8_t *conf_world_read(const char *name, size_t *size);

#endif /* TEST_CONF_WORLD_H */
