# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# The manifest compiler, and what it makes of $(manifest): $(O)/manifest.dtb, the
# blob for the target, and $(O)/plan.json for the image recipe and `make run`.

bhconf-objs := $(conf-objs) $(patsubst %.c,%.o,$(sort $(wildcard conf/bhconf/*.c)))

$(eval $(call host-program,bhconf,$(bhconf-objs),-lfdt -lz -llzma -llz4 -lzstd))

# Files that a manifest names are looked for beside it, then in the build folder,
# so that "guest/hello.elf" is the one built here; guests are there before it is read.
BHCONF = $(B)/host/bhconf -I conf/include -I conf/boards -L $(B) -c $(abspath $(B)/ctrl/ctrl.elf)

$(O)/manifest.dtb $(O)/plan.json &: $(manifest) $(B)/host/bhconf conf/conf.mk | $(guests:%=$(B)/guest/%.elf)
	@mkdir -p $(O)
	$(call say,CONF,$(manifest))$(BHCONF) -o $(O) -d $(O)/manifest.d $(manifest)

# What the manifest includes and names, as of the last time.
-include $(O)/manifest.d

# The manual page is the schema, printed; it is kept in the tree for readers.
.PHONY: manual check-manual
manual: $(B)/host/bhconf
	$(call say,MAN,doc/bulkhead-manifest.5)$< --man >doc/bulkhead-manifest.5

check-manual: $(B)/host/bhconf
	$(call say,MAN,doc/bulkhead-manifest.5)$< --man | cmp -s - doc/bulkhead-manifest.5 || { echo "doc/bulkhead-manifest.5 is not what the schema says: make manual"; exit 1; }
	$(Q)mandoc -Tlint -Wwarning doc/bulkhead-manifest.5

check: check-manual
