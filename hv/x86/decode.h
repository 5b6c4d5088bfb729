/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The instructions with which a guest touches memory that is not there, or its
 * LAPIC: MOV, MOVZX, STOS and MOVS, in all modes.  Everything else is refused; there
 * is no emulator here.  Pure.
 *
 * Where the access goes is the nested fault's word, so addresses are not computed,
 * only stepped over; the string forms name what the caller needs.
 * Source: Intel SDM vol. 2, "Instruction Format"; "MOV", "MOVZX", "STOS", "MOVS".
 */
#ifndef HV_X86_DECODE_H
#define HV_X86_DECODE_H

#include "compiler.h"
#include "types.h"

/* What the code segment says. */
enum decode_mode { DECODE_16, DECODE_32, DECODE_64 };

enum decode_op {
	DECODE_LOAD,  /* memory into a register: MOV, MOVZX */
	DECODE_STORE, /* a register or a constant into memory: MOV */
	DECODE_STOS,  /* al..rax to [rdi], once an execution */
	DECODE_MOVS,  /* [rsi] to [rdi], once an execution: one side faulted */
};

/* Segment registers in the order of their encoding. */
enum decode_seg { DECODE_ES, DECODE_CS, DECODE_SS, DECODE_DS, DECODE_FS, DECODE_GS };

#define DECODE_MAX_LENGTH 15

struct decode_insn {
	enum decode_op op;
	uint8_t length;	      /* of the whole, prefixes included */
	uint8_t size;	      /* of the access to memory: 1, 2, 4 or 8 bytes */
	uint8_t address_size; /* of rsi, rdi, rcx in the string forms: 2, 4 or 8 */
	uint8_t reg;	      /* LOAD, STORE: number of the general register */
	uint8_t reg_size;     /* LOAD: bytes written to reg; more than size for MOVZX */
	bool high_byte;	      /* reg's second byte: ah, ch, dh, bh */
	bool immediate;	      /* STORE: the value is below, not in reg */
	bool rep;	      /* STOS, MOVS: repeated rcx times */
	enum decode_seg seg;  /* MOVS: of the source */
	uint64_t value;
};

/*
 * Take the instruction at bytes[0..n) apart; at most DECODE_MAX_LENGTH are looked at.
 *   -EINVAL   not one of the forms, a register form, LOCK, or longer than 15 bytes
 *   -ENODATA  the bytes end before the instruction does
 */
int must_check decode_insn(const uint8_t *bytes, size_t n, enum decode_mode mode,
			   struct decode_insn *insn);

/* gpr: the sixteen general registers in the order of their encoding. */

/* STORE, STOS: what goes to memory, in the low insn->size bytes. */
uint64_t decode_store_value(const struct decode_insn *insn, const uint64_t gpr[16]);

/* LOAD: put what came from memory (low insn->size bytes) where it belongs. */
void decode_load_done(const struct decode_insn *insn, uint64_t gpr[16], uint64_t value);

/* STOS, MOVS: is there nothing to do, since rcx is 0?  Then just step over. */
bool decode_string_empty(const struct decode_insn *insn, const uint64_t gpr[16]);

/*
 * STOS, MOVS: move rdi (and rsi) on by one element, downward with RFLAGS.DF, and count
 * rcx down.  True when the instruction is finished: step over it; else run it again.
 */
bool decode_string_done(const struct decode_insn *insn, uint64_t gpr[16], bool backward);

#endif /* HV_X86_DECODE_H */
