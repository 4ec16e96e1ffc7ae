/* SPDX-License-Identifier: BSD-2-Clause */
/* catalog.c - see catalog.h. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/payload/catalog.h"
#include "vmm/payload/image.h"
#include "vmm/payload/params.h"

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

static _Noreturn void die_no_payload(const char *payload, const char *folder)
{
	struct dirent **list;
	int nr = payload_names(folder, &list);
	char known[1024] = "";

	for (int i = 0; i < nr; i++) {
		size_t at = strlen(known);

		snprintf(known + at, sizeof(known) - at, "%s%s", i ? ", " : "",
			 list[i]->d_name);
	}
	die("there is no payload '%s' in %s; there are %s; a path has a slash "
	    "in it",
	    payload, folder, nr ? known : "none");
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

static bool open_named(struct image *image, const char *path)
{
	char error[512];
	const char *wrong = image_open(image, path, error, sizeof(error));

	if (wrong)
		warn("payload %s %s", path, wrong);
	return !wrong;
}

int catalog_list(void)
{
	char *folder = payload_folder();
	struct dirent **list;
	int nr = payload_names(folder, &list), status = 0;

	for (int i = 0; i < nr; i++) {
		struct image image;
		char *path;

		if (asprintf(&path, "%s/%s" SUFFIX, folder, list[i]->d_name) <
		    0)
			die_errno("no memory");
		if (open_named(&image, path)) {
			printf("%-14s %s\n", image.note.name,
			       image.note.summary);
			image_close(&image);
		} else {
			status = STATUS_USAGE;
		}
		free(path);
		free(list[i]);
	}
	free(list);
	free(folder);
	return status;
}

static void describe_param(const struct param_desc *d)
{
	char word[sizeof(d->choices)], value[64], range[80];

	switch (d->kind) {
	case PARAM_ENUM:
		snprintf(value, sizeof(value), "%s",
			 param_choice(d, d->def, word, sizeof(word)));
		snprintf(range, sizeof(range), "%s", d->choices);
		break;
	case PARAM_RANGE:
		snprintf(value, sizeof(value), "%ju..%ju", (uintmax_t)d->def,
			 (uintmax_t)d->def_hi);
		snprintf(range, sizeof(range), "a..b in %ju..%ju",
			 (uintmax_t)d->min, (uintmax_t)d->max);
		break;
	default:
		snprintf(value, sizeof(value), "%ju", (uintmax_t)d->def);
		snprintf(range, sizeof(range), "%ju..%ju", (uintmax_t)d->min,
			 (uintmax_t)d->max);
		break;
	}
	printf("  %-14s %-10s %-4s  %-26s %s\n", d->name, value, param_unit(d),
	       range, d->help);
}

int catalog_describe(const char *payload)
{
	char *path = catalog_find(payload);
	struct image image;
	bool opened = open_named(&image, path);

	free(path);
	if (!opened)
		return STATUS_USAGE;
	printf("%s: %s\n", image.note.name, image.note.summary);
	if (image.note.min_vcpus == image.note.max_vcpus)
		printf("  vCPUs: %u\n", image.note.min_vcpus);
	else
		printf("  vCPUs: %u to %u\n", image.note.min_vcpus,
		       image.note.max_vcpus);
	if (params_count(&image.note))
		printf("  %-14s %-10s %-4s  %s\n", "parameter", "default",
		       "unit", "values");
	for (unsigned int i = 0; i < params_count(&image.note); i++)
		describe_param(&image.note.params[i]);
	image_close(&image);
	return 0;
}
