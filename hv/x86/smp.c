/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Bringing application processors up, from the boot CPU's side.  One at a time:
 *
 *   1. all of them get INIT at once;
 *   2. smp_ap_* say what the next one needs, smp_turn names it, it gets its SIPI;
 *   3. it takes smp_turn back to 0 and owns its record from then on; or the boot
 *      CPU loses patience and takes smp_turn back itself, and then it is out;
 *   4. both compare TSCs, it goes to ap_main() and says that it is online.
 */
#include "acpi.h"
#include "apic.h"
#include "asm.h"
#include "lib/string.h"
#include "printk.h"
#include "smp.h"
#include "time.h"

#define MSR_PAT	 0x277
#define MSR_EFER 0xc0000080
#define EFER_LME 0x100u
#define EFER_NXE 0x800u

#define PTE_P 0x1ull
#define PTE_W 0x2ull

/* Modern CPUs need none between INIT and SIPI; the 10 ms of the MP specification were for others.
 */
#define INIT_DELAY_US 100
#define SIPI_RETRY_US 10000

/* An emulator on a busy host may keep a CPU from running for that long. */
#define ANSWER_LIMIT_US 500000
#define ONLINE_LIMIT_US 1000000

/* In smp_trampoline.S: the page's contents, and the words to fill in. */
extern const uint8_t smp_trampoline[], smp_trampoline_end[];
extern const uint8_t smp_tramp_start32[], smp_tramp_start64[], smp_tramp_gdt[], smp_tramp_gdtr[];
extern const uint8_t smp_tramp_far32[], smp_tramp_far64[];
extern const uint8_t smp_tramp_cr3[], smp_tramp_efer[], smp_tramp_cr0[];

/* Read by smp_ap_entry. */
extern uint64_t smp_ap_cr3, smp_ap_cr4;
extern void *smp_ap_stack;
extern struct cpu *smp_ap_cpu;
extern uint32_t smp_turn;
uint64_t smp_ap_cr3, smp_ap_cr4;
void *smp_ap_stack;
struct cpu *smp_ap_cpu;
uint32_t smp_turn; /* [atomic] */

noreturn void smp_ap_main(struct cpu *c);

static uint64_t bsp_pat;
static uint64_t tables[4][512] aligned(
	PAGE_SIZE); /* PML4, PDPT, PD, PT under which paging comes on */

/* The low page read-execute at its own address, and all that the hypervisor maps. */
static void tables_prepare(maddr_t page)
{
	const uint64_t *root = hv_root_table();

	memcpy(&tables[0][256], root + 256, 256 * sizeof(uint64_t));
	for (unsigned int level = 0; level < 3; level++)
		tables[level][0] = hv_image_maddr(tables[level + 1]).ma | PTE_W | PTE_P;
	tables[3][page.ma >> PAGE_SHIFT] = page.ma | PTE_P;
}

static void fill_in(uint8_t *page, const uint8_t *where, uint32_t value)
{
	memcpy(page + (where - smp_trampoline), &value, sizeof(value));
}

static bool trampoline_prepare(void)
{
	maddr_t ma = boot_low_page();
	uint8_t *page = ma.ma ? boot_low_page_map() : NULL;
	uint64_t root = hv_image_maddr(tables[0]).ma;

	if (!page || root >> 32)
		return false;
	tables_prepare(ma);
	memcpy(page, smp_trampoline, (size_t)(smp_trampoline_end - smp_trampoline));
	uint32_t base = (uint32_t)ma.ma;
	fill_in(page, smp_tramp_gdtr + 2, base + (uint32_t)(smp_tramp_gdt - smp_trampoline));
	fill_in(page, smp_tramp_far32, base + (uint32_t)(smp_tramp_start32 - smp_trampoline));
	fill_in(page, smp_tramp_far64, base + (uint32_t)(smp_tramp_start64 - smp_trampoline));
	fill_in(page, smp_tramp_cr3, (uint32_t)root);
	fill_in(page, smp_tramp_efer, (uint32_t)rdmsr(MSR_EFER) & (EFER_LME | EFER_NXE));
	fill_in(page, smp_tramp_cr0, (uint32_t)read_cr0());
	smp_ap_cr3 = read_cr3();
	smp_ap_cr4 = read_cr4();
	bsp_pat = rdmsr(MSR_PAT);
	return true;
}

