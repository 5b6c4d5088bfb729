/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "man.h"
int man_print(FILE *f)
{
	return fputs(".Dd\n", f) < 0;
}
