/* SPDX-License-Identifier: BSD-2-Clause */
/* check.c - see check.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/room.h"
#include "vmm/host/check.h"

const char *check_status_name(enum check_status status)
{
	static const char *const names[NR_CHECK_STATUSES] = {
		"PASS", "WARN", "FAIL", "UNKNOWN", "stated"};

	return names[status];
}

unsigned int check_groups(const struct check_group *list[CHECK_MAX_GROUPS])
{
	unsigned int nr = 0;

	for (const struct check_group *const *g = __start_checks;
	     g != __stop_checks; g++) {
		unsigned int at = nr;

		if (nr == CHECK_MAX_GROUPS)
			die("there are more than %d groups of checks: raise "
			    "CHECK_MAX_GROUPS",
			    CHECK_MAX_GROUPS);
		for (; at > 0 && list[at - 1]->order > (*g)->order; at--)
			list[at] = list[at - 1];
		list[at] = *g;
		nr++;
	}
	return nr;
}

const struct check *check_find(const char *name, const char **group)
{
	for (const struct check_group *const *g = __start_checks;
	     g != __stop_checks; g++)
		for (size_t i = 0; i < (*g)->nr; i++)
			if (strcmp((*g)->list[i].name, name) == 0) {
				*group = (*g)->name;
				return &(*g)->list[i];
			}
	return NULL;
}

size_t checks_count(void)
{
	size_t nr = 0;

	for (const struct check_group *const *g = __start_checks;
	     g != __stop_checks; g++)
		nr += (*g)->nr;
	return nr;
}

struct word {
	const char *mark;
	char value[CHECK_AT_LEN];
};

#define NR_WORDS 6
#define WORD_CPU 3

static void fill_words(struct word words[NR_WORDS], const struct check_host *h,
		       const struct check_found *f)
{
	static const char *const marks[NR_WORDS] = {
		"{cpus}", "{others}", "{mask}", "{cpu}", "{at}", "{prio}"};
	size_t len = sizeof(words[0].value);

	for (int i = 0; i < NR_WORDS; i++)
		words[i].mark = marks[i];
	cpumask_to_list(&h->vcpus, words[0].value, len);
	cpumask_to_list(&h->others, words[1].value, len);
	cpumask_to_hex(&h->others, words[2].value, len);
	snprintf(words[WORD_CPU].value, len, "%d", f->cpu);
	snprintf(words[4].value, len, "%s", f->at);
	snprintf(words[5].value, len, "%d", h->prio + 1);
}

/* What is in braces becomes a value. */
static void fill(char text[CHECK_FIX_LEN], const char *from,
		 const struct word words[NR_WORDS])
{
	size_t at = 0;

	text[0] = '\0';
	while (from && *from && at < CHECK_FIX_LEN - 1) {
		const struct word *w = NULL;

		for (int i = 0; i < NR_WORDS && !w; i++)
			if (strncmp(from, words[i].mark,
				    strlen(words[i].mark)) == 0)
				w = &words[i];
		if (w)
			at += (size_t)snprintf(text + at, CHECK_FIX_LEN - at,
					       "%s", w->value);
		else
			text[at++] = *from;
		from += w ? strlen(w->mark) : 1;
		if (at < CHECK_FIX_LEN)
			text[at] = '\0';
	}
}

/* "for cpu in 1 2; do ...$cpu...; done" */
static void fill_run(struct check_found *f, struct word words[NR_WORDS])
{
	/* MAX_VCPUS numbers of 4 digits; CHECK_LOOP_MOST of a command. */
	char loop[16 + 5 * MAX_VCPUS] = "for cpu in", body[CHECK_FIX_LEN];
	size_t at = strlen(loop);

	if (!f->check->run || !strstr(f->check->run, "{cpu}") ||
	    cpumask_count(&f->bad_cpus) < 2) {
		fill(f->run, f->check->run, words);
		return;
	}
	for (int cpu = cpumask_next(&f->bad_cpus, 0);
	     cpu >= 0 && at < sizeof(loop);
	     cpu = cpumask_next(&f->bad_cpus, cpu + 1))
		at += (size_t)snprintf(loop + at, sizeof(loop) - at, " %d",
				       cpu);
	strcpy(words[WORD_CPU].value, "$cpu");
	fill(body, f->check->run, words);
	snprintf(f->run, sizeof(f->run), "%s; do %.*s; done", loop,
		 CHECK_LOOP_MOST, body);
	snprintf(words[WORD_CPU].value, sizeof(words[0].value), "%d", f->cpu);
}

/*
 * What a check found is the name of a file or a number; in a copy of another
 * machine's it may be anything, and nobody shall type it into a shell.
 */
static bool is_plain(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 " /_.:,+-")] == '\0';
}

static bool wants_others(const char *text)
{
	return text && (strstr(text, "{others}") || strstr(text, "{mask}"));
}

static void fill_fixes(const struct check *c, const struct check_host *h,
		       struct check_found *f)
{
	struct word words[NR_WORDS];

	if (!check_is_bad(f))
		return;
	if (cpumask_count(&h->others) == 0 &&
	    (wants_others(c->run) || wants_others(c->boot))) {
		snprintf(f->other, sizeof(f->other),
			 "give vCPUs fewer CPUs (--cpus): none is left for the "
			 "rest");
		return;
	}
	if (!is_plain(f->at))
		return;
	fill_words(words, h, f);
	if (!c->needs || tree_has(&h->tree, c->needs))
		fill_run(f, words);
	fill(f->boot, c->boot, words);
	fill(f->other, c->other, words);
}

static void begin(const struct check *c, const char *group,
		  const struct check_host *h, struct check_found *f)
{
	memset(f, 0, sizeof(*f));
	f->check = c;
	f->group = group;
	f->status = CHECK_UNKNOWN;
	f->cpu = cpumask_next(&h->vcpus, 0);
}

void check_look(const struct check *c, const char *group,
		const struct check_host *h, struct check_found *f)
{
	begin(c, group, h, f);
	c->look(c, h, f);
	fill_fixes(c, h, f);
}

void check_assume(const struct check *c, const char *group,
		  const struct check_host *h, struct check_found *f)
{
	begin(c, group, h, f);
	f->status = c->bad;
	fill_fixes(c, h, f);
}

struct check_found *checks_look(const struct check_host *h)
{
	const struct check_group *groups[CHECK_MAX_GROUPS];
	unsigned int nr = check_groups(groups);
	struct check_found *all =
		room_for(checks_count(), sizeof(*all), "for checks");
	struct check_found *f = all;

	for (unsigned int i = 0; i < nr; i++)
		for (size_t k = 0; k < groups[i]->nr; k++)
			check_look(&groups[i]->list[k], groups[i]->name, h,
				   f++);
	return all;
}

struct check_sum checks_sum(const struct check_found *f, size_t nr)
{
	struct check_sum s = {.nr = (unsigned int)nr};

	for (size_t i = 0; i < nr; i++) {
		s.of[f[i].status]++;
		s.undecided += f[i].status == CHECK_UNKNOWN &&
			       f[i].check->weight >= CHECK_WEIGHT_DECIDES &&
			       f[i].check->bad == CHECK_FAIL;
	}
	return s;
}
