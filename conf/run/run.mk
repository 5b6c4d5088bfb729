# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
# make run and make qemu-command.
# FIRMWARE= CPUS= MEM= CPU= IOMMU= ICOUNT=1 ACCEL= WRITABLE=1, defaults from the manifest's board; QEMU_ARGS= is
# handed on to QEMU as it is.

RUN = conf/run/run --plan $(O)/plan.json --image $(O)/disk.img \
	$(if $(FIRMWARE),--firmware $(FIRMWARE)) $(if $(CPUS),--cpus $(CPUS)) $(if $(MEM),--mem $(MEM)) \
	$(if $(CPU),--cpu $(CPU)) $(if $(IOMMU),--iommu $(IOMMU)) $(if $(filter 1,$(ICOUNT)),--icount) \
	$(if $(ACCEL),--accel $(ACCEL)) $(if $(filter 1,$(WRITABLE)),--writable)

.PHONY: run qemu-command
run: $(O)/disk.img
	$(Q)$(RUN) $(if $(QEMU_ARGS),-- $(QEMU_ARGS))

qemu-command: $(O)/disk.img
	@$(RUN) --print $(if $(QEMU_ARGS),-- $(QEMU_ARGS))
