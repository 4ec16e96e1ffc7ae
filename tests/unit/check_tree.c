/* SPDX-License-Identifier: BSD-2-Clause */
/* check_tree.c - see check_tree.h. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/check_tree.h"
#include "tests/unit/unit.h"

static void write_one(const struct check_tree *t, const char *path,
		      const char *text)
{
	char full[256];
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", t->root, path);
	for (char *at = full + strlen(t->root) + 1; (at = strchr(at, '/'));
	     at++) {
		*at = '\0';
		mkdir(full, 0700);
		*at = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

void check_tree_write(const struct check_tree *t, const char *path,
		      const char *text)
{
	const char *at = strstr(path, "{cpu}");
	char full[256];

	if (!at) {
		write_one(t, path, text);
		return;
	}
	for (int cpu = 2; cpu <= 3; cpu++) {
		snprintf(full, sizeof(full), "%.*s%d%s", (int)(at - path), path,
			 cpu, at + strlen("{cpu}"));
		write_one(t, full, text);
	}
}

void check_tree_make(struct check_tree *t)
{
	strcpy(t->root, "/tmp/check-XXXXXX");
	assert_non_null(mkdtemp(t->root));
	write_one(t, "sys/devices/system/cpu/online", "0-3\n");
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void check_tree_remove(const struct check_tree *t)
{
	assert_int_equal(nftw(t->root, remove_one, 16, FTW_DEPTH | FTW_PHYS),
			 0);
}

void check_tree_open(struct check_host *h, const char *root, const int *cpus,
		     unsigned int nr)
{
	char why[CHECK_WHY_LEN];

	if (!check_host_open(h, root, cpus, nr, why))
		fail_msg("%s", why);
}

const struct check *check_named(const char *name, const char **group)
{
	const struct check *c = check_find(name, group);

	if (!c)
		fail_msg("there is no check %s", name);
	return c;
}
