/* SPDX-License-Identifier: BSD-2-Clause */
/* made.h - a result of made-up metrics, and what is reported of it. */
#ifndef TESTS_UNIT_MADE_H
#define TESTS_UNIT_MADE_H

#include "tests/unit/fake_vm.h"
#include "vmm/result/result.h"

#define MADE_VCPUS 4

/* A result with made-up metrics; a cycle is half a nanosecond. */
struct made {
	struct fake_vm *f;
	struct vcpu vcpus[MADE_VCPUS];
	struct result r;
	struct hist *hists[8];
	unsigned int nr_hists;
	char *text;
};

struct made *made_new(void);
void made_free(struct made *m);

struct hist *made_hist(struct made *m);

/* One more metric, done, without samples yet. */
struct result_metric *made_metric(struct made *m, const char *name,
				  uint32_t vcpu);

/* nr samples: 1000, 1010, 1020 ... ns. */
void made_samples(struct result_metric *to, unsigned int nr);

/* Of one vCPU: 2 s, 2000 exits by KVM's count and the one that ended it. */
struct window *made_window(struct made *m);

/* What report_text() says. */
const char *made_text(struct made *m);

/* What write(r, out) writes; until the next text. */
const char *made_written(struct made *m,
			 void (*write)(const struct result *r, FILE *out));

void assert_lacks(const char *text, const char *part);

#endif
