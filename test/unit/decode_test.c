/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/*
 * The instruction decoder: encodings with what they mean, each cut short at every
 * byte, refusals, register effects, and random bytes in buffers of exactly their size.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "errno.h"
#include "x86/decode.h"

struct example {
	enum decode_mode mode;
	enum decode_op op;
	uint8_t size, reg, reg_size;
	bool high, imm;
	uint64_t value;
	uint8_t n;
	uint8_t bytes[15];
};

#define B(...) .n = sizeof((uint8_t[]){__VA_ARGS__}), .bytes = {__VA_ARGS__}
#define LOAD(m, s, r, rs, ...)                                                                     \
	{                                                                                          \
		.mode = m, .op = DECODE_LOAD, .size = s, .reg = r, .reg_size = rs, B(__VA_ARGS__)  \
	}
#define STORE(m, s, r, ...)                                                                        \
	{                                                                                          \
		.mode = m, .op = DECODE_STORE, .size = s, .reg = r, .reg_size = s, B(__VA_ARGS__)  \
	}
#define IMM(m, s, v, ...)                                                                          \
	{                                                                                          \
		.mode = m, .op = DECODE_STORE, .size = s, .imm = true, .value = v, B(__VA_ARGS__)  \
	}

static const struct example examples[] = {
	/* mov %eax, 0xfee000b0 and its like, as kernels write to a LAPIC */
	STORE(DECODE_64, 4, 0, 0x89, 0x04, 0x25, 0xb0, 0x00, 0xe0, 0xfe),
	STORE(DECODE_64, 4, 6, 0x89, 0xb7, 0x00, 0xc0, 0x5f, 0xff),
	LOAD(DECODE_64, 4, 0, 4, 0x8b, 0x87, 0x00, 0xc0, 0x5f, 0xff),
	IMM(DECODE_64, 4, 0, 0xc7, 0x04, 0x25, 0xb0, 0xc0, 0x5f, 0xff, 0, 0, 0, 0),
	/* addressing: none, base, rip, disp8, disp32, SIB in all three, SIB without base */
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x08),
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x0d, 1, 2, 3, 4),
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x48, 0x10),
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x88, 1, 2, 3, 4),
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x0c, 0x18),
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x4c, 0x18, 0x10),
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x8c, 0x18, 1, 2, 3, 4),
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x0c, 0x1d, 1, 2, 3, 4),
	LOAD(DECODE_64, 4, 1, 4, 0x8b, 0x4c, 0x1d, 1),
	/* REX: wide, extended, byte registers */
	LOAD(DECODE_64, 8, 9, 8, 0x4c, 0x8b, 0x08),
	LOAD(DECODE_64, 4, 9, 4, 0x44, 0x8b, 0x08),
	STORE(DECODE_64, 1, 6, 0x40, 0x88, 0x30),
	STORE(DECODE_64, 1, 14, 0x44, 0x88, 0x30),
	{.mode = DECODE_64,
	 .op = DECODE_STORE,
	 .size = 1,
	 .reg = 2,
	 .reg_size = 1,
	 .high = true,
	 B(0x88, 0x30)},
	{.mode = DECODE_64,
	 .op = DECODE_LOAD,
	 .size = 1,
	 .reg = 3,
	 .reg_size = 1,
	 .high = true,
	 B(0x8a, 0x38)},
	LOAD(DECODE_64, 1, 3, 1, 0x8a, 0x18),
	/* a REX that another prefix follows does not count */
	LOAD(DECODE_64, 2, 1, 2, 0x4c, 0x66, 0x8b, 0x08),
	LOAD(DECODE_64, 8, 1, 8, 0x66, 0x48, 0x8b, 0x08),
	/* sizes by prefix */
	LOAD(DECODE_64, 2, 1, 2, 0x66, 0x8b, 0x08),
	LOAD(DECODE_32, 4, 1, 4, 0x8b, 0x08),
	LOAD(DECODE_32, 2, 1, 2, 0x66, 0x8b, 0x08),
	LOAD(DECODE_16, 2, 1, 2, 0x8b, 0x08),
	LOAD(DECODE_16, 4, 1, 4, 0x66, 0x8b, 0x08),
	/* 16-bit addressing */
	LOAD(DECODE_16, 2, 1, 2, 0x8b, 0x0e, 0x34, 0x12),
	LOAD(DECODE_16, 2, 1, 2, 0x8b, 0x4e, 0x34),
	LOAD(DECODE_16, 2, 1, 2, 0x8b, 0x8e, 0x34, 0x12),
	LOAD(DECODE_16, 2, 1, 2, 0x8b, 0x0c),
	LOAD(DECODE_16, 2, 1, 2, 0x67, 0x8b, 0x0c, 0x18),
	LOAD(DECODE_32, 4, 1, 4, 0x67, 0x8b, 0x0e, 0x34, 0x12),
	/* segments and nonsense prefixes are stepped over */
	LOAD(DECODE_64, 4, 1, 4, 0x65, 0x8b, 0x08),
	LOAD(DECODE_32, 4, 1, 4, 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x8b, 0x08),
	LOAD(DECODE_64, 4, 1, 4, 0xf3, 0x8b, 0x08),
	/* in 32-bit code 40h-4fh are no prefixes: see refused[] */
	/* constants */
	IMM(DECODE_64, 1, 0x80, 0xc6, 0x00, 0x80),
	IMM(DECODE_64, 2, 0x8001, 0x66, 0xc7, 0x00, 0x01, 0x80),
	IMM(DECODE_64, 4, 0xffffffff80000001ull, 0xc7, 0x00, 1, 0, 0, 0x80),
	IMM(DECODE_64, 8, 0xffffffff80000001ull, 0x48, 0xc7, 0x00, 1, 0, 0, 0x80),
	IMM(DECODE_64, 8, 0x7f000001, 0x48, 0xc7, 0x40, 0x08, 1, 0, 0, 0x7f),
	/* rip-relative with a constant behind it */
	IMM(DECODE_64, 4, 5, 0xc7, 0x05, 1, 2, 3, 4, 5, 0, 0, 0),
	/* addresses in the instruction */
	LOAD(DECODE_64, 4, 0, 4, 0xa1, 1, 2, 3, 4, 5, 6, 7, 8),
	LOAD(DECODE_64, 4, 0, 4, 0x67, 0xa1, 1, 2, 3, 4),
	LOAD(DECODE_64, 8, 0, 8, 0x48, 0xa1, 1, 2, 3, 4, 5, 6, 7, 8),
	STORE(DECODE_32, 4, 0, 0xa3, 1, 2, 3, 4),
	STORE(DECODE_16, 1, 0, 0xa2, 1, 2),
	LOAD(DECODE_32, 1, 0, 1, 0xa0, 1, 2, 3, 4),
	/* MOVZX */
	LOAD(DECODE_64, 1, 0, 4, 0x0f, 0xb6, 0x00),
	LOAD(DECODE_64, 2, 0, 4, 0x0f, 0xb7, 0x00),
	LOAD(DECODE_64, 1, 12, 8, 0x4c, 0x0f, 0xb6, 0x24, 0x24),
	LOAD(DECODE_64, 1, 6, 2, 0x66, 0x0f, 0xb6, 0x30),
	/* strings */
	{.mode = DECODE_64, .op = DECODE_STOS, .size = 4, B(0xab)},
	{.mode = DECODE_64, .op = DECODE_STOS, .size = 8, B(0xf3, 0x48, 0xab)},
	{.mode = DECODE_16, .op = DECODE_STOS, .size = 1, B(0xf3, 0xaa)},
	{.mode = DECODE_64, .op = DECODE_MOVS, .size = 1, B(0xf3, 0xa4)},
	{.mode = DECODE_32, .op = DECODE_MOVS, .size = 2, B(0x66, 0xa5)},
};

