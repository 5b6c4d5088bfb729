/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The watchdog of Intel's 6300ESB, which QEMU has as a PCI device.  Two stages
 * of equal length; the first would interrupt, which is switched off, the second
 * resets.  Source: Intel 6300ESB I/O Controller Hub datasheet, chapter 16
 * "Watchdog Timer".
 */
#include "asm.h"
#include "errno.h"
#include "paging.h"
#include "pci.h"
#include "spinlock.h"
#include "watchdog.h"
#include "watchdog_calc.h"

#define ESB_VENDOR 0x8086
#define ESB_DEVICE 0x25ab

#define ESB_CONFIG	    0x60 /* 16 bits */
#define ESB_CONFIG_INT_NONE 0x0003
#define ESB_CONFIG_1MHZ	    0x0004
#define ESB_CONFIG_NO_RESET 0x0020
#define ESB_LOCK	    0x68 /* 8 bits */
#define ESB_LOCK_LOCKED	    0x01
#define ESB_LOCK_ENABLE	    0x02
#define ESB_LOCK_FREE_RUN   0x04

#define ESB_LEN		   0x10
#define ESB_TIMER1	   0x00
#define ESB_TIMER2	   0x04
#define ESB_RELOAD	   0x0c /* 16 bits */
#define ESB_UNLOCK1	   0x80
#define ESB_UNLOCK2	   0x86
#define ESB_RELOAD_NOW	   0x0100
#define ESB_RELOAD_TIMEOUT 0x0200 /* written back to clear */

static sbdf_t esb ro_after_init;
static uint8_t __iomem *regs ro_after_init;
static struct spinlock esb_lock = SPINLOCK_INIT; /* over the unlock sequence */

static void esb_unlock(void)
{
	writew(regs + ESB_RELOAD, ESB_UNLOCK1);
	writew(regs + ESB_RELOAD, ESB_UNLOCK2);
}

static int esb_probe(void)
{
	if (!pci_find(ESB_VENDOR, ESB_DEVICE, &esb))
		return -ENODEV;
	maddr_t bar = pci_bar_mem(esb, 0);
	if (bar.ma == 0)
		return -ENODEV;
	pci_write16(esb, PCI_COMMAND, pci_read16(esb, PCI_COMMAND) | PCI_COMMAND_MEMORY);
	regs = hv_map_mmio(bar, ESB_LEN);
	if (!regs)
		return -ENOMEM;
	/* Locked by someone before us: it runs as they chose, or never. */
	return pci_read8(esb, ESB_LOCK) & ESB_LOCK_LOCKED ? -EPERM : 0;
}

static void esb_feed(void)
{
	spin_lock(&esb_lock);
	esb_unlock();
	writew(regs + ESB_RELOAD, ESB_RELOAD_NOW | ESB_RELOAD_TIMEOUT);
	spin_unlock(&esb_lock);
}

static void esb_set_timer(unsigned int reg, uint32_t ticks)
{
	esb_unlock();
	writel(regs + reg, ticks);
}

static unsigned int esb_arm(unsigned int timeout_s)
{
	uint32_t ticks = esb_ticks(timeout_s);

	pci_write8(esb, ESB_LOCK, 0);
	pci_write16(esb, ESB_CONFIG, ESB_CONFIG_INT_NONE);
	esb_set_timer(ESB_TIMER1, ticks);
	esb_set_timer(ESB_TIMER2, ticks);
	esb_feed();
	pci_write8(esb, ESB_LOCK, ESB_LOCK_ENABLE);
	return esb_seconds(ticks);
}

static void esb_disarm(void)
{
	pci_write8(esb, ESB_LOCK, 0);
}

const struct watchdog_ops i6300esb_ops = {"i6300esb", esb_probe, esb_arm, esb_feed, esb_disarm};
