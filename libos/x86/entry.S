/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Where the CPU enters on exceptions and events, and the switch between threads.
 * Frames: struct trap_frame in x86/traps.h.
 */

	.text
	.balign 16
	.globl trap_stubs
	.type trap_stubs, @function
trap_stubs:
	.set n, 0
	.rept 32
	.balign 16
	/* The CPU pushes an error code for 8, 10-14, 17, 21, 29 and 30. */
	.if ((0x60227d00 >> n) & 1) == 0
	pushq $0
	.endif
	pushq $n
	jmp trap_common
	.set n, n + 1
	.endr
	.size trap_stubs, . - trap_stubs

	.type trap_common, @function
trap_common:
	pushq %rax
	pushq %rcx
	pushq %rdx
	pushq %rbx
	pushq %rbp
	pushq %rsi
	pushq %rdi
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	cld
	movq %rsp, %rdi
	andq $-16, %rsp
	call trap_fatal
	ud2
	.size trap_common, . - trap_common

/*
 * void cpu_idle(void)
 * Wait for an interrupt, with interrupts on for exactly that long.  STI takes effect
 * after the next instruction, so an event that is raised between the caller's last
 * look and HLT ends the HLT instead of being taken before it.
 */
	.globl cpu_idle
	.type cpu_idle, @function
cpu_idle:
	sti
idle_hlt:
	hlt
	cli
	ret
	.size cpu_idle, . - cpu_idle

/*
 * An event arrived while idle, the only place where interrupts are on.  The
 * scheduler's loop looks at the shared info by itself, so all there is to do is to
 * return with interrupts off: a pending upcall would come again at once otherwise.
 *
 * Where the shadow of STI gets lost between an exit and the next entry, as in QEMU's
 * VMRUN, the event comes before the HLT, which would then never end: step over it.
 */
	.globl upcall_entry
	.type upcall_entry, @function
upcall_entry:
	cmpq $idle_hlt, (%rsp)
	jne 1f
	incq (%rsp)
1:	andl $~0x200, 16(%rsp)
	iretq
	.size upcall_entry, . - upcall_entry

/*
 * void thread_switch(uintptr_t *save_sp, uintptr_t load_sp)
 * Saves what a C function must keep for its caller; the rest is dead here.
 */
	.globl thread_switch
	.type thread_switch, @function
thread_switch:
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	subq $8, %rsp
	stmxcsr (%rsp)
	fnstcw 4(%rsp)
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	ldmxcsr (%rsp)
	fldcw 4(%rsp)
	addq $8, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret
	.size thread_switch, . - thread_switch

/* A new thread's first switch returns to here: rbx = function, r12 = argument. */
	.globl thread_entry
	.type thread_entry, @function
thread_entry:
	xorl %ebp, %ebp
	movq %r12, %rdi
	call *%rbx
	call libos_thread_exit
	ud2
	.size thread_entry, . - thread_entry

/* Filled in by the hypervisor, or by src/hypercall.c where it offers no page. */
	.section .text.hypercall_page, "ax", @progbits
	.balign 4096
	.globl hypercall_page
	.type hypercall_page, @function
hypercall_page:
	.skip 4096
	.size hypercall_page, . - hypercall_page
