/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_trace.c - any trace, as text, with any samples: a text that is taken is
 * the same when it is written and read again; stages lie in their sample, in
 * order, and add up to it; a cause takes no longer than it had time.
 *
 * The first bytes are a sample's begin, in lines of the text, and its length;
 * its kind; then comes the text.
 */
#include "tests/fuzz/fuzz.h"
#include "vmm/result/causes.h"
#include "vmm/result/stages.h"

struct head {
	uint8_t line, kind, vcpu, realtime;
	uint32_t len;
};

static const struct span_host host = {
	.nr_vcpus = 2,
	.tid = {100, 101},
	.cpu = {0, 1},
	.main_tid = 99,
};

/* Reads what was written; its lines are the same once more. */
static void check_text(const struct trace_log *log)
{
	char *text = NULL, *again = NULL;
	size_t len = 0, again_len = 0;
	struct trace_log other = {.nr = 0};
	FILE *f = open_memstream(&text, &len);
	unsigned int line;

	must(f != NULL);
	trace_log_write(log, f);
	fclose(f);
	if (len) {
		f = fmemopen(text, len, "r");
		must(f != NULL);
		must(trace_log_read(&other, f, &line) == NULL);
		fclose(f);
	}
	f = open_memstream(&again, &again_len);
	must(f != NULL);
	trace_log_write(&other, f);
	fclose(f);
	must(len == again_len && memcmp(text, again, len) == 0);
	trace_log_free(&other);
	free(text);
	free(again);
}

static void check_span(const struct trace_log *log, const struct head *h)
{
	struct span_host who = host;
	struct span span = {
		.kind = (enum span_kind)(h->kind % NR_SPAN_KINDS),
		.vcpu = h->vcpu % 2,
		.begin = log->events[h->line % log->nr].tsc,
	};
	uint64_t last, sum = 0;
	struct span_cut cut;
	struct cause c;

	span.end = span.begin + h->len;
	if (span.end < span.begin)
		return;
	who.realtime = h->realtime & 1;
	span_cut(log, &who, &span, &cut);
	must(cut.found & 1u << (stages_nr(span.kind) - 1));
	last = span.begin;
	for (unsigned int i = 0; i < stages_nr(span.kind); i++) {
		if (!(cut.found & 1u << i))
			continue;
		must(cut.at[i] >= last && cut.at[i] <= span.end);
		sum += cut.at[i] - last;
		last = cut.at[i];
	}
	must(sum == span.end - span.begin);
	must(cut.sender < 2 && cut.target < 2);
	c = cause_find(log, &who,
		       &(struct cause_place){.cpu = h->vcpu % 2,
					     .vcpu = h->vcpu % 2,
					     .begin = span.begin,
					     .end = span.end,
					     .is_interrupt = h->realtime & 2});
	must(c.kind < NR_CAUSES);
	must((c.kind == CAUSE_NOTHING) == (c.tsc == 0));
	must(c.tsc <= span.end - span.begin);
	must(cause_advice(&c) && cause_kind_name(c.kind));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct trace_log log = {.most = 4096};
	unsigned int line = 0;
	struct head h;
	FILE *f;

	if (len <= sizeof(h))
		return 0;
	memcpy(&h, data, sizeof(h));
	f = fmemopen((void *)(uintptr_t)(data + sizeof(h)), len - sizeof(h),
		     "r");
	must(f != NULL);
	if (trace_log_read(&log, f, &line) == NULL) {
		check_text(&log);
		if (log.nr)
			check_span(&log, &h);
	}
	fclose(f);
	trace_log_free(&log);
	return 0;
}
