/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Lists of sentences.  Pure.
 */
#include "problems.h"

#include "shell/out.h"

void problems_add(struct problems *p, const char *fmt, ...)
{
	struct out_string s;
	va_list ap;

	p->nr++;
	if (p->nr > PROBLEMS_MAX) {
		format(p->text[PROBLEMS_MAX - 1], PROBLEMS_SIZE, "and %zu more",
		       p->nr - PROBLEMS_MAX + 1);
		return;
	}
	out_string_init(&s, p->text[p->nr - 1], PROBLEMS_SIZE);
	va_start(ap, fmt);
	out_vprintf(&s.out, fmt, ap);
	va_end(ap);
}

const char *problems_get(const struct problems *p, size_t i)
{
	return i < p->nr && i < PROBLEMS_MAX ? p->text[i] : NULL;
}
