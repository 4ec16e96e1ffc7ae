/* SPDX-License-Identifier: BSD-2-Clause */
/* json_unit.c - the figures of the result file, docs/results.md. */
#include "vmm/report/json.h"

json_t *json_ticks(const struct ticks *t, uint64_t tsc_khz, int64_t cycles)
{
	if (t->insns)
		return json_pack("{s:I}", ticks_unit(t), (json_int_t)cycles);
	return json_pack("{s:f, s:I}", ticks_unit(t),
			 tsc_to_ns((double)cycles, tsc_khz), "cycles",
			 (json_int_t)cycles);
}

json_t *real_time(const struct result *r, double cycles)
{
	if (result_insns(r))
		return json_pack("{s:f}", result_unit(r), cycles);
	return json_pack("{s:f, s:f}", result_unit(r),
			 result_value_of(r, cycles), "cycles", cycles);
}

void json_unit(json_t *object, const struct ticks *t)
{
	set_text(object, "unit", ticks_unit(t));
	if (t->insns)
		set(object, "step", number(t->step));
}
