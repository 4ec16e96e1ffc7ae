/* SPDX-License-Identifier: BSD-2-Clause */
/* check_boot.c - see check_look.h. */
#include <stdio.h>
#include <string.h>

#include "vmm/host/check_look.h"

const char *check_parameter(const struct check_host *h, const char *name,
			    char text[CHECK_TEXT_LEN])
{
	size_t len = strlen(name);
	const char *found = NULL;

	for (const char *p = h->command_line; *p; p += strspn(p, " \n")) {
		size_t word = strcspn(p, " \n");

		/* Behind it are the first process's own arguments. */
		if (word == 2 && strncmp(p, "--", 2) == 0)
			break;
		if (word >= len && strncmp(p, name, len) == 0 &&
		    (word == len || p[len] == '=')) {
			snprintf(text, CHECK_TEXT_LEN, "%.*s",
				 word > len ? (int)(word - len - 1) : 0,
				 word > len ? p + len + 1 : "");
			found = text;
		}
		p += word;
	}
	return found;
}

/* Flags of one processor; the line is a few KiB. */
#define CPUINFO_LEN 16384
#define FLAG_LEN    32

int check_flag(const struct check_host *h, struct check_found *f,
	       const char *flag)
{
	size_t len = strlen(flag);
	char text[CPUINFO_LEN], *at;

	if (!check_read_at(h, f, "proc/cpuinfo", text, sizeof(text)))
		return -1;
	at = strstr(text, "\nflags");
	at = at ? strchr(at + 1, ':') : NULL;
	if (!at) {
		found_unknown(f, "/proc/cpuinfo has no flags");
		return -1;
	}
	at[strcspn(at, "\n")] = '\0';
	for (char *p = at + 1; *p; p += strspn(p, " ")) {
		size_t word_len = strcspn(p, " ");

		if (word_len == len && strncmp(p, flag, len) == 0)
			return 1;
		p += word_len;
	}
	return 0;
}

/* The first flag of want that there is, in flag; false: f is set. */
static bool find_flag(const struct check *c, const struct check_host *h,
		      struct check_found *f, char flag[FLAG_LEN])
{
	int has = 0;

	for (const char *p = c->want; *p && !has; p += *p == '|') {
		size_t len = strcspn(p, "|");

		snprintf(flag, FLAG_LEN, "%.*s", (int)len, p);
		has = check_flag(h, f, flag);
		p += len;
	}
	if (!has)
		flag[0] = '\0';
	return has >= 0;
}

static void judge_flag(const struct check *c, const struct check_host *h,
		       struct check_found *f, bool wanted)
{
	const char *other = strchr(c->want, '|');
	char flag[FLAG_LEN];

	if (!find_flag(c, h, f, flag))
		return;
	if (flag[0])
		found_is(c, f, wanted, "flag %s", flag);
	else
		found_is(c, f, !wanted, "no flag %.*s%s%s",
			 (int)strcspn(c->want, "|"), c->want,
			 other ? " or " : "", other ? other + 1 : "");
}

void look_flag(const struct check *c, const struct check_host *h,
	       struct check_found *f)
{
	judge_flag(c, h, f, true);
}

void look_no_flag(const struct check *c, const struct check_host *h,
		  struct check_found *f)
{
	judge_flag(c, h, f, false);
}

static bool has_command_line(const struct check_host *h, struct check_found *f)
{
	if (!h->has_command_line)
		found_unknown(f, "/proc/cmdline cannot be read");
	return h->has_command_line;
}

void look_boot(const struct check *c, const struct check_host *h,
	       struct check_found *f)
{
	char text[CHECK_TEXT_LEN];

	if (!has_command_line(h, f))
		return;
	for (const char *p = c->want; *p; p += *p == '|') {
		size_t len = strcspn(p, "|"), key = strcspn(p, "=|");
		char name[64], wanted[64];
		const char *is;

		snprintf(name, sizeof(name), "%.*s", (int)key, p);
		snprintf(wanted, sizeof(wanted), "%.*s",
			 len > key ? (int)(len - key - 1) : 0,
			 len > key ? p + key + 1 : "");
		is = check_parameter(h, name, text);
		if (is && strcmp(is, wanted) == 0) {
			found_good(f, "%s%s%s", name, *is ? "=" : "", is);
			return;
		}
		p += len;
	}
	found_bad(c, f, "no %.*s", (int)strcspn(c->want, "|"), c->want);
}

void look_boot_covers(const struct check *c, const struct check_host *h,
		      struct check_found *f)
{
	char text[CHECK_TEXT_LEN];
	struct cpumask mask;
	const char *is;

	if (!has_command_line(h, f))
		return;
	is = check_parameter(h, c->want, text);
	if (!is)
		found_bad(c, f, "no %s", c->want);
	else if (strcmp(is, "all") == 0)
		found_good(f, "all");
	else if (!cpumask_from_list(&mask, is))
		found_unknown(f, "no list of CPUs: '%.60s'", is);
	else
		check_cpus(c, h, f, &mask, true);
}
