/* SPDX-License-Identifier: BSD-2-Clause */
/* read_series.c - see read_parts.h. */
#include <stdlib.h>

#include "vmm/base/die.h"
#include "vmm/result/read_parts.h"
#include "vmm/statistics/series_check.h"

void read_bins(struct reader *rd, const json_t *a, const char *key,
	       uint32_t *bin, unsigned int nr_bins)
{
	const json_t *b;
	size_t i;

	json_array_foreach (a, i, b) {
		int64_t at = json_integer_value(json_array_get(b, 0));
		int64_t nr = json_integer_value(json_array_get(b, 1));

		if (at < 0 || at >= nr_bins || nr < 1 || nr > UINT32_MAX) {
			reader_fail(rd, key, "has a bin that cannot be");
			return;
		}
		bin[at] = (uint32_t)nr;
	}
}

static void read_blocks(struct reader *rd, const json_t *o, struct series *s)
{
	const json_t *a = read_array(rd, o, "blocks", SERIES_BLOCKS), *v;
	const json_t *max = read_array(rd, o, "max", SERIES_BLOCKS);
	size_t i;

	json_array_foreach (a, i, v)
		read_bins(rd, v, "series", s->bin[i], SERIES_BINS);
	s->block = json_array_size(a) ? json_array_size(a) - 1 : 0;
	if (json_array_size(max) != json_array_size(a))
		reader_fail(rd, "max", "wanted as many as there are blocks");
	json_array_foreach (max, i, v)
		s->max[i] = json_integer_value(v);
}

/* [cycles, number of the sample] */
static void read_top(struct reader *rd, const json_t *o, struct series *s)
{
	const json_t *a = read_array(rd, o, "largest", SERIES_TOP), *v;
	size_t i;

	s->nr_top = json_array_size(a);
	json_array_foreach (a, i, v) {
		s->top[i].value = json_integer_value(json_array_get(v, 0));
		s->top[i].nr =
			(uint64_t)json_integer_value(json_array_get(v, 1));
	}
}

void read_series(struct reader *rd, const json_t *o, struct result_metric *m)
{
	const json_t *series = maybe_object(rd, o, "series");
	struct dist d = metric_dist(m);
	const char *wrong;
	struct series *s;

	if (!series || !m->hist)
		return;
	s = m->series = calloc(1, sizeof(*s));
	if (!s)
		die_errno("no memory for the order of samples");
	s->nr = read_count(rd, series, "samples");
	s->block_len = read_count(rd, series, "block");
	s->left = read_count(rd, series, "left");
	s->base = read_int(rd, series, "base", INT64_MIN, INT64_MAX);
	read_blocks(rd, series, s);
	read_top(rd, series, s);
	wrong = series_unlike(s, &d);
	if (wrong)
		reader_fail(rd, "series", "it %s", wrong);
}
