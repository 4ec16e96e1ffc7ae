/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stress.h - a disturbance that is made on purpose while a guest measures, on
 * the housekeeping CPUs only: one file each in vmm/run/stress/.
 *
 * Workers are processes of their own, ordinary ones, made by the keeper
 * (stress_keeper.h), a child that is there before the sandbox is.  It ends them
 * and undoes what they changed when it is told to, or when latvisor is gone.
 */
#ifndef VMM_RUN_STRESS_H
#define VMM_RUN_STRESS_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STRESS_WHY_LEN	 160
#define STRESS_PATH_LEN	 160
#define STRESS_VALUE_LEN 64
#define STRESS_MOST_KEPT 64

/* Values of the host's that come back: in the keeper's memory. */
struct stress_kept {
	unsigned int nr;
	struct {
		char path[STRESS_PATH_LEN], value[STRESS_VALUE_LEN];
	} files[STRESS_MOST_KEPT];
	char text[STRESS_PATH_LEN]; /* what else undo() needs */
};

struct stress_host {
	cpu_set_t cpus; /* housekeeping, with no vCPU on them */
	cpu_set_t vcpus;
	pid_t latvisor;
	const char *root; /* of /proc and /sys: "" */
};

/* What a worker gets. */
struct stress_job {
	const struct stress_host *host;
	const struct stress_kept *kept;
	unsigned int worker, nr_workers;
	int pair[2];		/* a socket pair, the same for all workers */
	_Atomic uint64_t *done; /* what it did; the keeper reads it */
};

struct stress {
	const char *name, *what; /* a phrase: "what it does on each CPU" */
	const char *unit;	 /* of what is counted: "forks" */
	unsigned int workers;	 /* 0: one for each housekeeping CPU */
	/* A program that is taken where it is installed, and what it gets for
	 * one worker; NULL: there is none. */
	const char *const *tool;
	/* Why this host cannot; NULL, or true and a phrase for "it needs". */
	bool (*lacks)(const struct stress_host *h, char *why, size_t len);
	/* In the keeper, before and after: NULL where nothing is changed. */
	void (*keep)(const struct stress_host *h, struct stress_kept *k);
	void (*undo)(const struct stress_host *h, struct stress_kept *k);
	/* Does not return.  NULL: latvisor itself does it, and has no worker.
	 */
	void (*work)(const struct stress_job *job);
	bool syncs_clock; /* struct config: sync_clock */
};

#define STRESS(sym, ...)                                                       \
	static const struct stress sym##_stress = {.name = #sym, __VA_ARGS__}; \
	static const struct stress *const sym##_stress_entry                   \
		__attribute__((section("stresses"), used, retain)) =           \
			&sym##_stress

/* By its name; NULL: there is none. */
const struct stress *stress_find(const char *name, size_t len);

/* "cache, cpu, fork" */
void stress_names(char *text, size_t len);

static inline void stress_did(const struct stress_job *job, uint64_t n)
{
	atomic_fetch_add_explicit(job->done, n, memory_order_relaxed);
}

/* Files of the host: one line; false: it cannot be read, or written. */
bool stress_read(const struct stress_host *h, const char *path, char *value);
bool stress_write(const struct stress_host *h, const char *path,
		  const char *value);

/* True, and why: "root" or the like. */
bool stress_may_not_write(const struct stress_host *h, const char *path,
			  char *why, size_t len);

/* Of a path, up to its last slash. */
size_t stress_folder_len(const char *path);

/* Remembers what a file has; false: it cannot be read, or there is no room. */
bool stress_keep(const struct stress_host *h, struct stress_kept *k,
		 const char *path);

/* Writes back all that was kept, the last one first. */
void stress_give_back(const struct stress_host *h, struct stress_kept *k);

/* A program's path, as execvp() finds it; false: it is not installed. */
bool stress_installed(const char *program);

#endif
