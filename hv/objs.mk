# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
hv-objs += $(patsubst %,hv/%.o, \
	main cmdline console console_io ctrl_load domain domain_destroy domain_events \
	domain_grants domctl elf evtchn evtchn_fifo evtchn_op evtchn_pending evtchn_table fair grant \
	grant_op guestcopy heap hvm_context hvm_op hypercall hypfs logring memory p2m page panic \
	physmap populate sched sched_op sched_share spinlock sysctl timer \
	timer_heap tlb vcpu vcpu_op version lib/printf lib/string)

# The control interface's structures are shown to these alone.
CFLAGS-hv/domctl.o += -D__XEN_TOOLS__
CFLAGS-hv/hvm_context.o += -D__XEN_TOOLS__
CFLAGS-hv/sysctl.o += -D__XEN_TOOLS__
# for `make check`, which compiles each header alone
CFLAGS-hv/domain_info.h += -D__XEN_TOOLS__
