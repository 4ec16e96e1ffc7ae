/* SPDX-License-Identifier: BSD-2-Clause */
/* note.c - see note.h. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "guest-firmware/abi/hist.h"
#include "guest-firmware/abi/layout.h"
#include "guest-firmware/abi/result.h"
#include "guest-firmware/abi/series.h"
#include "vmm/payload/note.h"
#include "vmm/payload/roles.h"

#define LIMIT_MS_MAX (RUN_MAX_S * 1000ull)

/* Of what tells how long a run may take. */
#define SAMPLE_US_MAX	 1000000u
#define WORK_PERCENT_MAX 10000u
#define WORK_EXTRA_MAX	 1000000u

/* NUL-terminated, not empty, and nothing that could play with a terminal. */
static bool text_ok(const char *text, size_t len, bool may_be_empty)
{
	size_t n = strnlen(text, len);

	if (n == len || (n == 0 && !may_be_empty))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isprint((unsigned char)text[i]))
			return false;
	return true;
}

static bool name_ok(const char *name, size_t len)
{
	size_t n = strnlen(name, len);

	if (n == 0 || n == len)
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

bool note_metric_ok(const struct metric_desc *d)
{
	return metric_name_ok(d->name, sizeof(d->name)) &&
	       d->most < NR_METRIC_MOST;
}

bool metric_name_ok(const char *name, size_t len)
{
	size_t n = strnlen(name, len);

	return n > 0 && n < len &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

/* Words parted by single bars, the default one of them. */
static bool choices_ok(const struct param_desc *d)
{
	const char *c = d->choices;
	uint64_t nr = 1;

	if (*c == '|' || c[strlen(c) - 1] == '|' || strstr(c, "||"))
		return false;
	for (; *c != '\0'; c++)
		nr += *c == '|';
	return d->def < nr;
}

static bool param_ok(const struct param_desc *d)
{
	if (!name_ok(d->name, sizeof(d->name)) ||
	    !text_ok(d->help, sizeof(d->help), true) ||
	    !text_ok(d->choices, sizeof(d->choices), d->kind != PARAM_ENUM) ||
	    d->kind >= NR_PARAM_KINDS || d->role >= NR_PARAM_ROLES)
		return false;
	if (!role_choices_ok(d))
		return false;
	if (d->kind == PARAM_ENUM)
		return choices_ok(d);
	if (d->kind == PARAM_RANGE &&
	    (d->def_hi < d->def || d->def_hi > d->max))
		return false;
	return d->min <= d->max && d->def >= d->min && d->def <= d->max;
}

static const char *params_check(const struct payload_note *note)
{
	bool ended = false;

	for (unsigned int i = 0; i < PAYLOAD_MAX_PARAMS; i++) {
		const struct param_desc *d = &note->params[i];

		if (d->kind == PARAM_END) {
			ended = true;
			continue;
		}
		if (ended || !param_ok(d))
			return "a broken parameter";
		for (unsigned int k = 0; k < i; k++)
			if (strcmp(note->params[k].name, d->name) == 0)
				return "two parameters of one name";
	}
	return NULL;
}

const char *note_check(struct payload_note *note, char *error, size_t len)
{
	const char *wrong = NULL;

	if (note->abi_version != ABI_VERSION) {
		snprintf(
			error, len,
			"was built for ABI version %u, this program speaks %u: "
			"build the payload and the program from one tree",
			note->abi_version, ABI_VERSION);
		return error;
	}
	if (note->min_vcpus == 0)
		note->min_vcpus = 1;
	if (note->max_vcpus == 0)
		note->max_vcpus = note->min_vcpus;
	if (note->def_vcpus == 0)
		note->def_vcpus = note->min_vcpus;
	if (note->sample_us == 0)
		note->sample_us = SAMPLE_US_DEFAULT;
	if (note->work_percent == 0)
		note->work_percent = 100;
	if (!name_ok(note->name, sizeof(note->name)))
		wrong = "a broken name";
	else if (!text_ok(note->summary, sizeof(note->summary), false))
		wrong = "a broken summary";
	else if (note->min_vcpus > note->max_vcpus ||
		 note->max_vcpus > MAX_VCPUS ||
		 note->def_vcpus < note->min_vcpus ||
		 note->def_vcpus > note->max_vcpus)
		wrong = "an impossible number of vCPUs";
	else if (note->flags &
		 ~(PAYLOAD_NEEDS_LAPIC | PAYLOAD_MSR_DEVICE |
		   PAYLOAD_COUNTS_MSRS | PAYLOAD_HOST_NOISE | PAYLOAD_PULSE |
		   PAYLOAD_RIVAL | PAYLOAD_ARMS | PAYLOAD_SLOW_PATH))
		wrong = "flags that this program does not know";
	else if (note->limit_ms == 0 || note->limit_ms > LIMIT_MS_MAX)
		wrong = "no time limit, or one above a year";
	else if (note->sample_us > SAMPLE_US_MAX || note->work_percent < 100 ||
		 note->work_percent > WORK_PERCENT_MAX ||
		 note->work_extra > WORK_EXTRA_MAX)
		wrong = "samples that take an impossible time";
	else if (note->hists > RESULT_MAX_METRICS * 2ull ||
		 note->hists_per_vcpu > RESULT_MAX_METRICS * 2ull)
		wrong = "too many histograms";
	else if (note->lazy_len > LAYOUT_LAZY_MAX ||
		 note->lazy_len % PAGE_LEN != 0)
		wrong = "an impossible amount of lazy memory";
	else
		wrong = params_check(note);
	if (!wrong)
		return NULL;
	snprintf(error, len, "has a note with %s", wrong);
	return error;
}

uint64_t note_heap_len(const struct payload_note *note, uint32_t nr_vcpus)
{
	return (note->hists + note->hists_per_vcpu * nr_vcpus) *
	       (sizeof(struct hist) + sizeof(struct series));
}

uint32_t note_windows(const struct payload_note *note, uint32_t nr_vcpus)
{
	uint64_t nr = note->hists + note->hists_per_vcpu * nr_vcpus;

	return nr < RESULT_MAX_WINDOWS ? (uint32_t)nr : RESULT_MAX_WINDOWS;
}
