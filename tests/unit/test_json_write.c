/* SPDX-License-Identifier: BSD-2-Clause */
/* test_json_write.c - a result file that was not written whole is said to be.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "vmm/result/json.h"

#define NR_KEYS 64

/* A file of which one write fails, and no other. */
struct flaky {
	unsigned int nr, bad; /* writes; the one that fails, 0: none */
};

static ssize_t flaky_write(void *cookie, const char *data, size_t len)
{
	struct flaky *f = cookie;

	(void)data;
	if (++f->nr != f->bad)
		return (ssize_t)len;
	errno = EIO;
	return 0;
}

/* Long keys: whichever write fails, it is one of a key. */
static json_t *object_of_keys(void)
{
	json_t *o = json_object();
	char key[1000];

	for (unsigned int i = 0; i < NR_KEYS; i++) {
		memset(key, 'a', sizeof(key) - 1);
		snprintf(key, 8, "%u", i);
		key[strlen(key)] = '_';
		key[sizeof(key) - 1] = '\0';
		set(o, key, number(i));
	}
	return o;
}

static int write_to(struct flaky *f, json_t *o)
{
	const cookie_io_functions_t io = {.write = flaky_write};
	FILE *real = stdout;
	int err;

	stdout = fopencookie(f, "w", io);
	assert_non_null(stdout);
	err = json_write(o, "-");
	fclose(stdout);
	stdout = real;
	return err;
}

TEST(json_write_says_of_each_write_that_it_failed)
{
	json_t *o = object_of_keys();
	struct flaky all = {.bad = 0};

	assert_int_equal(write_to(&all, o), 0);
	assert_true(all.nr > 3);
	for (unsigned int bad = 1; bad <= all.nr; bad++) {
		struct flaky f = {.bad = bad};

		if (write_to(&f, o) != -EIO)
			fail_msg("write %u of %u failed, and nobody said so",
				 bad, all.nr);
	}
	json_decref(o);
}
