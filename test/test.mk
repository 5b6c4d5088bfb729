# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# What runs the product: unit tests on the host, boots in QEMU, the bench.
#
#     make test [MANIFEST=their/product.dts] [TESTS=their/tests] [PYTEST=-k\ paste]
#
# A vendor's tests are those in TESTS, else in a folder `tests` beside MANIFEST; the image
# recipe's own tests run without MANIFEST only.

include test/unit/unit.mk

test-results := $(B)/test-results
vendor-tests := $(or $(TESTS),$(and $(MANIFEST),$(wildcard $(dir $(MANIFEST))tests)))

pytest = PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$(CURDIR)/test/harness \
	MANIFEST=$(abspath $(MANIFEST)) BULKHEAD_TEST_RESULTS=$(abspath $(test-results)) \
	$(PYTHON) -m pytest -p bulkhead_test.plugin -p no:cacheprovider -c test/pytest.ini \
	--rootdir=. -q -rfEs --tb=short $(PYTEST) test/boot \
	$(if $(MANIFEST),$(vendor-tests),test/image test/xen)

# pytest's status 5 says that PYTEST left nothing to run, which is no failure.
or-nothing = || [ $$? = 5 ]

# Boots run two at a time, a module's tests on one worker; what counts
# instructions or seconds runs after them, by itself.
.PHONY: test-boot test-boot-long
test-boot: $(programs)
	@mkdir -p $(test-results)/logs
	$(Q)$(pytest) -n 2 --dist loadscope -m 'not alone and not long' \
		--junitxml=$(test-results)/boot.xml $(or-nothing)
	$(Q)$(pytest) -m 'alone and not long' --junitxml=$(test-results)/boot-alone.xml $(or-nothing)

test-boot-long: $(programs)
	@mkdir -p $(test-results)/logs
	$(Q)$(pytest) -m long --junitxml=$(test-results)/boot-long.xml $(or-nothing)

test: test-unit test-boot

# Emulated machines keep time: they do not share the CPUs with compilers.
ifneq ($(filter test test-long,$(MAKECMDGOALS)),)
test-boot: | test-unit
endif

test-long: test test-boot-long

# RECORD=1 keeps the figures in test/bench/record.json.
bench: $(programs)
	$(Q)PYTHONDONTWRITEBYTECODE=1 MANIFEST=$(abspath $(MANIFEST)) \
		BULKHEAD_TEST_RESULTS=$(abspath $(test-results)) \
		$(PYTHON) test/bench/bench.py $(if $(RECORD),--record)
