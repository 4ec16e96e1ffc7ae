/* SPDX-License-Identifier: BSD-2-Clause */
/* proof_take.h - a window's proof (proof.h) out of what was looked at. */
#ifndef VMM_RESULT_PROOF_TAKE_H
#define VMM_RESULT_PROOF_TAKE_H

#include "vmm/host/noise.h"
#include "vmm/result/result.h"

/* Two moments that were looked at. */
void proof_take(struct result_proof *to, const struct noise *n);

/* One more round's: what is not known of one is not known of all. */
void proof_add(struct result_proof *to, const struct result_proof *from);

/* A warning for each vCPU that was not alone, or whose host changed. */
void proof_check(struct result *r);

#endif
