/* SPDX-License-Identifier: BSD-2-Clause */
/* devices.c - what the devices say of themselves, for people. */
#include "vmm/report/report.h"

static void device_line(const struct result *r, const struct result_device *d,
			FILE *out)
{
	fprintf(out, "device %s:", d->name);
	for (unsigned int i = 0; i < d->nr; i++) {
		const struct device_stat *s = &d->stats[i];

		fprintf(out, "%s %s ", i ? "," : "", s->name);
		if (s->is_cycles) {
			report_cell(out, 0, result_value(r, (int64_t)s->value));
			fprintf(out, " %s", result_unit(r));
		} else {
			report_cell(out, 0, (double)s->value);
		}
	}
	fputc('\n', out);
}

void report_devices(const struct result *r, FILE *out)
{
	for (unsigned int i = 0; i < r->nr_devices; i++)
		device_line(r, &r->devices[i], out);
}
