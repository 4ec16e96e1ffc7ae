/* SPDX-License-Identifier: BSD-2-Clause */
/* measured.c - see measured.h. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "vmm/base/now.h"
#include "vmm/base/room.h"
#include "vmm/host/measured.h"
#include "vmm/host/noise.h"
#include "vmm/host/outside.h"
#include "vmm/host/placement.h"

/* Between two reads of the clock: more is a gap. */
#define GAP_NS 5000

/* One CPU's. */
struct spinner {
	int cpu;
	uint64_t ns; /* how long */
	pthread_t thread;
	uint64_t longest_ns, lost_ns, preemptions;
	struct noise noise;
	struct noise_moment begin, end;
};

static void *spin(void *arg)
{
	struct spinner *s = arg;
	struct rusage before, after;
	uint64_t end, last, now;

	getrusage(RUSAGE_THREAD, &before);
	last = now_ns();
	end = last + s->ns;
	for (; last < end; last = now) {
		now = now_ns();
		if (now - last < GAP_NS)
			continue;
		s->lost_ns += now - last;
		if (now - last > s->longest_ns)
			s->longest_ns = now - last;
	}
	getrusage(RUSAGE_THREAD, &after);
	s->preemptions = (uint64_t)(after.ru_nivcsw - before.ru_nivcsw);
	return NULL;
}

/* SCHED_FIFO for threads is had where this one could have it. */
static int granted(int prio)
{
	struct sched_param sp = {.sched_priority = prio}, none = {0};

	if (!prio || sched_setscheduler(0, SCHED_FIFO, &sp) != 0)
		return 0;
	sched_setscheduler(0, SCHED_OTHER, &none);
	return prio;
}

static void take_irqs(struct measured *m, const struct spinner *s)
{
	const struct irq_counts *a = &s->begin.interrupts;
	const struct irq_counts *b = &s->end.interrupts;
	struct irq_source top[MEASURED_TOP + 1];
	unsigned int nr = irq_counts_top(a, b, top, MEASURED_TOP + 1);
	uint64_t ticks = 0, all = irq_counts_total(a, b);

	for (uint32_t i = 0; i < b->nr; i++)
		if (strcmp(b->source[i].name, "LOC") == 0)
			for (uint32_t k = 0; k < a->nr; k++)
				if (strcmp(a->source[k].name, "LOC") == 0)
					ticks = (uint32_t)(b->source[i].count -
							   a->source[k].count);
	m->irqs_known &= a->known && b->known;
	if (ticks > m->ticks)
		m->ticks = ticks;
	if (all - ticks < m->irqs)
		return;
	m->irqs = all - ticks;
	m->nr_top = 0;
	for (unsigned int i = 0; i < nr && m->nr_top < MEASURED_TOP; i++)
		if (strcmp(top[i].name, "LOC") != 0)
			m->top[m->nr_top++] = top[i];
}

static void take_spinner(struct measured *m, const struct spinner *s)
{
	uint64_t softirqs =
		irq_counts_total(&s->begin.softirqs, &s->end.softirqs);

	if (s->longest_ns >= m->longest_ns) {
		m->longest_ns = s->longest_ns;
		m->cpu = s->cpu;
	}
	if (s->lost_ns > m->lost_ns)
		m->lost_ns = s->lost_ns;
	if (s->preemptions > m->preemptions)
		m->preemptions = s->preemptions;
	m->softirqs_known &= s->begin.softirqs.known && s->end.softirqs.known;
	if (softirqs > m->softirqs)
		m->softirqs = softirqs;
	take_irqs(m, s);
}

/* Reading it changes nothing: Documentation/power/pm_qos_interface.rst. */
static int64_t dma_latency(void)
{
	int fd = open("/dev/cpu_dma_latency", O_RDONLY | O_CLOEXEC);
	int32_t us;
	bool known;

	if (fd < 0)
		return -1;
	known = read(fd, &us, sizeof(us)) == (ssize_t)sizeof(us);
	close(fd);
	return known ? us : -1;
}

static void run(struct spinner *s, unsigned int nr, int prio)
{
	for (unsigned int i = 0; i < nr; i++)
		noise_read(&s[i].noise, &s[i].begin);
	for (unsigned int i = 0; i < nr; i++)
		s[i].thread = placement_start_at(s[i].cpu, prio, spin, &s[i]);
	for (unsigned int i = 0; i < nr; i++)
		pthread_join(s[i].thread, NULL);
	for (unsigned int i = 0; i < nr; i++)
		noise_read(&s[i].noise, &s[i].end);
}

void measured_take(struct measured *m, const struct cpumask *cpus, int prio,
		   uint64_t ns)
{
	unsigned int nr = (unsigned int)cpumask_count(cpus);
	struct spinner *s = room_for(nr, sizeof(*s), "for a measurement");
	int *list = room_for(nr, sizeof(*list), "for a measurement");
	struct outside_counts counts;
	struct outside *outside;

	memset(m, 0, sizeof(*m));
	m->ns = ns;
	m->irqs_known = m->softirqs_known = true;
	for (unsigned int i = 0; i < nr; i++) {
		s[i].ns = ns;
		s[i].cpu = list[i] =
			cpumask_next(cpus, i ? list[i - 1] + 1 : 0);
		noise_open(&s[i].noise, s[i].cpu);
	}
	m->dma_latency_us = dma_latency();
	outside = outside_open(list, nr);
	outside_begin(outside);
	run(s, nr, granted(prio));
	outside_end(outside);
	counts = outside_counts(outside);
	m->steal_known = counts.steal_known;
	m->steal_ns = counts.steal_ns;
	m->no_smis = counts.no_smis;
	m->smis = counts.smis;
	for (unsigned int i = 0; i < nr; i++) {
		take_spinner(m, &s[i]);
		noise_close(&s[i].noise);
	}
	outside_close(outside);
	free(list);
	free(s);
}
