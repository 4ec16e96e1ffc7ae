/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - what makes a host fit for real-time guests, one thing at a time.  A
 * check is an entry of a table, a table a file in vmm/host/checks/ that puts
 * itself into a linker set.  docs/host-setup.md is made of them.
 */
#ifndef VMM_HOST_CHECK_H
#define VMM_HOST_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest-firmware/abi/layout.h"
#include "vmm/host/cpumask.h"
#include "vmm/host/measured.h"
#include "vmm/host/tasks.h"
#include "vmm/host/tree.h"

enum check_status {
	CHECK_PASS,
	CHECK_WARN,    /* costs time now and then, or makes figures spread */
	CHECK_FAIL,    /* breaks a real-time guest's deadlines */
	CHECK_UNKNOWN, /* could not be read: never as good as PASS */
	CHECK_STATED,  /* sources disagree, or it depends: no verdict */
	NR_CHECK_STATUSES
};

/* "PASS" ...; "stated". */
const char *check_status_name(enum check_status status);

#define CHECK_WEIGHT_MAX 10
/* Such a check must be known, or nothing can be said of the host. */
#define CHECK_WEIGHT_DECIDES 9

#define CHECK_VALUE_LEN 128
#define CHECK_AT_LEN	128
#define CHECK_FIX_LEN	512
#define CHECK_LOOP_MOST 150 /* of a command with {cpu} */
#define CHECK_PATH_LEN	192
#define CHECK_TEXT_LEN	4096 /* what is read of a file */

/* What is looked at. */
struct check_host {
	struct tree tree;
	struct cpumask vcpus;  /* where vCPUs are to run; not empty */
	struct cpumask online; /* none: not known */
	struct cpumask others; /* online, and no vCPU's */
	int prio;	       /* SCHED_FIFO of vCPUs: priority.h's choice */
	char command_line[CHECK_TEXT_LEN]; /* the kernel's */
	bool has_command_line;
	struct tasks tasks;
	const struct measured *measured; /* NULL: it was not measured */
};

/* What was found. */
struct check_found {
	const struct check *check;
	const char *group;
	enum check_status status;
	char value[CHECK_VALUE_LEN]; /* of UNKNOWN: why it is not known */
	int cpu;		     /* {cpu} of the fix: the first bad one */
	struct cpumask bad_cpus;     /* all of them, where they are known */
	char at[CHECK_AT_LEN];	     /* {at} of the fix */
	/* Of WARN and FAIL, with values for what is in braces; "": none. */
	char run[CHECK_FIX_LEN], boot[CHECK_FIX_LEN], other[CHECK_FIX_LEN];
};

/*
 * Texts may have {cpus}, the vCPUs' CPUs as a list, {others} and {mask}, the
 * other ones as a list and as a mask, {cpu}, the CPU that it is about (of a
 * command: in a loop where there are several), {at}, what the check found, and
 * {prio}, one above the vCPUs' priority.
 */
struct check {
	const char *name;
	enum check_status bad; /* FAIL or WARN; STATED: never a verdict */
	int weight;	       /* 1 to CHECK_WEIGHT_MAX */
	const char *good;      /* the good value */
	const char *why;       /* in one sentence */
	const char *source;    /* that says so */
	const char *run;       /* a command that mends it now; NULL: none */
	const char *needs;     /* a file without which it cannot; NULL: none */
	const char *boot;      /* a boot parameter; NULL: none */
	const char *other;     /* the firmware, or what else; NULL: nothing */
	/* Sets f->status and f->value. */
	void (*look)(const struct check *c, const struct check_host *h,
		     struct check_found *f);
	/* For check_look.h's: */
	const char *path;    /* a file; with {cpu}: of each CPU of a vCPU */
	const char *instead; /* another one where that is not there */
	const char *want;    /* words parted by |, a flag, a parameter */
	int64_t min, max;    /* of a number, both included */
	/*
	 * Where the file is not there but anchor is, the kernel lacks it: that
	 * is then as good (absent_is) as CHECK_PASS, or bad.
	 */
	const char *anchor;
	enum check_status absent_is;
};

/* It costs time or deadlines: there is something to mend. */
static inline bool check_is_bad(const struct check_found *f)
{
	return f->status == CHECK_FAIL || f->status == CHECK_WARN;
}

struct check_group {
	const char *name;
	int order;
	const struct check *list;
	size_t nr;
};

#define CHECKS(sym, place, ...)                                      \
	static const struct check sym##_checks[] = {__VA_ARGS__};    \
	static const struct check_group sym##_group = {              \
		.name = #sym,                                        \
		.order = place,                                      \
		.list = sym##_checks,                                \
		.nr = sizeof(sym##_checks) / sizeof(*sym##_checks)}; \
	static const struct check_group *const sym##_group_entry     \
		__attribute__((section("checks"), used, retain)) =   \
			&sym##_group

extern const struct check_group *const __start_checks[];
extern const struct check_group *const __stop_checks[];

#define CHECK_MAX_GROUPS 32

/* All of them by order; how many. */
unsigned int check_groups(const struct check_group *list[CHECK_MAX_GROUPS]);

/* That of a name, and its group's; NULL: there is none. */
const struct check *check_find(const char *name, const char **group);

/* Checks in all groups. */
size_t checks_count(void);

#define CHECK_WHY_LEN 4352 /* a path, and a sentence */

/*
 * Opens the tree of root, NULL: this machine, and reads what many checks want.
 * cpus: nr_cpus of them, for vCPUs; none: those that are isolated, or, of this
 * machine, where a run would put one vCPU, or the highest.  False, and why:
 * there is no such folder, or no such CPU.
 */
bool check_host_open(struct check_host *h, const char *root, const int *cpus,
		     unsigned int nr_cpus, char why[CHECK_WHY_LEN]);
void check_host_close(struct check_host *h);

/* Looks at one thing. */
void check_look(const struct check *c, const char *group,
		const struct check_host *h, struct check_found *f);

/* That it is bad is known already: as such, with its fixes, and no value. */
void check_assume(const struct check *c, const char *group,
		  const struct check_host *h, struct check_found *f);

/* At all: checks_count() of them, by group, to be freed. */
struct check_found *checks_look(const struct check_host *h);

/* What all came to. */
struct check_sum {
	unsigned int nr, of[NR_CHECK_STATUSES];
	unsigned int undecided; /* UNKNOWN, and it must be known */
};

struct check_sum checks_sum(const struct check_found *f, size_t nr);

/* No check fails, and all are known that must be. */
static inline bool checks_fit(const struct check_sum *s)
{
	return s->of[CHECK_FAIL] == 0 && s->undecided == 0;
}

#endif
