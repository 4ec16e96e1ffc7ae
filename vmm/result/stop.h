/* SPDX-License-Identifier: BSD-2-Clause */
/* stop.h - why a run came to its end. */
#ifndef VMM_RESULT_STOP_H
#define VMM_RESULT_STOP_H

enum stop_reason {
	STOP_ENDED,	  /* every vCPU came to an end of its own */
	STOP_CRASH,	  /* one of them crashed or panicked */
	STOP_BREAK,	  /* one of them has a sample above --break-at */
	STOP_INTERRUPTED, /* one of stop_signals() */
	STOP_TIMEOUT,	  /* the run's time limit */
	STOP_STEP,	  /* a step's time limit */
	STOP_REFUSED,	  /* a system call was: the sandbox says which */
	STOP_STUCK,	  /* KVM_RUN did not return when it was told to */
};

#endif