/* On the application processor, with its stack and its %gs. */
noreturn void smp_ap_main(struct cpu *c)
{
	wrmsr(MSR_PAT, bsp_pat);
	(void)time_check_sync(false);
	ap_main(c);
}

static uint32_t turn(void)
{
	return __atomic_load_n(&smp_turn, __ATOMIC_ACQUIRE);
}

/* Did the CPU whose turn it is take it within that time? */
static bool wait_taken(unsigned int us)
{
	uint64_t start = rdtsc(), limit = (uint64_t)tsc_khz * us / 1000;

	while (turn() && rdtsc() - start < limit)
		cpu_relax();
	return turn() == 0;
}

static bool wait_online(const struct cpu *c)
{
	uint64_t start = rdtsc(), limit = (uint64_t)tsc_khz * ONLINE_LIMIT_US / 1000;
	const bool *online = &c->online;

	while (!__atomic_load_n(online, __ATOMIC_ACQUIRE) && rdtsc() - start < limit)
		cpu_relax();
	return __atomic_load_n(online, __ATOMIC_ACQUIRE);
}

static bool call_in(struct cpu *c)
{
	uint32_t expected = c->apic_id + 1;
	uint8_t page = (uint8_t)(boot_low_page().ma >> PAGE_SHIFT);

	smp_ap_cpu = c;
	smp_ap_stack = c->stack_top;
	time_check_sync_reset();
	__atomic_store_n(&smp_turn, expected, __ATOMIC_RELEASE);
	apic_send_startup(c->apic_id, page);
	if (wait_taken(SIPI_RETRY_US))
		return true;
	apic_send_startup(c->apic_id, page);
	if (wait_taken(ANSWER_LIMIT_US))
		return true;
	/* Its last chance: if this fails, it has taken its turn just now. */
	return !__atomic_compare_exchange_n(&smp_turn, &expected, 0, false, __ATOMIC_ACQ_REL,
					    __ATOMIC_ACQUIRE);
}

static bool boot_one(struct cpu *c)
{
	if (!call_in(c)) {
		printk("smp: CPU with APIC ID %u does not answer, left out\n", c->apic_id);
		return false;
	}
	uint64_t apart = time_check_sync(true);
	if (!wait_online(c)) {
		apic_send_init(c->apic_id); /* parked again, its record is free */
		printk("smp: CPU with APIC ID %u came up but not online, left out\n", c->apic_id);
		return false;
	}
	if (apart)
		printk("smp: TSC of CPU %u is off by %llu ticks\n", c->id,
		       (unsigned long long)apart);
	return true;
}

static bool wanted(const struct acpi_cpu *cpu)
{
	return cpu->enabled && cpu->apic_id != apic_id() &&
	       (apic_is_x2apic() || cpu->apic_id < 0xff);
}

static unsigned int init_all(void)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < acpi_info.nr_cpus; i++) {
		if (!wanted(&acpi_info.cpu[i]))
			continue;
		apic_send_init(acpi_info.cpu[i].apic_id);
		nr++;
	}
	return nr;
}

/* A record that the previous CPU did not make use of serves again: numbers stay dense. */
static struct cpu *record_for(struct cpu *spare, const struct acpi_cpu *cpu)
{
	if (!spare)
		return cpu_create(cpu->apic_id, cpu->uid);
	spare->apic_id = cpu->apic_id;
	spare->acpi_id = cpu->uid;
	return spare;
}

void smp_boot_aps(void)
{
	struct cpu *c = NULL;

	if (acpi_info.nr_cpus < 2)
		return;
	if (!trampoline_prepare()) {
		printk("smp: no page below 640 KiB is free: one CPU\n");
		return;
	}
	unsigned int nr = init_all();
	if (nr)
		udelay(INIT_DELAY_US);
	for (unsigned int i = 0; i < acpi_info.nr_cpus; i++) {
		if (!wanted(&acpi_info.cpu[i]))
			continue;
		c = record_for(c, &acpi_info.cpu[i]);
		if (!c) {
			printk("smp: no room for more than %u CPUs\n", nr_cpus);
			return;
		}
		if (boot_one(c)) {
			nr_cpus++;
			c = NULL;
		}
	}
}
