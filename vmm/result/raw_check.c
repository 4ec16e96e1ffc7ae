/* SPDX-License-Identifier: BSD-2-Clause */
/* raw_check.c - what came for --raw against the histograms. */
#include "vmm/result/raw_check.h"
#include "vmm/base/text.h"

static void check_metric(struct result *r, const struct raw *raw,
			 const struct result_metric *m)
{
	struct dist d = metric_dist(m);
	uint64_t samples = dist_samples(&d) + m->left_out, nr = 0;

	for (unsigned int i = 0; i < raw->nr; i++)
		if (raw->index[i] == m->window_index)
			nr += raw->metric[i].written + raw->metric[i].lost;
	if (nr != samples)
		result_verdict(r, VERDICT_ERROR,
			       "metric %s: the histogram has %ju sample%s, %ju "
			       "came one by one",
			       m->name, (uintmax_t)samples, plural(samples),
			       (uintmax_t)nr);
}

void result_check_raw(struct result *r, const struct raw *raw)
{
	for (uint32_t i = 0; i < RESULT_MAX_WINDOWS; i++)
		if (raw->source[i].broken)
			result_verdict(r, VERDICT_ERROR,
				       "the guest's ring %u of samples "
				       "contradicts itself",
				       i);
	r->raw.records = raw_records(raw);
	r->raw.lost = raw_lost(raw);
	if (raw_lost(raw))
		result_warn(r,
			    "%ju sample%s came too fast for %s and %s not "
			    "in its %s",
			    (uintmax_t)raw_lost(raw), plural(raw_lost(raw)),
			    r->trace.asked   ? "--explain"
			    : r->exits.asked ? "--exits"
					     : "--raw",
			    raw_lost(raw) == 1 ? "is" : "are",
			    r->trace.asked ? "figures"
					   : "file; the histograms have them");
	if (raw->err) /* of which raw_write() tells */
		return;
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		if (r->metrics[i].status == METRIC_DONE && r->metrics[i].hist)
			check_metric(r, raw, &r->metrics[i]);
}
