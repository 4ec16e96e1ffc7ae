/* SPDX-License-Identifier: BSD-2-Clause */
/* replayed.c - see replayed.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/replayed.h"
#include "tests/unit/unit.h"

#define MOST_SAMPLES 4096

static struct replayed *replay_new(void)
{
	struct replayed *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->r = recording_new();
	p->r->taken = true;
	p->r->trace.log = &p->log;
	p->r->trace.blocks = &p->blocks;
	p->r->host.earlier = p->earlier;
	return p;
}

static void rest_of(const char *line, const char *word, char *to, size_t len)
{
	size_t n = strlen(word) + 1;

	if (strncmp(line, word, n - 1) == 0 && line[n - 1] == ' ')
		snprintf(to, len, "%s", line + n);
}

static void read_host(struct replayed *p, const char *line)
{
	struct span_host *h = &p->r->host;
	char word[64] = "";
	uint32_t vcpu;
	int32_t tid;
	int cpu;

	rest_of(line, "kernel", p->r->kernel, sizeof(p->r->kernel));
	rest_of(line, "kvm", p->r->kvm_module, sizeof(p->r->kvm_module));
	rest_of(line, "unit", word, sizeof(word));
	if (word[0])
		p->r->ticks = (struct ticks){
			.insns = strcmp(word, "instructions") == 0};
	sscanf(line, "tsc_khz %" SCNu64, &p->r->tsc_khz);
	if (sscanf(line, "realtime %d", &cpu) == 1)
		h->realtime = cpu != 0;
	sscanf(line, "main %" SCNd32, &h->main_tid);
	if (sscanf(line, "vcpu %" SCNu32 " %" SCNd32 " %d", &vcpu, &tid,
		   &cpu) == 3) {
		assert_int_equal(vcpu, h->nr_vcpus);
		assert_true(vcpu < MAX_VCPUS);
		h->tid[vcpu] = tid;
		h->cpu[vcpu] = cpu;
		h->nr_vcpus++;
	}
	if (sscanf(line, "earlier %" SCNu32 " %" SCNd32, &vcpu, &tid) == 2) {
		assert_true(h->nr_earlier < 64);
		p->earlier[h->nr_earlier++] =
			(struct span_thread){.tid = tid, .vcpu = vcpu};
	}
	h->arms = h->arms || strcmp(line, "arms 1") == 0;
	if (sscanf(line, "lacks %63s", word) == 1)
		for (unsigned int k = 0; k < NR_TRACE_KINDS; k++)
			if (strcmp(word, trace_kind_name(k)) == 0)
				p->r->trace.lacks |= TRACE_BIT(k);
}

static void begin_metric(struct replayed *p, const char *kind, uint32_t vcpu,
			 const char *name)
{
	struct recorded_metric *m = &p->r->metrics[p->r->nr++];

	assert_true(p->r->nr <= RESULT_MAX_METRICS);
	m->kind = NR_SPAN_KINDS;
	for (unsigned int k = 0; k < NR_SPAN_KINDS; k++)
		if (strcmp(kind, span_kind_name((enum span_kind)k)) == 0)
			m->kind = (enum span_kind)k;
	assert_true(m->kind < NR_SPAN_KINDS);
	assert_true(vcpu < p->r->host.nr_vcpus);
	m->vcpu = vcpu;
	snprintf(m->name, sizeof(m->name), "%s", name);
	m->samples = calloc(MOST_SAMPLES, sizeof(*m->samples));
	assert_non_null(m->samples);
}

static void read_samples(struct replayed *p, const char *line)
{
	struct recorded_metric *m = p->r->metrics + p->r->nr - 1;
	char kind[32], name[33];
	struct raw_entry e;
	uint64_t begin, end;
	uint32_t vcpu;

	if (sscanf(line, "block %" SCNu64 " %" SCNu64, &begin, &end) == 2) {
		blocks_begin(&p->blocks, begin, true);
		blocks_end(&p->blocks, end);
		if (strstr(line, " lossy"))
			blocks_lost(&p->blocks);
	}
	if (sscanf(line, "metric %31s %" SCNu32 " %32s", kind, &vcpu, name) ==
	    3)
		begin_metric(p, kind, vcpu, name);
	if (sscanf(line, "sample %" SCNd64 " %" SCNu64, &e.value, &e.tsc) ==
	    2) {
		assert_true(p->r->nr > 0 && m->nr < MOST_SAMPLES);
		m->samples[m->nr++] = e;
	}
}

struct replayed *replay_read(FILE *f)
{
	struct replayed *p = replay_new();
	char line[256];
	unsigned int nr;
	const char *wrong;

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	assert_string_equal(line, "latvisor-events 1\n");
	while (fgets(line, sizeof(line), f) && strcmp(line, "events\n") != 0) {
		line[strcspn(line, "\n")] = '\0';
		read_host(p, line);
		read_samples(p, line);
	}
	assert_string_equal(line, "events\n");
	wrong = trace_log_read(&p->log, f, &nr);
	if (wrong)
		fail_msg("event %u: %s", nr, wrong);
	fclose(f);
	return p;
}

void replay_free(struct replayed *p)
{
	trace_log_free(&p->log);
	blocks_free(&p->blocks);
	recording_free(p->r);
	free(p);
}

struct replayed *replay_made(struct explained_run *u)
{
	struct replayed *p = replay_new();
	struct result_metric m = {.name = "made", .vcpu = 0};
	struct raw_entry *samples = calloc(u->nr + 1, sizeof(*samples));

	assert_non_null(samples);
	memcpy(samples, u->samples, u->nr * sizeof(*samples));
	m.vcpu = traced_vcpu(u->x->kind);
	trace_log_sort(&u->t.log);
	p->log = u->t.log;
	u->t.log = (struct trace_log){.nr = 0};
	p->r->host = u->t.host;
	p->r->tsc_khz = 2000000;
	blocks_begin(&p->blocks, 1, true);
	blocks_end(&p->blocks, u->next + 1000);
	recording_add(p->r, &m, u->x->kind, samples, u->nr);
	return p;
}

struct explain *replay_explain(const struct replayed *p, unsigned int metric)
{
	const struct recorded_metric *m = &p->r->metrics[metric];
	struct explain *x = calloc(1, sizeof(*x));
	struct span_host host = p->r->host;

	assert_non_null(x);
	x->kind = m->kind;
	host.shows_ipis = spans_show_ipis(&p->log, &host);
	explain_samples(x, m->vcpu, m->samples, m->nr, &p->log, &host);
	return x;
}

char *replay_text(const struct recording *r)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	assert_true(recording_write(r, f));
	fclose(f);
	return text;
}
