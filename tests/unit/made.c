/* SPDX-License-Identifier: BSD-2-Clause */
/* made.c - see made.h. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/made.h"
#include "tests/unit/unit.h"
#include "vmm/report/report.h"
#include "vmm/result/merge.h"

struct made *made_new(void)
{
	struct made *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	m->r = result_new();
	result_make_vcpus(m->r, MADE_VCPUS);
	for (unsigned int i = 0; i < MADE_VCPUS; i++)
		strcpy(m->r->vcpus[i].to_vcpu0, "same CPU");
	strcpy(m->r->payload, "made");
	strcpy(m->r->machine.irqchip, "split");
	m->r->machine.tsc_khz = 2000000;
	m->r->host.halt_poll_ns = -1;
	m->r->verdict = VERDICT_PASS;
	return m;
}

struct hist *made_hist(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	hist_init(h);
	return h;
}

struct result_metric *made_metric(struct made *m, const char *name,
				  uint32_t vcpu)
{
	struct result_metric *to = &m->r->metrics[m->r->nr_metrics++];

	snprintf(to->name, sizeof(to->name), "%s", name);
	to->status = METRIC_DONE;
	to->vcpu = vcpu;
	to->hist = made_hist();
	to->series = calloc(1, sizeof(*to->series));
	assert_non_null(to->series);
	series_init(to->series, 0);
	return to;
}

void made_samples(struct result_metric *to, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		uint64_t value = 2000 + 20 * (i * 389ull % nr);

		hist_record(to->hist, value, i + 1);
		series_record(to->series, (int64_t)value);
	}
}

/* Of the metrics as they are now. */
static void merge_again(struct result *r)
{
	for (unsigned int i = 0; i < r->nr_merged; i++) {
		free(r->merged[i].hist);
		free(r->merged[i].early);
		free(r->merged[i].series);
	}
	r->nr_merged = 0;
	result_merge(r);
}

const char *made_written(struct made *m,
			 void (*write)(const struct result *r, FILE *out))
{
	size_t len = 0;
	FILE *out;

	free(m->text);
	out = open_memstream(&m->text, &len);
	assert_non_null(out);
	merge_again(m->r);
	result_analyse(m->r);
	write(m->r, out);
	fclose(out);
	return m->text;
}

const char *made_text(struct made *m)
{
	return made_written(m, report_text);
}

void made_free(struct made *m)
{
	result_free(m->r);
	free(m->text);
	free(m);
}

void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("did not want '%s' in '%s'", part, text);
}

const struct result_window *made_window(struct made *m)
{
	struct result_window *w = &m->r->windows[0];

	strcpy(m->r->stats[0], "exits");
	m->r->nr_stats = 1;
	w->ended = true;
	w->counts.tsc = 4000000000;
	w->counts.kvm.value[0] = 2000 + 1;
	return w;
}

char *result_shown(const struct result *r)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	report_text(r, out);
	fclose(out);
	return text;
}
