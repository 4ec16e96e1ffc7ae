/* SPDX-License-Identifier: BSD-2-Clause */
/* any_result.c - see any_result.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/any.h"
#include "tests/unit/any_result.h"
#include "tests/unit/unit.h"
#include "vmm/result/judge.h"
#include "vmm/result/merge.h"
#include "vmm/result/metric_flags.h"

static void any_phases(uint64_t *s, struct result_metric *m)
{
	m->phases = calloc(1, sizeof(*m->phases));
	assert_non_null(m->phases);
	phases_init(m->phases, 1 + any(s, 100000000));
}

/* Both histograms of a signed one, and their order, of which it may lack. */
static void any_samples(uint64_t *s, struct result_metric *m, bool empty)
{
	uint64_t nr = empty ? 0 : 1 + any(s, 700);
	bool ordered = coin(s);

	m->hist = calloc(1, sizeof(*m->hist));
	m->series = ordered ? calloc(1, sizeof(*m->series)) : NULL;
	assert_true(m->hist && (m->series || !ordered));
	hist_init(m->hist);
	if (m->series)
		series_init(m->series, coin(s) ? nr : 0);
	if (m->flags & METRIC_SIGNED) {
		m->early = calloc(1, sizeof(*m->early));
		assert_non_null(m->early);
		hist_init(m->early);
	}
	for (uint64_t i = 0; i < nr; i++) {
		uint64_t value = 1 + any(s, 1ull << any(s, 38));
		bool early = m->early && any(s, 4) == 0;
		int64_t is = early ? -(int64_t)value : (int64_t)value;

		hist_record(early ? m->early : m->hist, value, i + 1);
		if (m->series)
			series_record(m->series, is);
		if (m->phases)
			phases_record(m->phases, any(s, 1ull << 40), is);
	}
}

static void any_rounds(uint64_t *s, struct result_metric *m)
{
	m->nr_rounds = 1 + (unsigned int)any(s, 7);
	m->rounds = calloc(m->nr_rounds, sizeof(*m->rounds));
	assert_non_null(m->rounds);
	for (unsigned int i = 0; i < m->nr_rounds; i++) {
		struct analysis *a = &m->rounds[i];

		a->count = 1 + any(s, 5000);
		a->out_of_range = any(s, 3);
		a->min = (int64_t)any(s, 1000) - 500;
		a->max = a->min + (int64_t)any(s, 1000000);
		a->mean = (double)a->min + 0.5;
		for (int k = 0; k < NR_REPORT_QUANTILES; k++) {
			struct analysis_quantile *q = &a->quantile[k];

			q->supported = any(s, 5) != 0;
			if (!q->supported)
				continue;
			q->value = a->min + (int64_t)any(s, 1000000);
			q->worth = (double)any(s, a->count);
			q->worth_least = q->worth / 2;
			q->events = (double)any(s, a->count);
		}
	}
}

static void any_counts(uint64_t *s, const struct result *r, uint32_t vcpu,
		       struct result_counts *n)
{
	*n = (struct result_counts){
		.tsc = any(s, 1ull << 40),
		.cpu_ns = any(s, 1ull << 40),
		.user_exits = 1 + any(s, 1000),
		.asides = any(s, 1000),
		.nvcsw = any(s, 1000),
		.nivcsw = any(s, 3),
		.minflt = any(s, 3),
		.majflt = any(s, 3),
		.migrated = coin(s),
		.guest = {.halts = any(s, 1000),
			  .irqs = any(s, 1000),
			  .ipis = any(s, 1000),
			  .pio = any(s, 9),
			  .mmio = any(s, 9),
			  .msr = any(s, 9)},
	};
	if (r->vcpus[vcpu].has_wait && !r->ticks.insns)
		n->wait_ns = any(s, 1ull << 40);
	if (r->counts_msrs) {
		n->guest.timers = any(s, 1000);
		n->guest.eois = any(s, 1000);
	}
	for (unsigned int i = 0; i < r->nr_stats; i++)
		n->kvm.value[i] = coin(s) ? any(s, 100000) : 0;
}

static void any_vcpus(uint64_t *s, struct result *r)
{
	static const char *const near[] = {"same CPU", "same core", "unknown"};

	result_make_vcpus(r, 1 + (uint32_t)any(s, 4));
	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		struct result_vcpu *v = &r->vcpus[i];

		v->host_cpu = (int)any(s, 64);
		strcpy(v->to_vcpu0, near[any(s, 3)]);
		any_policy(s, v);
		v->offset_known = coin(s);
		v->tsc_offset = (int64_t)any(s, 1000) - 500;
		if (coin(s))
			v->advance_ns = (int64_t)any(s, 3) * 1000;
		v->has_wait = coin(s);
		v->orderly = coin(s);
		v->was_stopped = coin(s);
		if (v->was_stopped) {
			v->halted = coin(s);
			any_place(s, &v->stopped_at);
		}
		if (v->orderly)
			any_counts(s, r, i, &v->run);
		if (coin(s))
			any_proof(s, &v->proof);
	}
}

