/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The way down. */
#ifndef LIBOS_SRC_PANIC_H
#define LIBOS_SRC_PANIC_H

/*
 * From here on nothing but the report runs.  A panic or fault within the report ends
 * the domain without another word.
 */
void panic_enter(void);

/* Say that it is over and end the domain as a crash. */
_Noreturn void panic_end(void);

/* Stop where no hypervisor can be told.  why is for who reads memory afterwards. */
_Noreturn void panic_mute(const char *why);

#endif /* LIBOS_SRC_PANIC_H */
