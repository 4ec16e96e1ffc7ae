/* SPDX-License-Identifier: BSD-2-Clause */
/* verdict.h - how a run ended, in order of severity. */
#ifndef ABI_VERDICT_H
#define ABI_VERDICT_H

enum verdict {
	VERDICT_NONE,	 /* the guest said nothing: reported as ERROR */
	VERDICT_PASS,	 /* status 0 */
	VERDICT_SKIP,	 /* status 77: this host cannot run it */
	VERDICT_FAIL,	 /* status 1: a threshold was broken */
	VERDICT_TIMEOUT, /* status 124: a time limit ended it */
	VERDICT_ERROR,	 /* status 99: the measurement contradicts itself */
	VERDICT_CRASH,	 /* status 3: the guest did what it must not */
	NR_VERDICTS,
};

#endif
