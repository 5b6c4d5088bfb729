/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The TCO timer of Intel's ICH6 to 9-series chipsets, behind the LPC bridge.  It
 * counts down twice: the first end may raise an SMI, which is switched off here,
 * the second resets.  Source: Intel ICH9 datasheet, 13.9 "System Management TCO
 * Registers", 10.1.75 "GCS", 13.1 "PCI Configuration Registers (LPC)".
 */
#include "asm.h"
#include "errno.h"
#include "paging.h"
#include "pci.h"
#include "watchdog.h"
#include "watchdog_calc.h"

#define LPC_PMBASE	 0x40
#define LPC_PMBASE_MASK	 0xff80u
#define LPC_ACPI_CNTL	 0x44
#define LPC_ACPI_CNTL_EN 0x80
#define LPC_RCBA	 0xf0
#define LPC_RCBA_EN	 0x1u
#define LPC_RCBA_MASK	 0xffffc000u
#define LPC_CLASS	 0x0601 /* ISA bridge */

#define RCBA_GCS	   0x3410
#define RCBA_GCS_NO_REBOOT 0x20u

#define PM_SMI_EN     0x30
#define PM_SMI_EN_TCO 0x2000u
#define TCO_OFFSET    0x60

#define TCO_RLD	      0x00
#define TCO1_STS      0x04
#define TCO1_TIMEOUT  0x0008
#define TCO2_STS      0x06
#define TCO2_SECOND   0x0002
#define TCO1_CNT      0x08
#define TCO1_CNT_HALT 0x0800
#define TCO_TMR	      0x12
#define TCO_TMR_MASK  0x03ff

static uint16_t pmbase ro_after_init, tco ro_after_init;

/* LPC bridges with this register layout; the 100-series and later moved everything. */
static bool lpc_known(uint16_t device)
{
	static const struct {
		uint16_t first, last;
	} ids[] = {
		{0x2640, 0x2642}, {0x27b0, 0x27bd},
		{0x2810, 0x2815}, {0x2912, 0x2919}, /* ICH6-9 */
		{0x3a14, 0x3a1a}, {0x3b00, 0x3b1f},
		{0x1c40, 0x1c5f}, {0x1e40, 0x1e5f}, /* ICH10, 5-7 */
		{0x8c40, 0x8c5f}, {0x8cc0, 0x8cdf},
		{0x9c40, 0x9c47}, {0x9cc0, 0x9cc9}, /* 8, 9, LP */
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(ids); i++) {
		if (device >= ids[i].first && device <= ids[i].last)
			return true;
	}
	return false;
}

/* NO_REBOOT is a strap's copy that software may clear on most boards. */
static int allow_reset(sbdf_t lpc)
{
	uint32_t rcba = pci_read32(lpc, LPC_RCBA);

	if (!(rcba & LPC_RCBA_EN))
		return -ENODEV;
	void __iomem *gcs = hv_map_mmio(maddr((rcba & LPC_RCBA_MASK) + RCBA_GCS), 4);
	if (!gcs)
		return -ENOMEM;
	uint32_t v = readl(gcs);
	if (v & RCBA_GCS_NO_REBOOT)
		writel(gcs, v & ~RCBA_GCS_NO_REBOOT);
	return readl(gcs) & RCBA_GCS_NO_REBOOT ? -EPERM : 0;
}

static int tco_probe(void)
{
	sbdf_t lpc = sbdf(0, 0, 0x1f, 0);

	if (pci_read16(lpc, PCI_VENDOR_ID) != 0x8086 ||
	    pci_read32(lpc, PCI_CLASS) >> 16 != LPC_CLASS ||
	    !lpc_known(pci_read16(lpc, PCI_DEVICE_ID)))
		return -ENODEV;
	pmbase = (uint16_t)(pci_read32(lpc, LPC_PMBASE) & LPC_PMBASE_MASK);
	if (pmbase == 0 || !(pci_read8(lpc, LPC_ACPI_CNTL) & LPC_ACPI_CNTL_EN))
		return -ENODEV;
	tco = (uint16_t)(pmbase + TCO_OFFSET);
	return allow_reset(lpc);
}

static void tco_halt(bool halt)
{
	uint16_t cnt = inw(tco + TCO1_CNT);

	outw(tco + TCO1_CNT, halt ? cnt | TCO1_CNT_HALT : cnt & (uint16_t)~TCO1_CNT_HALT);
}

static void tco_feed(void)
{
	/* The first end may have come: without this the next would be the second. */
	outw(tco + TCO1_STS, TCO1_TIMEOUT);
	outw(tco + TCO_RLD, 1);
}

static unsigned int tco_arm(unsigned int timeout_s)
{
	unsigned int ticks = tco_ticks(timeout_s);

	tco_halt(true);
	outl(pmbase + PM_SMI_EN, inl(pmbase + PM_SMI_EN) & ~PM_SMI_EN_TCO);
	outw(tco + TCO1_STS, TCO1_TIMEOUT);
	outw(tco + TCO2_STS, TCO2_SECOND);
	outw(tco + TCO_TMR, (uint16_t)((inw(tco + TCO_TMR) & ~TCO_TMR_MASK) | ticks));
	tco_feed();
	tco_halt(false);
	return tco_seconds(ticks);
}

static void tco_disarm(void)
{
	tco_halt(true);
}

const struct watchdog_ops tco_ops = {"tco", tco_probe, tco_arm, tco_feed, tco_disarm};
