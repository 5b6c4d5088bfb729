/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "x86/vendor.h"

const struct vendor_ops *vendor ro_after_init_bss;

static const struct vendor_ops *const known[] = {&svm_ops};

const struct vendor_ops *vendor_probe(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i]->probe())
			return known[i];
	return NULL;
}
