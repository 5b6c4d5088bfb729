/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * From GRUB to C.  GRUB (multiboot2, on BIOS and on UEFI alike) enters in
 * 32-bit protected mode without paging, with the image loaded on any 2 MiB
 * boundary below 4 GiB.  This file measures where it is, maps that one 2 MiB
 * page three times (identity, direct map, link address), and calls boot_main()
 * at the link address.  boot_main() replaces these tables, the only ones that
 * are ever writable and executable.
 *
 * Manual: Multiboot2 specification 2.0, "Machine state"; AMD APM vol. 2,
 * "Enabling and Activating Long Mode".
 */
#define MB2_MAGIC 0xe85250d6
#define IMAGE_VA  0xffffffff80000000
#define PTE_TABLE 0x03
#define PTE_LARGE 0x83

	.section .head.text, "ax"
	.code32
	.balign 8
mb2_header:
	.long MB2_MAGIC, 0, mb2_end - mb2_header
	.long -(MB2_MAGIC + 0 + (mb2_end - mb2_header))
	/* Information request: command line, modules, memory map, both RSDPs, load base. */
	.balign 8
1:	.word 1, 0
	.long 2f - 1b
	.long 1, 3, 6, 14, 15
2:	.balign 8
	/* Modules start on page boundaries. */
	.word 6, 0
	.long 8
	.balign 8
	/* Relocatable: min 1 MiB, max 4 GiB - 2 MiB, on 2 MiB, lowest preferred. */
	.word 10, 0
	.long 24
	.long 0x100000, 0xffe00000, 0x200000, 1
	.balign 8
	.word 0, 0
	.long 8
mb2_end:

	.globl boot_entry
boot_entry:
	cli
	cld
	mov %eax, %esi		/* the loader's magic */
	rdtsc
	mov %eax, %edi
	mov %edx, %ecx
	/* Where are we?  The loader's info has room for one return address at its reserved word. */
	lea 8(%ebx), %esp
	call 1f
1:	pop %ebp
	sub $(1b - mb2_header), %ebp	/* machine address of the image */

	mov %edi, (boot_tsc - mb2_header)(%ebp)
	mov %ecx, (boot_tsc - mb2_header + 4)(%ebp)
	lea (boot_stack_top - mb2_header)(%ebp), %esp

	/* Long mode and NX are what any CPU with nested paging has; firmware can hide NX. */
	mov $0x80000001, %eax
	push %ebx
	cpuid
	pop %ebx
	lea (no_long_mode - mb2_header)(%ebp), %edi
	bt $29, %edx
	jnc say_and_halt
	lea (no_nx - mb2_header)(%ebp), %edi
	bt $20, %edx
	jnc say_and_halt

	/* One 2 MiB page at its own address, at DIRECTMAP, and at IMAGE. */
	lea (boot_pd - mb2_header)(%ebp), %eax
	mov %ebp, %ecx
	shr $21, %ecx
	and $511, %ecx
	mov %ebp, %edx
	or $PTE_LARGE, %edx
	mov %edx, (%eax, %ecx, 8)
	or $PTE_TABLE, %eax
	mov %ebp, %ecx
	shr $30, %ecx
	lea (boot_pdpt - mb2_header)(%ebp), %edi
	mov %eax, (%edi, %ecx, 8)
	or $PTE_TABLE, %edi

	lea (boot_pd_image - mb2_header)(%ebp), %eax
	mov %edx, (%eax)
	or $PTE_TABLE, %eax
	lea (boot_pdpt_image - mb2_header)(%ebp), %edx
	mov %eax, 510*8(%edx)
	or $PTE_TABLE, %edx

	lea (boot_pml4 - mb2_header)(%ebp), %eax
	mov %edi, (%eax)
	mov %edi, 256*8(%eax)
	mov %edx, 511*8(%eax)
	mov %eax, %cr3

	mov $0x20, %eax		/* CR4.PAE */
	mov %eax, %cr4
	mov $0xc0000080, %ecx	/* EFER: LME, NXE */
	rdmsr
	or $0x900, %eax
	wrmsr
	mov $0x80010033, %eax	/* CR0: PG WP NE ET MP PE */
	mov %eax, %cr0

	lea (boot_gdt - mb2_header)(%ebp), %eax
	mov %eax, (boot_gdtr - mb2_header + 2)(%ebp)
	lgdt (boot_gdtr - mb2_header)(%ebp)
	lea (boot_64 - mb2_header)(%ebp), %eax
	push $8
	push %eax
	lret

/*
 * The text at %edi on COM1, which the loader has set up if it is there, and the end.  Without
 * paging nothing can be asked for a better console.  An absent port reads as ready.
 */
say_and_halt:
	mov %edi, %esi
2:	lodsb
	test %al, %al
	jz 4f
	mov %al, %bl
	mov $0x3fd, %dx
	mov $1000000, %ecx
3:	in %dx, %al
	test $0x20, %al
	loopz 3b
	mov %bl, %al
	mov $0x3f8, %dx
	out %al, %dx
	jmp 2b
4:	hlt
	jmp 4b

no_long_mode:
	.asciz "Bulkhead: this CPU has no 64-bit mode: use one that has: halted\r\n"
no_nx:
	.asciz "Bulkhead: NX (no-execute) is missing: enable it in the firmware: halted\r\n"

	.code64
boot_64:
	mov $16, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %ss
	xor %eax, %eax
	mov %eax, %fs
	mov %eax, %gs
	movabs $boot_stack_top, %rsp
	mov %esi, %edi
	mov %ebx, %esi
	mov %ebp, %edx
	xor %ebp, %ebp
	movabs $1f, %rax
	jmp *%rax
	/* boot_main(magic, info, image): never returns */
1:	call boot_main
	ud2

	.balign 8
boot_gdt:
	.quad 0
	.quad 0x00af9b000000ffff	/* 64-bit code */
	.quad 0x00cf93000000ffff	/* data */
boot_gdtr:
	.word boot_gdtr - boot_gdt - 1
	.quad 0

	.section .data, "aw"
	.balign 8
	.globl boot_tsc
boot_tsc:
	.quad 0

	.section .bss.page_aligned, "aw", @nobits
	.balign 4096
boot_pml4:	 .skip 4096
boot_pdpt:	 .skip 4096
boot_pd:	 .skip 4096
boot_pdpt_image: .skip 4096
boot_pd_image:	 .skip 4096
boot_stack:	 .skip 8192
	.globl boot_stack_top
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
