/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* Pages and malloc, to the last byte and back. */
#include "selftest.h"

#include <errno.h>
#include <libos/mem.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool all_bytes(const unsigned char *p, size_t n, unsigned char value)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != value)
			return false;
	}
	return true;
}

void test_pages(void)
{
	uint64_t total, before, after;
	void *pages[8];

	libos_mem_info(&total, &before);
	CHECK(before < total);
	for (unsigned int o = 0; o < 8; o++) {
		size_t size = LIBOS_PAGE_SIZE << o;

		pages[o] = libos_page_alloc(o);
		CHECK(pages[o] != NULL && (uintptr_t)pages[o] % size == 0);
		memset(pages[o], (int)o + 1, size);
		CHECK(libos_virt_to_gaddr(pages[o]).a % size == 0);
	}
	for (unsigned int o = 0; o < 8; o++) {
		CHECK(all_bytes(pages[o], LIBOS_PAGE_SIZE << o, (unsigned char)(o + 1)));
		libos_page_free(pages[o], o);
	}
	CHECK(libos_page_alloc(LIBOS_MAX_ORDER + 1) == NULL);
	libos_mem_info(NULL, &after);
	CHECK(before == after);
}

void test_malloc(void)
{
	uint64_t before, after;
	void **list = NULL;
	size_t n = 0;
	char *p;

	p = malloc(10);
	CHECK(p != NULL);
	strcpy(p, "bulkhead");
	p = realloc(p, 100000);
	CHECK(p != NULL && strcmp(p, "bulkhead") == 0);
	free(p);
	p = calloc(1000, 100);
	CHECK(p != NULL && all_bytes((unsigned char *)p, 100000, 0));
	free(p);
	CHECK((uintptr_t)(p = memalign(256, 10)) % 256 == 0);
	free(p);

	/* All there is, then all back. */
	libos_mem_info(NULL, &before);
	for (;;) {
		void **block = malloc(65536);

		if (block == NULL)
			break;
		*block = list;
		list = block;
		n++;
	}
	CHECK(errno == ENOMEM);
	CHECK(n > 10);
	while (list != NULL) {
		void **next = *list;

		free(list);
		list = next;
	}
	p = malloc(65536);
	CHECK(p != NULL);
	free(p);
	libos_mem_info(NULL, &after);
	/* The heap keeps its page tables and a little of its end. */
	CHECK(before - after < 512 * 1024 || after >= before);
}
