/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The virtual machine control block, as AMD prints it.
 * Manual: AMD APM vol. 2, Appendix B "Layout of VMCB", Appendix C "SVM Intercept
 * Exit Codes", 15.20 "Event Injection".
 */
#ifndef HV_X86_SVM_VMCB_H
#define HV_X86_SVM_VMCB_H

#include "compiler.h"
#include "types.h"

struct vmcb_seg {
	uint16_t sel, attr;
	uint32_t limit;
	uint64_t base;
};

struct vmcb_control {
	uint16_t intercept_cr_read, intercept_cr_write; /* 0x000 */
	uint16_t intercept_dr_read, intercept_dr_write; /* 0x004 */
	uint32_t intercept_exceptions;			/* 0x008 */
	uint32_t intercept1;				/* 0x00c */
	uint32_t intercept2;				/* 0x010 */
	uint8_t reserved1[0x3c - 0x14];
	uint16_t pause_threshold, pause_count; /* 0x03c */
	uint64_t iopm_base, msrpm_base;	       /* 0x040 */
	uint64_t tsc_offset;		       /* 0x050 */
	uint32_t asid;			       /* 0x058 */
	uint8_t tlb_control;		       /* 0x05c */
	uint8_t reserved2[3];
	uint64_t vintr;				    /* 0x060 */
	uint64_t interrupt_shadow;		    /* 0x068 */
	uint64_t exitcode;			    /* 0x070 */
	uint64_t exitinfo1, exitinfo2, exitintinfo; /* 0x078 */
	uint64_t np_enable;			    /* 0x090 */
	uint8_t reserved3[0xa8 - 0x98];
	uint64_t eventinj; /* 0x0a8 */
	uint64_t n_cr3;	   /* 0x0b0 */
	uint64_t virt_ext; /* 0x0b8 */
	uint32_t clean;	   /* 0x0c0 */
	uint32_t reserved4;
	uint64_t nrip; /* 0x0c8 */
	uint8_t reserved5[0x400 - 0xd0];
};

struct vmcb_save {
	struct vmcb_seg es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr; /* 0x400 */
	uint8_t reserved1[0x4cb - 0x4a0];
	uint8_t cpl; /* 0x4cb */
	uint32_t reserved2;
	uint64_t efer; /* 0x4d0 */
	uint8_t reserved3[0x548 - 0x4d8];
	uint64_t cr4, cr3, cr0, dr7, dr6, rflags, rip; /* 0x548 */
	uint8_t reserved4[0x5d8 - 0x580];
	uint64_t rsp; /* 0x5d8 */
	uint8_t reserved5[0x5f8 - 0x5e0];
	uint64_t rax;					       /* 0x5f8 */
	uint64_t star, lstar, cstar, sfmask, kernel_gs_base;   /* 0x600 */
	uint64_t sysenter_cs, sysenter_esp, sysenter_eip, cr2; /* 0x628 */
	uint8_t reserved6[0x668 - 0x648];
	uint64_t g_pat; /* 0x668 */
	uint64_t dbgctl, br_from, br_to, last_excp_from, last_excp_to;
	uint8_t reserved7[0x1000 - 0x698];
};

struct vmcb {
	struct vmcb_control control;
	struct vmcb_save save;
};
_Static_assert(sizeof(struct vmcb) == 4096, "one page");
_Static_assert(offsetof(struct vmcb, control.iopm_base) == 0x040, "Appendix B");
_Static_assert(offsetof(struct vmcb, control.exitcode) == 0x070, "Appendix B");
_Static_assert(offsetof(struct vmcb, control.eventinj) == 0x0a8, "Appendix B");
_Static_assert(offsetof(struct vmcb, control.nrip) == 0x0c8, "Appendix B");
_Static_assert(offsetof(struct vmcb, save.cpl) == 0x4cb, "Appendix B");
_Static_assert(offsetof(struct vmcb, save.cr4) == 0x548, "Appendix B");
_Static_assert(offsetof(struct vmcb, save.rip) == 0x578, "Appendix B");
_Static_assert(offsetof(struct vmcb, save.rsp) == 0x5d8, "Appendix B");
_Static_assert(offsetof(struct vmcb, save.rax) == 0x5f8, "Appendix B");
_Static_assert(offsetof(struct vmcb, save.cr2) == 0x640, "Appendix B");
_Static_assert(offsetof(struct vmcb, save.g_pat) == 0x668, "Appendix B");

