# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# `make check`: what can be known without running anything.  Each finding about
# one file leaves a stamp below $(B)/check, so that a second run looks only at
# what changed.  Skips nothing: gcc itself has its say when all is built.

ifneq ($(filter check check-% fmt,$(goals)),)
include $(B)/check/tools.mk

tracked	:= $(shell git ls-files --cached --others --exclude-standard)
tracked := $(wildcard $(tracked))
c-files	:= $(filter %.c,$(tracked))
headers	:= $(filter %.h,$(tracked))

# Where a file is compiled: components for the target, conf/ on the host.
check-components := hv libos ctrl drivers test/guest
in	= $(filter $(1)/%,$(2))
# Guests that do what they must not, to see what comes of it.
untidy	:= test/guest/%
CPPFLAGS-host = $(HOST_CPPFLAGS)
CFLAGS-host = $(HOST_CFLAGS)

# ---- clang, clang-tidy, headers alone ----

$(B)/check/%: WARNINGS = $(CLANG_WARNINGS)
$(B)/check/%: HOST_WARNINGS = $(CLANG_WARNINGS)
# The gcc flags of a component, as clang takes them.
clang-flags = $(filter-out -Wa$(comma)%,$(subst $(GCC_INCLUDE),$(CLANG_INCLUDE),$(CPPFLAGS-$(1)) $(CFLAGS-$(1))))
comma	:= ,

# $(call check-files,KIND,PREFIX): rules for the files of one kind
define check-files
$(B)/check/clang/$(2)/%.ok: $(2)/%.c $(makefiles) $(B)/check/tools.mk $(needs-$(1)) | $(B)/gen/version.h
	@mkdir -p $$(@D)
	$$(call say,CLANG,$$<)clang $$(if $$(filter host,$(1)),-iquote $$(<D),--target=x86_64-elf) -Qunused-arguments \
		-fsyntax-only $$(call clang-flags,$(1)) $$(CFLAGS-$(if $(filter host,$(1)),host/)$$(<:.c=.o)) -MMD -MP -MF $$(@:.ok=.d) -MT $$@ $$<
	$(if $(filter hv,$(1)),$$(Q)conf/tools/check/casts $$< clang --target=x86_64-elf -Qunused-arguments \
		$$(call clang-flags,$(1)) $$(CFLAGS-$(if $(filter host,$(1)),host/)$$(<:.c=.o)))
	@touch $$@
$(B)/check/tidy/$(2)/%.ok: $(2)/%.c $(B)/check/clang/$(2)/%.ok .clang-tidy
	@mkdir -p $$(@D)
	$$(call say,TIDY,$$<)clang-tidy --quiet $$< -- $$(if $$(filter host,$(1)),-iquote $$(<D),--target=x86_64-elf) \
		-Qunused-arguments $$(call clang-flags,$(1)) $$(CFLAGS-$(if $(filter host,$(1)),host/)$$(<:.c=.o)) >$$(@:.ok=.log) 2>&1 || \
		{ grep -E -A 3 ': (error|warning):' $$(@:.ok=.log); echo "see $$(@:.ok=.log)"; exit 1; }
	@touch $$@
$(B)/check/header/$(2)/%.ok: $(2)/%.h $(makefiles) $(B)/check/tools.mk $(needs-$(1)) | $(B)/gen/version.h
	@mkdir -p $$(@D)
	$$(call say,HEADER,$$<)clang $$(if $$(filter host,$(1)),-iquote $$(<D),--target=x86_64-elf) -Qunused-arguments \
		-fsyntax-only $$(call clang-flags,$(1)) $$(CFLAGS-$$<) -MMD -MP -MF $$(@:.ok=.d) -MT $$@ -include $$< -x c /dev/null
	@touch $$@
check-done += $$(patsubst %.c,$(B)/check/clang/%.ok,$$(call in,$(2),$(c-files))) \
	$$(patsubst %.c,$(B)/check/tidy/%.ok,$$(filter-out $(untidy),$$(call in,$(2),$(c-files)))) \
	$$(patsubst %.h,$(B)/check/header/%.ok,$$(call in,$(2),$(headers)))