#define NR_EXAMPLES (sizeof(examples) / sizeof(examples[0]))

static int decode(const uint8_t *bytes, size_t n, enum decode_mode mode, struct decode_insn *insn)
{
	uint8_t *exact = malloc(n ? n : 1);

	memcpy(exact, bytes, n);
	int rc = decode_insn(exact, n, mode, insn);
	free(exact);
	return rc;
}

static void means_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_EXAMPLES; i++) {
		const struct example *e = &examples[i];
		struct decode_insn insn;

		if (decode(e->bytes, e->n, e->mode, &insn))
			fail_msg("example %zu refused", i);
		if (insn.op != e->op || insn.length != e->n || insn.size != e->size ||
		    insn.reg != e->reg || insn.reg_size != e->reg_size ||
		    insn.high_byte != e->high || insn.immediate != e->imm || insn.value != e->value)
			fail_msg(
				"example %zu: op %d length %d size %d reg %d/%d high %d value %llx",
				i, insn.op, insn.length, insn.size, insn.reg, insn.reg_size,
				insn.high_byte, (unsigned long long)insn.value);
	}
}

static void says_when_bytes_are_missing(void **state)
{
	struct decode_insn insn;

	(void)state;
	for (size_t i = 0; i < NR_EXAMPLES; i++) {
		for (size_t n = 0; n < examples[i].n; n++)
			assert_int_equal(decode(examples[i].bytes, n, examples[i].mode, &insn),
					 -ENODATA);
	}
}

static void does_not_look_further(void **state)
{
	(void)state;
	for (size_t i = 0; i < NR_EXAMPLES; i++) {
		uint8_t longer[20];
		struct decode_insn a, b;

		memset(longer, 0x5a, sizeof(longer));
		memcpy(longer, examples[i].bytes, examples[i].n);
		assert_int_equal(decode(examples[i].bytes, examples[i].n, examples[i].mode, &a), 0);
		assert_int_equal(decode(longer, sizeof(longer), examples[i].mode, &b), 0);
		assert_memory_equal(&a, &b, sizeof(a));
	}
}

static void refuses_the_rest(void **state)
{
	static const struct {
		enum decode_mode mode;
		uint8_t bytes[16];
	} refused[] = {
		{DECODE_64, {0x8b, 0xc8}},	       /* register form */
		{DECODE_64, {0xf0, 0x89, 0x08}},       /* LOCK */
		{DECODE_64, {0x87, 0x08}},	       /* XCHG */
		{DECODE_64, {0x81, 0x08, 1, 0, 0, 0}}, /* OR */
		{DECODE_64, {0xc7, 0x08, 1, 0, 0, 0}}, /* C7 /1 */
		{DECODE_64, {0xc6, 0x78, 1, 1}},       /* C6 /7 */
		{DECODE_64, {0x0f, 0xbe, 0x00}},       /* MOVSX */
		{DECODE_64, {0x0f, 0x0b}},	       /* UD2 */
		{DECODE_64, {0x8e, 0x08}},	       /* to a segment register */
		{DECODE_64, {0xc5, 0xf8, 0x77}},       /* VEX */
		{DECODE_32, {0x48, 0x8b, 0x08}},       /* DEC EAX */
		{DECODE_64, {0xac}},		       /* LODS */
		{DECODE_64,
		 {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
		  0x66, 0x8b, 0x08}},
	};
	struct decode_insn insn;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_int_equal(decode(refused[i].bytes, 16, refused[i].mode, &insn), -EINVAL);
}

static struct decode_insn get(const uint8_t *bytes, size_t n, enum decode_mode mode)
{
	struct decode_insn insn;

	assert_int_equal(decode(bytes, n, mode, &insn), 0);
	return insn;
}

#define GET(mode, ...)                                                                             \
	get((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), mode)

static void loads_land_in_registers(void **state)
{
	uint64_t gpr[16];
	struct decode_insn i;

	(void)state;
	memset(gpr, 0xff, sizeof(gpr));
	i = GET(DECODE_64, 0x8b, 0x08);
	decode_load_done(&i, gpr, 0x1122334455667788);
	assert_int_equal(gpr[1], 0x55667788); /* the upper half is cleared */
	gpr[1] = ~0ull;
	i = GET(DECODE_64, 0x66, 0x8b, 0x08);
	decode_load_done(&i, gpr, 0x1234);
	assert_int_equal(gpr[1], 0xffffffffffff1234ull);
	i = GET(DECODE_64, 0x8a, 0x28); /* ch */
	decode_load_done(&i, gpr, 0x1ab);
	assert_int_equal(gpr[1], 0xffffffffffffab34ull);
	i = GET(DECODE_64, 0x8a, 0x08); /* cl */
	decode_load_done(&i, gpr, 0xcd);
	assert_int_equal(gpr[1], 0xffffffffffffabcdull);
	i = GET(DECODE_64, 0x48, 0x0f, 0xb6, 0x08);
	decode_load_done(&i, gpr, 0xfff0);
	assert_int_equal(gpr[1], 0xf0);
	gpr[1] = ~0ull;
	i = GET(DECODE_64, 0x66, 0x0f, 0xb6, 0x08);
	decode_load_done(&i, gpr, 0x12);
	assert_int_equal(gpr[1], 0xffffffffffff0012ull);
}