static void any_window(uint64_t *s, struct result *r, unsigned int metric,
		       uint32_t vcpu)
{
	struct result_window *w =
		&r->windows[(size_t)metric * r->nr_vcpus + vcpu];

	w->ended = coin(s);
	if (!w->ended)
		return;
	any_counts(s, r, vcpu, &w->counts);
	w->counts_msrs = coin(s);
	if (w->counts_msrs && coin(s))
		w->msr_error = -1 - (int)any(s, 40);
	for (int k = 0; k < NR_MSR_KINDS; k++)
		if (w->counts_msrs && !w->msr_error)
			w->msrs.n[k] = any(s, 1000);
	if (metric == 0 && coin(s))
		any_noise(s, &r->vcpus[vcpu].noise, 0);
}

static void any_unmet(struct result_metric *m)
{
	m->unmet = calloc(1, sizeof(*m->unmet));
	assert_non_null(m->unmet);
	hist_init(m->unmet);
	hist_record_missed(m->unmet, 100000 * m->missed, 3000, m->missed);
}

static void any_metric(uint64_t *s, struct result *r, unsigned int i)
{
	struct result_metric *m = &r->metrics[i];
	bool empty = any(s, 5) == 0;

	/* Few names, so that some are merged. */
	snprintf(m->name, sizeof(m->name), "m%u", (unsigned int)any(s, 5));
	m->vcpu = (uint32_t)any(s, r->nr_vcpus);
	m->status = (enum metric_status)any(s, NR_METRIC_STATUS);
	if (coin(s))
		any_text(s, m->reason, sizeof(m->reason));
	for (size_t k = 0; k < NR_METRIC_FLAGS; k++)
		if (any(s, 4) == 0)
			m->flags |= metric_flags[k].bit;
	if (any(s, 4) == 0)
		m->flags |= METRIC_OPS(2 + any(s, 1000));
	m->asked = any(s, 3) ? any(s, 1000) : 0;
	m->missed = any(s, 3);
	m->left_out = any(s, 3) ? 0 : any(s, 1000);
	m->blocking = any(s, 3) ? 0 : any(s, 100);
	m->blind = any(s, 3) ? 0 : any(s, 100000);
	if (any(s, 8)) {
		if (!empty && m->flags & METRIC_PHASES)
			any_phases(s, m);
		any_samples(s, m, empty);
		if (m->flags & METRIC_DEADLINES)
			any_unmet(m);
		if (!empty && coin(s))
			any_rounds(s, m);
	}
	if (i && coin(s))
		m->base = &r->metrics[any(s, i)];
	if (m->base && coin(s))
		m->unit = &r->metrics[any(s, i)];
	for (uint32_t v = 0; v < r->nr_vcpus; v++)
		any_window(s, r, i, v);
	m->window_index = i;
	m->window = result_window(r, i, m->vcpu);
}

static void any_params(uint64_t *s, struct result *r)
{
	r->nr_params = (unsigned int)any(s, 4);
	for (unsigned int i = 0; i < r->nr_params; i++) {
		struct result_param *p = &r->params[i];

		snprintf(p->name, sizeof(p->name), "p%u_us", i);
		p->kind = i == 0   ? PARAM_U64
			  : i == 1 ? PARAM_RANGE
				   : PARAM_ENUM;
		if (p->kind == PARAM_ENUM)
			any_name(s, p->choice, 20);
		else
			p->lo = p->hi = any(s, 1000);
		if (p->kind == PARAM_RANGE)
			p->hi += any(s, 1000);
	}
}

static void any_crash(uint64_t *s, struct result_crash *c)
{
	c->known = coin(s);
	if (!c->known)
		return;
	c->is_trap = coin(s);
	c->vcpu = any(s, 4);
	if (c->is_trap) {
		c->vector = any(s, 32);
		c->error = any(s, 0);
		strcpy(c->vector_name, "#UD");
	} else {
		c->exit_reason = (uint32_t)any(s, 40);
		strcpy(c->exit_name, "KVM_EXIT_SHUTDOWN");
		any_text(s, c->reason, sizeof(c->reason));
	}
	c->has_regs = coin(s);
	any_place(s, &c->at);
	for (unsigned int i = 0; c->has_regs && i < RESULT_MAX_REGS; i++) {
		snprintf(c->regs[i].name, sizeof(c->regs[i].name), "r%u", i);
		c->regs[i].value = any(s, UINT64_MAX);
		c->nr_regs++;
	}
}

static void any_checks(uint64_t *s, struct result *r)
{
	r->nr_checks = (unsigned int)any(s, 9);
	for (unsigned int i = 0; i < r->nr_checks; i++) {
		struct result_check *c = &r->checks[i];

		any_name(s, c->what, sizeof(c->what));
		c->vcpu = (uint32_t)any(s, r->nr_vcpus);
		c->metric =
			r->nr_metrics ? (int)any(s, r->nr_metrics + 1) - 1 : -1;
		c->guest = any(s, 3);
		c->host = any(s, 3);
		c->required = coin(s);
	}
}

