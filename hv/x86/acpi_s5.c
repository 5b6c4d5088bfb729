/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * \_S5 without an AML interpreter: compilers write Name (\_S5, Package { a, b, ... })
 * as the same few bytes everywhere, so these are looked for.  Pure.
 * Source: ACPI Specification 6.5, 20.2 "AML Grammar Definition", 7.4.2 "\_Sx".
 */
#include "acpi_parse.h"
#include "lib/string.h"

#define AML_ZERO_OP	 0x00
#define AML_ONE_OP	 0x01
#define AML_NAME_OP	 0x08
#define AML_BYTE_PREFIX	 0x0a
#define AML_WORD_PREFIX	 0x0b
#define AML_DWORD_PREFIX 0x0c
#define AML_PACKAGE_OP	 0x12
#define AML_ROOT_CHAR	 0x5c
#define AML_ONES_OP	 0xff

#define SLP_TYP_MAX 7

struct bytes {
	const uint8_t *p;
	size_t left;
};

static bool take(struct bytes *b, uint8_t *v)
{
	if (b->left == 0)
		return false;
	*v = *b->p++;
	b->left--;
	return true;
}

/* PkgLength: the top two bits of its first byte count the bytes that follow. */
static bool skip_pkg_length(struct bytes *b)
{
	uint8_t v;

	if (!take(b, &v))
		return false;
	for (unsigned int more = v >> 6; more; more--) {
		if (!take(b, &v))
			return false;
	}
	return true;
}

/* An integer constant that fits SLP_TYP. */
static bool take_slp_typ(struct bytes *b, uint8_t *typ)
{
	uint8_t op, v, high = 0;

	if (!take(b, &op))
		return false;
	switch (op) {
	case AML_ZERO_OP:
	case AML_ONE_OP: *typ = op; return true;
	case AML_ONES_OP: return false;
	case AML_BYTE_PREFIX: v = 1; break;
	case AML_WORD_PREFIX: v = 2; break;
	case AML_DWORD_PREFIX: v = 4; break;
	default: return false;
	}
	if (!take(b, typ))
		return false;
	while (--v) {
		uint8_t byte;

		if (!take(b, &byte))
			return false;
		high |= byte;
	}
	return high == 0 && *typ <= SLP_TYP_MAX;
}

static bool s5_package(struct bytes b, struct acpi_info *info)
{
	uint8_t op, count, typ_a, typ_b = 0;

	if (!take(&b, &op) || op != AML_PACKAGE_OP || !skip_pkg_length(&b) || !take(&b, &count) ||
	    count < 1)
		return false;
	if (!take_slp_typ(&b, &typ_a) || (count > 1 && !take_slp_typ(&b, &typ_b)))
		return false;
	info->s5_present = true;
	info->s5_typ_a = typ_a;
	info->s5_typ_b = typ_b;
	return true;
}

/* NameOp, perhaps a backslash, stand before the four letters. */
static bool is_name(const uint8_t *at, size_t before)
{
	return (before >= 1 && at[-1] == AML_NAME_OP) ||
	       (before >= 2 && at[-1] == AML_ROOT_CHAR && at[-2] == AML_NAME_OP);
}

static bool s5_in(const struct acpi_table *table, struct acpi_info *info)
{
	const uint8_t *aml = (const uint8_t *)(table->header + 1);
	size_t len = table->len - sizeof(*table->header);

	for (size_t i = 0; i + 4 <= len; i++) {
		if (aml[i] == '_' && memcmp(aml + i, "_S5_", 4) == 0 && is_name(aml + i, i) &&
		    s5_package((struct bytes){aml + i + 4, len - i - 4}, info))
			return true;
	}
	return false;
}

void acpi_parse_s5(struct acpi_info *info, const struct acpi_tables *t)
{
	for (unsigned int i = 0; i < t->nr; i++) {
		const char *sig = t->table[i].header->signature;

		if ((memcmp(sig, "DSDT", 4) == 0 || memcmp(sig, "SSDT", 4) == 0) &&
		    s5_in(&t->table[i], info))
			return;
	}
}
