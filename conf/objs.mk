# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# What checks and reads a manifest on the target; the build host uses the same files.
conf-objs := conf/schema.o conf/lookup.o conf/syntax.o conf/manifest.o conf/words.o conf/kind.o \
	     conf/check.o conf/value.o conf/refs.o conf/names.o conf/claims.o conf/deps.o conf/fit.o \
	     conf/layout.o conf/view.o conf/sha256.o conf/elf.o
