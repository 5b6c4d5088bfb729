/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "cmdline.h"

#include "compiler.h"
#include "lib/string.h"

struct word {
	const char *name;
	const char *(*set)(struct options *o, const char *value); /* NULL, or what is wrong */
};

/* A decimal number in [min, max]; false when value is anything else. */
static bool parse_number(const char *value, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;

	if (!*value)
		return false;
	for (; *value; value++) {
		if (*value < '0' || *value > '9' || n > max / 10)
			return false;
		n = n * 10 + (uint64_t)(*value - '0');
	}
	if (n < min || n > max)
		return false;
	*out = n;
	return true;
}

/* All of it, or nothing. */
static const char *set_text(char *dst, size_t size, const char *value)
{
	if (strlen(value) >= size)
		return "too long";
	strlcpy(dst, value, size);
	return NULL;
}

static const char *set_console(struct options *o, const char *value)
{
	return set_text(o->console, sizeof(o->console), value);
}

static const char *set_watchdog(struct options *o, const char *value)
{
	if (strcmp(value, "tco") && strcmp(value, "i6300esb") && strcmp(value, "auto") &&
	    strcmp(value, "none"))
		return "tco, i6300esb, auto or none is wanted";
	strlcpy(o->watchdog, value, sizeof(o->watchdog));
	return NULL;
}

static const char *set_watchdog_timeout(struct options *o, const char *value)
{
	uint64_t n;

	if (!parse_number(value, 2, 600, &n))
		return "seconds from 2 to 600 are wanted";
	o->watchdog_s = (unsigned int)n;
	return NULL;
}

static const char *set_ctrl_mem(struct options *o, const char *value)
{
	return parse_number(value, 2048, 1ul << 30, &o->ctrl_kib) ? NULL
								  : "KiB from 2048 up are wanted";
}

static const char *set_on_crash(struct options *o, const char *value)
{
	if (!strcmp(value, "reboot"))
		o->on_crash = CRASH_REBOOT;
	else if (!strcmp(value, "halt"))
		o->on_crash = CRASH_HALT;
	else
		return "reboot or halt is wanted";
	return NULL;
}

static const char *set_slot(struct options *o, const char *value)
{
	return set_text(o->slot, sizeof(o->slot), value);
}

static const struct word words[] = {
	{"console", set_console},
	{"watchdog", set_watchdog},
	{"watchdog-timeout", set_watchdog_timeout},
	{"ctrl-mem", set_ctrl_mem},
	{"ctrl-on-crash", set_on_crash},
	{"slot", set_slot},
};

static const char *set_word(struct options *o, char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		return "name=value is wanted";
	*value = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(word, words[i].name))
			return words[i].set(o, value + 1);
	return "unknown option";
}

void cmdline_parse(const char *text, struct options *o,
		   void (*complain)(const char *word, const char *why))
{
	*o = (struct options){
		.console = "auto",
		.watchdog = "none",
		.watchdog_s = 30,
		.ctrl_kib = 8192,
		.on_crash = CRASH_REBOOT,
		.slot = "-",
	};
	while (*text) {
		char word[96];
		const char *why;
		size_t n = 0;

		while (*text == ' ')
			text++;
		for (; *text && *text != ' '; text++)
			if (n + 1 < sizeof(word))
				word[n++] = *text;
		word[n] = '\0';
		if (!n)
			continue;
		why = set_word(o, word);
		if (why)
			complain(word, why);
	}
}
