/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * path.c - what of KVM decides the figures, in a line or two.  What is not
 * known is left out; docs/measuring.md says where each word comes from.
 */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/die.h"
#include "vmm/report/text.h"
#include "vmm/result/kvm_path.h"

#define WORD_MAX 60

struct items {
	FILE *out; /* "a, b, c" */
	unsigned int nr;
};

/* The next one is written to it. */
static FILE *item(struct items *s)
{
	if (s->nr++)
		fputs(", ", s->out);
	return s->out;
}

static void say(struct items *s, const char *what, enum known state)
{
	static const char *const words[] = {"off", "on", "in part"};

	if (state != UNKNOWN)
		fprintf(item(s), "%s %s", what, words[state]);
}

static void print_ns(FILE *out, int64_t ns)
{
	report_cell(out, 0, (double)ns);
	fputs(" ns", out);
}

/* By vCPU, where debugfs told; else by the parameter. */
static void say_advance(struct items *s, const struct result *r,
			const struct kvm_path *p)
{
	int64_t low = p->advance_ns, high = p->advance_ns;
	bool told = false;

	for (uint32_t i = 0; i < r->nr_vcpus; i++) {
		int64_t ns = r->vcpus[i].advance_ns;

		if (ns < 0)
			continue;
		if (!told || ns < low)
			low = ns;
		if (!told || ns > high)
			high = ns;
		told = true;
	}
	if (high < 0) {
		say(s, "timer advance", p->timer_advance);
		return;
	}
	fputs("timer advance ", item(s));
	if (low < high) {
		report_cell(s->out, 0, (double)low);
		fputs(" to ", s->out);
	}
	print_ns(s->out, high);
}

static void say_polling(struct items *s, const struct result *r,
			const struct kvm_path *p)
{
	int64_t host_ns = r->host.halt_poll_ns;

	if (p->halt_poll_ns < 0)
		return;
	fputs("halt polling ", item(s));
	print_ns(s->out, p->halt_poll_ns);
	if (host_ns >= 0 && host_ns != p->halt_poll_ns) {
		fputs(" (host: ", s->out);
		print_ns(s->out, host_ns);
		fputc(')', s->out);
	}
	if (p->halt_poll_ns && !p->polled)
		fputs(" unused", s->out);
}

/*
 * Those that cost something at a VM's entry or exit, by what the kernel says of
 * them: Documentation/admin-guide/hw-vuln/.
 */
static const struct {
	const char *state, *said;
} costs[] = {
	{"Clear CPU buffers", "VERW"},
	{"conditional cache flushes", "conditional L1D flush"},
	{"VMX: cache flushes", "L1D flush"},
	{"IBPB before exit to userspace", "IBPB at exits to the vmm"},
	{"IBPB on VMEXIT", "IBPB at exits"},
	{"Mitigation: IBRS", "IBRS"},
	{"Retpolines", "retpolines"},
	{"Safe RET", "safe RET"},
	{"untrained return thunk", "untrained RET"},
};

static bool is_paid(const struct host *h, const char *state)
{
	for (unsigned int i = 0; i < h->nr_mitigations; i++)
		if (strstr(h->mitigations[i].value, state))
			return true;
	return false;
}

static void say_mitigations(struct items *s, const struct host *h)
{
	const char *word = strstr(h->command_line, "mitigations=");
	unsigned int nr = 0;

	if (!word && !h->nr_mitigations)
		return;
	if (word)
		fprintf(item(s), "%.*s", (int)strcspn(word, " "), word);
	else
		fputs("mitigations by default", item(s));
	for (size_t i = 0; i < sizeof(costs) / sizeof(*costs); i++)
		if (is_paid(h, costs[i].state))
			fprintf(s->out, "%s%s", nr++ ? ", " : " (",
				costs[i].said);
	if (nr)
		fputc(')', s->out);
}

static void say_apic(struct items *s, const struct result *r)
{
	struct kvm_path p = kvm_path(r);

	if (strcmp(r->machine.irqchip, "none") == 0) {
		fputs("no APIC in KVM", item(s));
		return;
	}
	say(s, p.is_amd ? "AVIC" : "APICv", p.apicv);
	say(s, "IPI virtualization", p.ipiv);
	if (p.is_amd)
		fputs("no preemption timer", item(s));
	else
		say(s, "preemption timer", p.preemption_timer);
	if (p.posted_timers == ON)
		say(s, "posted timers", ON);
	say_advance(s, r, &p);
	say_polling(s, r, &p);
	if (r->machine.irqfd[0])
		fprintf(item(s), "irqfd %s", r->machine.irqfd);
}

/* Its words, as many on a line as there is room for. */
void report_path_line(char *text, FILE *out)
{
	char *rest, *word = strtok_r(text, " ", &rest);
	size_t column = 0;

	for (; word; word = strtok_r(NULL, " ", &rest)) {
		size_t len = strnlen(word, WORD_MAX);

		if (column && column + 1 + len > TEXT_WIDTH)
			column = (size_t)fprintf(out, "\n     ") - 1;
		fprintf(out, "%s%.*s", column ? " " : "", WORD_MAX, word);
		column += (column != 0) + len;
	}
	fputc('\n', out);
}

char *report_path_text(const struct result *r)
{
	struct items s = {.nr = 0};
	char *text = NULL;
	size_t len;

	s.out = open_memstream(&text, &len);
	if (!s.out)
		die_errno("no memory for a line");
	say_apic(&s, r);
	say_mitigations(&s, &r->host);
	if (s.nr == 0)
		fputs("not known", s.out);
	fclose(s.out);
	return text;
}

void report_path(const struct result *r, FILE *out)
{
	char *path = report_path_text(r), *line;

	if (asprintf(&line, "path: %s", path) < 0)
		die_errno("no memory for a line");
	report_path_line(line, out);
	free(line);
	free(path);
}
