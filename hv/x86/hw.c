/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
#include "hw.h"

#include "lib/string.h"
#include "printk.h"
#include "x86/asm.h"

#define CPUID1_EDX_PAT	   (1u << 16)
#define CPUID1_EDX_SSE2	   (1u << 26)
#define CPUID7_EBX_SMEP	   (1u << 7)
#define CPUID7_EBX_SMAP	   (1u << 20)
#define CPUID80_7_EDX_ITSC (1u << 8)

static char missing[1024] ro_after_init_bss;
static size_t missing_len ro_after_init_bss;
static bool unfit ro_after_init_bss;
static bool firmware_is_efi ro_after_init_bss;
static char cpu_name[49] ro_after_init_bss;

uint64_t boot_tsc_ctrl ro_after_init_bss;

extern const char image_start[], image_end[];

void hw_missing(const char *what, const char *change, bool fatal)
{
	int n = hv_snprintf(missing + missing_len, sizeof(missing) - missing_len, "%s: %s\n", what,
			    change);

	missing_len = MIN(missing_len + (size_t)n, sizeof(missing) - 1);
	unfit |= fatal;
}

const char *hw_missing_text(void)
{
	return missing;
}

bool hw_is_unfit(void)
{
	return unfit;
}

static void read_cpu_name(void)
{
	uint32_t *words = (uint32_t *)(void *)cpu_name;
	const char *text = cpu_name;

	if (cpuid(0x80000000, 0).eax < 0x80000004)
		return;
	for (unsigned int i = 0; i < 3; i++) {
		struct cpuid_regs r = cpuid(0x80000002 + i, 0);

		memcpy(&words[i * 4], &r, sizeof(r));
	}
	while (*text == ' ')
		text++;
	memmove(cpu_name, text, strlen(text) + 1);
}

void hw_probe(void)
{
	uint32_t leaf7 = cpuid(0, 0).eax >= 7 ? cpuid(7, 0).ebx : 0;
	uint32_t apm = cpuid(0x80000000, 0).eax >= 0x80000007 ? cpuid(0x80000007, 0).edx : 0;

	read_cpu_name();
	if (!(leaf7 & CPUID7_EBX_SMEP))
		hw_missing("SMEP", "use a CPU that has it: stray jumps are not caught", false);
	if (!(leaf7 & CPUID7_EBX_SMAP))
		hw_missing("SMAP", "use a CPU that has it: stray pointers are not caught", false);
	if (!(apm & CPUID80_7_EDX_ITSC))
		hw_missing("invariant TSC",
			   "use a CPU that has it: time may drift with power states", false);
}

const char *hw_cpu_name(void)
{
	return cpu_name;
}

const char *hw_firmware(void)
{
	return firmware_is_efi ? "uefi" : "bios";
}

void hw_set_firmware(bool efi)
{
	firmware_is_efi = efi;
}

uint64_t hw_image_kib(void)
{
	return (uint64_t)(image_end - image_start) >> 10;
}