endef
$(foreach c,$(check-components),$(eval $(call check-files,$(c),$(c))))
$(eval $(call check-files,host,conf))

$(B)/check/fence-%.ok: conf/tools/check/fences $(makefiles) $(B)/newlib.stamp
	@mkdir -p $(@D)
	$(call say,FENCE,$*)conf/tools/check/fences $* $(CC) $(CPPFLAGS-$*) $(CFLAGS-$*)
	@touch $@
check-done += $(patsubst %,$(B)/check/fence-%.ok,hv libos ctrl drivers)

# ---- cppcheck, by component; it keeps its own memory of what it has seen ----

# Left out: includes, which the compilers see to; comparing pointers, which is how
# symbols of the linker script are measured; null checks, where it does not see that
# a panic does not return, and uninitialised memory behind a pointer: clang-tidy is better at both.
CPPCHECK = cppcheck -q --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
	   --suppress=missingInclude --suppress=missingIncludeSystem --suppress=comparePointers --suppress=nullPointerRedundantCheck --suppress=uninitvar --suppress=ctunullpointer
$(B)/check/cppcheck.ok: $(filter-out test/%,$(c-files) $(headers))
	@mkdir -p $(@:.ok=)
	$(call say,CPPCHECK)$(CPPCHECK) --cppcheck-build-dir=$(@:.ok=) -Ihv -Ilibos/include -Ilibos -Ictrl -Iconf -I. -I$(B)/door/fdt \
		$(filter %.c,$^)
	@touch $@
check-done += $(B)/check/cppcheck.ok

# ---- shape: formatting, conditional compilation, licences ----

formatted := $(filter hv/% libos/% ctrl/% drivers/% conf/% test/%,$(c-files) $(headers))
$(B)/check/format.ok: $(formatted) .clang-format
	@mkdir -p $(@D)
	$(call say,FORMAT)clang-format --dry-run -Werror $(formatted) 2>$(@:.ok=.log) || \
		{ echo "not formatted (make fmt):" $$(grep -o '^[^ :]*:[0-9]*:' $(@:.ok=.log) | sort -u); exit 1; }
	@touch $@
$(B)/check/style.ok: $(filter hv/% libos/% ctrl/% drivers/% conf/%,$(filter %.c %.h %.S,$(tracked))) conf/tools/check/style
	@mkdir -p $(@D)
	$(call say,STYLE)conf/tools/check/style $(filter %.c %.h %.S,$^)
	@touch $@
$(B)/check/licence.ok: $(tracked)
	@mkdir -p $(@D)
	$(call say,LICENCE)reuse lint >$(@:.ok=.log) || { cat $(@:.ok=.log); exit 1; }
	@touch $@
check-done += $(B)/check/format.ok $(B)/check/style.ok $(B)/check/licence.ok

# ---- what was built: layers from the .d files, segments and instructions ----

elves	= $(filter %.elf,$(programs))
$(B)/check/layers.ok: $(programs) conf/tools/check/layers
	@mkdir -p $(@D)
	$(call say,LAYERS)conf/tools/check/layers $(B)
	@touch $@
$(B)/check/elf/%.ok: $(B)/%.elf conf/tools/check/elf
	@mkdir -p $(@D)
	$(call say,ELF,$<)conf/tools/check/elf $(CROSS) $(if $(filter hv/%,$*),nosse,sse) $<
	@touch $@
check-elf = $(patsubst $(B)/%.elf,$(B)/check/elf/%.ok,$(elves))

.PHONY: check fmt
.SECONDEXPANSION:
check: $$(check-done) $(B)/check/layers.ok $$(check-elf)
	@echo "check: passed"

fmt:
	$(call say,FMT,$(words $(formatted)) files)clang-format -i $(formatted)
endif

$(B)/check/tools.mk: conf/tools/probe | $(B)/deps/check.mk
	@mkdir -p $(@D)
	$(Q)conf/tools/probe clang CLANG >$@.new && mv $@.new $@
