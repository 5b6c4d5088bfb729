# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# Host unit tests: one binary a test, with the product's own files in it, under
# ASan and UBSan.  The table of tests is objs.mk; for a test NAME it says
#
#     unit-tests       += NAME
#     unit-NAME-srcs   := hv/x86/pt.c ...      product files, compiled as they are
#     unit-NAME-cflags := -iquote hv          default: -I of each file's component
#     unit-NAME-ldlibs := -lfdt                libraries beside cmocka
#     unit-NAME-extra  := test/unit/x.c ...    helpers that several tests share
#
# and test/unit/NAME_test.c holds main().  Results are cmocka's JUnit XML in
# $(B)/test-results/; a test runs again only when its binary changed or it
# failed last time.  `make unit-NAME` runs one test with its output on the
# terminal.

include test/unit/objs.mk

unit-dir     := $(B)/unit
unit-results := $(B)/test-results

UNIT_CFLAGS = -std=gnu17 -g -O1 -fno-omit-frame-pointer -fno-strict-aliasing \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-Wall -Wextra -Werror -Wshadow -Wundef -Wvla -Wstrict-prototypes -Wswitch-enum -Wformat=2 \
	-isystem $(B)/include -iquote test/unit -iquote $(B)/gen -MMD -MP
UNIT_ENV := ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1

# A test's time limit, ten times what the slowest needs.
UNIT_TIMEOUT ?= 300

# $(call unit-rules,NAME)
define unit-rules
unit-$1-all    := test/unit/$1_test.c $$(unit-$1-srcs) $$(unit-$1-extra)
unit-$1-cflags ?= $$(addprefix -iquote ,$$(sort $$(foreach f,$$(unit-$1-srcs),$$(firstword $$(subst /, ,$$f)))))
unit-$1-objs   := $$(unit-$1-all:%.c=$$(unit-dir)/$1/%.o)

$$(unit-$1-objs): $$(unit-dir)/$1/%.o: %.c test/unit/unit.mk test/unit/objs.mk | $(B)/gen/version.h
	@mkdir -p $$(@D)
	$$(call say,UNITCC)$$(HOSTCC) $$(UNIT_CFLAGS) $$(unit-$1-cflags) -MF $$(@:.o=.d) -c -o $$@ $$<

$$(unit-dir)/$1_test: $$(unit-$1-objs)
	$$(call say,UNITLD)$$(HOSTCC) -fsanitize=address,undefined -o $$@ $$^ -lcmocka $$(unit-$1-ldlibs)

$$(unit-results)/unit-$1.xml: $$(unit-dir)/$1_test
	@mkdir -p $$(@D); rm -f $$@ $$(@:.xml=.failed.xml)
	$$(Q)$$(UNIT_ENV) CMOCKA_MESSAGE_OUTPUT=xml CMOCKA_XML_FILE=$$(@:.xml=.failed.xml) \
		timeout $$(UNIT_TIMEOUT) $$< >$$(unit-dir)/$1.log 2>&1 || \
		{ s=$$$$?; cat $$(@:.xml=.failed.xml) $$(unit-dir)/$1.log; \
		  echo "unit: $1 FAILED (exit status $$$$s)"; exit 1; }
	@mv $$(@:.xml=.failed.xml) $$@
	@echo "unit: $1 passed ($$$$(grep -c '<testcase' $$@) cases)"

.PHONY: unit-$1
unit-$1: $$(unit-dir)/$1_test
	$$(UNIT_ENV) $$<
endef

$(foreach t,$(unit-tests),$(eval $(call unit-rules,$t)))

.PHONY: test-unit
test-unit: $(unit-tests:%=$(unit-results)/unit-%.xml)
	@echo "unit: $(words $(unit-tests)) tests passed"
