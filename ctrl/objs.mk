# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# The control domain.

ctrl-objs := $(addprefix ctrl/,main.o appliance.o boot.o domains.o power.o print.o problems.o \
	       supervisor.o tty.o hv_domctl.o hv_fs.o hv_sysctl.o hv_version.o) \
	     $(addprefix ctrl/shell/,args.o cmd_domains.o cmd_machine.o cmd_power.o cmd_shell.o \
	       cmd_time.o complete.o help.o history.o json.o line.o line_keys.o line_view.o near.o \
	       out.o run.o shell.o table.o terminal.o verbs.o words.o)
