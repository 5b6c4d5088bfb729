# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# The table of host unit tests; unit.mk says what the words mean.  A test is
# named for the file it proves.

# --- hv: page tables, flushes, events ---------------------------------------

unit-tests   += pt
unit-pt-srcs := hv/x86/pt.c hv/x86/pt_format.c

# The same files over a memory that watches each store: model/x86/pt_mem.h.
unit-tests           += pt_model
unit-pt_model-srcs   := hv/x86/pt.c hv/x86/pt_format.c
unit-pt_model-extra  := test/unit/pt_model.c
unit-pt_model-cflags := -iquote test/unit/model -iquote hv

unit-tests        += tlb
unit-tlb-srcs     := hv/tlb.c
unit-tlb-ldlibs   := -lpthread

unit-tests += tlb_order

unit-tests            += tlb_model
unit-tlb_model-srcs   := hv/tlb.c hv/x86/pt.c hv/x86/pt_format.c
unit-tlb_model-extra  := test/unit/pt_model.c
unit-tlb_model-cflags := -iquote test/unit/model -iquote hv

unit-tests      += grant
unit-grant-srcs := hv/grant.c

evtchn-srcs       := hv/evtchn.c hv/evtchn_table.c hv/evtchn_pending.c hv/evtchn_fifo.c
unit-tests        += evtchn
unit-evtchn-srcs  := $(evtchn-srcs)
unit-evtchn-extra := test/unit/evtchn_world.c

unit-tests               += evtchn_model
unit-evtchn_model-srcs   := $(evtchn-srcs)
unit-evtchn_model-extra  := test/unit/evtchn_world.c
unit-evtchn_model-ldlibs := -lpthread

# --- hv: platform (ACPI, PCI, timers, console) ------------------------------

unit-tests	      += decode
unit-decode-srcs      := hv/x86/decode.c

unit-tests	      += vlapic
unit-vlapic-srcs      := hv/x86/vlapic.c hv/x86/vlapic_access.c hv/x86/vlapic_ipi.c hv/x86/vlapic_timer.c

unit-tests	      += logring
unit-logring-srcs     := hv/logring.c

unit-tests	      += timescale
unit-timescale-srcs   := hv/x86/timescale.c

unit-tests	      += uart
unit-uart-srcs	      := hv/x86/uart.c hv/x86/uart_bus.c

unit-tests		   += watchdog_calc
unit-watchdog_calc-cflags := -iquote hv

unit-tests	 += acpi
unit-acpi-srcs	 := hv/x86/acpi.c hv/x86/acpi_madt.c hv/x86/acpi_s5.c

# --- hv: everything else ----------------------------------------------------

unit-tests           += page
unit-page-srcs       := hv/page.c

unit-tests           += timer_heap
unit-timer_heap-srcs := hv/timer_heap.c

unit-tests           += fair
unit-fair-srcs       := hv/fair.c hv/timer_heap.c

unit-tests           += hv_elf
unit-hv_elf-srcs     := hv/elf.c

unit-tests           += mb2
unit-mb2-srcs        := hv/x86/mb2.c

unit-tests           += guest_walk
unit-guest_walk-cflags := -iquote hv

unit-tests           += pat
unit-pat-cflags      := -iquote hv

# The C library of hv under names that do not take the place of the host's.
hv-string-cflags     := -fno-builtin $(foreach f,memcpy memmove memset memcmp strlen strcmp \
			strncmp strchr strlcpy,-D$f=hv_$f) -iquote hv

unit-tests           += hv_string
unit-hv_string-srcs     := hv/lib/string.c
unit-hv_string-cflags   := $(hv-string-cflags)

unit-tests           += hv_printf
unit-hv_printf-srcs     := hv/lib/printf.c

unit-tests           += cmdline
unit-cmdline-srcs    := hv/cmdline.c
unit-cmdline-extra   := test/unit/strlcpy.c

# --- conf -------------------------------------------------------------------

