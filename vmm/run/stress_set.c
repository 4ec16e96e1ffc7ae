/* SPDX-License-Identifier: BSD-2-Clause */
/* stress_set.c - see stress.h: what there is, and the host's files. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/run/stress.h"

extern const struct stress *const __start_stresses[];
extern const struct stress *const __stop_stresses[];

const struct stress *stress_find(const char *name, size_t len)
{
	for (const struct stress *const *s = __start_stresses;
	     s != __stop_stresses; s++)
		if (strlen((*s)->name) == len &&
		    strncmp((*s)->name, name, len) == 0)
			return *s;
	return NULL;
}

/* The next one in the order of the alphabet; the linker's is none. */
static const struct stress *next(const char *after)
{
	const struct stress *best = NULL;

	for (const struct stress *const *s = __start_stresses;
	     s != __stop_stresses; s++)
		if ((!after || strcmp((*s)->name, after) > 0) &&
		    (!best || strcmp((*s)->name, best->name) < 0))
			best = *s;
	return best;
}

void stress_names(char *text, size_t len)
{
	const struct stress *s = NULL;
	size_t at = 0;

	text[0] = '\0';
	while ((s = next(s ? s->name : NULL)) != NULL && at < len)
		at += (size_t)snprintf(text + at, len - at, "%s%s",
				       at ? ", " : "", s->name);
}

static int open_file(const struct stress_host *h, const char *path, int flags)
{
	char whole[2 * STRESS_PATH_LEN];

	snprintf(whole, sizeof(whole), "%s%s", h->root, path);
	return open(whole, flags | O_CLOEXEC);
}

bool stress_read(const struct stress_host *h, const char *path, char *value)
{
	int fd = open_file(h, path, O_RDONLY);
	ssize_t n;

	value[0] = '\0';
	if (fd < 0)
		return false;
	n = read(fd, value, STRESS_VALUE_LEN - 1);
	close(fd);
	value[n > 0 ? n : 0] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return n > 0;
}

bool stress_write(const struct stress_host *h, const char *path,
		  const char *value)
{
	int fd = open_file(h, path, O_WRONLY | O_TRUNC);
	bool written;

	if (fd < 0)
		return false;
	written = write(fd, value, strlen(value)) == (ssize_t)strlen(value);
	return close(fd) == 0 && written;
}

bool stress_may_not_write(const struct stress_host *h, const char *path,
			  char *why, size_t len)
{
	char whole[2 * STRESS_PATH_LEN];

	snprintf(whole, sizeof(whole), "%s%s", h->root, path);
	if (access(whole, W_OK) == 0)
		return false;
	snprintf(why, len, "the right to write %s: root, and no container",
		 path);
	return true;
}

size_t stress_folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

bool stress_keep(const struct stress_host *h, struct stress_kept *k,
		 const char *path)
{
	if (k->nr == STRESS_MOST_KEPT ||
	    !stress_read(h, path, k->files[k->nr].value))
		return false;
	snprintf(k->files[k->nr].path, STRESS_PATH_LEN, "%s", path);
	k->nr++;
	return true;
}

void stress_give_back(const struct stress_host *h, struct stress_kept *k)
{
	while (k->nr) {
		k->nr--;
		stress_write(h, k->files[k->nr].path, k->files[k->nr].value);
	}
}

bool stress_installed(const char *program)
{
	const char *path = getenv("PATH");
	char file[4096];

	for (const char *at = path; at && *at;) {
		size_t len = strcspn(at, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)len, at, program);
		if (len && access(file, X_OK) == 0)
			return true;
		at += len + (at[len] == ':');
	}
	return false;
}
