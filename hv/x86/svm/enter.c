/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The world switch.  VMRUN leaves alone the general registers but rax and rsp,
 * and what VMLOAD and VMSAVE move: FS, GS, TR, LDTR and the system-call MSRs.
 * All of that is the guest's between the first and the last line of the assembly.
 *
 * Manual: AMD APM vol. 2, 15.5 "VMRUN Instruction", 15.17 "Global Interrupt Flag".
 */
#include "x86/svm/svm.h"

void svm_enter(struct vcpu_regs *regs, maddr_t vmcb, maddr_t host_vmcb)
{
	uint64_t rax = vmcb.ma;

	/*
	 * Interrupts are on for VMRUN, since with V_INTR_MASKING the host's flag
	 * decides whether one ends the guest's run; GIF keeps them off until then.
	 */
	__asm__ volatile("push %%rbp\n\t"
			 "push %%rsi\n\t"
			 "push %%rdi\n\t"
			 "clgi\n\t"
			 "sti\n\t"
			 "mov %c[rbx](%%rdi), %%rbx\n\t"
			 "mov %c[rcx](%%rdi), %%rcx\n\t"
			 "mov %c[rdx](%%rdi), %%rdx\n\t"
			 "mov %c[rbp](%%rdi), %%rbp\n\t"
			 "mov %c[rsi](%%rdi), %%rsi\n\t"
			 "mov %c[r8](%%rdi), %%r8\n\t"
			 "mov %c[r9](%%rdi), %%r9\n\t"
			 "mov %c[r10](%%rdi), %%r10\n\t"
			 "mov %c[r11](%%rdi), %%r11\n\t"
			 "mov %c[r12](%%rdi), %%r12\n\t"
			 "mov %c[r13](%%rdi), %%r13\n\t"
			 "mov %c[r14](%%rdi), %%r14\n\t"
			 "mov %c[r15](%%rdi), %%r15\n\t"
			 "mov %c[rdi](%%rdi), %%rdi\n\t"
			 "vmload\n\t"
			 "vmrun\n\t"
			 "vmsave\n\t"
			 "mov 8(%%rsp), %%rax\n\t"
			 "vmload\n\t"
			 "mov (%%rsp), %%rax\n\t"
			 "mov %%rbx, %c[rbx](%%rax)\n\t"
			 "mov %%rcx, %c[rcx](%%rax)\n\t"
			 "mov %%rdx, %c[rdx](%%rax)\n\t"
			 "mov %%rbp, %c[rbp](%%rax)\n\t"
			 "mov %%rsi, %c[rsi](%%rax)\n\t"
			 "mov %%rdi, %c[rdi](%%rax)\n\t"
			 "mov %%r8, %c[r8](%%rax)\n\t"
			 "mov %%r9, %c[r9](%%rax)\n\t"
			 "mov %%r10, %c[r10](%%rax)\n\t"
			 "mov %%r11, %c[r11](%%rax)\n\t"
			 "mov %%r12, %c[r12](%%rax)\n\t"
			 "mov %%r13, %c[r13](%%rax)\n\t"
			 "mov %%r14, %c[r14](%%rax)\n\t"
			 "mov %%r15, %c[r15](%%rax)\n\t"
			 "cli\n\t"
			 "stgi\n\t"
			 "pop %%rdi\n\t"
			 "pop %%rsi\n\t"
			 "pop %%rbp\n\t"
			 : "+a"(rax), "+D"(regs), "+S"(host_vmcb.ma)
			 : [rbx] "i"(offsetof(struct vcpu_regs, rbx)),
			   [rcx] "i"(offsetof(struct vcpu_regs, rcx)),
			   [rdx] "i"(offsetof(struct vcpu_regs, rdx)),
			   [rbp] "i"(offsetof(struct vcpu_regs, rbp)),
			   [rsi] "i"(offsetof(struct vcpu_regs, rsi)),
			   [rdi] "i"(offsetof(struct vcpu_regs, rdi)),
			   [r8] "i"(offsetof(struct vcpu_regs, r8)),
			   [r9] "i"(offsetof(struct vcpu_regs, r9)),
			   [r10] "i"(offsetof(struct vcpu_regs, r10)),
			   [r11] "i"(offsetof(struct vcpu_regs, r11)),
			   [r12] "i"(offsetof(struct vcpu_regs, r12)),
			   [r13] "i"(offsetof(struct vcpu_regs, r13)),
			   [r14] "i"(offsetof(struct vcpu_regs, r14)),
			   [r15] "i"(offsetof(struct vcpu_regs, r15))
			 : "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
			   "r15", "memory", "cc");
}
