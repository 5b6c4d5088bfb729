/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * System time from the TSC: measured once, then a multiplication.  CPUID's rate
 * is taken where a clock of the board confirms it (emulators are known to claim
 * one that they do not run at) or where the board has none.
 * Source: Intel SDM vol. 2, "CPUID", leaves 15h and 16h; vol. 3, "Time-Stamp Counter".
 */
#include "apic.h"
#include "printk.h"
#include "time.h"
#include "time_reference.h"

/* Long enough for 100 ppm with a reading uncertain by 0.2 us; short where only a check is due. */
#define MEASURE_US 2000
#define CHECK_US   250

/* Attempts at reading two clocks at one instant; the tightest wins. */
#define SAMPLES 5

/* Turns of the wait that no working clock needs. */
#define WAIT_PATIENCE 20000000ul

struct time_scale time_scale ro_after_init;
uint32_t tsc_khz ro_after_init;
static uint64_t tsc_inverse ro_after_init;
static uint64_t wallclock ro_after_init;
static const char *source ro_after_init = "none";

struct sample {
	uint64_t tsc, ref;
	uint32_t apic;
};

/* The clocks at one instant, as nearly as interrupts of the emulator or SMM allow. */
static struct sample sample(const struct time_reference *ref)
{
	uint64_t best = ~0ull;
	struct sample s = {0};

	for (unsigned int i = 0; i < SAMPLES; i++) {
		uint64_t before = rdtsc();
		uint64_t r = ref->read();
		uint64_t after = rdtsc();
		uint32_t apic = apic_timer_count();

		if (after - before < best) {
			best = after - before;
			s = (struct sample){
				.tsc = before + (after - before) / 2, .ref = r, .apic = apic};
		}
	}
	return s;
}

static uint64_t elapsed(const struct time_reference *ref, uint64_t since)
{
	return (ref->read() - since) & ref->mask;
}

/* kHz of a counter that made `count` ticks while ref made `ticks`; 0 when that makes no sense. */
static uint32_t rate_khz(uint64_t count, uint64_t ticks, uint64_t hz)
{
	if (ticks == 0 || count > 1ull << 36)
		return 0;
	uint64_t khz = (count * (hz / 1000)) / ticks;
	khz += (count * (hz % 1000) / 1000) / ticks;
	return khz < 1u << 23 ? (uint32_t)khz : 0;
}

/* Both rates against ref; false when it stopped. */
static bool measure(const struct time_reference *ref, unsigned int us, uint32_t *tsc,
		    uint32_t *apic)
{
	uint64_t want = ref->hz * us / 1000000;
	unsigned long turns = 0;

	apic_timer_calibrate_start();
	struct sample a = sample(ref);
	while (elapsed(ref, a.ref) < want) {
		if (++turns > WAIT_PATIENCE)
			return false;
	}
	struct sample b = sample(ref);
	uint64_t ticks = (b.ref - a.ref) & ref->mask;
	*tsc = rate_khz(b.tsc - a.tsc, ticks, ref->hz);
	*apic = rate_khz(a.apic - b.apic, ticks, ref->hz);
	return *tsc != 0;
}

/* Leaf 15h: exact, in kHz; 0 when it says nothing. */
static uint32_t cpuid_crystal_khz(void)
{
	if (cpuid(0, 0).eax < 0x15)
		return 0;
	struct cpuid_regs r = cpuid(0x15, 0);

	if (r.eax == 0 || r.ebx == 0 || r.ecx == 0)
		return 0;
	return (uint32_t)((uint64_t)r.ecx * r.ebx / r.eax / 1000);
}

/* Leaf 16h: what is printed on the box. */
static uint32_t cpuid_nominal_khz(void)
{
	return cpuid(0, 0).eax >= 0x16 ? (cpuid(0x16, 0).eax & 0xffff) * 1000 : 0;
}

static bool agree(uint32_t a, uint32_t b)
{
	uint32_t diff = a > b ? a - b : b - a;

	return diff <= b / 100;
}

/* Nothing ticks but the clock of day: two seconds of boot are better than none. */
static uint32_t cmos_khz(void)
{
	uint32_t khz = rate_khz(cmos_ticks_per_second(rdtsc), 1, 1);

	if (khz == 0)
		panic("time: neither CPUID, HPET, PM timer, PIT nor CMOS clock can time the TSC\n");
	return khz;
}

/* No clock has timed the TSC: CPUID's word, or the slow way. */
static void take_unmeasured(uint32_t claimed)
{
	tsc_khz = claimed ? claimed : cpuid_nominal_khz();
	source = "cpuid";
	if (tsc_khz)
		return;
	tsc_khz = cmos_khz();
	source = "cmos";
}

static void choose_rates(void)
{
	bool need_apic = apic_timer_needs_calibration();
	uint32_t claimed = cpuid_crystal_khz(), tsc = 0, apic = 0;
	struct time_reference ref;

	bool found = time_reference_find(&ref) ||
		     (!claimed && !cpuid_nominal_khz() && time_reference_last_resort(&ref));
	if (!found || !measure(&ref, claimed && !need_apic ? CHECK_US : MEASURE_US, &tsc, &apic)) {
		take_unmeasured(claimed);
	} else if (claimed && agree(claimed, tsc)) {
		tsc_khz = claimed;
		source = "cpuid";
	} else {
		tsc_khz = tsc;
		source = ref.name;
	}
	if (need_apic)
		apic_timer_set_khz(apic); /* 0: still to be found */
}

/* No clock but CPUID's word for the TSC: time the LAPIC's counter against the TSC. */
static void apic_rate_from_tsc(void)
{
	apic_timer_calibrate_start();
	uint32_t first = apic_timer_count();
	uint64_t start = rdtsc(), want = (uint64_t)tsc_khz * MEASURE_US / 1000;
	while (rdtsc() - start < want)
		cpu_relax();
	uint32_t count = first - apic_timer_count();
	uint32_t khz = rate_khz(count, rdtsc() - start, (uint64_t)tsc_khz * 1000);
	if (khz == 0)
		panic("time: the LAPIC timer does not count\n");
	apic_timer_set_khz(khz);
}

void time_init(uint64_t tsc_entry)
{
	choose_rates();
	time_scale_set_khz(&time_scale, tsc_khz);
	tsc_inverse = time_scale_inverse(tsc_khz);
	time_scale.tsc_base = tsc_entry;
	if (apic_timer_needs_calibration() && apic_timer_khz == 0)
		apic_rate_from_tsc();
	apic_timer_calibrate_stop();
	uint64_t seconds = cmos_read();
	wallclock = seconds ? seconds * 1000000000 - system_time_ns() : 0;
	printk("time: TSC %u.%03u MHz by %s, %s timer", tsc_khz / 1000, tsc_khz % 1000, source,
	       apic_timer_name());
	if (apic_timer_khz)
		printk(" %u.%03u MHz", apic_timer_khz / 1000, apic_timer_khz % 1000);
	printk("%s\n", wallclock ? "" : ", no wall clock");
}

const char *time_source_name(void)
{
	return source;
}

uint64_t wallclock_at_boot_ns(void)
{
	return wallclock;
}

uint64_t time_ns_to_tsc(uint64_t ns)
{
	return time_scale_ticks(tsc_inverse, ns);
}

void udelay(unsigned int us)
{
	uint64_t start = rdtsc(), ticks = (uint64_t)us * tsc_khz / 1000;

	while (rdtsc() - start < ticks)
		cpu_relax();
}
