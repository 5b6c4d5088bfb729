/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * PVH entry: from 32-bit protected mode without paging to C in long mode.
 *
 * The loader gives EBX = address of the start info, flat segments, interrupts off
 * (public/arch-x86/hvm/start_info.h).  The tables made here map the first GiB onto
 * itself, everything allowed; x86/paging.c replaces them before any thread runs.
 */

#define CR0_PG_WP_NE_MP_PE 0x80010033	/* and ET */
#define CR4_PAE_PGE_FXSR_XMMEXCPT 0x6a0
#define MSR_EFER	   0xc0000080
#define EFER_LME_BIT	   8
#define EFER_NXE_BIT	   11
#define MSR_FS_BASE	   0xc0000100

	.section .note.xen, "a", @note
	/* Xen, XEN_ELFNOTE_PHYS32_ENTRY */
	.balign 4
	.long 4, 4, 18
	.asciz "Xen"
	.long libos_start32
	/* Xen, XEN_ELFNOTE_GUEST_OS */
	.long 4, 9, 6
	.asciz "Xen"
	.asciz "Bulkhead"
	.balign 4

	.section .text.start, "ax", @progbits
	.code32
	.globl libos_start32
	.type libos_start32, @function
libos_start32:
	cld
	movl $boot_stack_end, %esp
	movl %ebx, %ebp

	/* Page tables: one level 4 and one level 3 entry, 512 pages of 2 MiB. */
	movl $boot_pdpt + 3, boot_pml4
	movl $boot_guard + 3, boot_pdpt
	movl $boot_guard, %edi
	movl $0x83, %eax
1:	movl %eax, (%edi)
	addl $8, %edi
	addl $0x200000, %eax
	cmpl $0x40000083, %eax
	jne 1b

	movl $CR4_PAE_PGE_FXSR_XMMEXCPT, %eax
	movl %eax, %cr4
	movl $boot_pml4, %eax
	movl %eax, %cr3
	movl $MSR_EFER, %ecx
	rdmsr
	orl $(1 << EFER_LME_BIT | 1 << EFER_NXE_BIT), %eax
	wrmsr
	movl $CR0_PG_WP_NE_MP_PE, %eax
	movl %eax, %cr0
	lgdt boot_gdt_desc
	ljmp $8, $start64

	.code64
start64:
	xorl %eax, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	movl %eax, %fs
	movl %eax, %gs

	/* The stack protector reads its canary from %fs:0x28; one for all threads. */
	movl $MSR_FS_BASE, %ecx
	movl $thread_block, %eax
	xorl %edx, %edx
	wrmsr
	movl $1, %eax
	xorl %ecx, %ecx
	cpuid
	btl $30, %ecx
	jnc 2f
	rdrand %rax
	jc 3f
2:	rdtsc
	shlq $32, %rdx
	orq %rdx, %rax
	movabsq $0x9e3779b97f4a7c15, %rdx
	imulq %rdx, %rax
3:	xorb %al, %al			/* a string cannot carry it */
	movq %rax, thread_block + 0x28

	movl %ebp, %edi
	xorl %ebp, %ebp
	call boot_start
	ud2
	.size libos_start32, . - libos_start32

	.section .rodata, "a", @progbits
	.balign 8
boot_gdt:
	.quad 0
	.quad 0x00af9b000000ffff	/* 64-bit code */
boot_gdt_desc:
	.word . - boot_gdt - 1
	.long boot_gdt

	.bss
	.balign 16
thread_block:
	.skip 0x30

	/*
	 * Used until the first thread runs.  The lowest level's table is unmapped by
	 * x86/paging.c: from then on it is the boot stack's guard page.
	 */
	.section .bss.boot, "aw", @nobits
	.balign 4096
	.globl boot_pml4, boot_guard, boot_stack_end
boot_pml4:
	.skip 4096
boot_pdpt:
	.skip 4096
boot_guard:
	.skip 4096
	.skip 8192
boot_stack_end:
