/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * perfetto.h - --perfetto: a recording as a trace in Chrome's JSON, which
 * ui.perfetto.dev reads (docs/explain.md, "Hand it over").
 */
#ifndef VMM_REPORT_PERFETTO_H
#define VMM_REPORT_PERFETTO_H

#include "vmm/result/recording.h"

/*
 * Blocks with that many events and samples, and no more, but for those that
 * hold the worst samples: a viewer in a browser has to hold all of it.
 */
#define PERFETTO_MOST 500000u

/* False: it could not be written, errno may say why. */
bool perfetto_write(const struct recording *r, FILE *out);

#endif
