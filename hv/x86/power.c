/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Off, reset, and the power button.  Registers are the FADT's; see power.h. */
#include "acpi.h"
#include "asm.h"
#include "console.h"
#include "ioapic.h"
#include "percpu.h"
#include "power.h"
#include "printk.h"
#include "time.h"
#include "traps.h"

/* PM1 status and enable registers, and PM1 control. */
#define PM1_PWRBTN     0x0100
#define PM1_ALL	       0xffff
#define PM1_SCI_EN     0x0001
#define PM1_SLP_EN     0x2000
#define PM1_SLP_TYP(t) ((uint32_t)(t) << 10)
#define PM1_SLP_MASK   0x3c00u

/* Sleep control register of hardware-reduced boards. */
#define SLEEP_EN     0x20
#define SLEEP_TYP(t) ((uint32_t)(t) << 2)
#define SLEEP_WAKE   0x80 /* status; written back to clear */

#define RESET_PORT	 0xcf9
#define RESET_PORT_HARD	 0x02
#define RESET_PORT_PULSE 0x06
#define KEYBOARD_STATUS	 0x64
#define KEYBOARD_BUSY	 0x02
#define KEYBOARD_PULSE	 0xfe

/* SCIs in a row that the power button did not cause, before the line is shut. */
#define STRAY_LIMIT 1000

static struct acpi_irq sci ro_after_init;
static unsigned int presses, strays; /* boot CPU only */

/* The enable register of an event block is its second half. */
static struct acpi_gas second_half(const struct acpi_gas *block, unsigned int len)
{
	struct acpi_gas reg = *block;

	if (reg.address)
		reg.address += len / 2;
	return reg;
}

/* ---- Power button ------------------------------------------------------- */

static void pm1_enable(uint16_t events)
{
	const struct acpi_fadt *f = &acpi_info.fadt;
	struct acpi_gas a = second_half(&f->pm1a_evt, f->pm1_evt_len);
	struct acpi_gas b = second_half(&f->pm1b_evt, f->pm1_evt_len);

	acpi_gas_write(&a, 16, events);
	acpi_gas_write(&b, 16, events);
}

static uint32_t pm1_take_status(void)
{
	const struct acpi_fadt *f = &acpi_info.fadt;
	uint32_t a = f->pm1a_evt.address ? acpi_gas_read(&f->pm1a_evt, 16) : 0;
	uint32_t b = f->pm1b_evt.address ? acpi_gas_read(&f->pm1b_evt, 16) : 0;

	acpi_gas_write(&f->pm1a_evt, 16, a);
	acpi_gas_write(&f->pm1b_evt, 16, b);
	return a | b;
}

static void sci_interrupt(void)
{
	if (!(pm1_take_status() & PM1_PWRBTN)) {
		if (++strays == STRAY_LIMIT) {
			ioapic_mask(sci.gsi);
			printk("power: GSI %u fires without a cause, shut; no power button\n",
			       sci.gsi);
		}
		return;
	}
	strays = 0;
	if (++presses > 1) {
		printk("power: second press of the power button\n");
		power_off();
	}
	power_button_notify();
}

/* Each event would want a method run, and holds the SCI up until it is. */
static void gpe_silence(const struct acpi_gas *block, unsigned int len)
{
	struct acpi_gas reg = second_half(block, len);

	for (unsigned int i = 0; reg.address && i < len / 2; i++) {
		acpi_gas_write(&reg, 8, 0);
		reg.address++;
	}
}

static bool acpi_mode(void)
{
	return acpi_gas_read(&acpi_info.fadt.pm1a_cnt, 16) & PM1_SCI_EN;
}

/* Ask the firmware to hand the event registers over; it takes a while at most. */
static bool acpi_mode_enter(void)
{
	const struct acpi_fadt *f = &acpi_info.fadt;

	if (acpi_mode())
		return true;
	if (f->smi_cmd == 0 || f->acpi_enable == 0)
		return false;
	outb(f->smi_cmd, f->acpi_enable);
	for (unsigned int i = 0; i < 300; i++) {
		if (acpi_mode())
			return true;
		udelay(1000);
	}
	return false;
}

