/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * HPET, PM timer, PIT and the CMOS clock, each touched only where ACPI does not
 * deny it.  Source: Intel IA-PC HPET 1.0a; ACPI, "Power Management Timer"; Intel
 * 8254 and MC146818 datasheets.
 */
#include "acpi.h"
#include "asm.h"
#include "paging.h"
#include "time_reference.h"
#include "timescale.h"

#define HPET_LEN	   0x400
#define HPET_CAP	   0x000 /* period in fs in the upper half */
#define HPET_CAP_64BIT	   0x2000
#define HPET_CONFIG	   0x010
#define HPET_CONFIG_ENABLE 0x1
#define HPET_COUNTER	   0x0f0
#define HPET_MAX_PERIOD	   100000000u
#define FS_PER_SECOND	   1000000000000000ull

#define PM_TIMER_HZ 3579545

#define PIT_HZ	      1193182
#define PIT_CHANNEL_2 0x42
#define PIT_COMMAND   0x43
#define PIT_MODE_2    0xb4 /* channel 2, both bytes, rate generator */
#define PIT_LATCH     0x80
#define PORT_B	      0x61 /* bit 0 gates channel 2, bit 1 the speaker */

/* Reads in which a clock must move: the slowest ticks once a microsecond, a read takes about one.
 */
#define TICK_PATIENCE 10000

static uint8_t __iomem *hpet ro_after_init;

static uint64_t hpet_read(void)
{
	return readl(hpet + HPET_COUNTER);
}

static bool hpet_find(struct time_reference *ref)
{
	if (acpi_info.hpet.ma == 0)
		return false;
	hpet = hv_map_mmio(acpi_info.hpet, HPET_LEN);
	if (!hpet)
		return false;
	uint32_t period = readl(hpet + HPET_CAP + 4);
	if (period == 0 || period > HPET_MAX_PERIOD)
		return false;
	uint32_t config = readl(hpet + HPET_CONFIG);
	writel(hpet + HPET_CONFIG, config | HPET_CONFIG_ENABLE);
	*ref = (struct time_reference){"hpet", 0xffffffff, FS_PER_SECOND / period, hpet_read};
	return true;
}

static uint64_t pm_timer_read(void)
{
	return acpi_gas_read(&acpi_info.fadt.pm_timer, 32);
}

static bool pm_timer_find(struct time_reference *ref)
{
	if (acpi_info.fadt.pm_timer.address == 0)
		return false;
	*ref = (struct time_reference){"pm-timer",
				       acpi_info.fadt.pm_timer_32bit ? 0xffffffff : 0xffffff,
				       PM_TIMER_HZ, pm_timer_read};
	return true;
}

static uint64_t pit_read(void)
{
	outb(PIT_COMMAND, PIT_LATCH);
	uint64_t low = inb(PIT_CHANNEL_2), high = inb(PIT_CHANNEL_2);

	return 0xffff - (high << 8 | low);
}

static bool pit_find(struct time_reference *ref)
{
	outb(PORT_B, (uint8_t)((inb(PORT_B) & ~2) | 1));
	outb(PIT_COMMAND, PIT_MODE_2);
	outb(PIT_CHANNEL_2, 0);
	outb(PIT_CHANNEL_2, 0);
	*ref = (struct time_reference){"pit", 0xffff, PIT_HZ, pit_read};
	return true;
}

static bool ticks(const struct time_reference *ref)
{
	uint64_t first = ref->read();

	for (unsigned int i = 0; i < TICK_PATIENCE; i++) {
		if (ref->read() != first)
			return true;
	}
	return false;
}

bool time_reference_find(struct time_reference *ref)
{
	return (hpet_find(ref) && ticks(ref)) || (pm_timer_find(ref) && ticks(ref)) ||
	       (acpi_info.fadt.legacy_devices && pit_find(ref) && ticks(ref));
}

bool time_reference_last_resort(struct time_reference *ref)
{
	return pit_find(ref) && ticks(ref);
}

/* ---- CMOS clock --------------------------------------------------------- */

#define CMOS_INDEX	0x70
#define CMOS_DATA	0x71
#define CMOS_A		0x0a
#define CMOS_A_UIP	0x80
#define CMOS_B		0x0b
#define CMOS_D		0x0d
#define CMOS_D_VALID	0x80
#define SECOND_PATIENCE (1ull << 34) /* ticks of the fastest TSC in two seconds */
#define UIP_PATIENCE	20000	     /* an update takes 2 ms, a port read about a microsecond */

static uint8_t cmos_get(uint8_t index)
{
	outb(CMOS_INDEX, index);
	return inb(CMOS_DATA);
}

static bool cmos_settled(void)
{
	for (unsigned int i = 0; i < UIP_PATIENCE; i++) {
		if (!(cmos_get(CMOS_A) & CMOS_A_UIP))
			return true;
	}
	return false;
}

static struct cmos_time cmos_get_time(void)
{
	uint8_t century = acpi_info.fadt.century;

	return (struct cmos_time){
		.second = cmos_get(0),
		.minute = cmos_get(2),
		.hour = cmos_get(4),
		.day = cmos_get(7),
		.month = cmos_get(8),
		.year = cmos_get(9),
		.century = century ? cmos_get(century) : 0,
		.status_b = cmos_get(CMOS_B),
	};
}

/* Until the next second begins, two seconds at most. */
static bool cmos_next_second(void)
{
	uint8_t now = cmos_get(0);

	uint64_t start = rdtsc();

	while (cmos_settled() && rdtsc() - start < SECOND_PATIENCE) {
		if (cmos_get(0) != now)
			return true;
	}
	return false;
}

uint64_t cmos_ticks_per_second(uint64_t (*counter)(void))
{
	if (acpi_info.fadt.no_cmos_rtc || !cmos_next_second())
		return 0;
	uint64_t start = counter();

	return cmos_next_second() ? counter() - start : 0;
}

/* Two equal readings outside of an update: an update between the two would show. */
uint64_t cmos_read(void)
{
	if (acpi_info.fadt.no_cmos_rtc || !(cmos_get(CMOS_D) & CMOS_D_VALID))
		return 0;
	for (unsigned int try = 0; try < 3; try++) {
		if (!cmos_settled())
			return 0;
		struct cmos_time a = cmos_get_time(), b = cmos_get_time();

		if (a.second == b.second && a.minute == b.minute)
			return cmos_to_unix(&b);
	}
	return 0;
}