static void any_thresholds(uint64_t *s, struct result *r)
{
	static const char *const texts[] = {"m1:p99<1us",    "max>1ms",
					    "p50>=10cycles", "missed>0",
					    "m9:samples<1",  "mean>3ns"};
	char error[200];

	r->in_suite = coin(s);
	r->nr_thresholds = (unsigned int)any(s, 4);
	for (unsigned int i = 0; i < r->nr_thresholds; i++)
		assert_null(threshold_parse(&r->thresholds[i], texts[any(s, 6)],
					    error, sizeof(error)));
}

static void any_devices(uint64_t *s, struct result *r)
{
	r->nr_devices = (unsigned int)any(s, 3);
	for (unsigned int i = 0; i < r->nr_devices; i++) {
		struct result_device *d = &r->devices[i];

		any_name(s, d->name, sizeof(d->name));
		d->nr = (unsigned int)any(s, DEVICE_MAX_STATS + 1);
		for (unsigned int k = 0; k < d->nr; k++) {
			snprintf(d->stats[k].name, sizeof(d->stats[k].name),
				 "s%u", k);
			d->stats[k].is_cycles = coin(s);
			d->stats[k].value = any(s, 1ull << 40);
		}
	}
}

static void any_end(uint64_t *s, struct result *r)
{
	r->verdict = (enum verdict)(VERDICT_PASS + any(s, 3));
	any_text(s, r->reason, sizeof(r->reason));
	r->interrupted = coin(s);
	r->stuck = coin(s);
	r->started.tv_sec = (time_t)any(s, 4000000000);
	r->duration_ns = 1 + any(s, 1ull << 40);
	r->duration_tsc = 1 + any(s, 1ull << 40);
	r->start_tsc = any(s, 1000);
	r->nr_rounds = (unsigned int)any(s, 9);
	r->clock_read_tsc = any(s, 100);
	r->restarts = any(s, 3);
	r->timeouts = any(s, 3);
	r->console_lost = any(s, 3);
	r->break_tsc = coin(s) ? any(s, 100000) : 0;
	r->raw.asked = coin(s);
	if (r->raw.asked) {
		r->raw.records = any(s, 1000);
		r->raw.lost = any(s, 1000);
		any_text(s, r->raw.path, 100);
	}
	if (coin(s))
		any_text(s, r->no_msrs, sizeof(r->no_msrs));
	r->nr_findings = (unsigned int)any(s, RESULT_MAX_FINDINGS + 1);
	for (unsigned int i = 0; i < r->nr_findings; i++)
		any_finding(s, &r->findings[i]);
	r->nr_warnings = (unsigned int)any(s, 4);
	for (unsigned int i = 0; i < r->nr_warnings; i++)
		any_text(s, r->warnings[i], RESULT_TEXT_LEN);
}

struct result *any_result(uint64_t seed)
{
	static const char *const stats[] = {
		"exits", "halt_exits", "irq_injections", "halt_attempted_poll"};
	uint64_t state = seed * 0x9e3779b97f4a7c15u | 1, *s = &state;
	struct result *r = result_new();

	any_text(s, r->version, sizeof(r->version));
	any_text(s, r->commit, sizeof(r->commit));
	any_text(s, r->command, sizeof(r->command));
	any_name(s, r->payload, 20);
	r->counts_msrs = coin(s);
	r->ticks = (struct ticks){.insns = coin(s)};
	if (r->ticks.insns)
		r->ticks.step = 1 + (unsigned int)any(s, 5);
	any_params(s, r);
	any_host(s, &r->host);
	any_machine(s, &r->machine);
	any_end(s, r);
	r->nr_stats = (unsigned int)any(s, sizeof(stats) / sizeof(*stats) + 1);
	for (unsigned int i = 0; i < r->nr_stats; i++)
		snprintf(r->stats[i], sizeof(r->stats[i]), "%s", stats[i]);
	any_vcpus(s, r);
	r->nr_metrics = (unsigned int)any(s, 8);
	for (unsigned int i = 0; i < r->nr_metrics; i++)
		any_metric(s, r, i);
	if (r->nr_metrics && coin(s))
		r->nr_broke = (unsigned int)any(s, HIST_NR_WORST + 1);
	for (unsigned int i = 0; i < r->nr_broke; i++)
		r->broke[i] = (struct result_break){
			.metric = &r->metrics[any(s, r->nr_metrics)],
			.value = (int64_t)any(s, 1000),
			.tsc = any(s, 1000)};
	any_devices(s, r);
	any_checks(s, r);
	any_thresholds(s, r);
	any_crash(s, &r->crash);
	any_trace(s, r);
	any_exits(s, r);
	any_stress(s, r);
	result_merge(r);
	result_analyse(r);
	result_judge(r);
	return r;
}
