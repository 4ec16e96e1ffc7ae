/* SPDX-License-Identifier: BSD-2-Clause */
/* made.c - see made.h. */
#include <stdio.h>
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
	m->f = fake_vm_new(0x200000, MADE_VCPUS);
	m->f->vm.vcpus = m->vcpus;
	m->r.vm = &m->f->vm;
	m->r.setup = &m->f->setup;
	m->r.verdict = VERDICT_PASS;
	return m;
}

struct hist *made_hist(struct made *m)
{
	struct hist *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	assert_true(m->nr_hists < 8);
	hist_init(h);
	m->hists[m->nr_hists++] = h;
	return h;
}

struct result_metric *made_metric(struct made *m, const char *name,
				  uint32_t vcpu)
{
	struct result_metric *to = &m->r.metrics[m->r.nr_metrics++];

	snprintf(to->name, sizeof(to->name), "%s", name);
	to->status = METRIC_DONE;
	to->vcpu = vcpu;
	to->hist = made_hist(m);
	return to;
}

void made_samples(struct result_metric *to, unsigned int nr)
{
	struct hist *h = (struct hist *)(uintptr_t)to->hist;

	for (unsigned int i = 0; i < nr; i++)
		hist_record(h, 2000 + 20 * i, i + 1);
}

const char *made_written(struct made *m,
			 void (*write)(const struct result *r, FILE *out))
{
	size_t len = 0;
	FILE *out;

	free(m->text);
	out = open_memstream(&m->text, &len);
	assert_non_null(out);
	result_merge_free(&m->r);
	result_merge(&m->r);
	result_analyse(&m->r);
	write(&m->r, out);
	fclose(out);
	return m->text;
}

const char *made_text(struct made *m)
{
	return made_written(m, report_text);
}

void made_free(struct made *m)
{
	result_merge_free(&m->r);
	for (unsigned int i = 0; i < m->nr_hists; i++)
		free(m->hists[i]);
	free(m->text);
	fake_vm_free(m->f);
	free(m);
}

void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("did not want '%s' in '%s'", part, text);
}

struct window *made_window(struct made *m)
{
	struct window *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->ended = true;
	w->end.tsc = 4000000000;
	w->begin.kvm.value[0] = 100;
	w->end.kvm.value[0] = 100 + 2000 + 1;
	strcpy(m->f->vm.stats.name[0], "exits");
	m->f->vm.stats.nr = 1;
	for (unsigned int i = 0; i < MADE_VCPUS; i++)
		m->vcpus[i].schedstat_fd = -1;
	return w;
}
