/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The tables of the manifest language hold together, and spelling finds what was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "schema.h"
#include "syntax.h"

static bool is_number(const struct schema_word *w)
{
	return w->type == TYPE_U32 || w->type == TYPE_U64;
}

static void check_default(const struct schema_word *w)
{
	if (!(w->flags & WORD_DEFAULT)) {
		assert_null(w->text);
		assert_int_equal(w->number, 0);
		return;
	}
	assert_false(w->flags & WORD_REQUIRED);
	if (is_number(w)) {
		assert_null(w->text);
		assert_in_range(w->number, w->min, w->max);
		return;
	}
	assert_non_null(w->text);
	assert_true(syntax_check(w->type, w->text));
	if (w->type == TYPE_CHOICE)
		assert_true(schema_choice(w->choices, w->text, strlen(w->text), NULL));
}

static void test_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < schema_nr_words; i++) {
		const struct schema_word *w = &schema_words[i];

		/* Only the first of two words of one name would be found. */
		assert_ptr_equal(schema_find(w->kind, w->name), w);
		assert_int_equal(w->doc[strlen(w->doc) - 1], '.');
		assert_true(w->max >= w->min);
		assert_true(w->stage >= schema_nodes[w->kind].stage);
		assert_int_equal(w->type == TYPE_CHOICE, w->choices != NULL);
		assert_int_equal(w->type == TYPE_REF || w->type == TYPE_REFS, w->targets != 0);
		assert_false((w->flags & WORD_HOST) && (w->flags & WORD_BLOB));
		if (w->type == TYPE_CELLS || w->type == TYPE_BYTES)
			assert_true(w->min && w->min == w->max);
		check_default(w);
	}
}

static void test_nodes(void **state)
{
	(void)state;
	for (enum schema_kind k = KIND_ROOT; k < NR_KINDS; k++) {
		const struct schema_node *n = &schema_nodes[k];

		assert_non_null(n->title);
		assert_true(n->stage >= schema_nodes[n->parent].stage);
		/* compatible is a word wherever the node is known by it. */
		assert_int_equal(n->compatible != NULL, schema_find(k, "compatible") != NULL);
	}
}

static void test_choice(void **state)
{
	unsigned int index = 9;

	(void)state;
	assert_true(schema_choice("one|two|three", "three", 5, &index));
	assert_int_equal(index, 2);
	assert_true(schema_choice("one", "one", 3, NULL));
	assert_false(schema_choice("one|two", "on", 2, NULL));
	assert_false(schema_choice("one|two", "one|two", 7, NULL));
	assert_false(schema_choice("one|two", "", 0, NULL));
}

static void test_distance(void **state)
{
	(void)state;
	assert_int_equal(schema_distance("memory", "memory", 3), 0);
	assert_int_equal(schema_distance("memroy", "memory", 3), 2);
	assert_int_equal(schema_distance("", "abc", 5), 3);
	assert_int_equal(schema_distance("kitten", "sitting", 5), 3);
	assert_int_equal(schema_distance("kitten", "sitting", 2), 3);
}

static void test_nearest(void **state)
{
	char buf[16];

	(void)state;
	assert_string_equal(schema_nearest_word(KIND_DOMAIN, FORM_SOURCE, "on_crash"), "on-crash");
	assert_string_equal(schema_nearest_word(KIND_DOMAIN, FORM_SOURCE, "vcpus"), "cpus");
	assert_null(schema_nearest_word(KIND_DOMAIN, FORM_SOURCE, "colour"));
	assert_null(schema_nearest_word(KIND_BOARD, FORM_BLOB, "qemu,cpv"));
	assert_string_equal(schema_nearest_word(KIND_BOARD, FORM_SOURCE, "qemu,cpv"), "qemu,cpu");
	assert_string_equal(schema_nearest_choice("vtd|amd-vi|none", "amdvi", buf, sizeof(buf)),
			    "amd-vi");
	assert_null(schema_nearest_choice("vtd|amd-vi|none", "intel", buf, sizeof(buf)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),	cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_choice),	cmocka_unit_test(test_distance),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