/* intercept1, offset 0x00c */
#define INTERCEPT_INTR	   (1u << 0)
#define INTERCEPT_NMI	   (1u << 1)
#define INTERCEPT_SMI	   (1u << 2)
#define INTERCEPT_INIT	   (1u << 3)
#define INTERCEPT_VINTR	   (1u << 4)
#define INTERCEPT_RDPMC	   (1u << 15)
#define INTERCEPT_CPUID	   (1u << 18)
#define INTERCEPT_INVD	   (1u << 22)
#define INTERCEPT_HLT	   (1u << 24)
#define INTERCEPT_INVLPGA  (1u << 26)
#define INTERCEPT_IOIO	   (1u << 27)
#define INTERCEPT_MSR	   (1u << 28)
#define INTERCEPT_TASK	   (1u << 29)
#define INTERCEPT_FERR	   (1u << 30)
#define INTERCEPT_SHUTDOWN (1u << 31)

/* intercept2, offset 0x010 */
#define INTERCEPT_VMRUN	      (1u << 0)
#define INTERCEPT_VMMCALL     (1u << 1)
#define INTERCEPT_VMLOAD      (1u << 2)
#define INTERCEPT_VMSAVE      (1u << 3)
#define INTERCEPT_STGI	      (1u << 4)
#define INTERCEPT_CLGI	      (1u << 5)
#define INTERCEPT_SKINIT      (1u << 6)
#define INTERCEPT_WBINVD      (1u << 9)
#define INTERCEPT_MONITOR     (1u << 10)
#define INTERCEPT_MWAIT	      (1u << 11)
#define INTERCEPT_MWAIT_ARMED (1u << 12)
#define INTERCEPT_XSETBV      (1u << 13)
#define INTERCEPT_RDPRU	      (1u << 14)

#define VINTR_V_IRQ	   (1ul << 8)
#define VINTR_V_IGN_TPR	   (1ul << 20)
#define VINTR_V_PRIO_SHIFT 16
#define VINTR_V_MASKING	   (1ul << 24)

#define INTERRUPT_SHADOW 1ul

#define TLB_CONTROL_NONE       0
#define TLB_CONTROL_FLUSH_ALL  1
#define TLB_CONTROL_FLUSH_ASID 3

#define NP_ENABLE 1ul

#define EVENTINJ_TYPE_INTR	(0ul << 8)
#define EVENTINJ_TYPE_NMI	(2ul << 8)
#define EVENTINJ_TYPE_EXCEPTION (3ul << 8)
#define EVENTINJ_ERROR_VALID	(1ul << 11)
#define EVENTINJ_VALID		(1ul << 31)

#define VMCB_EXIT_CR0_WRITE    0x010
#define VMCB_EXIT_DR0_READ     0x020
#define VMCB_EXIT_DR15_WRITE   0x03f
#define VMCB_EXIT_EXCEPTION_MC 0x052
#define VMCB_EXIT_EXCEPTION_AC 0x051
#define VMCB_EXIT_EXCEPTION_DB 0x041
#define VMCB_EXIT_INTR	       0x060
#define VMCB_EXIT_NMI	       0x061
#define VMCB_EXIT_SMI	       0x062
#define VMCB_EXIT_INIT	       0x063
#define VMCB_EXIT_VINTR	       0x064
#define VMCB_EXIT_RDPMC	       0x06f
#define VMCB_EXIT_CPUID	       0x072
#define VMCB_EXIT_INVD	       0x076
#define VMCB_EXIT_HLT	       0x078
#define VMCB_EXIT_INVLPGA      0x07a
#define VMCB_EXIT_IOIO	       0x07b
#define VMCB_EXIT_MSR	       0x07c
#define VMCB_EXIT_TASK_SWITCH  0x07d
#define VMCB_EXIT_FERR_FREEZE  0x07e
#define VMCB_EXIT_SHUTDOWN     0x07f
#define VMCB_EXIT_VMRUN	       0x080
#define VMCB_EXIT_VMMCALL      0x081
#define VMCB_EXIT_VMLOAD       0x082
#define VMCB_EXIT_VMSAVE       0x083
#define VMCB_EXIT_STGI	       0x084
#define VMCB_EXIT_CLGI	       0x085
#define VMCB_EXIT_SKINIT       0x086
#define VMCB_EXIT_WBINVD       0x089
#define VMCB_EXIT_MONITOR      0x08a
#define VMCB_EXIT_MWAIT	       0x08b
#define VMCB_EXIT_MWAIT_ARMED  0x08c
#define VMCB_EXIT_XSETBV       0x08d
#define VMCB_EXIT_RDPRU	       0x08e
#define VMCB_EXIT_NPF	       0x400
#define VMCB_EXIT_INVALID      (~0ul)

/* EXITINFO1 of IOIO */
#define IOIO_IN		(1u << 0)
#define IOIO_STRING	(1u << 2)
#define IOIO_SIZE8	(1u << 4)
#define IOIO_SIZE16	(1u << 5)
#define IOIO_SIZE32	(1u << 6)
#define IOIO_PORT_SHIFT 16

#endif /* HV_X86_SVM_VMCB_H */
