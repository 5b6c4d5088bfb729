/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The handlers that the verb table names.  Each prints its answer to c->out, as
 * JSON if c->json, and returns $?.
 */
#ifndef CTRL_SHELL_CMD_H
#define CTRL_SHELL_CMD_H

struct command;

/* cmd_shell.c: the shell itself */
int cmd_echo(struct command *c);
int cmd_help(struct command *c);
int cmd_run(struct command *c);
int cmd_terminal(struct command *c);

/* cmd_domains.c */
int cmd_list(struct command *c);
int cmd_vcpu_list(struct command *c);

/* cmd_machine.c: what it is and what it did */
int cmd_dmesg(struct command *c);
int cmd_info(struct command *c);
int cmd_version(struct command *c);

/* cmd_time.c */
int cmd_date(struct command *c);
int cmd_uptime(struct command *c);

/* cmd_power.c */
int cmd_poweroff(struct command *c);
int cmd_reboot(struct command *c);
int cmd_watchdog(struct command *c);

#endif /* CTRL_SHELL_CMD_H */
