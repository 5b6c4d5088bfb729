# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# How things are built: tools, directories, flags, rules, in this order.
#
# A component is a folder.  The objs.mk files in it say which objects make it:
#
#     hv-objs += hv/main.o hv/x86/traps.o       -> $(B)/hv/main.o ...
#     CFLAGS-hv/domctl.o += -D__XEN_TOOLS__     flags of one object
#
# Any other *.mk in a component's top folder, or in a folder of conf/, holds its
# owner's recipes; it is read after all objs.mk and adds what `make` shall build
# to $(programs).  Each component's compile line shows it only what it may include.

B ?= build

# ---- Tools ----------------------------------------------------------------

# CROSS= names another compiler.  The real one serves as soon as it has been
# built (make toolchain), until then a wrapper around the host's does.
TOOLCHAIN_DIR ?= $(B)/toolchain
CROSS	?= $(if $(wildcard $(TOOLCHAIN_DIR)/bin/x86_64-elf-gcc),$(TOOLCHAIN_DIR)/bin/,$(B)/wrapper/)x86_64-elf-
CC	:= $(CROSS)gcc
LD	:= $(CROSS)ld
AR	:= $(CROSS)ar
NM	:= $(CROSS)nm
OBJCOPY := $(CROSS)objcopy
OBJDUMP := $(CROSS)objdump
HOSTCC	?= gcc
PYTHON	:= /usr/bin/python3

Q	:= $(if $(V),,@)
# $(call say,WORD) starts a recipe line: one short line for people, or all with V=1
say	= $(Q)$(if $(V),,printf '  %-7s %s\n' '$(1)' '$(patsubst $(B)/%,%,$(or $(2),$@))';)

# ---- Directories ----------------------------------------------------------

# Kept across `make clean` and shared by work trees: newlib, keyed by content.
CACHE_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/bulkhead

# The manifest whose image is made, and the folder of all that is made from it.
manifest := $(or $(MANIFEST),conf/demo.dts)
O ?= $(B)/$(basename $(notdir $(manifest)))

components := hv libos ctrl drivers conf test/guest
lists	:= $(wildcard $(foreach c,$(components),$(c)/objs.mk $(c)/*/objs.mk $(c)/*/*/objs.mk))
# libos.mk says how to link a unikernel, which the others use.
recipes := libos/libos.mk $(filter-out %/objs.mk libos/libos.mk,$(wildcard */*.mk conf/*/*.mk))
makefiles := Makefile build.mk $(lists) $(B)/tools.mk

# The packages that a verb needs, in sets of conf/tools/packages; what is not
# named here needs just those that building does.
packages-run	:= build image run
packages-qemu-command := build image run
packages-image	:= build image
$(foreach v,test test-boot test-long bench,$(eval packages-$(v) := build image run test))
packages-test-unit := build test
packages-check	:= build test check
packages-fmt	:= check
packages-toolchain := build toolchain
goals	:= $(filter-out clean distclean help deps,$(or $(MAKECMDGOALS),all))
sets	:= $(sort $(foreach g,$(goals),$(or $(packages-$(g)),build)))

# Packages, the compiler, the links to headers and the answers to all probes are
# seen to first; then make starts over and reads what came of it.
include $(sets:%=$(B)/deps/%.mk)
ifneq ($(filter build,$(sets)),)
include $(B)/tools.mk
# Another compiler: ask it again, and build all anew.
ifneq ($(GCC_PROBED),$(realpath $(CC)))
$(B)/tools.mk: FORCE
endif
endif

$(B)/deps/%.mk: conf/tools/packages
	@mkdir -p $(@D)
	$(Q)conf/tools/deps $*
	@echo '# $* is installed' >$@

$(B)/tools.mk: conf/tools/probe conf/tools/wrapper conf/tools/doors build.mk | $(B)/deps/build.mk
	$(call say,PROBE)mkdir -p $(@D)
	$(Q)conf/tools/wrapper $(HOSTCC) $(B)/wrapper
	$(Q)conf/tools/doors $(B)
	$(Q){ conf/tools/probe $(CC) GCC && conf/tools/probe $(HOSTCC) HOST; } >$@.new && mv $@.new $@

