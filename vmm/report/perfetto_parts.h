/* SPDX-License-Identifier: BSD-2-Clause */
/* perfetto_parts.h - the parts of perfetto.h: what is shown, and each kind of
 * track. */
#ifndef VMM_REPORT_PERFETTO_PARTS_H
#define VMM_REPORT_PERFETTO_PARTS_H

#include "vmm/report/trace_json.h"
#include "vmm/result/recording.h"

#define PERFETTO_ROOM "for --perfetto" /* room_for() */

/* Processes and threads.  Viewers take a thread's number for unique. */
#define PID_GUEST   1u
#define PID_HOST    2u
#define TID_BLOCKS  100u
#define TID_VCPU(v) (1000u + (v))
#define TID_SAMPLES 2000u
#define TID_CPU(n)  (1000000u + (n))

struct shown_sample {
	struct span span;
	unsigned int worst; /* 1: the worst of its metric; 0: not among them */
};

struct shown_metric {
	struct shown_sample *samples; /* nr of them, by when they begin */
	size_t nr;
};

/* What of a recording is shown: whole blocks, and all samples in them. */
struct shown {
	bool *block; /* of each of the recording's blocks */
	size_t nr_blocks, of_blocks;
	size_t nr_samples, of_samples;
	struct shown_metric metrics[RESULT_MAX_METRICS];
};

/*
 * Those of the worst samples, and as many others from the first on as have
 * room for most events and samples.  Dies without memory.
 */
struct shown *shown_choose(const struct recording *r, size_t most);
void shown_free(struct shown *s);

#define PERFETTO_NAME_LEN 64

/* What threads are called: trace_log_comm() would look anew each time. */
struct thread_names;
struct thread_names *thread_names_new(const struct trace_log *log);
void thread_names_free(struct thread_names *names);

/* "vCPU 1", "main thread", "idle", "sshd", "thread 77". */
void thread_name(const struct thread_names *names, const struct recording *r,
		 int32_t tid, char name[PERFETTO_NAME_LEN]);

/* What each CPU did, and where each vCPU ran. */
void perfetto_cpus(struct trace_json *j, const struct recording *r,
		   const struct shown *s);

/* Samples, their stages, and arrows from what sent them.  How many had no
 * room: too many at once. */
size_t perfetto_samples(struct trace_json *j, const struct recording *r,
			const struct shown *s);

#endif
