/* SPDX-License-Identifier: BSD-2-Clause */
/* effect.h - was the idle mode that was asked for in effect?  KVM's counts. */
#ifndef VMM_RESULT_EFFECT_H
#define VMM_RESULT_EFFECT_H

#include "guest-firmware/abi/modes.h"
#include "vmm/result/result.h"

/*
 * Where the windows say that the vCPUs idled otherwise than in that mode the
 * run is a SKIP, and so is each of its metrics: their samples are dropped.
 */
void result_check_effect(struct result *r, enum idle_mode mode);

#endif
