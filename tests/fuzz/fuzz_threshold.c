/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_threshold.c - any text as an expression of --fail-if: refused with a
 * sentence of one line, or taken with fields that judge.c can use.
 */
#include <math.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/setup/threshold.h"
#include "vmm/statistics/dist.h"

static void check(const struct threshold *t)
{
	must_be_printable(t->text);
	must_be_printable(t->metric);
	must_be_printable(t->stat_name);
	must(t->stat < NR_THRESHOLD_STATS && t->stat_name[0] != '\0');
	if (t->stat == THRESHOLD_QUANTILE)
		must(t->q >= QUANTILE_ONE / 2 && t->q < QUANTILE_ONE);
	must(isfinite(t->value));
	if (threshold_is_count(t))
		must(threshold_breaks_count(t, t->count) ==
		     (t->op == THRESHOLD_AT_LEAST ||
		      t->op == THRESHOLD_AT_MOST));
	else
		must(threshold_breaks_time(t, t->value) ==
		     (t->op == THRESHOLD_AT_LEAST ||
		      t->op == THRESHOLD_AT_MOST));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1), error[200] = "";
	struct threshold t;

	if (!text)
		return 0;
	if (len)
		memcpy(text, data, len);
	text[len] = '\0';
	if (threshold_parse(&t, text, error, sizeof(error))) {
		must(error[0] != '\0');
		must_be_printable(error);
	} else {
		check(&t);
	}
	free(text);
	return 0;
}
