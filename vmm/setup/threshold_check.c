/* SPDX-License-Identifier: BSD-2-Clause */
/* threshold_check.c - see threshold_check.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/payload/catalog.h"
#include "vmm/payload/params.h"
#include "vmm/setup/threshold_check.h"

/* "a, b, c", as far as there is room. */
static const char *list_metrics(const struct image *image, char *text,
				size_t len)
{
	size_t at = 0;

	snprintf(text, len, "none");
	for (unsigned int i = 0; i < image->nr_metrics; i++) {
		const char *name = image->metrics[i].name;

		if (at + strlen(name) + 3 > len)
			break;
		at += (size_t)snprintf(text + at, len - at, "%s%s",
				       at ? ", " : "", name);
	}
	return text;
}

/* The parameter that says how many samples there are; -1: none does. */
static int count_param(const struct run_setup *s)
{
	const struct payload_note *note = &s->image.note;
	int seconds = params_find_role(note, PARAM_ROLE_DURATION);

	/* A time that may be 0 stands instead of a count: abi/payload.h. */
	if (seconds >= 0 && note->params[seconds].min == 0 &&
	    s->params[seconds].lo)
		return -1;
	return params_find_role(note, PARAM_ROLE_COUNT);
}

/* Is a metric that it is about one with at most as many samples as asked? */
static bool is_bounded(const struct image *image, const struct threshold *t)
{
	for (unsigned int i = 0; i < image->nr_metrics; i++)
		if (image->metrics[i].most == METRIC_MOST_COUNT &&
		    (!t->metric[0] ||
		     strcmp(image->metrics[i].name, t->metric) == 0))
			return true;
	return false;
}

/* row: of a bench, its name; else NULL. */
static void check_quantile(const struct run_setup *s, const struct threshold *t,
			   unsigned int rounds, const char *row)
{
	int count = count_param(s);
	uint64_t wanted = threshold_samples(t);
	uint64_t each = (wanted + rounds - 1) / rounds;
	const char *name;
	char in[48] = "";

	if (count < 0 || s->params[count].lo >= each ||
	    !is_bounded(&s->image, t))
		return;
	name = s->image.note.params[count].name;
	if (rounds > 1)
		snprintf(in, sizeof(in), " in each of %u rounds", rounds);
	if (row)
		die("--fail-if '%s': %s takes %ju samples, %s with %s=%ju%s "
		    "has not as many: take --long, or ask for a lower "
		    "percentile",
		    t->text, t->stat_name, (uintmax_t)wanted, row, name,
		    (uintmax_t)s->params[count].lo, in);
	die("--fail-if '%s': %s takes %ju samples, with %s=%ju%s there are not "
	    "as many: give it %s=%ju, or ask for a lower percentile",
	    t->text, t->stat_name, (uintmax_t)wanted, name,
	    (uintmax_t)s->params[count].lo, in, name, (uintmax_t)each);
}

static uint32_t meant_for(const struct config *config,
			  const struct image *image)
{
	/* Without a histogram there can be no metric that is judged. */
	bool has_none = image->note.hists + image->note.hists_per_vcpu == 0;
	uint32_t meant = 0;

	for (unsigned int i = 0; i < config->nr_thresholds; i++) {
		const char *name = config->thresholds[i].metric;

		if (!*name || image_metric(image, name) ||
		    (!image->nr_metrics && !has_none))
			meant |= 1u << i;
	}
	return meant;
}

void thresholds_check(const struct run_setup *s, unsigned int rounds)
{
	uint32_t meant = meant_for(&s->config, &s->image);
	char list[256];

	for (unsigned int i = 0; i < s->config.nr_thresholds; i++) {
		const struct threshold *t = &s->config.thresholds[i];

		if (!(meant >> i & 1))
			die("--fail-if '%s': %s has no metric %s, it has %s",
			    t->text, s->image.note.name, t->metric,
			    list_metrics(&s->image, list, sizeof(list)));
		if (t->stat == THRESHOLD_QUANTILE)
			check_quantile(s, t, rounds, NULL);
	}
}

void thresholds_check_row(const struct run_setup *s, const char *row,
			  unsigned int rounds)
{
	uint32_t meant = meant_for(&s->config, &s->image);

	for (unsigned int i = 0; i < s->config.nr_thresholds; i++)
		if (meant >> i & 1 &&
		    s->config.thresholds[i].stat == THRESHOLD_QUANTILE)
			check_quantile(s, &s->config.thresholds[i], rounds,
				       row);
}

uint32_t thresholds_meant_for(const struct config *config, const char *payload)
{
	char error[512], *path = catalog_find(payload);
	struct image image;
	const char *wrong = image_open(&image, path, error, sizeof(error));
	uint32_t meant;

	if (wrong)
		die("payload %s %s", path, wrong);
	free(path);
	meant = meant_for(config, &image);
	image_close(&image);
	return meant;
}
