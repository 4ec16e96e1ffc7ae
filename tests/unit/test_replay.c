/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_replay.c - traces that three KVMs recorded, explained once more: what
 * has to hold of any, and what was found in these.
 *
 * Each is FILE.events, of --events and cut by tests/fixtures/traces/cut;
 * FILE.golden is what was found.  With $LATVISOR_TEST_GOLDEN these are written
 * anew: a difference is to be understood before.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/chrome_trace.h"
#include "tests/unit/unit.h"
#include "vmm/result/explain_pool.h"

#define FOLDER "tests/fixtures/traces/"

static const char *const files[] = {
	"kvm_pvm-ipi-wake",   "kvm_pvm-timer-jitter",
	"kvm_intel-ipi-wake", "kvm_intel-timer-jitter",
	"kvm_amd-ipi-wake",   "kvm_amd-timer-jitter",
};
#define NR_FILES (sizeof(files) / sizeof(*files))

/* Of the top of the tree, where tests are run. */
static FILE *open_file(const char *name, const char *suffix, const char *mode)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), FOLDER "%s.%s", name, suffix);
	f = fopen(path, mode);
	if (!f)
		fail_msg("%s cannot be opened", path);
	return f;
}

static struct replayed *replay(const char *name)
{
	return replay_read(open_file(name, "events", "r"));
}

/* Stages are in order, not below 0, and add up to the sample. */
static void check_sample(const struct replayed *p, const struct span *span)
{
	uint64_t last = span->begin, sum = 0;
	struct explained e = {.span = *span};

	span_cut(&p->log, &p->r->host, span, &e.cut);
	assert_true(e.cut.path < NR_SPAN_PATHS);
	assert_true(e.cut.found & 1u << (stages_nr(span->kind) - 1));
	for (unsigned int i = 0; i < stages_nr(span->kind); i++) {
		if (!(e.cut.found & 1u << i))
			continue;
		assert_true(e.cut.at[i] >= last);
		assert_int_equal(explained_stage(&e, i), e.cut.at[i] - last);
		sum += explained_stage(&e, i);
		last = e.cut.at[i];
	}
	assert_int_equal(sum, span->end - span->begin);
	/* Some boundary was found but its end. */
	assert_true(e.cut.found & (e.cut.found - 1));
	if (span->kind == SPAN_IPI)
		assert_int_equal(span_ipis(&p->log, &p->r->host, span, &e.cut),
				 1);
}

TEST(replay_cuts_every_sample_that_was_recorded)
{
	for (size_t i = 0; i < NR_FILES; i++) {
		struct replayed *p = replay(files[i]);
		const struct recorded_metric *m = &p->r->metrics[0];
		struct span span;

		assert_int_equal(p->r->nr, 1);
		assert_in_range(m->nr, 20, 60);
		for (size_t k = 0; k < m->nr; k++) {
			assert_true(recorded_span(m, k, &span));
			assert_int_equal(
				blocks_state(&p->blocks, span.begin, span.end),
				BLOCK_TRACED);
			check_sample(p, &span);
		}
		replay_free(p);
	}
}

TEST(replay_finds_one_ipi_in_each_sample)
{
	for (size_t i = 0; i < NR_FILES; i++) {
		struct replayed *p = replay(files[i]);
		struct explain *x = replay_explain(p, 0);
		bool is_ipi = strstr(files[i], "ipi-wake") != NULL;

		assert_int_equal(x->kind, is_ipi ? SPAN_IPI : SPAN_TIMER);
		assert_int_equal(x->nr_witnessed, is_ipi ? x->nr_traced : 0);
		assert_int_equal(x->nr_odd, 0);
		assert_memory_equal(p->r->kvm_module, files[i],
				    strlen(p->r->kvm_module));
		explain_free(x);
		free(x);
		replay_free(p);
	}
}

static void tell_class(const struct explain_class *c, FILE *f)
{
	fprintf(f, "%s: %ju, %ju others, whole %ju\n", span_path_name(c->path),
		(uintmax_t)c->nr, (uintmax_t)c->others,
		(uintmax_t)c->whole.p50);
	for (unsigned int i = 0; i < c->nr_stages; i++)
		fprintf(f, "  %s %ju\n", c->stages[i].name,
			(uintmax_t)c->stages[i].spread.p50);
}

/* What was found: of the ways, and of the worst samples. */
static char *tell(const struct explain *x)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	fprintf(f, "%ju samples, median %ju, %ju events\n",
		(uintmax_t)x->nr_traced, (uintmax_t)x->traced_p50,
		(uintmax_t)x->nr_events);
	for (unsigned int i = 0; i < x->nr_classes; i++)
		tell_class(&x->classes[i], f);
	for (unsigned int i = 0; i < x->nr_worst; i++) {
		const struct explain_worst *w = &x->worst[i];

		fprintf(f, "worst %ju %s, +%ju in %s: %s%s%s\n",
			(uintmax_t)w->value, span_path_name(w->path),
			(uintmax_t)w->excess, w->stage,
			cause_kind_name(w->cause.kind),
			*w->cause.name ? " " : "", w->cause.name);
	}
	fclose(f);
	return text;
}

static char *read_whole(const char *name)
{
	FILE *f = open_file(name, "golden", "r");
	char *text = calloc(1, 16384);

	assert_non_null(text);
	assert_in_range(fread(text, 1, 16383, f), 1, 16382);
	fclose(f);
	return text;
}

TEST(replay_finds_what_was_found_before)
{
	for (size_t i = 0; i < NR_FILES; i++) {
		struct replayed *p = replay(files[i]);
		struct explain *x = replay_explain(p, 0);
		char *text = tell(x), *golden;

		if (getenv("LATVISOR_TEST_GOLDEN")) {
			FILE *f = open_file(files[i], "golden", "w");

			fputs(text, f);
			fclose(f);
		}
		golden = read_whole(files[i]);
		assert_string_equal(text, golden);
		free(golden);
		free(text);
		explain_free(x);
		free(x);
		replay_free(p);
	}
}

TEST(replay_makes_traces_for_viewers)
{
	for (size_t i = 0; i < NR_FILES; i++) {
		struct replayed *p = replay(files[i]);
		struct chrome_trace *c = chrome_trace_of(p->r);

		assert_int_equal(c->nr_arrows, p->r->metrics[0].nr);
		chrome_trace_free(c);
		replay_free(p);
	}
}
