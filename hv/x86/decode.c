/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* See decode.h. */
#include "decode.h"
#include "errno.h"

#define REX_W 8
#define REX_R 4

enum { RAX = 0, RCX = 1, RSI = 6, RDI = 7 };

/* What has been read so far. */
struct decoder {
	const uint8_t *bytes;
	size_t n, at;
	enum decode_mode mode;
	uint8_t rex; /* 0: none */
	bool operand_prefix, address_prefix, rep_prefix;
	bool seg_prefix;
	enum decode_seg seg;
};

static int next(struct decoder *d, uint8_t *byte)
{
	if (d->at == DECODE_MAX_LENGTH)
		return -EINVAL;
	if (d->at == d->n)
		return -ENODATA;
	*byte = d->bytes[d->at++];
	return 0;
}

static int skip(struct decoder *d, unsigned int count)
{
	if (d->at + count > DECODE_MAX_LENGTH)
		return -EINVAL;
	if (d->at + count > d->n)
		return -ENODATA;
	d->at += count;
	return 0;
}

static void seg_override(struct decoder *d, enum decode_seg seg)
{
	d->seg_prefix = true;
	d->seg = seg;
}

/* True if byte is a prefix of old; a REX before it does not count then. */
static bool legacy_prefix(struct decoder *d, uint8_t byte)
{
	switch (byte) {
	case 0x26: seg_override(d, DECODE_ES); break;
	case 0x2e: seg_override(d, DECODE_CS); break;
	case 0x36: seg_override(d, DECODE_SS); break;
	case 0x3e: seg_override(d, DECODE_DS); break;
	case 0x64: seg_override(d, DECODE_FS); break;
	case 0x65: seg_override(d, DECODE_GS); break;
	case 0x66: d->operand_prefix = true; break;
	case 0x67: d->address_prefix = true; break;
	case 0xf2: /* the string forms that end on a comparison are not among ours */
	case 0xf3: d->rep_prefix = true; break;
	default: return false;
	}
	d->rex = 0;
	return true;
}

/* Read prefixes; *opcode is the first byte that is none. */
static int prefixes(struct decoder *d, uint8_t *opcode)
{
	for (;;) {
		int rc = next(d, opcode);

		if (rc)
			return rc;
		if (d->mode == DECODE_64 && (*opcode & 0xf0) == 0x40)
			d->rex = *opcode;
		else if (!legacy_prefix(d, *opcode))
			return 0;
	}
}

static uint8_t operand_size(const struct decoder *d)
{
	if (d->rex & REX_W)
		return 8;
	return (d->mode == DECODE_16) == d->operand_prefix ? 4 : 2;
}

static uint8_t address_size(const struct decoder *d)
{
	if (d->mode == DECODE_64)
		return d->address_prefix ? 4 : 8;
	return (d->mode == DECODE_16) == d->address_prefix ? 4 : 2;
}

/* Bytes of displacement after a ModRM of 16-bit addressing. */
static unsigned int displacement_16(uint8_t modrm)
{
	switch (modrm >> 6) {
	case 0: return (modrm & 7) == 6 ? 2 : 0;
	case 1: return 1;
	default: return 2;
	}
}

/* The same otherwise, the SIB byte included. */
static int displacement_32(const struct decoder *d, uint8_t modrm, unsigned int *count)
{
	unsigned int mod = modrm >> 6;
	bool sib = (modrm & 7) == 4;
	uint8_t base = modrm & 7;

	if (sib && d->at == d->n)
		return d->at == DECODE_MAX_LENGTH ? -EINVAL : -ENODATA;
	if (sib)
		base = d->bytes[d->at] & 7;
	*count = sib;
	if (mod == 1)
		*count += 1;
	else if (mod == 2 || base == 5)
		*count += 4;
	return 0;
}

/* ModRM and what belongs to it; reg gets the middle field, extended by REX. */
static int modrm_memory(struct decoder *d, uint8_t *reg)
{
	unsigned int count;
	uint8_t modrm;
	int rc = next(d, &modrm);

	if (rc)
		return rc;
	if (modrm >> 6 == 3)
		return -EINVAL;
	*reg = (uint8_t)(((modrm >> 3) & 7) | (d->rex & REX_R ? 8 : 0));
	if (address_size(d) == 2) {
		count = displacement_16(modrm);
	} else {
		rc = displacement_32(d, modrm, &count);
		if (rc)
			return rc;
	}
	return skip(d, count);
}

/* Byte registers 4 to 7 are ah, ch, dh, bh unless there is a REX. */
static void byte_register(const struct decoder *d, struct decode_insn *insn)
{
	if (!d->rex && insn->reg >= 4) {
		insn->high_byte = true;
		insn->reg -= 4;
	}
}

static int mov_register(struct decoder *d, struct decode_insn *insn, enum decode_op op,
			uint8_t size)
{
	insn->op = op;
	insn->size = size;
	insn->reg_size = size;
	int rc = modrm_memory(d, &insn->reg);
	if (size == 1)
		byte_register(d, insn);
	return rc;
}

/* A constant of at most four bytes, sign-extended. */
static int mov_immediate(struct decoder *d, struct decode_insn *insn, uint8_t size)
{
	unsigned int bytes = size < 4 ? size : 4;
	uint64_t value = 0;
	uint8_t digit = 0, extension;
	int rc = modrm_memory(d, &extension);

	if (rc)
		return rc;
	if (extension & 7)
		return -EINVAL;
	for (unsigned int i = 0; i < bytes; i++) {
		rc = next(d, &digit);
		if (rc)
			return rc;
		value |= (uint64_t)digit << (8 * i);
	}
	if (bytes == 4 && (digit & 0x80))
		value |= 0xffffffff00000000ull;
	insn->op = DECODE_STORE;
	insn->size = size;
	insn->immediate = true;
	insn->value = value;
	return 0;
}

