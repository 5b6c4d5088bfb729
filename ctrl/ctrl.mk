# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# ctrl.elf, and the manual page of its shell from the table of verbs.

# The packaged library: its objects use no red zone and keep the canary at %fs:0x28.
LIBFDT := $(shell $(HOSTCC) -print-file-name=libfdt.a)

$(eval $(call unikernel,ctrl/ctrl.elf,$(ctrl-objs) $(conf-objs),$(LIBFDT)))

# The table of verbs names its handlers, which run on the target alone: here they
# become weak names of nothing.
shellman-objs := $(addprefix ctrl/shell/,manual.o args.o json.o out.o)
$(foreach o,$(shellman-objs) ctrl/shell/verbs.o,$(eval CFLAGS-host/$(o) := -iquote ctrl))

$(B)/host/ctrl/shell/verbs-alone.o: $(B)/host/ctrl/shell/verbs.o
	$(Q)objcopy -w -W 'cmd_*' $< $@

$(eval $(call host-program,shellman,$(shellman-objs) ctrl/shell/verbs-alone.o,))

# The manual page is kept in the tree for readers.
.PHONY: manual-shell check-manual-shell
manual: manual-shell
manual-shell: $(B)/host/shellman
	$(call say,MAN,doc/bulkhead-shell.7)$< >doc/bulkhead-shell.7

check: check-manual-shell
check-manual-shell: $(B)/host/shellman
	$(call say,MAN,doc/bulkhead-shell.7)$< | cmp -s - doc/bulkhead-shell.7 || { echo "doc/bulkhead-shell.7 is not what the verbs say: make manual"; exit 1; }
	$(Q)mandoc -Tlint -Wwarning doc/bulkhead-shell.7
