/* SPDX-License-Identifier: BSD-2-Clause */
/* doctor_format.c - see doctor_format.h. */
#include <string.h>

#include "vmm/base/text.h"
#include "vmm/report/doctor_format.h"
#include "vmm/report/settings.h"

#define LIST_LEN   128
#define PARAMS_LEN 4096
#define SYSCTLS	   "/proc/sys/"

/* Is the parameter, or another value of it, in the list? */
static bool has_param(const char *list, const char *param, size_t len)
{
	while (*(list += strspn(list, " "))) {
		size_t n = strcspn(list, "= ");

		if (n == len && strncmp(list, param, len) == 0)
			return true;
		list += strcspn(list, " ");
	}
	return false;
}

/* Each boot parameter once: the first check's. */
static void params(const struct doctor *d, char list[PARAMS_LEN])
{
	size_t at = 0;

	list[0] = '\0';
	for (size_t i = 0; i < d->nr; i++) {
		const char *p = d->found[i].boot;

		while (check_is_bad(&d->found[i]) && *(p += strspn(p, " "))) {
			size_t len = strcspn(p, " ");

			if (!has_param(list, p, strcspn(p, "= ")) &&
			    at + len + 2 < PARAMS_LEN)
				at += (size_t)snprintf(
					list + at, PARAMS_LEN - at, "%s%.*s",
					at ? " " : "", (int)len, p);
			p += len;
		}
	}
}

static void print_cmdline(const struct doctor *d, FILE *out)
{
	char list[PARAMS_LEN];

	params(d, list);
	fprintf(out, "%s\n", list);
}

static void print_grub(const struct doctor *d, FILE *out)
{
	char list[PARAMS_LEN];

	params(d, list);
	fprintf(out,
		"# /etc/default/grub.d/latvisor.cfg, then update-grub\n"
		"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX %s\"\n",
		list);
}

/* A plug-in's section of a tuned profile. */
struct section {
	FILE *out;
	bool sysctls; /* or all others */
	bool begun;
};

static void print_setting(void *arg, const struct setting *s)
{
	struct section *x = arg;
	bool is_sysctl = strncmp(s->path, SYSCTLS, strlen(SYSCTLS)) == 0;
	const char *name = s->path + (is_sysctl ? strlen(SYSCTLS) : 0);

	if (is_sysctl != x->sysctls)
		return;
	if (!x->begun)
		fprintf(x->out, "\n[%s]\n", is_sysctl ? "sysctl" : "sysfs");
	x->begun = true;
	for (; *name; name++)
		fputc(is_sysctl && *name == '/' ? '.' : *name, x->out);
	fprintf(x->out, "=%s\n", s->value);
}

static void print_nothing(void *arg, const struct setting *s)
{
	(void)arg;
	(void)s;
}

/* Threads are other ones after the next boot, and on the next machine. */
static bool lasts(const struct check_found *f)
{
	return f->run[0] && !strstr(f->run, "$t");
}

/* What was measured follows from the rest. */
static bool is_measured(const struct check_found *f)
{
	return strcmp(f->group, "measured") == 0;
}

/* What the tool cannot do stands there for whoever reads it. */
static void print_by_hand(const struct check_found *f, FILE *out)
{
	if (f->run[0] && !lasts(f))
		fprintf(out, "# %s: for each thread, as latvisor doctor says\n",
			f->check->name);
	else
		fprintf(out, "# %s: %s\n", f->check->name,
			f->run[0] ? f->run : f->other);
}

static void print_rest(const struct doctor *d, FILE *out)
{
	for (size_t i = 0; i < d->nr; i++) {
		const struct check_found *f = &d->found[i];

		if (check_is_bad(f) && !is_measured(f) &&
		    !(f->run[0] && settings_of(f->run, print_nothing, NULL)) &&
		    (f->run[0] || !f->boot[0]))
			print_by_hand(f, out);
	}
}

static void print_tuned(const struct doctor *d, FILE *out)
{
	struct section sections[] = {{.out = out, .sysctls = true},
				     {.out = out}};
	char cpus[LIST_LEN], list[PARAMS_LEN];

	cpumask_to_list(&d->host->vcpus, cpus, sizeof(cpus));
	fprintf(out,
		"# /etc/tuned/latvisor/tuned.conf, then tuned-adm profile "
		"latvisor\n"
		"[main]\nsummary=CPUs %s for real-time guests, by latvisor "
		"doctor\n",
		cpus);
	for (size_t k = 0; k < sizeof(sections) / sizeof(*sections); k++)
		for (size_t i = 0; i < d->nr; i++)
			if (check_is_bad(&d->found[i]))
				settings_of(d->found[i].run, print_setting,
					    &sections[k]);
	params(d, list);
	if (list[0])
		fprintf(out, "\n[bootloader]\ncmdline_latvisor=%s\n", list);
	fputc('\n', out);
	print_rest(d, out);
}

