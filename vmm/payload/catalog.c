/* SPDX-License-Identifier: BSD-2-Clause */
/* catalog.c - see catalog.h. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/nearest.h"
#include "vmm/payload/catalog.h"

#define SUFFIX ".elf"

/*
 * $LATVISOR_PAYLOADS, or payloads/ beside the program (a build tree), or
 * ../lib/latvisor/payloads (installed).
 */
static char *payload_folder(void)
{
	static const char *const beside[] = {"payloads",
					     "../lib/latvisor/payloads"};
	const char *env = getenv("LATVISOR_PAYLOADS");
	char exe[PATH_MAX], *folder = NULL;
	ssize_t len;

	if (env && *env) {
		if (asprintf(&folder, "%s", env) < 0)
			die_errno("no memory");
		return folder;
	}
	len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (len < 0)
		die_errno("cannot tell where this program is");
	exe[len] = '\0';
	*strrchr(exe, '/') = '\0';
	for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); i++) {
		free(folder);
		if (asprintf(&folder, "%s/%s", exe, beside[i]) < 0)
			die_errno("no memory");
		if (access(folder, R_OK | X_OK) == 0)
			break;
	}
	return folder;
}

static int is_payload(const struct dirent *d)
{
	size_t len = strlen(d->d_name), suffix = strlen(SUFFIX);

	return len > suffix && strcmp(d->d_name + len - suffix, SUFFIX) == 0;
}

/* Sorted names with SUFFIX cut off; dies when the folder cannot be read. */
static int payload_names(const char *folder, struct dirent ***list)
{
	int nr = scandir(folder, list, is_payload, alphasort);

	if (nr < 0)
		die_errno("cannot read the payloads in %s (set "
			  "LATVISOR_PAYLOADS to where they are)",
			  folder);
	for (int i = 0; i < nr; i++) {
		char *name = (*list)[i]->d_name;

		name[strlen(name) - strlen(SUFFIX)] = '\0';
	}
	return nr;
}

void catalog_open(struct catalog *c)
{
	c->folder = payload_folder();
	c->nr = payload_names(c->folder, &c->list);
}

void catalog_close(struct catalog *c)
{
	for (int i = 0; i < c->nr; i++)
		free(c->list[i]);
	free(c->list);
	free(c->folder);
}

const char *catalog_name(const struct catalog *c, int i)
{
	return c->list[i]->d_name;
}

static _Noreturn void die_no_payload(const char *payload, const char *folder)
{
	struct dirent **list;
	int nr = payload_names(folder, &list);
	struct nearest near = {.wanted = payload, .len = strlen(payload)};

	for (int i = 0; i < nr; i++)
		nearest_try(&near, list[i]->d_name);
	if (near.best)
		die("there is no payload '%s' in %s; did you mean %s?", payload,
		    folder, near.best);
	die("there is no payload '%s' in %s; there are %s; a path has a slash "
	    "in it",
	    payload, folder, nr ? near.known : "none");
}

char *catalog_find(const char *payload)
{
	char *folder, *path;

	if (strchr(payload, '/')) {
		if (asprintf(&path, "%s", payload) < 0)
			die_errno("no memory");
		return path;
	}
	folder = payload_folder();
	if (asprintf(&path, "%s/%s" SUFFIX, folder, payload) < 0)
		die_errno("no memory");
	if (access(path, F_OK) != 0)
		die_no_payload(payload, folder);
	free(folder);
	return path;
}
