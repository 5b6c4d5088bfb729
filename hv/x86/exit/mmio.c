/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * Accesses to guest-physical addresses where there is nothing: reads give all
 * ones, writes vanish.  The few instruction forms that kernels use for that are
 * taken apart by decode.h; any other ends the guest.
 */
#include "domain.h"
#include "errno.h"
#include "guestcopy.h"
#include "vcpu.h"
#include "x86/decode.h"
#include "x86/exit/exit.h"
#include "x86/vendor.h"

#define RFLAGS_DF (1ul << 10)
#define EFER_LMA  (1ul << 10)
#define ATTR_DPL  (3u << 5)
#define ATTR_LONG (1u << 9)
#define ATTR_BIG  (1u << 10)
#define NOTHING	  (~0ul)
#define REG_RSP	  4

static enum decode_mode mode_of(const struct vcpu_state *s)
{
	uint16_t attr = s->seg[SEG_CS].attr;

	if ((s->efer & EFER_LMA) && (attr & ATTR_LONG))
		return DECODE_64;
	return attr & ATTR_BIG ? DECODE_32 : DECODE_16;
}

/* Of CS or ES, which have no base in 64-bit mode. */
static uint64_t base_of(const struct vcpu_state *s, enum seg_index seg)
{
	return mode_of(s) == DECODE_64 ? 0 : s->seg[seg].base;
}

/* The bytes at rip, as many as there are: an instruction may end at the end of a mapped page. */
static size_t fetch(const struct vcpu_state *s, uint8_t *bytes)
{
	uint64_t at = base_of(s, SEG_CS) + s->rip;
	size_t first = MIN(DECODE_MAX_LENGTH, PAGE_SIZE - (at & ~PAGE_MASK));

	if (copy_from_guest(bytes, at, first))
		return 0;
	if (first < DECODE_MAX_LENGTH &&
	    copy_from_guest(bytes + first, at + first, DECODE_MAX_LENGTH - first))
		return first;
	return DECODE_MAX_LENGTH;
}

static bool is_user(const struct vcpu_state *s)
{
	return (s->seg[SEG_SS].attr & ATTR_DPL) == ATTR_DPL;
}

static uint64_t truncate(uint64_t address, unsigned int size)
{
	return size == 8 ? address : address & ((1ul << (size * 8)) - 1);
}

/*
 * One element of a string instruction.  A read of nothing still has its write to
 * do: where that goes nowhere as well, it vanishes.
 */
static bool string_element(struct vcpu *v, const struct vcpu_state *s,
			   const struct decode_insn *insn, bool write)
{
	const uint64_t ones = NOTHING;

	if (decode_string_empty(insn, v->regs.gpr))
		return true;
	if (insn->op == DECODE_MOVS && !write) {
		uint64_t to = base_of(s, SEG_ES) + truncate(v->regs.rdi, insn->address_size);

		/* The CPU has not looked yet whether it may be written. */
		if (is_user(s) ? copy_to_guest_user(to, &ones, insn->size)
			       : copy_to_guest(to, &ones, insn->size))
			domain_crash(v->domain,
				     "MOVS from nothing to where nothing can be written");
	}
	return decode_string_done(insn, v->regs.gpr, s->rflags & RFLAGS_DF);
}

/* True: step over it. */
static bool carry_out(struct vcpu *v, const struct vcpu_state *s, const struct decode_insn *insn,
		      bool write)
{
	switch (insn->op) {
	case DECODE_LOAD: decode_load_done(insn, v->regs.gpr, NOTHING); return true;
	case DECODE_STORE: return true;
	case DECODE_STOS:
	case DECODE_MOVS: return string_element(v, s, insn, write);
	}
	return true;
}

void exit_nested_fault(struct vcpu *v, gaddr_t gpa, bool write, bool fetch_fault)
{
	uint8_t bytes[DECODE_MAX_LENGTH];
	struct decode_insn insn;
	struct vcpu_state s;
	int rc = -EINVAL;

	vendor->get_state(v, &s);
	if (!fetch_fault)
		rc = decode_insn(bytes, fetch(&s, bytes), mode_of(&s), &insn);
	if (rc || (insn.op == DECODE_LOAD && insn.reg == REG_RSP && !insn.high_byte)) {
		domain_crash(v->domain, "%s of nothing at guest address 0x%lx, rip 0x%lx",
			     fetch_fault ? "fetch"
			     : write	 ? "write"
					 : "read",
			     gpa.ga, s.rip);
		return;
	}
	if (carry_out(v, &s, &insn, write))
		vendor->skip(v, insn.length);
}
