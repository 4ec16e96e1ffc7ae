/* SPDX-License-Identifier: BSD-2-Clause */
/* suite_setup.c - see suite_setup.h. */
#include <stdio.h>
#include <stdlib.h>

#include "vmm/base/die.h"
#include "vmm/commands/suite_setup.h"
#include "vmm/report/report.h"
#include "vmm/setup/threshold_check.h"

#define LEAST_SAMPLES 20

/* How many vCPUs an entry gets: what was asked for, else what it likes. */
static uint32_t choose_vcpus(const struct config *config,
			     const struct suite_entry *e)
{
	uint32_t nr = e->vcpus, nr_cpus = config->placement.nr_cpus;

	if (config->machine.nr_vcpus &&
	    (e->fit == SUITE_ANY || e->fit == SUITE_AT_LEAST ||
	     config->machine.nr_vcpus < nr))
		return config->machine.nr_vcpus;
	if (config->placement.overcommit)
		return nr;
	if (nr_cpus == 0)
		nr_cpus = placement_nr_cpus();
	return nr_cpus < nr ? nr_cpus : nr;
}

bool suite_lacks_vcpus(const struct config *config, const struct suite_entry *e)
{
	return (e->fit == SUITE_EXACT || e->fit == SUITE_AT_LEAST) &&
	       choose_vcpus(config, e) < e->vcpus;
}

static void add_args(struct suite_setup *s, const struct suite_entry *e,
		     double share)
{
	uint64_t n;

	s->nr = 0;
	for (int i = 0; i < SUITE_MAX_ARGS && e->args[i]; i++)
		s->args[s->nr++] = e->args[i];
	if (e->samples) {
		n = (uint64_t)((double)e->samples * share);
		snprintf(s->amount, sizeof(s->amount), "samples=%ju",
			 (uintmax_t)(n < LEAST_SAMPLES ? LEAST_SAMPLES : n));
		s->args[s->nr++] = s->amount;
	} else if (e->duration_s) {
		n = (uint64_t)((double)e->duration_s * share);
		snprintf(s->amount, sizeof(s->amount), "duration_s=%ju",
			 (uintmax_t)(n ? n : 1));
		s->args[s->nr++] = s->amount;
	}
}

void suite_prepare(struct suite_setup *s, const struct config *config,
		   const struct suite_entry *e, double share, const char *out)
{
	struct config own = *config;

	add_args(s, e, share);
	if (out) {
		if (snprintf(s->json, sizeof(s->json), "%s/%s.json", out,
			     e->name) >= (int)sizeof(s->json))
			die("--out %s: the path is too long", out);
		own.output.json = s->json;
	}
	own.machine.nr_vcpus = choose_vcpus(config, e);
	/* One CPU a vCPU: what --cpus gave beyond that is not for this one. */
	if (own.placement.nr_cpus > own.machine.nr_vcpus &&
	    own.machine.nr_vcpus)
		own.placement.nr_cpus = own.machine.nr_vcpus;
	setup_prepare(&s->setup, &own, e->payload, s->args, (int)s->nr);
	s->setup.in_suite = true;
}

void suite_check_thresholds(const struct config *config)
{
	uint32_t meant = 0;

	for (size_t i = 0; i < nr_suite; i++)
		meant |= thresholds_meant_for(config, suite[i].payload);
	for (unsigned int i = 0; i < config->nr_thresholds; i++)
		if (!(meant >> i & 1))
			die("--fail-if '%s': no payload of the suite has a "
			    "metric %s; see docs/suite",
			    config->thresholds[i].text,
			    config->thresholds[i].metric);
}

void suite_take_path(struct suite_paths *p, const struct suite_entry *e,
		     const struct result *r)
{
	size_t i = (size_t)(e - suite);

	if (i < SUITE_MAX && !p->of[i])
		p->of[i] = report_path_text(r);
}

void suite_print_paths(const struct suite_paths *p, FILE *out)
{
	const char *names[SUITE_MAX] = {NULL};

	for (size_t i = 0; i < nr_suite && i < SUITE_MAX; i++)
		names[i] = suite[i].name;
	report_run_paths(p->of, names, SUITE_MAX, out);
}

void suite_free_paths(struct suite_paths *p)
{
	for (size_t i = 0; i < SUITE_MAX; i++)
		free(p->of[i]);
}
