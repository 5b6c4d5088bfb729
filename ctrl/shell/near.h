/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * How far two words are apart, for "did you mean".
 */
#ifndef CTRL_SHELL_NEAR_H
#define CTRL_SHELL_NEAR_H

#include <stddef.h>

#define NEAR_LENGTH 24 /* longer words are no slip of anything */

/*
 * Letters to insert, remove, change or swap with their neighbour to get from a
 * to b; NEAR_LENGTH if one of them is longer than that.
 * Source: optimal string alignment distance (Damerau 1964).
 */
size_t near_distance(const char *a, const char *b);

#endif /* CTRL_SHELL_NEAR_H */
