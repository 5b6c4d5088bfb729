/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Nearest spelling.  Pure.
 */
#include "shell/near.h"

#include <stdbool.h>
#include <string.h>

#include "shell/verb.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t near_distance(const char *a, const char *b)
{
	size_t rows[3][NEAR_LENGTH + 1]; /* of the distance matrix: this, last, last but one */
	size_t len_a = strlen(a);
	size_t len_b = strlen(b);

	if (len_a > NEAR_LENGTH || len_b > NEAR_LENGTH)
		return NEAR_LENGTH;
	for (size_t j = 0; j <= len_b; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		size_t *row = rows[i % 3];
		const size_t *last = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			bool same = a[i - 1] == b[j - 1];

			row[j] = least(last[j - 1] + !same, least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return rows[len_a % 3][len_b];
}

const struct verb *verb_near(const char *name)
{
	const struct verb *best = NULL;
	size_t best_distance = strlen(name) / 3 + 1; /* a third of the letters, rounded up */

	for (const struct verb *v = verbs; v->name; v++) {
		size_t distance = near_distance(name, v->name);

		/* What was begun right needs no slip: "power" means poweroff. */
		if (strlen(name) >= 2 && strncmp(name, v->name, strlen(name)) == 0)
			distance = 0;
		if (distance < best_distance ||
		    (distance == best_distance && !best && distance < 3)) {
			best = v;
			best_distance = distance;
		}
	}
	return best;
}
