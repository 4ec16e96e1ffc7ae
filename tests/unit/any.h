/* SPDX-License-Identifier: BSD-2-Clause */
/* any.h - what generated results are made of. */
#ifndef TESTS_UNIT_ANY_H
#define TESTS_UNIT_ANY_H

#include "vmm/result/result.h"

/* xorshift64, so that a failure can be made again. */
static inline uint64_t any(uint64_t *state, uint64_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return below ? *state % below : 0;
}

static inline bool coin(uint64_t *s)
{
	return any(s, 2) != 0;
}

static inline void any_text(uint64_t *s, char *text, size_t len)
{
	size_t n = any(s, len);

	for (size_t i = 0; i < n; i++)
		text[i] = (char)(0x20 + any(s, 0x5f));
	text[n] = '\0';
}

static inline void any_name(uint64_t *s, char *text, size_t len)
{
	size_t n = 1 + any(s, len - 1);

	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + any(s, 26));
	text[n] = '\0';
}

/* In any_host.c. */
void any_host(uint64_t *s, struct host *h);
void any_machine(uint64_t *s, struct result_machine *m);
void any_place(uint64_t *s, struct result_place *p);
void any_policy(uint64_t *s, struct result_vcpu *v);
void any_finding(uint64_t *s, struct result_finding *f);

/* In any_proof.c. */
void any_proof(uint64_t *s, struct result_proof *p);
void any_noise(uint64_t *s, struct result_noise *n, uint32_t window);

void any_stress(uint64_t *s, struct result *r);

/* In any_explain.c; after the metrics, which it is of. */
void any_trace(uint64_t *s, struct result *r);

/* In any_exits.c; after the vCPUs. */
void any_exits(uint64_t *s, struct result *r);

#endif
