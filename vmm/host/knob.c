/* SPDX-License-Identifier: BSD-2-Clause */
/* knob.c - see knob.h. */
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/host/check_look.h"
#include "vmm/host/knob.h"

#define MARK_CPU   "{cpu}"
#define CPU_DIGITS 4

unsigned int knob_groups(const struct knob_group *list[KNOB_MAX_GROUPS])
{
	unsigned int nr = 0;

	for (const struct knob_group *const *g = __start_knobs;
	     g != __stop_knobs; g++) {
		unsigned int at = nr;

		if (nr == KNOB_MAX_GROUPS)
			die("there are more than %d groups of knobs: raise "
			    "KNOB_MAX_GROUPS",
			    KNOB_MAX_GROUPS);
		for (; at > 0 && list[at - 1]->order > (*g)->order; at--)
			list[at] = list[at - 1];
		list[at] = *g;
		nr++;
	}
	return nr;
}

const struct knob *knob_find(const char *name)
{
	for (const struct knob_group *const *g = __start_knobs;
	     g != __stop_knobs; g++)
		for (size_t i = 0; i < (*g)->nr; i++)
			if (strcmp((*g)->list[i].name, name) == 0)
				return &(*g)->list[i];
	return NULL;
}

const struct knob *knob_of_check(const char *check)
{
	for (const struct knob_group *const *g = __start_knobs;
	     g != __stop_knobs; g++)
		for (size_t i = 0; i < (*g)->nr; i++)
			if ((*g)->list[i].checks &&
			    check_is_word((*g)->list[i].checks, check))
				return &(*g)->list[i];
	return NULL;
}

/* How much of path a mark of the pattern stands for; 0: it does not fit. */
static size_t fits_mark(const char *pattern, const char *path, bool begins)
{
	size_t len = strspn(path, "0123456789");

	if (*pattern != '*')
		return len <= CPU_DIGITS ? len : 0;
	/* Neither "." nor ".." nor anything hidden. */
	return begins && *path == '.' ? 0 : strcspn(path, "/");
}

static bool fits(const char *pattern, const char *path)
{
	bool begins = true; /* a name */

	while (*pattern) {
		bool is_cpu = strncmp(pattern, MARK_CPU, strlen(MARK_CPU)) == 0;
		size_t len = 1;

		if (is_cpu || *pattern == '*')
			len = fits_mark(pattern, path, begins);
		else if (*pattern != *path)
			return false;
		if (len == 0)
			return false;
		begins = path[len - 1] == '/';
		path += len;
		pattern += is_cpu ? strlen(MARK_CPU) : 1;
	}
	return *path == '\0';
}

const struct knob_file *knob_owns(const struct knob *k, const char *path)
{
	for (size_t i = 0; i < KNOB_MAX_FILES && k->files[i].path; i++)
		if (fits(k->files[i].path, path))
			return &k->files[i];
	return NULL;
}
