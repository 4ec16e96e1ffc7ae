/* SPDX-License-Identifier: BSD-2-Clause */
/* tasks.c - see tasks.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/die.h"
#include "vmm/base/text.h"
#include "vmm/host/tasks.h"

#define STATUS_LEN 8192 /* of /proc/PID/status */

/* Fields behind the name, of Documentation/filesystems/proc.rst, Table 1-4. */
#define FIELD_STATE   3
#define FIELD_FLAGS   9
#define FIELD_RT_PRIO 40
#define FIELD_POLICY  41

#define PF_KTHREAD	  0x00200000 /* include/linux/sched.h */
#define PF_NO_SETAFFINITY 0x04000000

struct reader {
	const struct tree *tree;
	const struct cpumask *vcpus;
	struct tasks *tasks;
	int pid;
};

bool task_parse(struct task *task, const char *stat)
{
	const char *open = strchr(stat, '('), *shut = strrchr(stat, ')');
	unsigned long long value[FIELD_POLICY + 1] = {0};
	char *end;

	if (!open || !shut || shut < open || strlen(shut) < 4)
		return false;
	text_copy(task->name, sizeof(task->name), open + 1,
		  (size_t)(shut - open - 1));
	end = (char *)(uintptr_t)shut + 4; /* ") S " */
	for (int i = FIELD_STATE + 1; i <= FIELD_POLICY; i++) {
		const char *at = end;

		value[i] = strtoull(at, &end, 10);
		if (end == at)
			return false;
	}
	task->is_kernel = value[FIELD_FLAGS] & PF_KTHREAD;
	task->is_fixed = value[FIELD_FLAGS] & PF_NO_SETAFFINITY;
	/* SCHED_FIFO 1, SCHED_RR 2; others have none. */
	task->prio = value[FIELD_POLICY] == 1 || value[FIELD_POLICY] == 2
			     ? (int)(value[FIELD_RT_PRIO] % 100)
			     : 0;
	return true;
}

/* Where it may run, by /proc/PID/status. */
static bool read_cpus(const struct reader *r, const char *folder,
		      struct task *task)
{
	static const char label[] = "Cpus_allowed_list:\t";
	char path[64], text[STATUS_LEN], why[TREE_WHY_LEN];
	struct cpumask allowed, on;
	char *at;

	snprintf(path, sizeof(path), "%s/status", folder);
	if (tree_read(r->tree, path, text, sizeof(text), why) != 0)
		return false;
	at = strstr(text, label);
	if (!at)
		return false;
	at += strlen(label);
	at[strcspn(at, "\n")] = '\0';
	if (!cpumask_from_list(&allowed, at))
		return false;
	on = cpumask_and(&allowed, r->vcpus);
	task->on_vcpus = cpumask_count(&on) > 0;
	on = cpumask_without(&allowed, r->vcpus);
	task->on_others = cpumask_count(&on) > 0;
	return true;
}

static void add(struct tasks *t, const struct task *task)
{
	if (t->nr == t->room) {
		size_t room = t->room ? 2 * t->room : 256;
		struct task *list = realloc(t->list, room * sizeof(*list));

		if (!list)
			die_errno("no memory for the host's threads");
		t->list = list;
		t->room = room;
	}
	t->list[t->nr++] = *task;
}

static void read_thread(struct reader *r, const char *folder, int tid)
{
	char path[64], text[1024], why[TREE_WHY_LEN];
	struct task task = {.pid = r->pid, .tid = tid};

	snprintf(path, sizeof(path), "%s/stat", folder);
	/* It may have ended since the folder was read. */
	if (r->tasks->nr == TASKS_MOST ||
	    tree_read(r->tree, path, text, sizeof(text), why) != 0 ||
	    !task_parse(&task, text) || !read_cpus(r, folder, &task))
		return;
	task.is_ours = r->tree->is_machine && r->pid == getpid();
	add(r->tasks, &task);
}

/* A number, as the names of processes are; 0: it is none. */
static int number_of(const char *name)
{
	size_t len = strlen(name);

	if (len > 9 || strspn(name, "0123456789") != len)
		return 0;
	return (int)strtol(name, NULL, 10);
}

static void visit_thread(void *arg, const char *name)
{
	struct reader *r = arg;
	int tid = number_of(name);
	char folder[48];

	if (tid <= 0)
		return;
	snprintf(folder, sizeof(folder), "proc/%d/task/%d", r->pid, tid);
	read_thread(r, folder, tid);
}

static void visit_process(void *arg, const char *name)
{
	struct reader *r = arg;
	char folder[32];

	r->pid = number_of(name);
	if (r->pid <= 0)
		return;
	r->tasks->known = true;
	snprintf(folder, sizeof(folder), "proc/%d/task", r->pid);
	if (tree_list(r->tree, folder, visit_thread, r) == 0)
		return;
	/* A copy may have processes without their threads. */
	snprintf(folder, sizeof(folder), "proc/%d", r->pid);
	read_thread(r, folder, r->pid);
}

void tasks_read(struct tasks *t, const struct tree *tree,
		const struct cpumask *vcpus)
{
	struct reader r = {.tree = tree, .vcpus = vcpus, .tasks = t};

	memset(t, 0, sizeof(*t));
	tree_list(tree, "proc", visit_process, &r);
}

void tasks_free(struct tasks *t)
{
	free(t->list);
	memset(t, 0, sizeof(*t));
}

const struct task *tasks_find(const struct tasks *t, const char *name)
{
	for (size_t i = 0; i < t->nr; i++)
		if (strcmp(t->list[i].name, name) == 0)
			return &t->list[i];
	return NULL;
}

const struct task *tasks_find_on(const struct tasks *t, const char *name,
				 int cpu)
{
	char text[TASK_NAME_LEN];

	snprintf(text, sizeof(text), "%.10s/%u", name,
		 (unsigned int)cpu % 10000);
	return tasks_find(t, text);
}
