/* SPDX-License-Identifier: BSD-2-Clause */
/* setup.h - everything about a run that is known before the VM exists. */
#ifndef VMM_SETUP_SETUP_H
#define VMM_SETUP_SETUP_H

#include "guest-firmware/abi/payload.h"
#include "vmm/host/placement.h"
#include "vmm/payload/image.h"
#include "vmm/payload/params.h"
#include "vmm/setup/config.h"

struct run_setup {
	struct config config;
	struct image image;
	struct param_setting params[PAYLOAD_MAX_PARAMS];
	struct placement placement;
	uint64_t limit_ms; /* of the whole run */
	char *payload;	   /* path of its file */
	/* Set by whoever makes several runs, after setup_prepare(). */
	bool in_suite;	   /* a threshold may be meant for another run */
	bool is_round;	   /* its result becomes a part of another */
	bool again;	   /* warnings about the host were given */
	bool more;	   /* this process makes other runs after it ... */
	const char *later; /* ... and writes this file then; NULL: none */
};

/*
 * Finds and reads the payload, takes its parameters ("key=value", nr of them)
 * and places the vCPUs.  Dies on bad input: no VM exists yet.
 */
void setup_prepare(struct run_setup *s, const struct config *config,
		   const char *payload, const char *const *assignments, int nr);

/* The payload; the config is the caller's. */
void setup_free(struct run_setup *s);

#endif
