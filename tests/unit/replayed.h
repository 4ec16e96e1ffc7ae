/* SPDX-License-Identifier: BSD-2-Clause */
/* replayed.h - a recording made anew, of a file of --events or of samples that
 * nobody took. */
#ifndef TESTS_UNIT_REPLAYED_H
#define TESTS_UNIT_REPLAYED_H

#include "tests/unit/explained.h"
#include "vmm/result/recording.h"

struct replayed {
	struct recording *r;
	struct trace_log log;
	struct blocks blocks;
	struct span_thread earlier[64];
};

/* What is wrong with the file fails the test. */
struct replayed *replay_read(FILE *f);
void replay_free(struct replayed *p);

/* The samples of u as metric 0, in one block; u's events are moved. */
struct replayed *replay_made(struct explained_run *u);

/* What the samples of a metric say: the caller's, free(). */
struct explain *replay_explain(const struct replayed *p, unsigned int metric);

/* As it was before recording_write(): the text, free(). */
char *replay_text(const struct recording *r);

#endif
