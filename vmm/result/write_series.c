/* SPDX-License-Identifier: BSD-2-Clause */
/* write_series.c - see write_parts.h. */
#include "vmm/result/write_parts.h"

json_t *write_bins(const uint32_t *bin, unsigned int nr)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < nr; i++)
		if (bin[i])
			json_array_append_new(a, json_pack("[i, I]", (int)i,
							   (json_int_t)bin[i]));
	return a;
}

static json_t *values(const int64_t *value, uint64_t nr)
{
	json_t *a = json_array();

	for (uint64_t i = 0; i < nr; i++)
		json_array_append_new(a, json_integer(value[i]));
	return a;
}

json_t *write_series(const struct series *s)
{
	bool begun = s->nr >= SERIES_FIRST;
	json_t *o = json_object(), *blocks = json_array(), *top = json_array();
	uint64_t nr = begun ? s->block + 1 : 0;

	set(o, "samples", number(s->nr));
	set(o, "block", number(s->block_len));
	set(o, "left", number(s->left));
	set(o, "base", json_integer(s->base));
	for (uint64_t i = 0; i < nr; i++)
		json_array_append_new(blocks,
				      write_bins(s->bin[i], SERIES_BINS));
	set(o, "blocks", blocks);
	set(o, "max", values(s->max, nr));
	for (uint64_t i = 0; i < s->nr_top; i++)
		json_array_append_new(
			top, json_pack("[I, I]", (json_int_t)s->top[i].value,
				       (json_int_t)s->top[i].nr));
	set(o, "largest", top);
	return o;
}
