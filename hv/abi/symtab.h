/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * A program's own table of functions, for backtraces.  The build reads it off the
 * linked program and links it in (conf/tools/symtab), for hv and for every
 * unikernel alike.
 *
 * What a linker script owes it: .text comes before .rodata, so that the table's
 * size moves no function; .rodata keeps *(.rodata.symtab) (use KEEP); and a
 * symbol such as __text_end closes .text, inside that section, since the last
 * entry of the table is taken as the end of the one before.
 */
#ifndef HV_ABI_SYMTAB_H
#define HV_ABI_SYMTAB_H

#include <stddef.h>
#include <stdint.h>

struct symtab_entry {
	uint32_t offset; /* of the function, from base, in bytes; ascending */
	uint32_t name;	 /* of its NUL-terminated name, from the end of entry[nr - 1] */
};

struct symtab {
	uint64_t base; /* address of the first function */
	uint32_t nr;   /* entries, the closing one included; 0 when there is no table */
	uint32_t zero;
	struct symtab_entry entry[];
};
_Static_assert(sizeof(struct symtab) == 16, "laid out by conf/tools/symtab");

extern const struct symtab program_symtab;

/*
 * The name of the function that addr lies in, and in *offset how far; NULL when
 * addr is in none.  A return address lies after its call: pass address - 1 when
 * the callee may not return.  Takes no lock, touches only the table.
 */
static inline const char *symtab_lookup(const struct symtab *t, uint64_t addr, uint64_t *offset)
{
	const char *names = (const char *)&t->entry[t->nr];
	uint32_t lo = 0, hi = t->nr; /* the answer is in [lo, hi) */

	if (t->nr < 2 || addr < t->base || addr - t->base >= t->entry[t->nr - 1].offset)
		return NULL;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (t->entry[mid].offset <= addr - t->base)
			lo = mid;
		else
			hi = mid;
	}
	*offset = addr - t->base - t->entry[lo].offset;
	return names + t->entry[lo].name;
}

#endif /* HV_ABI_SYMTAB_H */