static void stores_take_from_registers(void **state)
{
	uint64_t gpr[16] = {[0] = 0x1122334455667788, [2] = 0xaabbccdd};
	struct decode_insn i;

	(void)state;
	i = GET(DECODE_64, 0x89, 0x00);
	assert_int_equal(decode_store_value(&i, gpr), 0x55667788);
	i = GET(DECODE_64, 0x48, 0x89, 0x00);
	assert_int_equal(decode_store_value(&i, gpr), 0x1122334455667788);
	i = GET(DECODE_64, 0x88, 0x20); /* ah */
	assert_int_equal(decode_store_value(&i, gpr), 0x77);
	i = GET(DECODE_64, 0x66, 0x89, 0x10);
	assert_int_equal(decode_store_value(&i, gpr), 0xccdd);
	i = GET(DECODE_64, 0xaa);
	assert_int_equal(decode_store_value(&i, gpr), 0x88);
	i = GET(DECODE_64, 0xc7, 0x00, 1, 0, 0, 0x80);
	assert_int_equal(decode_store_value(&i, gpr), 0x80000001);
}

static void strings_go_on(void **state)
{
	uint64_t gpr[16] = {[1] = 3, [6] = 0x1000, [7] = 0x2000};
	struct decode_insn i = GET(DECODE_64, 0xf3, 0xa5);

	(void)state;
	assert_false(decode_string_empty(&i, gpr));
	assert_false(decode_string_done(&i, gpr, false));
	assert_true(gpr[1] == 2 && gpr[6] == 0x1004 && gpr[7] == 0x2004);
	assert_false(decode_string_done(&i, gpr, true));
	assert_true(gpr[1] == 1 && gpr[6] == 0x1000 && gpr[7] == 0x2000);
	assert_true(decode_string_done(&i, gpr, false));
	assert_true(decode_string_empty(&i, gpr));
	i = GET(DECODE_64, 0xab);
	gpr[6] = 7;
	assert_false(decode_string_empty(&i, gpr));
	assert_true(decode_string_done(&i, gpr, false));
	assert_true(gpr[1] == 0 && gpr[6] == 7); /* no REP: rcx is left alone */
	/* 16-bit addresses wrap within 16 bits */
	gpr[7] = 0xaaaa0000ffffull;
	gpr[1] = 0x10001;
	i = GET(DECODE_16, 0xf3, 0xaa);
	assert_true(decode_string_done(&i, gpr, false));
	assert_true(gpr[7] == 0xaaaa00000000ull && gpr[1] == 0x10000);
}

static void segments_of_the_source(void **state)
{
	(void)state;
	assert_int_equal(GET(DECODE_64, 0xa4).seg, DECODE_DS);
	assert_int_equal(GET(DECODE_64, 0x65, 0xa4).seg, DECODE_GS);
	assert_int_equal(GET(DECODE_32, 0x26, 0xf3, 0xa4).seg, DECODE_ES);
}

static uint32_t seed = 88172645;

static uint32_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* What is accepted has a sane shape, and a shorter reading of it is never accepted. */
static void random_bytes(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 300000; i++) {
		uint8_t bytes[16];
		struct decode_insn insn, again;
		enum decode_mode mode = rnd() % 3;
		size_t n = rnd() % 17;

		for (unsigned int k = 0; k < 16; k++)
			bytes[k] = (uint8_t)(rnd() >> 3);
		if (rnd() & 1)
			bytes[rnd() % 3] = examples[rnd() % NR_EXAMPLES].bytes[0];
		int rc = decode(bytes, n, mode, &insn);
		assert_true(rc == 0 || rc == -EINVAL || rc == -ENODATA);
		if (rc)
			continue;
		assert_in_range(insn.length, 1, DECODE_MAX_LENGTH);
		assert_true(insn.length <= n);
		assert_true(insn.reg < 16);
		assert_true(insn.size == 1 || insn.size == 2 || insn.size == 4 || insn.size == 8);
		assert_int_equal(decode(bytes, insn.length, mode, &again), 0);
		assert_int_equal(decode(bytes, insn.length - 1u, mode, &again), -ENODATA);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(means_what_it_says),
		cmocka_unit_test(says_when_bytes_are_missing),
		cmocka_unit_test(does_not_look_further),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(loads_land_in_registers),
		cmocka_unit_test(stores_take_from_registers),
		cmocka_unit_test(strings_go_on),
		cmocka_unit_test(segments_of_the_source),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
