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

# make itself would say "no rule to make target", and cannot tell a blank in a name from two names.
ifneq ($(words $(manifest)),1)
$(error MANIFEST=$(manifest): make cannot handle blanks in file names)
else ifneq ($(wildcard $(manifest:%/=%)/.),)
$(error MANIFEST=$(manifest) is a folder; name the .dts file)
else ifeq ($(wildcard $(manifest)),)
$(error MANIFEST=$(manifest): there is no such file (names are relative to $(CURDIR)))
endif

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

# libFuzzer on the target's validation, from the blobs that the unit tests make;
# FUZZ_SECONDS= says how long.
FUZZ_SECONDS ?= 600
.PHONY: fuzz-manifest
$(B)/fuzz/manifest: test/fuzz/manifest_fuzz.c $(conf-objs:.o=.c) $(wildcard conf/*.h)
	@mkdir -p $(@D)
	$(call say,FUZZCC)clang -std=gnu17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-iquote conf -o $@ $(filter %.c,$^) -lfdt

fuzz-manifest: $(B)/fuzz/manifest $(B)/host/bhconf $(O)/manifest.dtb
	$(Q)mkdir -p $(B)/fuzz/corpus
	$(Q)cp $(O)/manifest.dtb $(O)/manifest.source.dtb $(B)/fuzz/corpus/
	$(call say,FUZZ,$(FUZZ_SECONDS) s)$< -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -print_final_stats=1 \
		-artifact_prefix=$(B)/fuzz/ $(B)/fuzz/corpus
