# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# The verbs.  How each is done stands in build.mk and in the *.mk files beside
# the code; `make help` prints the lines below.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += -rR --no-print-directory -j$(shell nproc)

include build.mk

.PHONY: all run qemu-command image test test-long check bench toolchain deps fmt clean distclean help

all: $(programs) ## build the hypervisor, the control domain, drivers, guests and host tools
run: ## boot the demo image in QEMU, console on the terminal (MANIFEST= FIRMWARE= CPUS= MEM= CPU= IOMMU= ICOUNT=1 ACCEL=)
qemu-command: ## print the command line that `make run` would use
image: ## make a disk image: MANIFEST=path.dts [O=folder]
test: ## build and pass all tests ([MANIFEST=path.dts] for a product of your own)
test-long: ## the tests that take hours
check: ## static checks: warnings, layers, segments, formatting, licences
bench: ## count instructions and bytes against the recorded figures
toolchain: ## build the real x86_64-elf GCC from Debian's sources (a quarter of an hour, once)
deps: ## install the Debian packages that building and testing need (DEPS=check: only say what is missing)
fmt: ## format the C code in place

clean: ## remove what was built (not the cached compiler and C library)
	$(Q)rm -rf $(filter-out $(B)/toolchain $(B)/newlib,$(wildcard $(B)/*))

distclean: ## remove the build folder whole
	$(Q)rm -rf $(B)

help: ## this list; V=1 with any verb shows the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
