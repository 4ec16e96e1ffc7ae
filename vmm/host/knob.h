/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * knob.h - what latvisor tune turns, one thing at a time, and turns back.  A
 * knob is an entry of a table, a table a file in vmm/host/knobs/ that puts
 * itself into a linker set.  A knob says which files it may ever write to;
 * nothing else is written to, whatever a journal says.
 */
#ifndef VMM_HOST_KNOB_H
#define VMM_HOST_KNOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/host/check.h"

/* What a file's value is, and how two of them are compared. */
enum knob_kind {
	KNOB_NUMBER,
	KNOB_WORD,	/* or the [chosen] one of several */
	KNOB_LIST,	/* of CPUs */
	KNOB_MASK,	/* of CPUs */
	KNOB_L3,	/* "0=ff;1=ff", of a schemata: resctrl.rst */
	KNOB_HAS_CPUSET /* "+cpuset" or "-cpuset", of a list of controllers */
};

enum knob_op {
	KNOB_SET,  /* a file that is there gets another value */
	KNOB_MAKE, /* a folder is made, whose files the kernel makes */
	KNOB_PUT,  /* a value of such a file, which goes with the folder */
	KNOB_HOLD, /* a file is held open, and gone with the process */
};

#define KNOB_VALUE_LEN 2048
#define KNOB_MAX_FILES 4

/* {cpu}: a number, *: a name, or the rest of one. */
struct knob_file {
	const char *path;
	enum knob_kind kind;
	enum knob_op op;
	/* What it gets; NULL: of a list or mask what it has without the vCPUs'
	 * CPUs, and where nothing is left all others. */
	const char *value;
};

struct tune_plan;

struct knob {
	const char *name;
	const char *checks; /* of doctor that it mends, parted by |, or NULL */
	const char *why;    /* in one sentence */
	const char *option; /* without which it changes nothing; or NULL */
	struct knob_file files[KNOB_MAX_FILES]; /* .path NULL: no more */
	/* Is that file's value to be changed?  NULL: where it is another. */
	bool (*wants)(const struct check_host *h, const char *path,
		      const char *old);
	/* Plans it; NULL: each file, tune_plan_files(). */
	void (*plan)(const struct knob *k, struct tune_plan *p);
};

struct knob_group {
	const char *name;
	int order;
	const struct knob *list;
	size_t nr;
};

#define KNOBS(sym, place, ...)                                       \
	static const struct knob sym##_knobs[] = {__VA_ARGS__};      \
	static const struct knob_group sym##_knob_group = {          \
		.name = #sym,                                        \
		.order = place,                                      \
		.list = sym##_knobs,                                 \
		.nr = sizeof(sym##_knobs) / sizeof(*sym##_knobs)};   \
	static const struct knob_group *const sym##_knob_group_entry \
		__attribute__((section("knobs"), used, retain)) =    \
			&sym##_knob_group

extern const struct knob_group *const __start_knobs[];
extern const struct knob_group *const __stop_knobs[];

#define KNOB_MAX_GROUPS 32

/* All of them in the order in which they are turned; how many. */
unsigned int knob_groups(const struct knob_group *list[KNOB_MAX_GROUPS]);

/* That of a name; NULL: there is none. */
const struct knob *knob_find(const char *name);

/* The one that mends a check of doctor; NULL: none does. */
const struct knob *knob_of_check(const char *check);

/* The file of k's that is called so; NULL: it has none. */
const struct knob_file *knob_owns(const struct knob *k, const char *path);

#endif
