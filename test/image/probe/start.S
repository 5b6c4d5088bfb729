/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: The Bulkhead authors */
/* Multiboot2 header and 32-bit entry of the probe kernel.  Source: Multiboot2 Specification 2.0, 3.1 and 3.3. */

	.section .multiboot2, "a"
	.balign 8
header:
	.long 0xe85250d6, 0, header_end - header
	.long -(0xe85250d6 + 0 + (header_end - header))
	.short 0, 0
	.long 8
header_end:

	.text
	.globl _start
_start:
	cli
	movl $stack_top, %esp
	pushl %ebx
	pushl %eax
	call probe_main
1:	hlt
	jmp 1b

	.bss
	.balign 16
	.space 8192
stack_top:
	.section .note.GNU-stack, "", @progbits
