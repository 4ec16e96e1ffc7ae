/* SPDX-License-Identifier: BSD-2-Clause */
/* host.c - see host.h. */
#include <cpuid.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "vmm/base/text.h"
#include "vmm/host/host.h"

#define LINE_MAX_LEN	     512
#define CPUID_HYPERVISOR_BIT (1u << 31)
#define CPUID_SVM	     (1u << 2)	/* Fn8000_0001 ECX */
#define CPUID_IDLE_HLT	     (1u << 30) /* Fn8000_000A EDX */

/* The first line of a file; empty when it cannot be read. */
static void read_line(const char *path, char *line, size_t len)
{
	char text[LINE_MAX_LEN];
	FILE *f = fopen(path, "re");

	line[0] = '\0';
	if (!f)
		return;
	if (fgets(text, sizeof(text), f)) {
		text[strcspn(text, "\n")] = '\0';
		/* Linux prints an empty nohz_full list as "(null)". */
		if (strcmp(text, "(null)") != 0)
			text_copy(line, len, text, sizeof(text));
	}
	fclose(f);
}

/* The coarse clocks move at each tick, and say so (clock_getres(2)). */
uint32_t host_tick_ns(void)
{
	struct timespec t;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &t) != 0 || t.tv_sec)
		return 0;
	return (uint32_t)t.tv_nsec;
}

int64_t host_number(const char *path, int64_t otherwise)
{
	char line[HOST_TEXT_LEN], *end;
	int64_t value;

	read_line(path, line, sizeof(line));
	value = strtoll(line, &end, 10);
	return end == line ? otherwise : value;
}

static void read_cpu_model(struct host *host)
{
	union {
		unsigned int regs[12];
		char text[48];
	} brand = {.regs = {0}};
	unsigned int *r = brand.regs;
	union {
		unsigned int regs[3];
		char text[12];
	} hv;
	unsigned int eax, ebx, ecx, edx;

	if ((unsigned int)__get_cpuid_max(0x80000000, NULL) >= 0x80000004)
		for (unsigned int i = 0; i < 3; i++, r += 4)
			__cpuid(0x80000002 + i, r[0], r[1], r[2], r[3]);
	text_copy(host->cpu_model, sizeof(host->cpu_model), brand.text,
		  sizeof(brand.text));
	__cpuid(1, eax, ebx, ecx, edx);
	if (ecx & CPUID_HYPERVISOR_BIT) {
		__cpuid(0x40000000, eax, hv.regs[0], hv.regs[1], hv.regs[2]);
		text_copy(host->hypervisor, sizeof(host->hypervisor), hv.text,
			  sizeof(hv.text));
	}
}

/*
 * The Idle HLT intercept: CPUID Fn8000_000A EDX[30] (APM vol 3 E.4.9), reserved
 * without Fn8000_0001 ECX[SVM].  KVM uses it wherever the processor has it, in
 * the place of the HLT intercept (init_vmcb() in arch/x86/kvm/svm/svm.c).
 */
static bool has_idle_hlt(void)
{
	unsigned int eax, ebx, ecx, edx;

	return __get_cpuid_count(0x80000001, 0, &eax, &ebx, &ecx, &edx) &&
	       (ecx & CPUID_SVM) &&
	       __get_cpuid_count(0x8000000a, 0, &eax, &ebx, &ecx, &edx) &&
	       (edx & CPUID_IDLE_HLT);
}

/* The module that serves /dev/kvm: a name only, nothing is decided by it. */
static void read_kvm_module(struct host *host)
{
	static const char *const modules[] = {"kvm_intel", "kvm_amd",
					      "kvm_pvm"};
	char path[64];

	strcpy(host->kvm_module, "unknown");
	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", modules[i]);
		if (access(path, F_OK) == 0)
			snprintf(host->kvm_module, sizeof(host->kvm_module),
				 "%s", modules[i]);
	}
}

static int is_fact(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Every file of a folder, in order, its name behind prefix; how many there are.
 */
static unsigned int read_facts(const char *folder, const char *prefix,
			       struct host_fact *facts, unsigned int nr)
{
	struct dirent **list;
	int nr_files = scandir(folder, &list, is_fact, alphasort);

	for (int i = 0; i < nr_files; i++) {
		if (nr < HOST_MAX_FACTS) {
			struct host_fact *f = &facts[nr++];
			char path[512];

			snprintf(path, sizeof(path), "%s/%s", folder,
				 list[i]->d_name);
			snprintf(f->name, sizeof(f->name), "%s%.36s", prefix,
				 list[i]->d_name);
			read_line(path, f->value, sizeof(f->value));
		}
		free(list[i]);
	}
	if (nr_files >= 0)
		free(list);
	return nr;
}

static void read_kvm_parameters(struct host *host)
{
	char folder[256], prefix[64];

	host->nr_kvm_parameters = read_facts("/sys/module/kvm/parameters",
					     "kvm.", host->kvm_parameters, 0);
	if (strcmp(host->kvm_module, "unknown") == 0)
		return;
	snprintf(folder, sizeof(folder), "/sys/module/%.40s/parameters",
		 host->kvm_module);
	snprintf(prefix, sizeof(prefix), "%.10s.", host->kvm_module);
	host->nr_kvm_parameters = read_facts(
		folder, prefix, host->kvm_parameters, host->nr_kvm_parameters);
}

/* "microcode : 0x2000014", of the first CPU. */
static void read_microcode(struct host *host)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[LINE_MAX_LEN];

	while (f && fgets(line, sizeof(line), f)) {
		const char *value = strstr(line, ": ");

		if (strncmp(line, "microcode", 9) != 0 || !value)
			continue;
		text_copy(host->microcode, sizeof(host->microcode), value + 2,
			  strcspn(value + 2, "\n"));
		break;
	}
	if (f)
		fclose(f);
}

void host_read(struct host *host)
{
	struct utsname u;

	memset(host, 0, sizeof(*host));
	read_cpu_model(host);
	host->idle_hlt = has_idle_hlt();
	if (uname(&u) == 0)
		snprintf(host->kernel, sizeof(host->kernel), "%.60s %.90s",
			 u.release, u.version);
	if (uname(&u) == 0)
		text_copy(host->name, sizeof(host->name), u.nodename,
			  sizeof(u.nodename));
	read_kvm_module(host);
	read_kvm_parameters(host);
	read_microcode(host);
	host->nr_mitigations =
		read_facts("/sys/devices/system/cpu/vulnerabilities", "",
			   host->mitigations, 0);
	read_line("/proc/cmdline", host->command_line,
		  sizeof(host->command_line));
	read_line("/sys/devices/system/clocksource/clocksource0/"
		  "current_clocksource",
		  host->clocksource, sizeof(host->clocksource));
	read_line("/sys/devices/system/cpu/isolated", host->isolated,
		  sizeof(host->isolated));
	read_line("/sys/devices/system/cpu/nohz_full", host->nohz_full,
		  sizeof(host->nohz_full));
	read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
		  host->governor, sizeof(host->governor));
	host->realtime_kernel = host_number("/sys/kernel/realtime", 0) == 1;
	host->rt_runtime_us =
		host_number("/proc/sys/kernel/sched_rt_runtime_us", -1);
	host->halt_poll_ns =
		host_number("/sys/module/kvm/parameters/halt_poll_ns", -1);
	host->nr_cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
}
