/* SPDX-License-Identifier: BSD-2-Clause */
/* made.h - a result of made-up metrics, and what is reported of it. */
#ifndef TESTS_UNIT_MADE_H
#define TESTS_UNIT_MADE_H

#include <stdio.h>

#include "vmm/result/result.h"

#define MADE_VCPUS 4

/*
 * A result with made-up metrics, that no VM is behind; a cycle is half a
 * nanosecond.
 */
struct made {
	struct result *r;
	char *text;
};

struct made *made_new(void);
void made_free(struct made *m);

/* An empty one; a metric that has it owns it. */
struct hist *made_hist(void);

/* One more metric, done, without samples yet. */
struct result_metric *made_metric(struct made *m, const char *name,
				  uint32_t vcpu);

/* nr samples: 1000, 1010, 1020 ... ns. */
void made_samples(struct result_metric *to, unsigned int nr);

/*
 * The first metric's, of vCPU 0: 2 s, 2000 exits by KVM's count and the one
 * that ended it.  The result owns it.
 */
const struct result_window *made_window(struct made *m);

/* What report_text() says. */
const char *made_text(struct made *m);

/* What write(r, out) writes; until the next text. */
const char *made_written(struct made *m,
			 void (*write)(const struct result *r, FILE *out));

void assert_lacks(const char *text, const char *part);

/* What report_text() says of any result; to be freed. */
char *result_shown(const struct result *r);

#endif
