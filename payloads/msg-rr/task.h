/* SPDX-License-Identifier: BSD-2-Clause */
/* task.h - two tasks on one vCPU that hand it to each other. */
#ifndef MSG_RR_TASK_H
#define MSG_RR_TASK_H

#include "guest-firmware/fw.h"

struct task {
	uint64_t rsp; /* while it does not run */
};

/* It runs fn, which never returns, on a stack that ends at top. */
void task_init(struct task *task, void *top, void (*fn)(void));

/* Goes on with another one; returns when that switches back. */
void task_switch(struct task *from, struct task *to);

#endif
