/* SPDX-License-Identifier: BSD-2-Clause */
/* unit.c - what a report's figures are in: the one place that decides.
 */
#include "vmm/report/report.h"

double report_ns(const struct result *r, int64_t cycles)
{
	return tsc_to_ns((double)cycles, r->vm->tsc_khz);
}

double report_value_of(const struct result *r, double cycles)
{
	return ticks_value(&r->setup->config.ticks, cycles, r->vm->tsc_khz);
}

double report_value(const struct result *r, int64_t cycles)
{
	return report_value_of(r, (double)cycles);
}

const char *report_unit(const struct result *r)
{
	return ticks_unit(&r->setup->config.ticks);
}

bool report_insns(const struct result *r)
{
	return r->setup->config.ticks.insns;
}
