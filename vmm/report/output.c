/* SPDX-License-Identifier: BSD-2-Clause */
/* output.c - see output.h. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/timeline.h"
#include "vmm/report/output.h"
#include "vmm/report/report.h"
#include "vmm/result/write.h"

void report_output(struct result *r, struct run_report *run, void *arg)
{
	const struct config *c = &run->setup->config;
	int err = 0, json_err = 0;

	(void)arg;
	if (c->output.raw)
		err = raw_write(run->raw, &r->ticks, r->machine.tsc_khz);
	if (err)
		r->raw.path[0] = '\0';
	report_text(r, config_out(c));
	timeline_mark("report");
	if (c->output.json)
		json_err = result_write(r, c->output.json);
	/* Neither is lost for the other's sake. */
	if (err)
		warn("cannot write the samples to --raw %s: %s", c->output.raw,
		     strerror(-err));
	if (json_err)
		die("cannot write the result to %s: %s", c->output.json,
		    strerror(-json_err));
	if (err)
		exit(STATUS_USAGE);
}
