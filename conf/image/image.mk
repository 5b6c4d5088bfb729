# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
# The disk image, from $(O)/plan.json and the hypervisor.  O is the manifest's build folder.

IMAGE_RECIPE := $(wildcard conf/image/*.py) conf/image/mkimage conf/image/grub.cfg conf/image/image.mk

$(O)/disk.img: $(O)/plan.json $(B)/hv/hv.elf $(B)/ctrl/ctrl.elf $(IMAGE_RECIPE)
	$(call say,IMAGE)OBJCOPY=$(OBJCOPY) conf/image/mkimage --plan $(O)/plan.json \
		--hv $(B)/hv/hv.elf --ctrl $(B)/ctrl/ctrl.elf -o $@

# What the plan names (modules, partition images), as of the last build.
-include $(O)/disk.img.d

.PHONY: image
image: $(O)/disk.img
