/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Owns backtraces.  Frame pointers are followed only upwards and within one known
 * stack, so that a damaged chain ends the list and nothing else.
 */
#include "src/backtrace.h"

#include <libos/backtrace.h>

#include "abi/symtab.h"
#include "src/image.h"
#include "src/thread.h"

#define MAX_FRAMES 32

static void frame_print(uint64_t pc, bool is_return)
{
	uint64_t offset;
	/* A call that does not return may end its function: look up the call itself. */
	const char *name = symtab_lookup(&program_symtab, is_return ? pc - 1 : pc, &offset);

	if (name != NULL)
		libos_emergency_printf("  %016lx %s+0x%lx\n", pc, name,
				       offset + (is_return ? 1 : 0));
	else
		libos_emergency_printf("  %016lx ?\n", pc);
}

static void stack_bounds(uintptr_t sp, uintptr_t *low, uintptr_t *high)
{
	if (thread_stack_of(sp, low, high))
		return;
	/* The boot stack lies in the image. */
	*low = (uintptr_t)image_boot_start;
	*high = (uintptr_t)image_end;
}

/* The word at sp, if that is a return address: where a function without a frame came from. */
static uint64_t frameless_caller(uint64_t sp)
{
	uintptr_t low, high;
	uint64_t caller, offset;

	stack_bounds(sp, &low, &high);
	if (sp < low || sp >= high || sp % 8 != 0)
		return 0;
	caller = *(const uint64_t *)sp;
	return symtab_lookup(&program_symtab, caller - 1, &offset) != NULL ? caller : 0;
}

void backtrace_print(uint64_t pc, uint64_t sp, uint64_t fp)
{
	uintptr_t low, high;

	libos_emergency_printf("backtrace:\n");
	if (pc != 0) {
		uint64_t caller = frameless_caller(sp);

		frame_print(pc, false);
		if (caller != 0)
			frame_print(caller, true);
	}
	stack_bounds(fp, &low, &high);
	for (unsigned int i = 0; i < MAX_FRAMES; i++) {
		const uint64_t *frame = (const uint64_t *)fp;

		if (fp < low || fp > high - 16 || fp % 8 != 0 || frame[1] == 0)
			break;
		frame_print(frame[1], true);
		if (frame[0] <= fp)
			break;
		fp = frame[0];
	}
}

void libos_backtrace(void)
{
	const uint64_t *frame = __builtin_frame_address(0);

	backtrace_print(0, (uintptr_t)frame, (uintptr_t)frame);
}