/* al..rax and an address in the instruction. */
static int mov_offset(struct decoder *d, struct decode_insn *insn, enum decode_op op, uint8_t size)
{
	insn->op = op;
	insn->size = size;
	insn->reg_size = size;
	insn->reg = RAX;
	return skip(d, address_size(d));
}

static int movzx(struct decoder *d, struct decode_insn *insn, uint8_t size)
{
	insn->op = DECODE_LOAD;
	insn->size = size;
	insn->reg_size = operand_size(d);
	return modrm_memory(d, &insn->reg);
}

static int string(const struct decoder *d, struct decode_insn *insn, enum decode_op op,
		  uint8_t size)
{
	insn->op = op;
	insn->size = size;
	insn->rep = d->rep_prefix;
	insn->seg = d->seg_prefix ? d->seg : DECODE_DS;
	return 0;
}

static int two_byte(struct decoder *d, struct decode_insn *insn)
{
	uint8_t opcode;
	int rc = next(d, &opcode);

	if (rc)
		return rc;
	switch (opcode) {
	case 0xb6: return movzx(d, insn, 1);
	case 0xb7: return movzx(d, insn, 2);
	default: return -EINVAL;
	}
}

static int one_byte(struct decoder *d, struct decode_insn *insn, uint8_t opcode)
{
	uint8_t size = operand_size(d);

	switch (opcode) {
	case 0x0f: return two_byte(d, insn);
	case 0x88: return mov_register(d, insn, DECODE_STORE, 1);
	case 0x89: return mov_register(d, insn, DECODE_STORE, size);
	case 0x8a: return mov_register(d, insn, DECODE_LOAD, 1);
	case 0x8b: return mov_register(d, insn, DECODE_LOAD, size);
	case 0xa0: return mov_offset(d, insn, DECODE_LOAD, 1);
	case 0xa1: return mov_offset(d, insn, DECODE_LOAD, size);
	case 0xa2: return mov_offset(d, insn, DECODE_STORE, 1);
	case 0xa3: return mov_offset(d, insn, DECODE_STORE, size);
	case 0xa4: return string(d, insn, DECODE_MOVS, 1);
	case 0xa5: return string(d, insn, DECODE_MOVS, size);
	case 0xaa: return string(d, insn, DECODE_STOS, 1);
	case 0xab: return string(d, insn, DECODE_STOS, size);
	case 0xc6: return mov_immediate(d, insn, 1);
	case 0xc7: return mov_immediate(d, insn, size);
	default: return -EINVAL;
	}
}

int decode_insn(const uint8_t *bytes, size_t n, enum decode_mode mode, struct decode_insn *insn)
{
	struct decoder d = {.bytes = bytes, .n = n, .mode = mode};
	uint8_t opcode;
	int rc = prefixes(&d, &opcode);

	*insn = (struct decode_insn){.op = DECODE_LOAD};
	if (!rc)
		rc = one_byte(&d, insn, opcode);
	insn->length = (uint8_t)d.at;
	insn->address_size = address_size(&d);
	return rc;
}

/* ---- Registers ---------------------------------------------------------- */

static uint64_t mask(unsigned int bytes)
{
	return bytes == 8 ? ~0ull : (1ull << (8 * bytes)) - 1;
}

/* Writing 32 bits clears the upper half; 8 and 16 leave the rest alone. */
static void put(uint64_t *reg, unsigned int bytes, uint64_t value)
{
	if (bytes >= 4)
		*reg = value & mask(bytes);
	else
		*reg = (*reg & ~mask(bytes)) | (value & mask(bytes));
}

uint64_t decode_store_value(const struct decode_insn *insn, const uint64_t gpr[16])
{
	uint64_t value = insn->op == DECODE_STOS ? gpr[RAX] : gpr[insn->reg];

	if (insn->immediate)
		value = insn->value;
	else if (insn->high_byte)
		value >>= 8;
	return value & mask(insn->size);
}

void decode_load_done(const struct decode_insn *insn, uint64_t gpr[16], uint64_t value)
{
	uint64_t *reg = &gpr[insn->reg];

	value &= mask(insn->size);
	if (insn->high_byte)
		*reg = (*reg & ~0xff00ull) | value << 8;
	else
		put(reg, insn->reg_size, value);
}

bool decode_string_empty(const struct decode_insn *insn, const uint64_t gpr[16])
{
	return insn->rep && (gpr[RCX] & mask(insn->address_size)) == 0;
}

static void advance(const struct decode_insn *insn, uint64_t *reg, int64_t by)
{
	put(reg, insn->address_size, *reg + (uint64_t)by);
}

bool decode_string_done(const struct decode_insn *insn, uint64_t gpr[16], bool backward)
{
	int64_t by = backward ? -(int64_t)insn->size : insn->size;

	advance(insn, &gpr[RDI], by);
	if (insn->op == DECODE_MOVS)
		advance(insn, &gpr[RSI], by);
	if (!insn->rep)
		return true;
	advance(insn, &gpr[RCX], -1);
	return decode_string_empty(insn, gpr);
}
