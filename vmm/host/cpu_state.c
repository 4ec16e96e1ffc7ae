/* SPDX-License-Identifier: BSD-2-Clause */
/* cpu_state.c - see cpu_state.h. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/base/text.h"
#include "vmm/host/cpu_cgroup.h"
#include "vmm/host/cpu_state.h"

#define CPU_FOLDER   "/sys/devices/system/cpu/cpu%d/"
#define NS_PER_S     1000000000ull
#define LINE_LEN     512
#define STEAL	     7 /* behind user nice system idle iowait irq softirq */
#define CPU_ARRIVALS 8 /* of /proc/schedstat, version 15 and later */
#define OWN_ARRIVALS 2 /* of /proc/PID/schedstat */
/* Behind the name and the state, of Documentation/filesystems/proc.rst. */
#define STAT_FIRST   4
#define STAT_RT_PRIO 40
#define STAT_POLICY  41

enum file {
	FILE_STAT,
	FILE_SCHEDSTAT,
	FILE_OWN_SCHEDSTAT,
	FILE_OWN_STAT,
	FILE_OWN_STATUS,
	FILE_CORE_THROTTLE,
	FILE_PACKAGE_THROTTLE,
	FILE_QUOTA,
	FILE_CLOCKSOURCE,
	FILE_GOVERNOR,
	FILE_KHZ, /* NR_CPU_KHZ of them */
	NR_FILES = FILE_KHZ + NR_CPU_KHZ
};
_Static_assert(NR_FILES <= CPU_STATE_FILES, "each has room");

static const char *const paths[NR_FILES] = {
	[FILE_STAT] = "/proc/stat",
	[FILE_SCHEDSTAT] = "/proc/schedstat",
	[FILE_OWN_SCHEDSTAT] = "/proc/thread-self/schedstat",
	[FILE_OWN_STAT] = "/proc/thread-self/stat",
	[FILE_OWN_STATUS] = "/proc/thread-self/status",
	[FILE_CORE_THROTTLE] =
		CPU_FOLDER "thermal_throttle/core_throttle_count",
	[FILE_PACKAGE_THROTTLE] =
		CPU_FOLDER "thermal_throttle/package_throttle_count",
	[FILE_CLOCKSOURCE] = "/sys/devices/system/clocksource/clocksource0/"
			     "current_clocksource",
	[FILE_GOVERNOR] = CPU_FOLDER "cpufreq/scaling_governor",
	[FILE_KHZ + CPU_KHZ_NOW] = CPU_FOLDER "cpufreq/scaling_cur_freq",
	[FILE_KHZ + CPU_KHZ_LEAST] = CPU_FOLDER "cpufreq/scaling_min_freq",
	[FILE_KHZ + CPU_KHZ_MOST] = CPU_FOLDER "cpufreq/scaling_max_freq",
};

const char *cpu_count_name(enum cpu_count c)
{
	static const char *const names[NR_CPU_COUNTS] = {
		[CPU_STEAL_NS] = "steal_ns",
		[CPU_OTHERS] = "other_tasks",
		[CPU_THERMAL] = "thermal_throttled",
		[CPU_QUOTA] = "quota_throttled",
	};

	return names[c];
}

const char *cpu_word_name(enum cpu_word w)
{
	static const char *const names[NR_CPU_WORDS] = {
		[CPU_CLOCKSOURCE] = "clocksource",
		[CPU_GOVERNOR] = "governor",
		[CPU_ALLOWED] = "allowed",
		[CPU_POLICY] = "policy",
	};

	return names[w];
}

static int open_quota(void)
{
	struct cpu_cgroup c;
	char path[LINE_LEN];

	if (!cpu_cgroup_read(&c, getpid()))
		return -1;
	snprintf(path, sizeof(path), "%s%s/cpu.stat", c.top, c.group);
	return open(path, O_RDONLY | O_CLOEXEC);
}

void cpu_state_open(struct cpu_state_files *f, int cpu)
{
	long ticks = sysconf(_SC_CLK_TCK);
	char path[128];

	f->cpu = cpu;
	f->tick_ns = ticks > 0 ? NS_PER_S / (uint64_t)ticks : 0;
	for (int i = 0; i < NR_FILES; i++) {
		if (i == FILE_QUOTA) {
			f->fd[i] = open_quota();
			continue;
		}
		if (strncmp(paths[i], CPU_FOLDER, strlen(CPU_FOLDER)) == 0)
			snprintf(path, sizeof(path), CPU_FOLDER "%s", cpu,
				 paths[i] + strlen(CPU_FOLDER));
		else
			snprintf(path, sizeof(path), "%s", paths[i]);
		f->fd[i] = open(path, O_RDONLY | O_CLOEXEC);
	}
}

void cpu_state_close(struct cpu_state_files *f)
{
	for (int i = 0; i < NR_FILES; i++)
		if (f->fd[i] >= 0)
			close(f->fd[i]);
}

bool cpu_state_number(const char *line, unsigned int n, uint64_t *value)
{
	char *end;

	for (unsigned int i = 0; i <= n; i++, line = end) {
		*value = strtoull(line, &end, 10);
		if (end == line)
			return false;
	}
	return true;
}

struct line_scan {
	const char *label;
	size_t want, at;   /* of the label; in this line */
	size_t have, room; /* of the text */
	char *text;
	bool differs; /* this line has another label */
};

