# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
# The disk image.  Included by build.mk, which sets O (the manifest's build folder), HV_ELF and CTRL_ELF and
# makes $(O)/plan.json from the manifest.

IMAGE_RECIPE := $(wildcard conf/image/*.py) conf/image/mkimage conf/image/grub.cfg conf/image/image.mk

$(O)/disk.img: $(O)/plan.json $(HV_ELF) $(CTRL_ELF) $(IMAGE_RECIPE)
	@echo "  IMAGE   $@"
	$(Q)conf/image/mkimage --plan $(O)/plan.json --hv $(HV_ELF) --ctrl $(CTRL_ELF) -o $@

# What the plan names (modules, partition images), as of the last build.
-include $(O)/disk.img.d

.PHONY: image
image: $(O)/disk.img
