/* SPDX-FileCopyrightText: The Bulkhead authors */
/* SPDX-License-Identifier: MIT */
/* The manifest compiler in a folder of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "bhconf/compile.h"
#include "bhconf/memory.h"
#include "conf_world.h"
#include "elf_maker.h"

static char folder[] = "/tmp/bhconf-test-XXXXXX";

const char *conf_world_folder(void)
{
	return folder;
}

static void put_file(const char *name, const void *data, size_t size)
{
	char *path = xprintf("%s/%s", folder, name);

	if (!file_write(path, data, size))
		abort();
	free(path);
}

static void put_elf(const char *name, const struct elf_recipe *recipe)
{
	uint8_t elf[ELF_MAKER_SIZE];

	elf_make(recipe, elf);
	put_file(name, elf, sizeof(elf));
}

/* A bzImage packed with gzip, and one that nobody can unpack. */
static void put_bzimages(void)
{
	uint8_t elf[ELF_MAKER_SIZE], packed[ELF_MAKER_SIZE], image[2 * ELF_MAKER_SIZE];
	z_stream z = {.next_in = elf,
		      .avail_in = sizeof(elf),
		      .next_out = packed,
		      .avail_out = sizeof(packed)};

	elf_make(&elf_plain, elf);
	if (deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	put_file("bzImage", image, bzimage_make(packed, z.total_out, image, sizeof(image)));
	deflateEnd(&z);
	put_file("bad-bzImage", image, bzimage_make("BZh91AY&SY", 10, image, sizeof(image)));
}

int conf_world_make(void **state)
{
	struct elf_recipe recipe = elf_plain;
	char *path, *image;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	put_elf("kernel.elf", &elf_plain);
	recipe.no_note = true;
	put_elf("no-entry.elf", &recipe);
	recipe = elf_plain;
	recipe.nr_loads = 2;
	recipe.loads[1] = recipe.loads[0];
	put_elf("overlap.elf", &recipe);
	recipe = elf_plain;
	recipe.loads[0].size = recipe.loads[0].file_size = ELF_MAKER_SIZE;
	put_elf("truncated.elf", &recipe);
	put_bzimages();
	put_file("initrd", "initrd", 6);
	put_file("empty", "", 0);
	image = xalloc((2 << 20) + 1);
	put_file("rootfs.img", image, (2 << 20) + 1);
	free(image);
	path = xprintf("%s/folder", folder);
	mkdir(path, 0777);
	free(path);
	return 0;
}

int conf_world_remove(void **state)
{
	char *command = xprintf("rm -rf '%s'", folder);
	int status = system(command);

	(void)state;
	free(command);
	return status;
}

struct conf_result conf_world_compile(const char *name, enum schema_stage stage)
{
	char boards[] = "conf/boards", include[] = "conf/include";
	char *includes[] = {include, boards, NULL}, *libraries[] = {folder, NULL};
	char *manifest = xprintf("test/conf/%s", name), *depfile = xprintf("%s/d", folder);
	struct compile_options options = {.manifest = manifest,
					  .out = folder,
					  .includes = includes,
					  .libraries = libraries,
					  .ctrl = "ctrl.elf",
					  .depfile = depfile,
					  .stage = stage};
	struct conf_result result = {0};
	struct report r;
	size_t size;
	FILE *out = open_memstream(&result.text, &size);

	report_init(&r, manifest, out);
	result.made = compile_manifest(&options, &r);
	result.errors = r.errors;
	fclose(out);
	free(manifest);
	free(depfile);
	return result;
}

uint8_t *conf_world_read(const char *name, size_t *size)
{
	char *path = xprintf("%s/%s", folder, name);
	uint8_t *data = file_read(path, size);

	free(path);
	return data;
}
