# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
#
# What runs the product: unit tests on the host, boots in QEMU, the bench.

include test/unit/unit.mk
