/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_look.h - ways to look, for tables of checks (check.h): most things are
 * one file, one file of each CPU, a flag or a boot parameter.
 */
#ifndef VMM_HOST_CHECK_LOOK_H
#define VMM_HOST_CHECK_LOOK_H

#include "vmm/host/check.h"

/* Sets status and value: what is good or bad, or why it is not known. */
void found_good(struct check_found *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void found_bad(const struct check *c, struct check_found *f, const char *fmt,
	       ...) __attribute__((format(printf, 3, 4)));
void found_unknown(struct check_found *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Good or bad, by ok. */
#define found_is(c, f, ok, ...)                       \
	do {                                          \
		if (ok)                               \
			found_good(f, __VA_ARGS__);   \
		else                                  \
			found_bad(c, f, __VA_ARGS__); \
	} while (0)

/* Is text one of the words of a list "a|b"? */
bool check_is_word(const char *list, const char *text);

/*
 * Reads c->path, or c->instead, for a CPU.  False: f says why it is not known,
 * or what it means that it is not there.
 */
bool check_read(const struct check *c, const struct check_host *h,
		struct check_found *f, int cpu, char text[CHECK_TEXT_LEN]);

/* Reads another file into text; false: f says why it is not known. */
bool check_read_at(const struct check_host *h, struct check_found *f,
		   const char *path, char *text, size_t len);

/*
 * A boot parameter's value, the last one, "" for one without; NULL: it is not
 * there.  text: room for it.
 */
const char *check_parameter(const struct check_host *h, const char *name,
			    char text[CHECK_TEXT_LEN]);

/* Has the first processor of /proc/cpuinfo such a flag?  -1: not known. */
int check_flag(const struct check_host *h, struct check_found *f,
	       const char *flag);

/* Bad: a CPU of the vCPUs' that is not in mask; or, not wanted, one that is. */
void check_cpus(const struct check *c, const struct check_host *h,
		struct check_found *f, const struct cpumask *mask, bool wanted);

/* A look(): the file's word, the [chosen] one of several, is one of want. */
void look_word(const struct check *c, const struct check_host *h,
	       struct check_found *f);
/* The number that the file begins with is from min to max. */
void look_number(const struct check *c, const struct check_host *h,
		 struct check_found *f);
/* The file's first line is only stated. */
void look_stated(const struct check *c, const struct check_host *h,
		 struct check_found *f);
/* The file's list of CPUs has all of the vCPUs'; or none of them. */
void look_covers(const struct check *c, const struct check_host *h,
		 struct check_found *f);
void look_avoids(const struct check *c, const struct check_host *h,
		 struct check_found *f);
/* The file's mask has none of the vCPUs'. */
void look_mask(const struct check *c, const struct check_host *h,
	       struct check_found *f);
/* /proc/cpuinfo has one of the flags want; or it has not. */
void look_flag(const struct check *c, const struct check_host *h,
	       struct check_found *f);
void look_no_flag(const struct check *c, const struct check_host *h,
		  struct check_found *f);
/* The boot parameter is there: "name=value|name=value". */
void look_boot(const struct check *c, const struct check_host *h,
	       struct check_found *f);
/* The list of CPUs of boot parameter want has all of the vCPUs'. */
void look_boot_covers(const struct check *c, const struct check_host *h,
		      struct check_found *f);

#endif
