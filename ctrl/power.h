/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The machine's end, in order.
 */
#ifndef CTRL_POWER_H
#define CTRL_POWER_H

enum power_end { POWER_OFF, POWER_RESTART };

/* Say why, end what runs, end the machine. */
void power_end(enum power_end how, const char *why);

/* The power button does power_end(POWER_OFF). */
void power_button_init(void);

#endif /* CTRL_POWER_H */
