/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The small languages inside strings of a manifest. */
#include <string.h>

#include "syntax.h"

#define PCI_MAX_HOPS 8

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Take min to max digits of base; *text moves behind them. */
static bool take_number(const char **text, unsigned int base, unsigned int min, unsigned int max,
			uint64_t *number)
{
	unsigned int n = 0;

	*number = 0;
	for (; n < max; n++, (*text)++) {
		int d = digit_of(**text);

		if (d < 0 || (unsigned int)d >= base)
			break;
		*number = *number * base + (unsigned int)d;
	}
	return n >= min;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool take_word(const char **text, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*text, word, n) != 0)
		return false;
	*text += n;
	return true;
}

/* "1c.1": device 0 to 1f, function 0 to 7. */
static bool take_devfn(const char **text, uint64_t *devfn)
{
	uint64_t dev, fn;

	if (!take_number(text, 16, 1, 2, &dev) || dev > 0x1f || !take_char(text, '.') ||
	    !take_number(text, 8, 1, 1, &fn))
		return false;
	*devfn = dev << 3 | fn;
	return true;
}

static bool take_bdf(const char **text, uint64_t *bdf)
{
	uint64_t bus, devfn;

	if (!take_number(text, 16, 2, 2, &bus) || !take_char(text, ':') ||
	    !take_devfn(text, &devfn))
		return false;
	*bdf = bus << 8 | devfn;
	return true;
}

bool syntax_location(const char *text, struct location *location)
{
	struct location scratch = {LOCATION_IO, 0}, *l = location ? location : &scratch;

	if (take_word(&text, "pci:")) {
		l->kind = LOCATION_PCI;
		return take_bdf(&text, &l->address) && !*text;
	}
	if (take_word(&text, "io:0x")) {
		l->kind = LOCATION_IO;
		return take_number(&text, 16, 1, 4, &l->address) && !*text && l->address &&
		       l->address <= 0xfff8;
	}
	if (take_word(&text, "mmio:0x")) {
		l->kind = LOCATION_MMIO;
		return take_number(&text, 16, 1, 13, &l->address) && !*text && l->address;
	}
	return false;
}

bool syntax_path(const char *text)
{
	uint64_t ignored;

	if (!take_bdf(&text, &ignored))
		return false;
	for (unsigned int hops = 0; take_char(&text, '/'); hops++) {
		if (hops == PCI_MAX_HOPS || !take_devfn(&text, &ignored))
			return false;
	}
	return !*text;
}

bool syntax_pci_id(const char *text)
{
	uint64_t ignored;

	return take_number(&text, 16, 4, 4, &ignored) && take_char(&text, ':') &&
	       take_number(&text, 16, 4, 4, &ignored) && !*text;
}

bool syntax_pci_class(const char *text)
{
	size_t n = strlen(text);
	uint64_t ignored;

	return (n == 4 || n == 6) && take_number(&text, 16, 4, 6, &ignored) && !*text;
}

bool syntax_cpus(const char *text, struct cpu_set *cpus)
{
	struct cpu_set scratch = {{0}}, *set = cpus ? cpus : &scratch;

	memset(set, 0, sizeof(*set));
	do {
		uint64_t first, last;

		if (!take_number(&text, 10, 1, 3, &first))
			return false;
		last = first;
		if (take_char(&text, '-') && !take_number(&text, 10, 1, 3, &last))
			return false;
		if (first > last || last >= SYNTAX_MAX_CPUS)
			return false;
		for (; first <= last; first++)
			set->bits[first / 64] |= UINT64_C(1) << first % 64;
	} while (take_char(&text, ','));
	return !*text;
}

bool syntax_escape(const char *text, char *code)
{
	if (text[0] != '^' || text[1] < '@' || text[1] > '_' || text[2])
		return false;
	if (code)
		*code = (char)(text[1] - '@');
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool plain(const char *text, size_t max)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++) {
		char c = text[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-')
			return false;
	}
	return n > 0 && n <= max;
}

bool syntax_label(const char *text)
{
	return plain(text, 36);
}

bool syntax_name(const char *text)
{
	return is_letter(text[0]) && plain(text, 31);
}

static bool is_location(const char *text)
{
	return syntax_location(text, NULL);
}

static bool is_cpus(const char *text)
{
	return syntax_cpus(text, NULL);
}

static bool is_escape(const char *text)
{
	return syntax_escape(text, NULL);
}

static const struct language {
	bool (*check)(const char *text);
	const char *what;
} languages[NR_TYPES] = {
	[TYPE_LOCATION] = {is_location,
			   "a place of registers (io:0xPORT, mmio:0xADDRESS, pci:BB:DD.F)"},
	[TYPE_PATH] = {syntax_path, "a path to a PCI function"},
	[TYPE_PCI_ID] = {syntax_pci_id, "a PCI vendor and device"},
	[TYPE_PCI_CLASS] = {syntax_pci_class, "a PCI class"},
	[TYPE_CPUS] = {is_cpus, "a list of CPUs from 0 to 255"},
	[TYPE_ESCAPE] = {is_escape, "a control key"},
	[TYPE_LABEL] = {syntax_label, "a partition name (1 to 36 of A-Z a-z 0-9 . _ -)"},
};

bool syntax_check(enum schema_type type, const char *text)
{
	return !languages[type].check || languages[type].check(text);
}

const char *syntax_what(enum schema_type type)
{
	return languages[type].what;
}
