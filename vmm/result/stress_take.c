/* SPDX-License-Identifier: BSD-2-Clause */
/* stress_take.c - see stress_take.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/room.h"
#include "vmm/result/stress_take.h"

static bool is_same(const struct stress_row *row, const struct result_metric *m)
{
	return strcmp(row->name, m->name) == 0 && row->vcpu == m->vcpu &&
	       row->vcpu_set == m->vcpu_set;
}

static const struct result_metric *find(const struct result_metric *list,
					unsigned int nr,
					const struct stress_row *row)
{
	for (unsigned int i = 0; i < nr; i++)
		if (is_same(row, &list[i]))
			return &list[i];
	return NULL;
}

const struct result_metric *stress_quiet(const struct result *r,
					 const struct stress_row *row)
{
	const struct result_metric *m = find(r->metrics, r->nr_metrics, row);

	return m ? m : find(r->merged, r->nr_merged, row);
}

const struct stress_row *stress_row_of(const struct result_stress *s,
				       const struct result_metric *m)
{
	for (unsigned int i = 0; i < s->nr_rows; i++)
		if (is_same(&s->rows[i], m))
			return &s->rows[i];
	return NULL;
}

/* What a table shows of it, and a file has. */
static struct analysis shown(const struct analysis *from)
{
	struct analysis a = {
		.count = from->count, .min = from->min, .max = from->max};

	for (int i = 0; i < NR_REPORT_QUANTILES; i++)
		if (from->quantile[i].supported)
			a.quantile[i] = (struct analysis_quantile){
				.supported = true,
				.value = from->quantile[i].value};
	return a;
}

static void add_row(struct result_stress *s, const struct result_metric *m)
{
	struct stress_row *row = &s->rows[s->nr_rows];

	if (!result_is_shown(m) || m->analysis.count == 0)
		return;
	*row = (struct stress_row){.vcpu = m->vcpu,
				   .vcpu_set = m->vcpu_set,
				   .a = shown(&m->analysis)};
	snprintf(row->name, sizeof(row->name), "%s", m->name);
	s->nr_rows++;
}

void stress_take(struct result *quiet, const struct result_stress *s,
		 const struct result *loaded)
{
	struct result_stress *to;

	if (!quiet->stress)
		quiet->stress =
			room_for(RESULT_MAX_STRESS, sizeof(*quiet->stress),
				 "for what disturbances do");
	to = &quiet->stress[quiet->nr_stress++];
	*to = *s;
	if (!loaded)
		return;
	to->rounds = loaded->nr_rounds;
	to->verdict = loaded->verdict;
	to->nr_warnings = loaded->nr_warnings;
	snprintf(to->reason, sizeof(to->reason), "%s", loaded->reason);
	to->rows = room_for(loaded->nr_metrics + loaded->nr_merged + 1,
			    sizeof(*to->rows), "for what disturbances do");
	for (unsigned int i = 0; i < loaded->nr_metrics; i++)
		add_row(to, &loaded->metrics[i]);
	for (unsigned int i = 0; i < loaded->nr_merged; i++)
		add_row(to, &loaded->merged[i]);
	if (loaded->verdict != VERDICT_PASS)
		result_verdict(quiet, loaded->verdict, "beside %s: %.280s",
			       s->name, loaded->reason);
}
