/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The first instructions of an application processor.  smp.c copies what lies
 * between smp_trampoline and smp_trampoline_end to a page below 640 KiB and fills
 * in the words named smp_tramp_*; smp_ap_entry is run where it was linked.
 *
 * Nothing in the page is written by the processor: the page is mapped read-execute
 * as soon as paging is on, and descriptors carry their accessed bits already.
 *
 * Source: Intel SDM vol. 3, "Multiple-Processor (MP) Initialization", "Initializing
 * IA-32e Mode".
 */
#define CR0_PE	 0x1
#define CR4_PAE	 0x20
#define MSR_EFER 0xc0000080
#define MSR_GS_BASE 0xc0000101

#define SEL_CODE32 0x08
#define SEL_DATA   0x10
#define SEL_CODE64 0x18

/* Where a thing of the page is, from the start of the page */
#define AT(label) ((label) - smp_trampoline)

	.section .rodata.smp_trampoline, "a", @progbits
	.balign 16
	.globl smp_trampoline
	.code16
smp_trampoline:
	cli
	cld
	mov	%cs, %ax
	mov	%ax, %ds
	xor	%ebx, %ebx
	mov	%ax, %bx
	shl	$4, %ebx		/* machine address of the page */
	lgdtl	AT(smp_tramp_gdtr)
	mov	%cr0, %eax
	or	$CR0_PE, %eax
	mov	%eax, %cr0
	ljmpl	*AT(smp_tramp_far32)

	.code32
	.globl smp_tramp_start32
smp_tramp_start32:
	mov	$SEL_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	AT(smp_tramp_cr3)(%ebx), %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	mov	AT(smp_tramp_efer)(%ebx), %eax
	xor	%edx, %edx
	wrmsr
	mov	AT(smp_tramp_cr0)(%ebx), %eax
	mov	%eax, %cr0
	ljmp	*AT(smp_tramp_far64)(%ebx)

	.code64
	.globl smp_tramp_start64
smp_tramp_start64:
	mov	$smp_ap_entry, %rax
	jmp	*%rax

	.balign 8
	.globl smp_tramp_gdt, smp_tramp_gdtr, smp_tramp_far32, smp_tramp_far64
	.globl smp_tramp_cr3, smp_tramp_efer, smp_tramp_cr0, smp_trampoline_end
smp_tramp_gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* SEL_CODE32 */
	.quad	0x00cf93000000ffff	/* SEL_DATA */
	.quad	0x00af9b000000ffff	/* SEL_CODE64 */
smp_tramp_gdtr:
	.word	4 * 8 - 1
	.long	0			/* smp_tramp_gdt */
	.balign 4
smp_tramp_far32:
	.long	0			/* smp_tramp_start32 */
	.word	SEL_CODE32
	.balign 4
smp_tramp_far64:
	.long	0			/* smp_tramp_start64 */
	.word	SEL_CODE64
	.balign 4
smp_tramp_cr3:
	.long	0
smp_tramp_efer:
	.long	0
smp_tramp_cr0:
	.long	0
smp_trampoline_end:

/*
 * In the image now.  Leave the page's mapping, then find out whether it is this
 * CPU's turn: smp_turn holds the APIC ID that is waited for, plus one.  A CPU that
 * comes too late, or uncalled, stops here for good.
 */
	.text
	.globl smp_ap_entry
	.type smp_ap_entry, @function
smp_ap_entry:
	mov	smp_ap_cr3(%rip), %rax
	mov	%rax, %cr3
	mov	smp_ap_cr4(%rip), %rax
	mov	%rax, %cr4

	/* x2APIC ID where leaf 0Bh exists and says something, else the 8-bit one */
	xor	%eax, %eax
	cpuid
	cmp	$0xb, %eax
	jb	1f
	mov	$0xb, %eax
	xor	%ecx, %ecx
	cpuid
	test	%ebx, %ebx
	jnz	2f
1:	mov	$1, %eax
	cpuid
	shr	$24, %ebx
	mov	%ebx, %edx
2:	lea	1(%rdx), %eax
	xor	%ecx, %ecx
	lock cmpxchg %ecx, smp_turn(%rip)
	jne	3f

	mov	smp_ap_stack(%rip), %rsp
	mov	smp_ap_cpu(%rip), %rdi
	mov	%edi, %eax
	mov	%rdi, %rdx
	shr	$32, %rdx
	mov	$MSR_GS_BASE, %ecx
	wrmsr
	xor	%ebp, %ebp		/* end of backtraces */
	call	smp_ap_main
3:	cli
	hlt
	jmp	3b
	.size smp_ap_entry, . - smp_ap_entry
