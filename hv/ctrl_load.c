/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Memory of the control domain:
 *
 *   0            RAM of the size that the manifest gives, the program in it
 *   top          start info, command line, module list, memory map: the last
 *                pages of that RAM
 *   2 MiB above  the modules, one behind the other, each from a page boundary:
 *                RAM too, which their reader may give back
 *
 * Source: PVH boot protocol, <xen/arch-x86/hvm/start_info.h>.
 */
#include "ctrl_load.h"

#include "abi/abi.h"
#include "domain.h"
#include "elf.h"
#include "guestcopy.h"
#include "lib/string.h"
#include "page.h"
#include "printk.h"
#include "sched.h"
#include "vcpu.h"
#include "x86/window.h"

#include <xen/arch-x86/hvm/start_info.h>

#define INFO_PAGES   4
#define MAX_TABLES   512 /* its own memory, and maps of the guests that it builds */
#define MAX_PORTS    8192
#define CMDLINE_OFF  0x200
#define MODULES_OFF  0x800
#define MEMMAP_OFF   0x2800
#define NAMES_OFF    0x3000
#define MODULE_ALIGN (1ul << 21)
#define E820_RAM     1

_Static_assert(MODULES_OFF + BOOT_MAX_MODULES * sizeof(struct hvm_modlist_entry) <= MEMMAP_OFF,
	       "the module list fits");

struct builder {
	struct domain *d;
	const struct boot_info *boot;
	uint64_t ram;	/* bytes from 0 */
	uint64_t info;	/* guest address of the start info */
	uint64_t next;	/* where the next module goes */
	uint64_t names; /* where the next module's command line goes */
};

static bool read_machine(void *ctx, uint64_t offset, void *dst, size_t n)
{
	const struct boot_module *m = ctx;
	uint64_t ma = m->start + offset;
	char *p = dst;

	if (offset > m->end - m->start || n > m->end - m->start - offset)
		return false;
	while (n) {
		size_t chunk = MIN(n, PAGE_SIZE - (ma & ~PAGE_MASK));
		const char *page = window_open(WINDOW_OTHER, maddr_to_mfn(maddr(ma)));

		memcpy(p, page + (ma & ~PAGE_MASK), chunk);
		window_close(WINDOW_OTHER);
		ma += chunk;
		p += chunk;
		n -= chunk;
	}
	return true;
}

static void own(struct domain *d, mfn_t f, uint64_t nr, gfn_t g)
{
	for (uint64_t i = 0; i < nr; i++) {
		struct page *pg = mfn_to_page(mfn(f.m + i));

		pg->state = PAGE_GUEST;
		pg->slot = d->domid;
		pg->refs = 1;
		pg->gfn = (uint32_t)(g.g + i);
		pg->incarnation = d->incarnation;
	}
	if (p2m_map(&d->p2m, g, f, nr, P2M_RAM))
		panic("control domain: no memory for its page tables\n");
	d->nr_frames += nr;
}

/* RAM in the largest blocks that there are, cleared. */
static void populate(struct domain *d, uint64_t bytes)
{
	uint64_t g = 0, nr = bytes >> PAGE_SHIFT;

	while (g < nr) {
		unsigned int order = PAGE_ORDER_2M;
		mfn_t f;

		while ((1ul << order) > nr - g || (g & ((1ul << order) - 1)))
			order--;
		for (;; order--) {
			f = page_alloc(order);
			if (!mfn_eq(f, INVALID_MFN) || !order)
				break;
		}
		if (mfn_eq(f, INVALID_MFN))
			panic("control domain: %lu KiB of memory are not there\n", bytes >> 10);
		own(d, f, 1ul << order, gfn(g));
		g += 1ul << order;
	}
	if (clear_domain(d, gaddr(0), bytes))
		panic("control domain: its memory cannot be cleared\n");
}

static void put(struct builder *b, uint64_t ga, const void *src, size_t n)
{
	if (copy_to_domain(b->d, gaddr(ga), src, n))
		panic("control domain: address 0x%lx is not in its memory\n", ga);
}

static void load_segment(struct builder *b, const struct elf_segment *s)
{
	const struct boot_module *m = &b->boot->modules[0];
	char buf[512];

	for (uint64_t at = 0; at < s->filesz; at += sizeof(buf)) {
		size_t n = MIN(sizeof(buf), s->filesz - at);

		if (!read_machine((void *)(uintptr_t)m, s->offset + at, buf, n))
			panic("control domain: its program is cut short\n");
		put(b, s->paddr + at, buf, n);
	}
}

static uint32_t load_program(struct builder *b)
{
	const struct boot_module *m = &b->boot->modules[0];
	struct elf_image image;
	const char *error =
		elf_parse(read_machine, (void *)(uintptr_t)m, m->end - m->start, b->info, &image);

	if (error)
		panic("control domain: its program cannot be loaded: %s\n", error);
	for (unsigned int i = 0; i < image.nr; i++)
		load_segment(b, &image.segment[i]);
	return image.entry;
}

/* The frames of a module change hands; what lies behind its end in the last one is cleared. */
static void give_module(struct builder *b, unsigned int i)
{
	const struct boot_module *m = &b->boot->modules[i];
	uint64_t size = m->end - m->start;
	uint64_t nr = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	struct hvm_modlist_entry entry = {
		.paddr = b->next,
		.size = size,
		.cmdline_paddr = b->names,
	};
	size_t len = strlen(m->cmdline) + 1;

	if (b->names + len > b->info + INFO_PAGES * PAGE_SIZE)
		panic("control domain: the names of its modules are too long\n");
	if (nr) {
		own(b->d, maddr_to_mfn(maddr(m->start)), nr, gaddr_to_gfn(gaddr(b->next)));
		if (clear_domain(b->d, gaddr(b->next + size), nr * PAGE_SIZE - size))
			panic("control domain: a module is not in memory\n");
	}
	put(b, b->info + MODULES_OFF + (i - 1) * sizeof(entry), &entry, sizeof(entry));
	put(b, b->names, m->cmdline, len);
	b->names += len;
	b->next += nr * PAGE_SIZE;
}

static void add_range(struct builder *b, uint64_t addr, uint64_t size)
{
	struct domain *d = b->d;
	struct hvm_memmap_table_entry e = {.addr = addr, .size = size, .type = E820_RAM};

	put(b, b->info + MEMMAP_OFF + d->nr_ranges * sizeof(e), &e, sizeof(e));
	d->range[d->nr_ranges].addr = addr;
	d->range[d->nr_ranges].size = size;
	d->range[d->nr_ranges].type = E820_RAM;
	d->nr_ranges++;
}

/* The command line is what follows the module's name. */
static const char *after_name(const char *cmdline)
{
	const char *blank = strchr(cmdline, ' ');

	return blank ? blank + 1 : "";
}

static void write_start_info(struct builder *b)
{
	const char *cmdline = after_name(b->boot->modules[0].cmdline);
	uint64_t modules_start = ALIGN_UP(b->ram, MODULE_ALIGN);
	struct hvm_start_info info = {
		.magic = XEN_HVM_START_MAGIC_VALUE,
		.version = 1,
		.nr_modules = b->boot->nr_modules - 1,
		.modlist_paddr = b->info + MODULES_OFF,
		.cmdline_paddr = b->info + CMDLINE_OFF,
		.memmap_paddr = b->info + MEMMAP_OFF,
	};

	add_range(b, 0, b->ram);
	if (b->next > modules_start)
		add_range(b, modules_start, b->next - modules_start);
	info.memmap_entries = b->d->nr_ranges;
	put(b, b->info, &info, sizeof(info));
	put(b, b->info + CMDLINE_OFF, cmdline, strlen(cmdline) + 1);
}

void ctrl_load(const struct boot_info *boot, uint64_t kib)
{
	const struct boot_module *program = &boot->modules[0];
	struct builder b = {.boot = boot, .ram = ALIGN_UP(kib << 10, PAGE_SIZE)};
	const struct domain_limits limits = {
		.max_vcpus = 1,
		.max_frames = ~0ul,
		.max_tables = MAX_TABLES,
		.max_ports = MAX_PORTS,
	};
	struct vcpu *v;
	uint32_t entry;

	if (!boot->nr_modules)
		panic("control domain: the loader gave no module to start it from\n");
	if (domain_create(DOMID_CONTROL, &limits, &b.d))
		panic("control domain: no memory for its record\n");
	b.info = b.ram - INFO_PAGES * PAGE_SIZE;
	b.names = b.info + NAMES_OFF;
	b.next = ALIGN_UP(b.ram, MODULE_ALIGN);
	populate(b.d, b.ram);
	entry = load_program(&b);
	for (unsigned int i = 1; i < boot->nr_modules; i++)
		give_module(&b, i);
	write_start_info(&b);
	page_give(maddr_to_mfn(maddr(program->start)),
		  (program->end - program->start + PAGE_SIZE - 1) >> PAGE_SHIFT);
	v = vcpu_create(b.d, 0, 0);
	if (!v)
		panic("control domain: no memory for its vCPU\n");
	vcpu_start_pvh(v, entry, (uint32_t)b.info);
	b.d->max_frames = b.d->nr_frames;
	control_domain = b.d;
	vcpu_unpause(v, PAUSE_DOWN);
	if (domain_unpause(b.d))
		panic("control domain: it was not paused\n");
}