conf-srcs	   := $(conf-objs:.o=.c)
bhconf-srcs	   := $(conf-srcs) $(filter-out %/main.c %/man.c %/mantext.c,$(wildcard conf/bhconf/*.c))
conf-world	   := test/unit/conf_world.c test/unit/elf_maker.c

unit-tests	   += bhconf
unit-bhconf-srcs   := $(bhconf-srcs)
unit-bhconf-extra  := $(conf-world)
unit-bhconf-ldlibs := -lfdt -lz -llzma -llz4 -lzstd
$(B)/test-results/unit-bhconf.xml: $(wildcard test/conf/*)

unit-tests	     += manifest
unit-manifest-srcs   := $(bhconf-srcs)
unit-manifest-cflags := -iquote conf
unit-manifest-extra  := $(conf-world) test/fuzz/manifest_fuzz.c
unit-manifest-ldlibs := $(unit-bhconf-ldlibs)
$(B)/test-results/unit-manifest.xml: $(wildcard test/conf/full.*)

unit-tests	   += schema syntax sha256 elf
unit-schema-srcs   := conf/schema.c conf/lookup.c conf/syntax.c
unit-syntax-srcs   := conf/syntax.c
unit-sha256-srcs   := conf/sha256.c
unit-elf-srcs	   := conf/elf.c
unit-elf-extra	   := test/unit/elf_maker.c

unit-tests	    += elfpack
unit-elfpack-srcs   := conf/bhconf/elfpack.c conf/bhconf/memory.c conf/elf.c
unit-elfpack-extra  := test/unit/elf_maker.c

unit-tests	    += bzimage
unit-bzimage-srcs   := conf/bhconf/bzimage.c conf/bhconf/memory.c
unit-bzimage-extra  := test/unit/elf_maker.c
unit-bzimage-ldlibs := -lz -llzma -llz4 -lzstd

# --- libos ------------------------------------------------------------------
unit-tests += libos_pages
unit-libos_pages-srcs := libos/src/pages.c
unit-libos_pages-cflags := -iquote libos -Ilibos/include
unit-tests += libos_vspace
unit-libos_vspace-srcs := libos/src/vspace.c
unit-libos_vspace-cflags := -iquote libos -Ilibos/include
unit-tests += libos_timerheap
unit-libos_timerheap-srcs := libos/src/timerheap.c
unit-libos_timerheap-cflags := -iquote libos -Ilibos/include
unit-tests += libos_pvclock
unit-libos_pvclock-srcs := libos/src/pvclock.c
unit-libos_pvclock-cflags := -iquote libos -Ilibos/include
unit-tests += libos_evscan
unit-libos_evscan-srcs := libos/src/evscan.c
unit-libos_evscan-cflags := -iquote libos -Ilibos/include
unit-tests += libos_queue
unit-libos_queue-srcs := 
unit-libos_queue-cflags := -iquote libos -Ilibos/include
unit-tests += libos_format
unit-libos_format-srcs := libos/src/format.c
unit-libos_format-cflags := -iquote libos -Ilibos/include

# --- ctrl -------------------------------------------------------------------

ctrl-test-cflags := -iquote ctrl -iquote test/unit -Ilibos/include -iquote build/gen

unit-tests            += ctrl_text
unit-ctrl_text-srcs   := $(addprefix ctrl/shell/,out.c json.c table.c)
unit-ctrl_text-cflags := $(ctrl-test-cflags)

unit-tests             += ctrl_words
unit-ctrl_words-srcs   := $(addprefix ctrl/shell/,words.c out.c)
unit-ctrl_words-cflags := $(ctrl-test-cflags)

unit-tests            += ctrl_line
unit-ctrl_line-srcs   := $(addprefix ctrl/shell/,line.c line_view.c line_keys.c history.c out.c)
unit-ctrl_line-cflags := $(ctrl-test-cflags)

# All verbs on a machine that ctrl_fake.c makes up.
unit-tests             += ctrl_shell
unit-ctrl_shell-srcs   := $(addprefix ctrl/shell/,args.c cmd_domains.c cmd_machine.c cmd_power.c \
			  cmd_shell.c cmd_time.c complete.c help.c history.c json.c line.c \
			  line_keys.c line_view.c near.c out.c run.c table.c verbs.c words.c)
unit-ctrl_shell-extra  := test/unit/ctrl_fake.c
unit-ctrl_shell-cflags := $(ctrl-test-cflags)

unit-tests                  += ctrl_supervisor
unit-ctrl_supervisor-srcs   := ctrl/supervisor.c
unit-ctrl_supervisor-cflags := $(ctrl-test-cflags)

# The way a manifest is read is faked, its hash is not.
unit-tests                 += ctrl_appliance
unit-ctrl_appliance-srcs   := ctrl/appliance.c ctrl/domains.c ctrl/problems.c ctrl/shell/out.c \
			      conf/sha256.c
unit-ctrl_appliance-cflags := $(ctrl-test-cflags) -iquote build/door/conf -iquote conf