/* A YAML string: in single quotes, those within doubled. */
static void print_quoted(const char *text, FILE *out)
{
	fputc('\'', out);
	for (; *text; text++)
		fprintf(out, *text == '\'' ? "''" : "%c", *text);
	fputc('\'', out);
}

static void print_task(const struct check_found *f, FILE *out)
{
	fputs("    - name: ", out);
	print_quoted(f->check->name, out);
	fputs("\n      ansible.builtin.shell: ", out);
	print_quoted(f->run, out);
	fputs("\n", out);
}

static void print_ansible(const struct doctor *d, FILE *out)
{
	char list[PARAMS_LEN];

	fputs("- name: a host for real-time guests, by latvisor doctor\n"
	      "  hosts: all\n  become: true\n  tasks:\n",
	      out);
	for (size_t i = 0; i < d->nr; i++)
		if (check_is_bad(&d->found[i]) && lasts(&d->found[i]))
			print_task(&d->found[i], out);
	params(d, list);
	fputs("    - name: boot parameters, of the next boot\n"
	      "      ansible.builtin.copy:\n"
	      "        dest: /etc/default/grub.d/latvisor.cfg\n"
	      "        mode: '0644'\n"
	      "        content: |\n"
	      "          GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX ",
	      out);
	fprintf(out, "%s\"\n", list);
	for (size_t i = 0; i < d->nr; i++)
		if (check_is_bad(&d->found[i]) && !is_measured(&d->found[i]) &&
		    !lasts(&d->found[i]) && !d->found[i].boot[0])
			print_by_hand(&d->found[i], out);
}

static void print_pins(const struct doctor *d, FILE *out)
{
	const struct cpumask *m = &d->host->vcpus;
	int vcpu = 0;

	for (int cpu = cpumask_next(m, 0); cpu >= 0;
	     cpu = cpumask_next(m, cpu + 1))
		fprintf(out, "    <vcpupin vcpu='%d' cpuset='%d'/>\n", vcpu++,
			cpu);
}

static void print_libvirt(const struct doctor *d, FILE *out)
{
	int nr = cpumask_count(&d->host->vcpus);
	char others[LIST_LEN], vcpus[16] = "0";

	cpumask_to_list(&d->host->others, others, sizeof(others));
	if (nr > 1)
		snprintf(vcpus, sizeof(vcpus), "0-%d", nr - 1);
	fprintf(out,
		"<domain type='kvm'>\n"
		"  <name>realtime</name>\n"
		"  <memory unit='GiB'>1</memory>\n"
		"  <memoryBacking>\n    <hugepages/>\n    <nosharepages/>\n"
		"    <locked/>\n  </memoryBacking>\n"
		"  <vcpu placement='static'>%d</vcpu>\n  <cputune>\n",
		nr);
	print_pins(d, out);
	if (cpumask_count(&d->host->others))
		fprintf(out, "    <emulatorpin cpuset='%s'/>\n", others);
	fprintf(out,
		"    <vcpusched vcpus='%s' scheduler='fifo' priority='%d'/>\n"
		"  </cputune>\n"
		"  <os>\n    <type arch='x86_64'>hvm</type>\n  </os>\n"
		"  <features>\n    <acpi/>\n    <apic/>\n"
		"    <pmu state='off'/>\n  </features>\n"
		"  <cpu mode='host-passthrough'>\n"
		"    <feature policy='require' name='tsc-deadline'/>\n"
		"  </cpu>\n"
		"  <devices>\n    <memballoon model='none'/>\n  </devices>\n"
		"</domain>\n",
		vcpus, d->host->prio);
}

struct format {
	const char *name;
	void (*print)(const struct doctor *d, FILE *out);
};

static const struct format formats[] = {{"tuned", print_tuned},
					{"libvirt", print_libvirt},
					{"cmdline", print_cmdline},
					{"grub", print_grub},
					{"ansible", print_ansible}};

static const struct format *find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

bool doctor_has_format(const char *name)
{
	return find(name) != NULL;
}

void doctor_format(const struct doctor *d, const char *name, FILE *out)
{
	const struct format *f = find(name);

	if (f)
		f->print(d, out);
}
