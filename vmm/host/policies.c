/* SPDX-License-Identifier: BSD-2-Clause */
/* policies.c - see policies.h. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "guest-firmware/abi/layout.h"
#include "vmm/host/pinned.h"
#include "vmm/host/policies.h"

/* A thread that tries, and keeps what it got until all have tried. */
struct attempt {
	struct policy policy;
	int err;
	pthread_t thread;
	sem_t *tried, *go;
};

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) != 0 && errno == EINTR)
		;
}

static void *try_thread(void *arg)
{
	struct attempt *a = arg;

	a->err = policy_enter(&a->policy, false);
	sem_post(a->tried);
	wait_for(a->go);
	return NULL;
}

int policies_try(const struct policy *policies, const int *cpus, size_t nr,
		 size_t *refused)
{
	static const struct policy ordinary = {.kind = POLICY_OTHER};
	struct attempt attempts[MAX_VCPUS];
	sem_t tried, go;
	size_t started = 0;
	int err = 0;

	sem_init(&tried, 0, 0);
	sem_init(&go, 0, 0);
	while (started < nr && err == 0) {
		struct attempt *a = &attempts[started];

		*a = (struct attempt){.policy = policies[started],
				      .tried = &tried,
				      .go = &go};
		a->thread =
			pinned_start(cpus[started], &ordinary, try_thread, a);
		wait_for(&tried);
		err = a->err;
		*refused = started++;
	}
	for (size_t i = 0; i < started; i++)
		sem_post(&go);
	for (size_t i = 0; i < started; i++)
		pthread_join(attempts[i].thread, NULL);
	sem_destroy(&go);
	sem_destroy(&tried);
	return err;
}
