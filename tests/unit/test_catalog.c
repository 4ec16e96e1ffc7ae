/* SPDX-License-Identifier: BSD-2-Clause */
/* test_catalog.c - payloads are found by name, listed and described. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/elf_image.h"
#include "tests/unit/unit.h"
#include "vmm/base/die.h"
#include "vmm/commands/command.h"
#include "vmm/payload/catalog.h"

/* Of the sanitizer that every unit test runs under; gcc has no header. */
size_t __sanitizer_get_current_allocated_bytes(void);

/* A folder with made.elf, good; bad.elf, not ELF; and notes.txt. */
struct folder {
	char path[64];
};

static void put_file(const struct folder *d, const char *name,
		     const void *bytes, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", d->path, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

static void folder_make(struct folder *d, bool with_bad)
{
	struct elf_image e;

	strcpy(d->path, "/tmp/latvisor-unit-XXXXXX");
	assert_non_null(mkdtemp(d->path));
	elf_image_good(&e);
	e.note.desc.params[0] = (struct param_desc){
		.name = "wait_us",
		.help = "how long",
		.kind = PARAM_RANGE,
		.max = 9,
		.def = 1,
		.def_hi = 5,
	};
	e.note.desc.params[1] = (struct param_desc){
		.name = "mode",
		.kind = PARAM_ENUM,
		.choices = "slow|fast",
		.def = 1,
	};
	put_file(d, "made.elf", &e, sizeof(e));
	put_file(d, "notes.txt", "no payload", 10);
	if (with_bad)
		put_file(d, "bad.elf", "no ELF", 6);
	setenv("LATVISOR_PAYLOADS", d->path, 1);
}

static void folder_remove(const struct folder *d)
{
	static const char *const names[] = {"made.elf", "notes.txt", "bad.elf"};
	char path[128];

	for (unsigned int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", d->path, names[i]);
		unlink(path);
	}
	rmdir(d->path);
	unsetenv("LATVISOR_PAYLOADS");
}

static void find(void *name)
{
	free(catalog_find(name));
}

TEST(catalog_finds_a_payload_by_name)
{
	struct folder d;
	char wanted[128], *path;

	folder_make(&d, false);
	snprintf(wanted, sizeof(wanted), "%s/made.elf", d.path);
	path = catalog_find("made");
	assert_string_equal(path, wanted);
	free(path);
	folder_remove(&d);
}

TEST(catalog_takes_a_path_as_it_is)
{
	char *path = catalog_find("./not/there.elf");

	assert_string_equal(path, "./not/there.elf");
	free(path);
}

TEST(catalog_names_what_there_is_for_an_unknown_name)
{
	char unknown[] = "nope", with_suffix[] = "made.elf";
	struct folder d;

	folder_make(&d, true);
	assert_dies(find, unknown, "there is no payload 'nope' in /tmp/");
	assert_dies(find, unknown, "there are bad, made;");
	assert_dies(find, with_suffix, "no payload 'made.elf'");
	folder_remove(&d);
}

TEST(catalog_says_how_to_name_the_folder)
{
	char unknown[] = "nope";

	setenv("LATVISOR_PAYLOADS", "/nowhere", 1);
	assert_dies(find, unknown, "set LATVISOR_PAYLOADS to where they are");
	unsetenv("LATVISOR_PAYLOADS");
}

/* "latvisor list", or "latvisor list NAME"; its exit status. */
static int list_of(char *name)
{
	struct options o = {.args = &name, .nr_args = name ? 1 : 0};

	return command_find("list")->run(&o);
}

static void list_all(void *arg)
{
	(void)arg;
	exit(list_of(NULL));
}

TEST(catalog_lists_good_payloads_and_warns_of_bad_ones)
{
	struct folder d;
	struct child c;

	folder_make(&d, true);
	child_run(&c, list_all, NULL);
	assert_int_equal(WEXITSTATUS(c.status), STATUS_USAGE);
	assert_string_equal(c.out, "made           made by a test\n");
	assert_has(c.err, "bad.elf is not an ELF file\n");
	folder_remove(&d);
	folder_make(&d, false);
	child_run(&c, list_all, NULL);
	assert_int_equal(c.status, 0);
	assert_string_equal(c.err, "");
	folder_remove(&d);
}

static void describe(void *name)
{
	exit(list_of(name));
}

TEST(catalog_describes_each_parameter)
{
	char made[] = "made", bad[] = "bad";
	struct folder d;
	struct child c;

	folder_make(&d, true);
	child_run(&c, describe, made);
	assert_int_equal(c.status, 0);
	assert_has(c.out, "made: made by a test\n");
	assert_has(c.out, "vCPUs: 1 to 2\n");
	assert_has(c.out, "wait_us        1..5       us    a..b in 0..9");
	assert_has(c.out, "mode           fast             slow|fast");
	child_run(&c, describe, bad);
	assert_int_equal(WEXITSTATUS(c.status), STATUS_USAGE);
	assert_has(c.err, "bad.elf is not an ELF file\n");
	folder_remove(&d);
}

/* Ends with 1 when describing a bad payload leaves memory behind. */
static void describe_twice(void *name)
{
	size_t before;

	/* The first time stdio and others allocate what they keep. */
	list_of(name);
	before = __sanitizer_get_current_allocated_bytes();
	list_of(name);
	exit(__sanitizer_get_current_allocated_bytes() != before);
}

TEST(catalog_does_not_leak)
{
	char made[] = "made", bad[] = "bad";
	struct child of_made, of_bad;
	struct folder d;

	folder_make(&d, true);
	child_run(&of_made, describe_twice, made);
	child_run(&of_bad, describe_twice, bad);
	folder_remove(&d);
	assert_int_equal(of_made.status, 0);
	assert_int_equal(of_bad.status, 0);
}
