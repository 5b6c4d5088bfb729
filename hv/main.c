/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Boot, as a table of contents.  boot_main() runs on the boot CPU from boot.S to
 * the first guest; ap_main() is its short sister on every other CPU.
 */
#include "abi/bulkhead.h"
#include "cmdline.h"
#include "console.h"
#include "ctrl_load.h"
#include "domain.h"
#include "hw.h"
#include "lib/string.h"
#include "page.h"
#include "panic.h"
#include "printk.h"
#include "sched.h"
#include "timer.h"
#include "version.h"
#include "x86/acpi.h"
#include "x86/apic.h"
#include "x86/asm.h"
#include "x86/fpu.h"
#include "x86/ioapic.h"
#include "x86/mb2.h"
#include "x86/paging.h"
#include "x86/percpu.h"
#include "x86/power.h"
#include "x86/smp.h"
#include "x86/time.h"
#include "x86/traps.h"
#include "x86/vendor.h"
#include "x86/watchdog.h"
#include "x86/window.h"

#define LOW_MEMORY_END 0xa0000ul
#define LOWEST_MANAGED 0x1000ul
/* Firmware scribbles below this, but a loader may put a module there. */
#define LOWEST_FREE	0x100000ul
#define MBI_MAX		(1ul << 20)
#define POWER_BUTTON_NS 10000000000ul

struct options options ro_after_init_bss;
const char *boot_cmdline ro_after_init = "";

static struct boot_info boot ro_after_init_bss;
static maddr_t low_page ro_after_init_bss; /* below 640 KiB, for starting application processors */

extern const char image_start[], image_end[];

/* --- what the parts below ask of the core --- */

void console_notify(enum console_event event)
{
	switch (event) {
	case CONSOLE_INPUT: control_virq(VIRQ_CONSOLE); break;
	case CONSOLE_BREAK: control_virq(VIRQ_BULKHEAD_BREAK); break;
	case CONSOLE_ROOM:
		for (unsigned int i = 0; control_domain && i < control_domain->max_vcpus; i++)
			vcpu_unpause(control_domain->vcpu[i], PAUSE_CONSOLE);
		break;
	}
}

static struct timer button_timer;

static void button_ignored(void *arg)
{
	(void)arg;
	printk("power button: no orderly shutdown within 10 s\n");
	power_off();
}

void power_button_notify(void)
{
	printk("power button\n");
	control_virq(VIRQ_BULKHEAD_POWER_BUTTON);
	if (!timer_armed(&button_timer))
		timer_arm(&button_timer, system_time_ns() + POWER_BUTTON_NS);
}

maddr_t boot_low_page(void)
{
	return low_page;
}

void *boot_low_page_map(void)
{
	return hv_map_ram(low_page, PAGE_SIZE);
}

static struct timer poll_timer;

static void poll_console(void *arg)
{
	(void)arg;
	console_poll();
	timer_arm(&poll_timer, system_time_ns() + 1000000);
}

/* --- memory that boot leaves --- */

/* Cut [start, end) out of the list. */
static unsigned int exclude(struct ram_range *r, unsigned int nr, uint64_t start, uint64_t end)
{
	start &= PAGE_MASK;
	end = ALIGN_UP(end, PAGE_SIZE);
	for (unsigned int i = 0; i < nr; i++) {
		if (r[i].end <= start || r[i].start >= end)
			continue;
		if (r[i].start < start && r[i].end > end) {
			memmove(&r[i + 1], &r[i], (nr - i) * sizeof(*r));
			nr++;
			r[i].end = start;
			r[i + 1].start = end;
			return nr;
		}
		if (r[i].start < start)
			r[i].end = start;
		else if (r[i].end > end)
			r[i].start = end;
		else
			r[i].end = r[i].start;
	}
	return nr;
}

static bool in_module(uint64_t page)
{
	for (unsigned int i = 0; i < boot.nr_modules; i++)
		if (page + PAGE_SIZE > boot.modules[i].start && page < boot.modules[i].end)
			return true;
	return false;
}

/* The highest page of r below 640 KiB in which the loader put nothing. */
static void find_low_page(const struct boot_range *r, uint64_t info, size_t info_size)
{
	uint64_t page = ALIGN_DOWN(MIN(r->end, LOW_MEMORY_END), PAGE_SIZE);

	while (page > r->start + PAGE_SIZE && page > 2 * PAGE_SIZE) {
		page -= PAGE_SIZE;
		if (in_module(page) || (page + PAGE_SIZE > info && page < info + info_size))
			continue;
		low_page = maddr(page);
		return;
	}
}

static void memory_init(maddr_t image, uint64_t info, size_t info_size)
{
	static struct ram_range ram[BOOT_MAX_RAM], free[BOOT_MAX_RAM + BOOT_MAX_MODULES + 4];
	unsigned int nr_ram = 0, nr_free;

	for (unsigned int i = 0; i < boot.nr_ram; i++) {
		const struct boot_range *r = &boot.ram[i];

		find_low_page(r, info, info_size);
		if (r->end > LOWEST_MANAGED)
			ram[nr_ram++] = (struct ram_range){MAX(r->start, LOWEST_MANAGED), r->end};
	}
	memcpy(free, ram, sizeof(ram));
	nr_free = exclude(free, nr_ram, 0, LOWEST_FREE);
	nr_free = exclude(free, nr_free, image.ma, image.ma + (uint64_t)(image_end - image_start));
	nr_free = exclude(free, nr_free, info, info + info_size);
	for (unsigned int i = 0; i < boot.nr_modules; i++)
		nr_free = exclude(free, nr_free, boot.modules[i].start, boot.modules[i].end);
	page_init(ram, nr_ram, free, nr_free);
}

