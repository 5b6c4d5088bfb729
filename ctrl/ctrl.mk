# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# ctrl.elf, and the manual page of its shell from the table of verbs.

# The packaged library: its objects use no red zone and keep the canary at %fs:0x28.
LIBFDT := $(shell $(HOSTCC) -print-file-name=libfdt.a)

$(eval $(call unikernel,ctrl/ctrl.elf,$(ctrl-objs) $(conf-objs),$(LIBFDT)))
