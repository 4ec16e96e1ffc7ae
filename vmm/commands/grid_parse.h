/* SPDX-License-Identifier: BSD-2-Clause */
/* grid_parse.h - a grid from the command line. */
#ifndef VMM_COMMANDS_GRID_PARSE_H
#define VMM_COMMANDS_GRID_PARSE_H

#include "vmm/host/kvm.h"
#include "vmm/result/grid.h"

/*
 * Takes "key=a,b,c" for parameters of the note; "all" stands for all choices
 * that this KVM offers.  Values are not checked here.  NULL, or a sentence.  To
 * be freed by grid_free() in both cases.
 */
const char *grid_parse(struct grid *g, const struct kvm *kvm,
		       const struct payload_note *note, const char *const *args,
		       int nr);

#endif