/* --- the loader's words --- */

static void complain(const char *word, const char *why)
{
	printk("option '%s': %s; ignored\n", word, why);
}

static void no_complaint(const char *word, const char *why)
{
	(void)word;
	(void)why;
}

/* What lies at info is kept as it is: the ACPI pointer's copy is in there. */
static size_t read_boot_info(uint32_t magic, uint64_t info)
{
	const uint32_t *head;
	const char *error;
	size_t size;

	if (magic != MB2_LOADER_MAGIC)
		panic("the loader does not speak multiboot2 (0x%x)\n", magic);
	head = hv_map_ro(maddr(info), 8);
	size = head ? MIN(head[0], MBI_MAX) : 0;
	head = hv_map_ro(maddr(info), size);
	error = head ? mb2_parse(head, size, info, &boot) : "it cannot be mapped";
	if (error)
		panic("the loader's information is unusable: %s\n", error);
	boot_cmdline = boot.cmdline;
	hw_set_firmware(boot.efi);
	return size;
}

/* Name all that is missing; go on only if it is not vital. */
static void check_hardware(void)
{
	hw_probe();
	vendor = vendor_probe();
	if (!vendor)
		hw_missing("virtualisation (AMD SVM)",
			   "use a CPU that has it, or enable it in the firmware", true);
	if (*hw_missing_text())
		printk("missing hardware features:\n%s", hw_missing_text());
	if (!hw_is_unfit())
		return;
	printk("this machine cannot run Bulkhead: halted\n");
	console_flush();
	halt_forever();
}

static void cpu_init(void)
{
	fpu_init_cpu();
	if (window_init_cpu())
		panic("CPU %u: no memory for its window\n", this_cpu()->id);
	if (vendor->cpu_enable(this_cpu()))
		panic("CPU %u: %s cannot be enabled\n", this_cpu()->id, vendor->name);
}

noreturn void ap_main(struct cpu *c)
{
	paging_init_cpu();
	traps_init_cpu();
	apic_init_ap();
	cpu_init();
	__atomic_store_n(&c->online, true, __ATOMIC_RELEASE);
	sched_loop();
}

noreturn static void start(void)
{
	const char *control = "control domain";

	ctrl_load(&boot, options.ctrl_kib);
	printk("%s: %lu KiB, %u modules; started after %lu ms\n", control, options.ctrl_kib,
	       boot.nr_modules - 1, system_time_ns() / 1000000);
	boot_tsc_ctrl = rdtsc();
	paging_seal();
	sched_loop();
}

static uint32_t boot_acpi_id(uint32_t apic)
{
	for (unsigned int i = 0; i < acpi_info.nr_cpus; i++)
		if (acpi_info.cpu[i].apic_id == apic)
			return acpi_info.cpu[i].uid;
	return 0;
}

noreturn void boot_main(uint32_t magic, uint32_t info, uint32_t image);

noreturn void boot_main(uint32_t magic, uint32_t info, uint32_t image)
{
	size_t info_size;

	cpu_boot_early();
	tlb_machine_init(&machine_tlb);
	paging_init(maddr(image));
	info_size = read_boot_info(magic, info);
	cmdline_parse(boot.cmdline, &options, no_complaint);
	console_init_early(options.console);
	printk("Bulkhead %s (%s), slot %s, %s\n", BULKHEAD_VERSION, BULKHEAD_COMMIT, options.slot,
	       hw_firmware());
	cmdline_parse(boot.cmdline, &options, complain);
	check_hardware();
	memory_init(maddr(image), info, info_size);
	acpi_init(maddr(boot.rsdp));
	console_init_acpi();
	traps_init();
	if (!cpu_boot_finish(0, 0))
		panic("no memory for the boot CPU's stacks\n");
	traps_init_cpu();
	apic_init_bsp();
	this_cpu()->apic_id = apic_id();
	this_cpu()->acpi_id = boot_acpi_id(this_cpu()->apic_id);
	ioapic_init();
	time_init(boot_tsc);
	cpu_init();
	this_cpu()->online = true;
	sched_init();
	timer_init_irq();
	console_init_irq();
	smp_boot_aps();
	sched_start();
	power_init();
	timer_init(&button_timer, button_ignored, NULL);
	timer_init(&poll_timer, poll_console, NULL);
	if (console_polled())
		poll_console(NULL);
	printk("%s, %u CPU%s, %lu MiB, TSC %u kHz (%s), %s\n", hw_cpu_name(), nr_cpus,
	       nr_cpus == 1 ? "" : "s", page_nr_total() >> 8, tsc_khz, time_source_name(),
	       vendor->name);
	watchdog_init(options.watchdog, options.watchdog_s);
	cpu_run_on_stack(this_cpu(), start);
}
