/* SPDX-License-Identifier: BSD-2-Clause */
/* output.c - see output.h. */
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/base/timeline.h"
#include "vmm/report/output.h"
#include "vmm/report/report.h"

void report_output(struct result *r, void *arg)
{
	const char *json = r->setup->config.json;
	const struct ticks *ticks = &r->setup->config.ticks;
	int err = r->raw ? raw_write(r->raw, ticks, r->vm->tsc_khz) : 0;
	int json_err = 0;

	(void)arg;
	report_text(r, config_out(&r->setup->config));
	timeline_mark("report");
	if (json)
		json_err = report_json(r, json);
	/* Neither is lost for the other's sake. */
	if (json_err)
		die("cannot write the result to %s: %s", json,
		    strerror(-json_err));
	if (err)
		die("cannot write the samples to --raw %s: %s",
		    r->setup->config.raw, strerror(-err));
}
