/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * PCI configuration space for the hypervisor's own use: through CF8h/CFCh where
 * these reach and exist, through MCFG's windows beyond.  Lock taken inside.
 * Source: PCI Local Bus Specification 3.0, PCI Express Base Specification, "Enhanced
 * Configuration".
 */
#ifndef HV_X86_PCI_H
#define HV_X86_PCI_H

#include "compiler.h"
#include "types.h"

/* segment:bus:device.function, packed as the IOMMUs and the ABI do. */
typedef struct {
	uint32_t sbdf;
} sbdf_t;

static inline sbdf_t sbdf(unsigned int seg, unsigned int bus, unsigned int dev, unsigned int fn)
{
	return (sbdf_t){(uint32_t)((seg & 0xffff) << 16 | (bus & 0xff) << 8 | (dev & 0x1f) << 3 |
				   (fn & 7))};
}

static inline unsigned int sbdf_seg(sbdf_t f)
{
	return f.sbdf >> 16;
}

static inline unsigned int sbdf_bus(sbdf_t f)
{
	return (f.sbdf >> 8) & 0xff;
}

static inline unsigned int sbdf_dev(sbdf_t f)
{
	return (f.sbdf >> 3) & 0x1f;
}

static inline unsigned int sbdf_fn(sbdf_t f)
{
	return f.sbdf & 7;
}

/* Registers of the common header. */
#define PCI_VENDOR_ID	0x00 /* 16 */
#define PCI_DEVICE_ID	0x02 /* 16 */
#define PCI_COMMAND	0x04 /* 16 */
#define PCI_STATUS	0x06 /* 16 */
#define PCI_CLASS	0x08 /* 32: class, subclass, interface, revision */
#define PCI_HEADER_TYPE 0x0e /* 8 */
#define PCI_BAR0	0x10
#define PCI_SECONDARY	0x19 /* 8, bridges */
#define PCI_SUBORDINATE 0x1a /* 8, bridges */
#define PCI_CAP_PTR	0x34 /* 8 */

#define PCI_COMMAND_IO		 0x0001
#define PCI_COMMAND_MEMORY	 0x0002
#define PCI_COMMAND_MASTER	 0x0004
#define PCI_COMMAND_INTX_DISABLE 0x0400
#define PCI_STATUS_CAP		 0x0010

/*
 * reg is below 4096 and naturally aligned.  All ones for what is not there, and
 * for what only MCFG reaches when no MCFG covers it.  Works from the first
 * instruction on; MCFG counts after acpi_init().
 */
uint8_t pci_read8(sbdf_t f, unsigned int reg);
uint16_t pci_read16(sbdf_t f, unsigned int reg);
uint32_t pci_read32(sbdf_t f, unsigned int reg);
void pci_write8(sbdf_t f, unsigned int reg, uint8_t v);
void pci_write16(sbdf_t f, unsigned int reg, uint16_t v);
void pci_write32(sbdf_t f, unsigned int reg, uint32_t v);

/*
 * Call visit for each function of segment 0 that answers, bus by bus as the
 * bridges met so far lead on; stop when it returns true.  Returns whether it did.
 */
bool pci_for_each(bool (*visit)(sbdf_t f, void *ctx), void *ctx);

/* First function with these IDs: true and *f set, or false. */
bool pci_find(uint16_t vendor, uint16_t device, sbdf_t *f);

/* Offset of the first capability with that ID, or 0. */
unsigned int pci_find_cap(sbdf_t f, uint8_t cap_id);

/* Address of a memory BAR (32 or 64 bits), ma 0 if it is an I/O BAR or unset. */
maddr_t pci_bar_mem(sbdf_t f, unsigned int bar);

#endif /* HV_X86_PCI_H */
