# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# libos.a, and how a unikernel is linked: the control domain, drivers and guests
# all alike.
#
#     $(eval $(call unikernel,FILE,OBJECTS,LIBRARIES))
#
# makes $(B)/FILE from objects named as in objs.mk (without $(B)/), libos, newlib
# and LIBRARIES, files that come before newlib on the link line.  The program calls
# itself (argv[0]) what FILE is called without .elf.
#
# Guests are listed in test/guest/*/objs.mk: guests += NAME and guest-NAME-objs.

# What newlib may call; all else that libos shows is called libos_*.
libos-newlib := _exit clock_getres clock_gettime close fstat getpid gettimeofday isatty kill \
		link lseek nanosleep open read rename sbrk sleep stat times unlink usleep write \
		__stack_chk_fail __retarget_lock_* __lock___*

# One object, so that the names that its files share among themselves stay inside.
$(B)/libos/libos.a: $(libos-objs:%=$(B)/%) libos/libos.mk
	$(call say,AR)$(LD) -m elf_x86_64 -r -o $(@D)/libos.o $(libos-objs:%=$(B)/%)
	$(Q)$(OBJCOPY) -w $(foreach s,libos_* $(libos-newlib),-G '$(s)') $(@D)/libos.o
	$(Q)rm -f $@
	$(Q)$(AR) rcD $@ $(@D)/libos.o

define unikernel
programs += $(B)/$(1)
$(B)/$(1): $(2:%=$(B)/%) $(3) $(B)/libos/libos.a libos/libos.lds conf/tools/symtab $(makefiles) libos/libos.mk
	@mkdir -p $$(@D)
	$$(Q)printf '.section .rodata\n.globl libos_program_name\nlibos_program_name: .asciz "%s"\n' \
		'$(basename $(notdir $(1)))' >$$@.name.S
	$$(Q)$$(CC) -c -o $$@.name.o $$@.name.S
	$$(call link,libos/libos.lds,$(2:%=$(B)/%) $$@.name.o,$(3) $(B)/libos/libos.a $$(LIBC),$$(LDFLAGS-domain))
endef

$(foreach g,$(guests),$(eval $(call unikernel,guest/$(g).elf,$(guest-$(g)-objs))))
