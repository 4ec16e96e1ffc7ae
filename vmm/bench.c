/* SPDX-License-Identifier: BSD-2-Clause */
/* bench.c - see bench.h. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "vmm/bench.h"
#include "vmm/die.h"
#include "vmm/report.h"
#include "vmm/run.h"
#include "vmm/verdict.h"

#define MAX_ARGS 3

struct entry {
	const char *name; /* of its result file and its line in the summary */
	const char *payload;
	uint32_t vcpus; /* if there are as many CPUs */
	bool all;	/* with fewer it cannot run */
	const char *samples, *quick_samples;
	const char *args[MAX_ARGS]; /* the other parameters */
};

static const struct entry suite[] = {
	{"exit-cost",
	 "exit-cost",
	 2,
	 false,
	 "samples=2000",
	 "samples=200",
	 {NULL}},
	{"ipi-wake",
	 "ipi-wake",
	 2,
	 true,
	 "samples=20000",
	 "samples=1000",
	 {NULL}},
	{"timer-deadline-hlt",
	 "timer-jitter",
	 1,
	 false,
	 "samples=5000",
	 "samples=500",
	 {"mode=deadline", "idle=hlt"}},
	{"timer-deadline-spin",
	 "timer-jitter",
	 1,
	 false,
	 "samples=5000",
	 "samples=500",
	 {"mode=deadline", "idle=spin"}},
	{"timer-oneshot-hlt",
	 "timer-jitter",
	 1,
	 false,
	 "samples=5000",
	 "samples=500",
	 {"mode=oneshot", "idle=hlt"}},
	{"timer-periodic-hlt",
	 "timer-jitter",
	 1,
	 false,
	 "samples=5000",
	 "samples=500",
	 {"mode=periodic", "idle=hlt"}},
};

/* How many vCPUs an entry gets: what was asked for, else what it likes. */
static uint32_t choose_vcpus(const struct config *config, const struct entry *e)
{
	uint32_t nr = e->vcpus;
	cpu_set_t cpus;

	if (config->nr_vcpus || config->overcommit)
		return config->nr_vcpus;
	if (config->nr_cpus)
		return config->nr_cpus < nr ? config->nr_cpus : nr;
	if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0 &&
	    CPU_COUNT(&cpus) < (int)nr)
		nr = (uint32_t)CPU_COUNT(&cpus);
	return nr;
}

static void print_title(const struct entry *e, const char *const *args, int nr)
{
	printf("\n== %s", e->payload);
	for (int i = 0; i < nr; i++)
		printf(" %s", args[i]);
	printf("\n");
	fflush(stdout);
}

struct line {
	const char *label;
	FILE *summary;
};

static void take_line(struct result *r, void *arg)
{
	const struct line *line = arg;

	run_report(r, NULL);
	report_summary(r, line->label, line->summary);
}

static struct run_outcome run_entry(const struct options *o,
				    const struct entry *e, FILE *summary)
{
	struct line line = {.label = e->name, .summary = summary};
	struct config config = o->config;
	const char *args[MAX_ARGS + 1];
	struct run_outcome outcome;
	struct run_setup setup;
	char json[4096];
	int nr = 0;

	for (int i = 0; i < MAX_ARGS && e->args[i]; i++)
		args[nr++] = e->args[i];
	args[nr++] = o->quick ? e->quick_samples : e->samples;
	if (o->out) {
		if (snprintf(json, sizeof(json), "%s/%s.json", o->out,
			     e->name) >= (int)sizeof(json))
			die("--out %s: the path is too long", o->out);
		config.json = json;
	}
	print_title(e, args, nr);
	config.nr_vcpus = choose_vcpus(&config, e);
	/* One CPU a vCPU: what --cpus gave beyond that is not for this one. */
	if (config.nr_cpus > config.nr_vcpus && config.nr_vcpus)
		config.nr_cpus = config.nr_vcpus;
	setup_prepare(&setup, &config, e->payload, args, nr);
	outcome = run_payload(&setup, take_line, &line);
	setup_free(&setup);
	return outcome;
}

int bench(const struct options *o)
{
	char *text = NULL;
	size_t len = 0;
	FILE *summary = open_memstream(&text, &len);
	bool passed = false;
	int status = 0;

	if (!summary)
		die_errno("no memory for the summary");
	if (o->out && mkdir(o->out, 0777) != 0 && errno != EEXIST)
		die_errno("cannot create --out %s", o->out);
	for (size_t i = 0; i < sizeof(suite) / sizeof(*suite); i++) {
		struct run_outcome outcome;

		if (suite[i].all &&
		    choose_vcpus(&o->config, &suite[i]) < suite[i].vcpus &&
		    !o->config.overcommit) {
			report_summary_text(suite[i].name,
					    "SKIP: needs a second CPU",
					    summary);
			continue;
		}
		outcome = run_entry(o, &suite[i], summary);
		passed |= outcome.status == verdict_status(VERDICT_PASS);
		status = verdict_worse_status(status, outcome.status);
		if (outcome.interrupted)
			break;
	}
	fclose(summary);
	printf("\n== summary\n");
	report_summary_head(stdout);
	fputs(text, stdout);
	free(text);
	if (o->out)
		printf("\nresult files: %s/\n", o->out);
	/* A part that this host cannot do is no flaw of the others. */
	return passed && status == verdict_status(VERDICT_SKIP) ? 0 : status;
}
