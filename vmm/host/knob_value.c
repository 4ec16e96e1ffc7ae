/* SPDX-License-Identifier: BSD-2-Clause */
/* knob_value.c - see knob_value.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/knob_value.h"

#define CPUSET "cpuset"
#define L3     "L3:"

/* Part of a text. */
struct span {
	const char *at;
	size_t len;
};

static struct span trimmed(const char *text)
{
	struct span s = {.at = text, .len = strlen(text)};

	while (s.len && isspace((unsigned char)text[s.len - 1]))
		s.len--;
	return s;
}

/* "always [never]": never. */
static struct span chosen(const char *text)
{
	const char *open = strchr(text, '['),
		   *shut = open ? strchr(open, ']') : NULL;

	if (!shut)
		return trimmed(text);
	return (struct span){.at = open + 1, .len = (size_t)(shut - open - 1)};
}

/* Behind "L3:" of its line, which has blanks before it. */
static struct span l3_of(const char *text)
{
	const char *line = text;

	while (line) {
		line += strspn(line, " \n");
		if (strncmp(line, L3, strlen(L3)) == 0)
			return (struct span){
				.at = line + strlen(L3),
				.len = strcspn(line + strlen(L3), "\n")};
		line = strchr(line, '\n');
	}
	return (struct span){.at = NULL};
}

/* The word cpuset in a list of controllers; .at: NULL: it is not there. */
static struct span cpuset_of(const char *text)
{
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, " \n");

		if (len == strlen(CPUSET) && strncmp(at, CPUSET, len) == 0)
			return (struct span){.at = at, .len = len};
		at += len;
		at += strspn(at, " \n");
	}
	return (struct span){.at = NULL};
}

static struct span span_of(enum knob_kind kind, const char *text)
{
	switch (kind) {
	case KNOB_WORD:
		return chosen(text);
	case KNOB_L3:
		return l3_of(text);
	default:
		return trimmed(text);
	}
}

bool knob_value_take(enum knob_kind kind, const char *text,
		     char value[KNOB_VALUE_LEN])
{
	struct span s;

	if (kind == KNOB_HAS_CPUSET) {
		snprintf(value, KNOB_VALUE_LEN, "%c" CPUSET,
			 cpuset_of(text).at ? '+' : '-');
		return true;
	}
	s = span_of(kind, text);
	if (!s.at || s.len == 0 || s.len >= KNOB_VALUE_LEN)
		return false;
	snprintf(value, KNOB_VALUE_LEN, "%.*s", (int)s.len, s.at);
	return true;
}

static bool to_mask(enum knob_kind kind, const char *text, struct cpumask *m)
{
	return kind == KNOB_MASK ? cpumask_from_hex(m, text)
				 : cpumask_from_list(m, text);
}

/* Leading zeroes of each mask apart: the kernel adds them. */
static bool same_l3(const char *a, const char *b)
{
	while (*a && *b) {
		if (*a == '=' && *b == '=') {
			a += 1 + strspn(a + 1, "0");
			b += 1 + strspn(b + 1, "0");
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return *a == *b;
}

bool knob_value_same(enum knob_kind kind, const char *a, const char *b)
{
	struct cpumask x, y;
	char *end;
	long long first, second;

	if (strcmp(a, b) == 0)
		return true;
	switch (kind) {
	case KNOB_NUMBER:
		first = strtoll(a, &end, 10);
		if (end == a || *end)
			return false;
		second = strtoll(b, &end, 10);
		return end != b && !*end && first == second;
	case KNOB_LIST:
	case KNOB_MASK:
		return to_mask(kind, a, &x) && to_mask(kind, b, &y) &&
		       memcmp(&x, &y, sizeof(x)) == 0;
	case KNOB_L3:
		return same_l3(a, b);
	default:
		return false;
	}
}

bool knob_value_without(enum knob_kind kind, const struct check_host *h,
			const char *old, char value[KNOB_VALUE_LEN])
{
	struct cpumask m, bad;

	if (!to_mask(kind, old, &m))
		return false;
	bad = cpumask_and(&m, &h->vcpus);
	if (cpumask_count(&bad) == 0) {
		snprintf(value, KNOB_VALUE_LEN, "%s", old);
		return true;
	}
	m = cpumask_without(&m, &h->vcpus);
	/* Offline CPUs do nothing for it. */
	m = cpumask_and(&m, &h->online);
	if (cpumask_count(&m) == 0)
		m = h->others;
	if (kind == KNOB_MASK)
		cpumask_to_hex(&m, value, KNOB_VALUE_LEN);
	else
		cpumask_to_list(&m, value, KNOB_VALUE_LEN);
	return strlen(value) < KNOB_VALUE_LEN - 1;
}

/* "always [madvise] never": the brackets go to another word. */
static void choose(const char *old, const char *value, char *text)
{
	size_t len = strlen(value), at = 0;

	for (const char *p = old; *p && at < KNOB_TEXT_LEN - 4;) {
		size_t word = strcspn(p, " []\n");

		if (word == 0) {
			if (*p != '[' && *p != ']')
				text[at++] = *p;
			p++;
			continue;
		}
		at += (size_t)snprintf(
			text + at, KNOB_TEXT_LEN - at,
			word == len && strncmp(p, value, len) == 0 ? "[%.*s]"
								   : "%.*s",
			(int)word, p);
		p += word;
	}
	text[at < KNOB_TEXT_LEN ? at : KNOB_TEXT_LEN - 1] = '\0';
}

static void show_controllers(const char *old, const char *value, char *text)
{
	struct span has = cpuset_of(old), all = trimmed(old);
	int before = has.at ? (int)(has.at - old) : (int)all.len;

	if (has.at && *value == '-') {
		const char *rest = has.at + has.len;

		/* The last one takes the blank before it along. */
		if (before > 0 && !rest[strspn(rest, " \n")])
			before--;
		snprintf(text, KNOB_TEXT_LEN, "%.*s%s", before, old,
			 rest + strspn(rest, " "));
	} else if (!has.at && *value == '+') {
		snprintf(text, KNOB_TEXT_LEN, "%.*s%s" CPUSET, before, old,
			 before ? " " : "");
	} else {
		snprintf(text, KNOB_TEXT_LEN, "%s", old);
	}
}

/* As the kernel prints it: one newline at its end. */
static void end_line(char *text)
{
	struct span s = trimmed(text);

	if (s.len > KNOB_TEXT_LEN - 2)
		s.len = KNOB_TEXT_LEN - 2;
	text[s.len] = '\n';
	text[s.len + 1] = '\0';
}

void knob_value_text(enum knob_kind kind, bool is_machine, const char *old,
		     const char *value, char text[KNOB_TEXT_LEN])
{
	struct span s = l3_of(old);

	if (is_machine || !*old)
		snprintf(text, KNOB_TEXT_LEN, "%s%s", kind == KNOB_L3 ? L3 : "",
			 value);
	else if (kind == KNOB_WORD && strchr(old, '['))
		choose(old, value, text);
	else if (kind == KNOB_HAS_CPUSET)
		show_controllers(old, value, text);
	else if (kind == KNOB_L3 && s.at)
		snprintf(text, KNOB_TEXT_LEN, "%.*s%s%s", (int)(s.at - old),
			 old, value, s.at + s.len);
	else
		snprintf(text, KNOB_TEXT_LEN, "%s", value);
	end_line(text);
}
