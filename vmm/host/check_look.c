/* SPDX-License-Identifier: BSD-2-Clause */
/* check_look.c - see check_look.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/host/check_look.h"

/* Calls fn for the file of each of the vCPUs' CPUs, or once: the first bad. */
typedef void file_look(const struct check *c, const struct check_host *h,
		       struct check_found *f, char *text);

static void of_each(const struct check *c, const struct check_host *h,
		    struct check_found *f, file_look *fn)
{
	bool each = strstr(c->path, "{cpu}") != NULL;
	int cpu = cpumask_next(&h->vcpus, 0);
	struct check_found first = {.status = CHECK_PASS};
	char text[CHECK_TEXT_LEN], list[48];

	do {
		if (check_read(c, h, f, cpu, text))
			fn(c, h, f, text);
		if (f->status != CHECK_PASS && f->status != c->bad)
			return; /* not known of one: not known */
		if (f->status == c->bad && each) {
			cpumask_add(&f->bad_cpus, cpu);
			if (first.status == CHECK_PASS)
				first = *f;
		}
		cpu = cpumask_next(&h->vcpus, cpu + 1);
	} while (each && cpu >= 0 && f->status != CHECK_STATED);
	if (first.status == CHECK_PASS)
		return;
	first.bad_cpus = f->bad_cpus;
	*f = first;
	cpumask_to_list(&f->bad_cpus, list, sizeof(list));
	cpu = (int)strlen(f->value);
	snprintf(f->value + cpu, sizeof(f->value) - (size_t)cpu, " (CPU%s %s)",
		 plural((uintmax_t)cpumask_count(&f->bad_cpus)), list);
}

/* "always [never]" to "never". */
static const char *chosen(char *text)
{
	char *open = strchr(text, '['), *shut = open ? strchr(open, ']') : NULL;

	if (!shut)
		return text;
	*shut = '\0';
	return open + 1;
}

static void word(const struct check *c, const struct check_host *h,
		 struct check_found *f, char *text)
{
	const char *is = chosen(text);

	(void)h;
	if (*is == '\0')
		found_unknown(f, "%s is empty", f->at);
	else
		found_is(c, f, check_is_word(c->want, is), "%s", is);
}

void look_word(const struct check *c, const struct check_host *h,
	       struct check_found *f)
{
	of_each(c, h, f, word);
}

static void one_number(const struct check *c, const struct check_host *h,
		       struct check_found *f, char *text)
{
	long long value;
	char *end;

	(void)h;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || errno)
		found_unknown(f, "no number: '%.60s'", text);
	else
		found_is(c, f, value >= c->min && value <= c->max, "%lld",
			 value);
}

void look_number(const struct check *c, const struct check_host *h,
		 struct check_found *f)
{
	of_each(c, h, f, one_number);
}

static void stated(const struct check *c, const struct check_host *h,
		   struct check_found *f, char *text)
{
	(void)h;
	text[strcspn(text, "\n")] = '\0';
	if (*text == '\0')
		found_unknown(f, "%s is empty", f->at);
	else
		found_bad(c, f, "%s", text);
}

void look_stated(const struct check *c, const struct check_host *h,
		 struct check_found *f)
{
	of_each(c, h, f, stated);
}

void check_cpus(const struct check *c, const struct check_host *h,
		struct check_found *f, const struct cpumask *mask, bool wanted)
{
	struct cpumask bad = wanted ? cpumask_without(&h->vcpus, mask)
				    : cpumask_and(&h->vcpus, mask);
	char text[CHECK_VALUE_LEN / 2];

	cpumask_to_list(mask, text, sizeof(text));
	if (cpumask_count(&bad) == 0) {
		found_good(f, "%s", text);
		return;
	}
	f->cpu = cpumask_next(&bad, 0);
	found_bad(c, f, wanted ? "%s, not CPU %d" : "%s, with CPU %d", text,
		  f->cpu);
}

static void judge_list(const struct check *c, const struct check_host *h,
		       struct check_found *f, bool wanted)
{
	char text[CHECK_TEXT_LEN];
	struct cpumask mask;

	if (!check_read(c, h, f, cpumask_next(&h->vcpus, 0), text))
		return;
	if (cpumask_from_list(&mask, text))
		check_cpus(c, h, f, &mask, wanted);
	else
		found_unknown(f, "no list of CPUs: '%.60s'", text);
}

void look_covers(const struct check *c, const struct check_host *h,
		 struct check_found *f)
{
	judge_list(c, h, f, true);
}

void look_avoids(const struct check *c, const struct check_host *h,
		 struct check_found *f)
{
	judge_list(c, h, f, false);
}

void look_mask(const struct check *c, const struct check_host *h,
	       struct check_found *f)
{
	char text[CHECK_TEXT_LEN];
	struct cpumask mask;

	if (!check_read(c, h, f, cpumask_next(&h->vcpus, 0), text))
		return;
	if (cpumask_from_hex(&mask, text))
		check_cpus(c, h, f, &mask, false);
	else
		found_unknown(f, "no mask of CPUs: '%.60s'", text);
}
