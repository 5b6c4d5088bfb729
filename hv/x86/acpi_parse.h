/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Between the files of the ACPI parser; nobody else's business. */
#ifndef HV_X86_ACPI_PARSE_H
#define HV_X86_ACPI_PARSE_H

#include "acpi.h"
#include "acpi_tables.h"

#define ACPI_MAX_TABLES 128

/* A table whose length and checksum are good, mapped whole. */
struct acpi_table {
	const struct acpi_header *header;
	uint64_t ma;
	uint32_t len;
};

struct acpi_tables {
	const struct acpi_mem *mem;
	unsigned int nr;
	struct acpi_table table[ACPI_MAX_TABLES];
};

/* First table with that signature and at least that length, or NULL. */
const struct acpi_table *acpi_find(const struct acpi_tables *t, const char *sig, size_t min_len);

void acpi_note(const struct acpi_tables *t, const char *sig, const char *what);

void acpi_parse_madt(struct acpi_info *info, const struct acpi_tables *t);

/* DSDT and SSDTs are among the tables. */
void acpi_parse_s5(struct acpi_info *info, const struct acpi_tables *t);

#endif /* HV_X86_ACPI_PARSE_H */