/* True: it ends the line that is wanted. */
static bool scan(struct line_scan *s, char c)
{
	if (c == '\n' && s->at >= s->want && !s->differs)
		return true;
	if (c == '\n') {
		s->at = 0;
		s->differs = false;
		return false;
	}
	if (s->at < s->want)
		s->differs |= c != s->label[s->at];
	else if (!s->differs && s->have < s->room)
		s->text[s->have++] = c;
	s->at++;
	return false;
}

bool cpu_state_line(int fd, const char *label, char *text, size_t len)
{
	struct line_scan s = {label, strlen(label), 0, 0, len - 1, text, false};
	bool found = false;
	char piece[1024];
	off_t offset = 0;
	ssize_t n = 0;

	while (!found && (n = pread(fd, piece, sizeof(piece), offset)) > 0) {
		for (ssize_t i = 0; i < n && !found; i++)
			found = scan(&s, piece[i]);
		offset += n;
	}
	if (!found && (n < 0 || s.at < s.want || s.differs))
		return false;
	text[s.have] = '\0';
	return true;
}

static struct known_count line_count(int fd, const char *label, unsigned int n)
{
	struct known_count c = {.known = false};
	char text[LINE_LEN];

	c.known = fd >= 0 && cpu_state_line(fd, label, text, sizeof(text)) &&
		  cpu_state_number(text, n, &c.n);
	return c;
}

static void read_word(int fd, char *word)
{
	char text[LINE_LEN];

	word[0] = '\0';
	if (fd >= 0 && cpu_state_line(fd, "", text, sizeof(text)))
		text_copy(word, CPU_STATE_NAME_LEN, text, strlen(text));
}

/* All that came to the CPU, less this thread. */
static struct known_count others(const struct cpu_state_files *f)
{
	struct known_count all, own;
	char label[16];

	snprintf(label, sizeof(label), "cpu%d ", f->cpu);
	all = line_count(f->fd[FILE_SCHEDSTAT], label, CPU_ARRIVALS);
	own = line_count(f->fd[FILE_OWN_SCHEDSTAT], "", OWN_ARRIVALS);
	all.known = all.known && own.known;
	all.n -= own.n;
	return all;
}

static void read_counts(const struct cpu_state_files *f, struct cpu_state *s)
{
	struct known_count *c = s->counts, package;
	char label[16];

	snprintf(label, sizeof(label), "cpu%d ", f->cpu);
	c[CPU_STEAL_NS] = line_count(f->fd[FILE_STAT], label, STEAL);
	c[CPU_STEAL_NS].n *= f->tick_ns;
	c[CPU_OTHERS] = others(f);
	c[CPU_THERMAL] = line_count(f->fd[FILE_CORE_THROTTLE], "", 0);
	package = line_count(f->fd[FILE_PACKAGE_THROTTLE], "", 0);
	c[CPU_THERMAL].known |= package.known;
	c[CPU_THERMAL].n += package.n;
	c[CPU_QUOTA] = line_count(f->fd[FILE_QUOTA], "nr_throttled ", 0);
}

/* "SCHED_FIFO 80", or what else somebody made of it. */
static void read_thread(const struct cpu_state_files *f, struct cpu_state *s)
{
	static const char *const names[] = {
		[SCHED_OTHER] = "SCHED_OTHER", [SCHED_FIFO] = "SCHED_FIFO",
		[SCHED_RR] = "SCHED_RR",       [SCHED_BATCH] = "SCHED_BATCH",
		[SCHED_IDLE] = "SCHED_IDLE",
	};
	char text[LINE_LEN], *word = s->words[CPU_POLICY];
	uint64_t tid, prio, policy;
	const char *shut;

	word[0] = '\0';
	s->tid = 0;
	if (f->fd[FILE_OWN_STAT] < 0 ||
	    !cpu_state_line(f->fd[FILE_OWN_STAT], "", text, sizeof(text)))
		return;
	shut = strrchr(text, ')'); /* ") R 1 2 ..." */
	if (!shut || strlen(shut) < 4 || !cpu_state_number(text, 0, &tid) ||
	    !cpu_state_number(shut + 3, STAT_RT_PRIO - STAT_FIRST, &prio) ||
	    !cpu_state_number(shut + 3, STAT_POLICY - STAT_FIRST, &policy))
		return;
	s->tid = (int)tid;
	if (policy >= sizeof(names) / sizeof(*names) || !names[policy])
		snprintf(word, CPU_STATE_NAME_LEN, "policy %u",
			 (unsigned int)policy % 1000);
	else
		snprintf(word, CPU_STATE_NAME_LEN, "%s %u", names[policy],
			 (unsigned int)prio % 100);
}

void cpu_state_read(const struct cpu_state_files *f, struct cpu_state *s)
{
	char text[LINE_LEN];

	read_counts(f, s);
	for (int i = 0; i < NR_CPU_KHZ; i++)
		s->khz[i] = line_count(f->fd[FILE_KHZ + i], "", 0);
	read_word(f->fd[FILE_CLOCKSOURCE], s->words[CPU_CLOCKSOURCE]);
	read_word(f->fd[FILE_GOVERNOR], s->words[CPU_GOVERNOR]);
	read_thread(f, s);
	s->words[CPU_ALLOWED][0] = '\0';
	if (f->fd[FILE_OWN_STATUS] >= 0 &&
	    cpu_state_line(f->fd[FILE_OWN_STATUS], "Cpus_allowed_list:\t", text,
			   sizeof(text)))
		text_copy(s->words[CPU_ALLOWED], CPU_STATE_NAME_LEN, text,
			  strlen(text));
	s->cpu = sched_getcpu();
}
