/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_tree.h - a machine of four CPUs in a folder, its files as a test wants
 * them, for checks of the host.  vCPUs are on CPUs 2 and 3.
 */
#ifndef UNIT_CHECK_TREE_H
#define UNIT_CHECK_TREE_H

#include "vmm/host/check.h"

struct check_tree {
	char root[32];
};

void check_tree_make(struct check_tree *t);
/* path with {cpu}: one for CPU 2, one for CPU 3. */
void check_tree_write(const struct check_tree *t, const char *path,
		      const char *text);
void check_tree_remove(const struct check_tree *t);

struct check_file {
	const char *path, *text;
};

/* What a check must find with these files. */
struct check_case {
	const char *check;
	enum check_status status;
	const char *value; /* a part of it */
	struct check_file files[5];
	struct measured measured; /* .ns: 0: not measured */
	bool on_cpu_0;		  /* where vCPUs are, and not 2 and 3 */
	const char *fix;	  /* a part of it; NULL: any */
};

struct check_cases {
	const struct check_case *list;
	size_t nr;
};

#define CHECK_CASES(sym, ...)                                           \
	static const struct check_case sym##_list[] = {__VA_ARGS__};    \
	static const struct check_cases sym##_cases = {                 \
		.list = sym##_list,                                     \
		.nr = sizeof(sym##_list) / sizeof(*sym##_list)};        \
	static const struct check_cases *const sym##_entry              \
		__attribute__((section("check_cases"), used, retain)) = \
			&sym##_cases

extern const struct check_cases *const __start_check_cases[];
extern const struct check_cases *const __stop_check_cases[];

/* check_host_open(), or the test fails. */
void check_tree_open(struct check_host *h, const char *root, const int *cpus,
		     unsigned int nr);

/* Of that name, or the test fails. */
const struct check *check_named(const char *name, const char **group);

#endif