# ---- Flags ----------------------------------------------------------------

export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1700000000)

# GCC_WARNINGS and HOST_WARNINGS come from tools.mk, as does GCC_INCLUDE: what
# shows the compiler's own freestanding headers.
WARNINGS = $(GCC_WARNINGS)
CFLAGS	 = -std=gnu17 -O2 -g -Werror $(WARNINGS) \
	   -fno-strict-aliasing -fno-omit-frame-pointer -fno-common -fno-pic \
	   -fno-asynchronous-unwind-tables -fcf-protection=none -mno-red-zone \
	   -ffile-prefix-map=$(CURDIR)/= -ffile-prefix-map=$(CURDIR)=. \
	   $(patsubst %,-ffile-prefix-map=%=gcc,$(filter /%,$(GCC_INCLUDE))) -Wa,--noexecstack
CPPFLAGS = -nostdinc $(GCC_INCLUDE) -iquote $(B)/gen

# The hypervisor: its own folder, Xen's headers, no C library, no SSE.
CPPFLAGS-hv	= $(CPPFLAGS) -iquote hv -isystem $(B)/include
CFLAGS-hv	= $(CFLAGS) -ffreestanding -mgeneral-regs-only -mcmodel=kernel -fno-stack-protector

# What runs in domains: newlib, the stack protector with its canary where
# packaged libraries expect it, SSE.
CFLAGS-domain	= $(CFLAGS) -ffunction-sections -fdata-sections -fstack-protector-strong \
		  -mstack-protector-guard=tls -mstack-protector-guard-reg=fs \
		  -mstack-protector-guard-offset=40
CPPFLAGS-domain = $(CPPFLAGS) -isystem $(B)/newlib/include -I libos/include
# Doors: build/door/abi shows "abi/...", build/include <xen/...>, build/door/conf "conf/...".
CPPFLAGS-xen	= -iquote $(B)/door/abi -isystem $(B)/include

CPPFLAGS-libos	= $(CPPFLAGS-domain) $(CPPFLAGS-xen) -iquote libos
CFLAGS-libos	= $(CFLAGS-domain)
CPPFLAGS-ctrl	= $(CPPFLAGS-domain) $(CPPFLAGS-xen) -D__XEN_TOOLS__ -iquote ctrl \
		  -iquote $(B)/door/conf -isystem $(B)/door/fdt
CFLAGS-ctrl	= $(CFLAGS-domain)
CPPFLAGS-drivers = $(CPPFLAGS-domain)
CFLAGS-drivers	= $(CFLAGS-domain)
CPPFLAGS-conf	= $(CPPFLAGS) -isystem $(B)/newlib/include -iquote conf -isystem $(B)/door/fdt
CFLAGS-conf	= $(CFLAGS-domain)
CPPFLAGS-test/guest = $(CPPFLAGS-domain) $(CPPFLAGS-xen)
CFLAGS-test/guest = $(CFLAGS-domain)

# What the objects of a component wait for, and what closes a domain's link line.
$(foreach c,libos ctrl drivers conf test/guest,$(eval needs-$(c) := $(B)/newlib.stamp))
LIBC = $(B)/newlib/libc.a $(shell $(CC) -print-libgcc-file-name)

LDFLAGS = -m elf_x86_64 -nostdlib -static --fatal-warnings -z noexecstack \
	  -z max-page-size=4096 -z common-page-size=4096 --no-undefined
LDFLAGS-hv = $(LDFLAGS) --build-id=sha1
LDFLAGS-domain = $(LDFLAGS) --gc-sections --build-id=none

# Tools that run here, and the real files of pure cores under test.
HOST_CFLAGS = -std=gnu17 -O2 -g -Werror $(HOST_WARNINGS) -fno-strict-aliasing \
	      -ffile-prefix-map=$(CURDIR)/=
HOST_CPPFLAGS = -iquote $(B)/gen

# ---- Rules ----------------------------------------------------------------

