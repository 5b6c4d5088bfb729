/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Where the CPU comes in: one stub a vector, all saving a struct trap_frame for
 * trap_dispatch().  The hypervisor has no user mode, so nothing is swapped.
 */
	.text
	.code64

	/* Vectors whose exception pushes an error code: 8, 10-14, 17, 21, 29, 30. */
#define HAS_ERROR 0x60227d00

	.balign 16
	.globl trap_stubs
trap_stubs:
	vector = 0
	.rept 256
	.balign 16
	.if (vector >= 32) || !((HAS_ERROR >> (vector & 31)) & 1)
	push $0
	.endif
	push $vector
	jmp trap_common
	vector = vector + 1
	.endr

	.balign 16
trap_common:
	push %rdi
	push %rsi
	push %rdx
	push %rcx
	push %rax
	push %r8
	push %r9
	push %r10
	push %r11
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	cld
	mov %rsp, %rdi
	call trap_dispatch
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	pop %r11
	pop %r10
	pop %r9
	pop %r8
	pop %rax
	pop %rcx
	pop %rdx
	pop %rsi
	pop %rdi
	add $16, %rsp
	iretq

	/* int rdmsr_safe(uint32_t msr, uint64_t *value) */
	.globl rdmsr_safe
rdmsr_safe:
	mov %edi, %ecx
1:	rdmsr
	shl $32, %rdx
	or %rdx, %rax
	mov %rax, (%rsi)
	xor %eax, %eax
	ret

	/* int wrmsr_safe(uint32_t msr, uint64_t value) */
	.globl wrmsr_safe
wrmsr_safe:
	mov %edi, %ecx
	mov %esi, %eax
	mov %rsi, %rdx
	shr $32, %rdx
2:	wrmsr
	xor %eax, %eax
	ret

msr_fault:
	mov $-14, %eax		/* -EFAULT */
	ret

	.section .fixup_table, "a"
	.balign 8
	.quad 1b, msr_fault
	.quad 2b, msr_fault
