/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* In the place of hv/x86/pt_mem.h: each access of the page-table core goes through the model. */
#ifndef TEST_UNIT_MODEL_X86_PT_MEM_H
#define TEST_UNIT_MODEL_X86_PT_MEM_H

#include "types.h"

uint64_t model_read(const uint64_t *slot);
void model_write(uint64_t *slot, uint64_t entry);
void model_write_back(const void *p, size_t n);

static inline uint64_t pt_mem_read(const uint64_t *slot)
{
	return model_read(slot);
}

static inline void pt_mem_write(uint64_t *slot, uint64_t entry)
{
	model_write(slot, entry);
}

static inline void pt_mem_write_back(const void *p, size_t n)
{
	model_write_back(p, n);
}

#endif /* TEST_UNIT_MODEL_X86_PT_MEM_H */
