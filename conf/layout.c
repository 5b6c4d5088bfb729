/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The labels of the image's own partitions. */
#include <string.h>
#include <strings.h>

#include "layout.h"

bool layout_is_reserved(const char *label)
{
	static const char *const own[] = {"esp", "bios-boot", "state", "slot-a", "slot-b"};

	for (unsigned int i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (!strcasecmp(label, own[i]))
			return true;
	}
	return false;
}
