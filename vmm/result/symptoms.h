/* SPDX-License-Identifier: BSD-2-Clause */
/* symptoms.h - what a result shows that doctor knows causes of. */
#ifndef VMM_RESULT_SYMPTOMS_H
#define VMM_RESULT_SYMPTOMS_H

#include "vmm/result/result.h"

#define SYMPTOMS_MOST 16

struct symptom {
	char text[SYMPTOM_LEN];
	const char *checks; /* their names, ", " between */
	bool is_proof;	    /* that they fail: nothing has to be looked at */
};

/* Of r, whose figures are worked out; how many there are. */
unsigned int symptoms_of(const struct result *r,
			 struct symptom list[SYMPTOMS_MOST]);

#endif