static const char *button_init(void)
{
	const struct acpi_fadt *f = &acpi_info.fadt;

	if (!f->present || f->hw_reduced || f->pm1a_evt.address == 0)
		return "the board has no fixed events";
	if (!acpi_mode_enter())
		return "the firmware does not enter ACPI mode";
	pm1_enable(0);
	gpe_silence(&f->gpe0, f->gpe0_len);
	gpe_silence(&f->gpe1, f->gpe1_len);
	if (!f->fixed_power_button)
		return "the board's is not a fixed one";
	(void)pm1_take_status();
	sci = acpi_isa_irq(&acpi_info, (uint8_t)f->sci_int);
	irq_set_handler(VECTOR_SCI, sci_interrupt);
	if (ioapic_route(sci, VECTOR_SCI, this_cpu()->apic_id))
		return "no I/O APIC has its interrupt";
	pm1_enable(PM1_PWRBTN);
	return NULL;
}

void power_init(void)
{
	const struct acpi_fadt *f = &acpi_info.fadt;
	const char *why = button_init();

	/* Whatever lies in memory is mapped now: a shutdown may be a panic. */
	(void)acpi_gas_read(&f->reset, 8);
	(void)acpi_gas_read(&f->sleep_control, 8);
	(void)acpi_gas_read(&f->sleep_status, 8);
	(void)acpi_gas_read(&f->pm1b_cnt, 16);
	if (why)
		printk("power: no power button: %s\n", why);
	else
		printk("power: power button on GSI %u\n", sci.gsi);
}

/* ---- Off ---------------------------------------------------------------- */

static void sleep_by_control(const struct acpi_fadt *f)
{
	acpi_gas_write(&f->sleep_status, 8, SLEEP_WAKE);
	acpi_gas_write(&f->sleep_control, 8, SLEEP_TYP(acpi_info.s5_typ_a) | SLEEP_EN);
}

static void pm1_sleep(const struct acpi_gas *cnt, uint8_t typ, uint32_t enable)
{
	if (cnt->address == 0)
		return;
	uint32_t v = acpi_gas_read(cnt, 16) & ~PM1_SLP_MASK;
	acpi_gas_write(cnt, 16, v | PM1_SLP_TYP(typ) | enable);
}

/* Types first, then both enables: the pair must agree when the second one acts. */
static void sleep_by_pm1(const struct acpi_fadt *f)
{
	pm1_sleep(&f->pm1a_cnt, acpi_info.s5_typ_a, 0);
	pm1_sleep(&f->pm1b_cnt, acpi_info.s5_typ_b, 0);
	pm1_sleep(&f->pm1a_cnt, acpi_info.s5_typ_a, PM1_SLP_EN);
	pm1_sleep(&f->pm1b_cnt, acpi_info.s5_typ_b, PM1_SLP_EN);
}

noreturn void power_off(void)
{
	const struct acpi_fadt *f = &acpi_info.fadt;

	cli();
	console_flush();
	if (acpi_info.s5_present) {
		if (f->sleep_control.address && (f->hw_reduced || f->pm1a_cnt.address == 0))
			sleep_by_control(f);
		else
			sleep_by_pm1(f);
		udelay(1000000);
	}
	printk("power: the board does not switch off (%s); halted\n",
	       acpi_info.s5_present ? "\\_S5 had no effect" : "ACPI has no \\_S5");
	console_flush();
	halt_forever();
}

/* ---- Reset -------------------------------------------------------------- */

static void reset_by_acpi(void)
{
	if (acpi_info.fadt.reset.address == 0)
		return;
	acpi_gas_write(&acpi_info.fadt.reset, 8, acpi_info.fadt.reset_value);
	udelay(50000);
}

static void reset_by_cf9(void)
{
	if (acpi_info.fadt.hw_reduced)
		return;
	uint8_t v = inb(RESET_PORT) & (uint8_t)~RESET_PORT_PULSE;
	outb(RESET_PORT, v | RESET_PORT_HARD);
	udelay(50);
	outb(RESET_PORT, v | RESET_PORT_PULSE);
	udelay(50000);
}

static void reset_by_keyboard(void)
{
	if (!acpi_info.fadt.has_8042)
		return;
	for (unsigned int i = 0; i < 100 && (inb(KEYBOARD_STATUS) & KEYBOARD_BUSY); i++)
		udelay(100);
	outb(KEYBOARD_STATUS, KEYBOARD_PULSE);
	udelay(50000);
}

/* An exception without a table to look it up in, twice over. */
noreturn static void reset_by_triple_fault(void)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} packed none = {0, 0};

	__asm__ volatile("lidt %0; int3" : : "m"(none));
	halt_forever();
}

noreturn void machine_reboot(void)
{
	cli();
	console_flush();
	reset_by_acpi();
	reset_by_cf9();
	reset_by_keyboard();
	reset_by_triple_fault();
}
