/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit_profile.h - the host's events as a profile of exits: each kvm_exit of a
 * vCPU's thread with the kvm_entry that is the thread's next, whatever CPU
 * either was on.
 */
#ifndef VMM_RESULT_EXIT_PROFILE_H
#define VMM_RESULT_EXIT_PROFILE_H

#include "vmm/host/trace_log.h"
#include "vmm/result/blocks.h"
#include "vmm/result/exits.h"
#include "vmm/result/stages.h"

/*
 * Of a log in order of time.  An exit counts if it and its entry lie in one
 * block with events that lacks none; what does not is cut.  Dies without
 * memory.
 */
void exit_profile(struct exit_profile *p, const struct trace_log *log,
		  const struct blocks *blocks,
		  const struct span_thread *threads, unsigned int nr_threads);

#endif