# $(call link,SCRIPT,OBJECTS,LIBRARIES,FLAGS): recipe of a program with its own
# symbol table for backtraces (hv/abi/symtab.h).  It is linked once without,
# the table is read off, and linked again; the addresses must not have moved.
define link
$(call say,LD)conf/tools/symtab </dev/null >$@.nosyms.S
$(Q)$(CC) -c -o $@.nosyms.o $@.nosyms.S
$(Q)$(LD) $(4) -T $(1) -o $@.pass1 $(2) $@.nosyms.o $(3)
$(Q)$(NM) $@.pass1 | conf/tools/symtab >$@.syms.S
$(Q)$(CC) -c -o $@.syms.o $@.syms.S
$(Q)$(LD) $(4) -T $(1) -Map $@.map -o $@ $(2) $@.syms.o $(3)
$(Q)$(NM) $@ | conf/tools/symtab | cmp -s - $@.syms.S || { echo "$@: its symbol table moved the text: see hv/abi/symtab.h"; rm -f $@; exit 1; }
$(Q)rm -f $@.pass1 $@.nosyms.*
endef

# $(call component,FOLDER): how objects of one component come about
define component
$(B)/$(1)/%.o: $(1)/%.c $(makefiles) $(needs-$(1)) | $(B)/gen/version.h
	@mkdir -p $$(@D)
	$$(call say,CC)$(CC) $$(CPPFLAGS-$(1)) $$(CFLAGS-$(1)) $$(CFLAGS-$$(@:$(B)/%=%)) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/%.o: $(1)/%.S $(makefiles) $(needs-$(1)) | $(B)/gen/version.h
	@mkdir -p $$(@D)
	$$(call say,AS)$(CC) $$(CPPFLAGS-$(1)) $$(CFLAGS-$(1)) $$(CFLAGS-$$(@:$(B)/%=%)) -D__ASSEMBLY__ -MMD -MP -c -o $$@ $$<
endef

# $(call host-program,NAME,OBJECTS,LIBRARIES): $(B)/host/NAME, from host/-objects
define host-program
programs += $(B)/host/$(1)
$(B)/host/$(1): $(patsubst %,$(B)/host/%,$(2))
	$$(call say,HOSTLD)$(HOSTCC) $(HOST_LDFLAGS) -o $$@ $$^ $(3)
endef

include $(lists) $(filter-out build/%,$(recipes))

$(foreach c,$(components),$(eval $(call component,$(c))))

$(B)/host/%.o: %.c $(makefiles) | $(B)/gen/version.h
	@mkdir -p $(@D)
	$(call say,HOSTCC)$(HOSTCC) $(HOST_CPPFLAGS) -iquote $(<D) $(HOST_CFLAGS) $(CFLAGS-host/$(<:.c=.o)) -MMD -MP -c -o $@ $<

# hv: present as soon as it has objects
ifdef hv-objs
programs += $(B)/hv/hv.elf
$(B)/hv/hv.elf: $(hv-objs:%=$(B)/%) hv/hv.lds conf/tools/symtab $(makefiles)
	$(call link,hv/hv.lds,$(hv-objs:%=$(B)/%),,$(LDFLAGS-hv))
endif

$(B)/newlib.stamp: conf/tools/newlib conf/tools/progress $(B)/tools.mk
	$(call say,NEWLIB,the C library for domains)conf/tools/newlib $(CC) $(B) $(CACHE_DIR)
	@touch $@

.PHONY: toolchain deps
toolchain:
	$(Q)conf/tools/toolchain $(TOOLCHAIN_DIR) $(B) $(CACHE_DIR)
deps:
	$(Q)conf/tools/deps build image run test check toolchain
	@echo "deps: nothing is missing"

$(B)/include/xen: $(B)/tools.mk ;

# What the programs say about themselves; rewritten only when it changed.
$(B)/gen/version.h: FORCE
	@mkdir -p $(@D)
	@conf/tools/version >$@.new && if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
.PHONY: FORCE

-include $(shell [ ! -d $(B) ] || find $(B) -name '*.d' 2>/dev/null)
