/* SPDX-License-Identifier: BSD-2-Clause */
/* list.c - latvisor list: the payloads, or the parameters of one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/commands/command.h"
#include "vmm/payload/catalog.h"
#include "vmm/payload/image.h"
#include "vmm/payload/params.h"
#include "vmm/report/wrap.h"

/* Where the values stand, and what is too long for there or comes below. */
#define VALUES_AT 34
#define BELOW	  6

static bool open_named(struct image *image, const char *path)
{
	char error[512];
	const char *wrong = image_open(image, path, error, sizeof(error));

	if (wrong)
		warn("payload %s %s", path, wrong);
	return !wrong;
}

static int list_all(void)
{
	struct catalog c;
	int status = 0;

	catalog_open(&c);
	for (int i = 0; i < c.nr; i++) {
		char *path = catalog_find(catalog_name(&c, i));
		struct image image;

		if (open_named(&image, path)) {
			printf("%-14s %s\n", image.note.name,
			       image.note.summary);
			image_close(&image);
		} else {
			status = STATUS_USAGE;
		}
		free(path);
	}
	catalog_close(&c);
	return status;
}

static void describe_param(const struct param_desc *d)
{
	char word[sizeof(d->choices)], value[64], range[80];

	switch (d->kind) {
	case PARAM_ENUM:
		snprintf(value, sizeof(value), "%s",
			 param_choice(d, d->def, word, sizeof(word)));
		snprintf(range, sizeof(range), "%s", d->choices);
		break;
	case PARAM_RANGE:
		snprintf(value, sizeof(value), "%ju..%ju", (uintmax_t)d->def,
			 (uintmax_t)d->def_hi);
		snprintf(range, sizeof(range), "a..b in %ju..%ju",
			 (uintmax_t)d->min, (uintmax_t)d->max);
		break;
	default:
		snprintf(value, sizeof(value), "%ju", (uintmax_t)d->def);
		snprintf(range, sizeof(range), "%ju..%ju", (uintmax_t)d->min,
			 (uintmax_t)d->max);
		break;
	}
	if (VALUES_AT + strlen(range) <= TEXT_WIDTH)
		printf("  %-14s %-10s %-4s  %s\n", d->name, value,
		       param_unit(d), range);
	else
		printf("  %-14s %s%s%s\n%*s%s\n", d->name, value,
		       *param_unit(d) ? " " : "", param_unit(d), BELOW, "",
		       range);
	if (*d->help)
		text_wrap(stdout, BELOW, "", d->help, false);
}

static int describe(const char *payload)
{
	char *path = catalog_find(payload);
	struct image image;
	bool opened = open_named(&image, path);
	char head[sizeof(image.note.name) + sizeof(image.note.summary) + 2];

	free(path);
	if (!opened)
		return STATUS_USAGE;
	snprintf(head, sizeof(head), "%s: %s", image.note.name,
		 image.note.summary);
	text_wrap(stdout, 0, "", head, false);
	if (image.note.min_vcpus == image.note.max_vcpus)
		printf("  vCPUs: %u\n", image.note.min_vcpus);
	else
		printf("  vCPUs: %u to %u\n", image.note.min_vcpus,
		       image.note.max_vcpus);
	if (params_count(&image.note))
		printf("  %-14s %-10s %-4s  %s\n", "parameter", "default",
		       "unit", "values");
	for (unsigned int i = 0; i < params_count(&image.note); i++)
		describe_param(&image.note.params[i]);
	image_close(&image);
	return 0;
}

static int list(const struct options *o)
{
	if (o->nr_args > 1)
		die("it wants one payload at most, got %d", o->nr_args);
	return o->nr_args ? describe(o->args[0]) : list_all();
}

COMMAND(list, .order = 40, .args = "[PAYLOAD]", .takes = ARGS_PAYLOAD,
	.summary = "list payloads, or one's parameters",
	.help = "Lists the payloads, or one payload's parameters.",
	.man = "Lists the payloads, or one payload's parameters with their "
	       "defaults, units and bounds.",
	.run = list);
